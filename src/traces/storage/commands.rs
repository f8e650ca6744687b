//! Making room inside a world's transaction.

use std::collections::BTreeSet;

use super::{model::Candidate, store};
use crate::{
    platform::error::StoreError,
    traces::{
        TraceKind,
        settings::{OnQuota, Rules},
        stored_size::new_scope,
    },
    worlds::{ChangeReason, ScopeKey, TraceLocation, WorldTx, storage::Storage},
};

/// Scopes that are looked at for one that can give way as a whole, at most.
const SCOPES: usize = 16;

/// A trace that wants room.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Its kind.
    pub kind: TraceKind,
    /// Its author.
    pub author: &'a str,
    /// Whether its author is a player known to this installation.
    pub by_player: bool,
    /// The bytes that it and its recording occupy.
    pub bytes: i64,
}

/// Room for new traces, and what gives way to them.
#[derive(Debug, Default)]
pub struct MadeRoom {
    demand: Storage,
    evicted: Vec<Candidate>,
}

impl MadeRoom {
    /// The ids of the evicted traces of this player.
    #[must_use]
    pub fn evicted_of(&self, player: &str) -> Vec<i64> {
        let own = self.evicted.iter().filter(|candidate| candidate.by_player && candidate.author == player);
        own.map(|candidate| candidate.id).collect()
    }

    /// Removes what gives way, and counts what is going to be stored.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take(&self, tx: &mut WorldTx<'_>) -> Result<(), StoreError> {
        let location = |candidate: &Candidate| TraceLocation { id: candidate.id, scope: candidate.scope.clone() };
        let locations: Vec<TraceLocation> = self.evicted.iter().map(location).collect();
        tx.remove(&locations, ChangeReason::Evicted).await?;
        tx.credit(Storage::bytes(self.evicted.iter().map(|candidate| candidate.bytes).sum()));
        tx.charge(self.demand);
        Ok(())
    }
}

/// Finds room for traces that are left in a scope together; `None` if there is not enough. Changes nothing: that is for
/// [`MadeRoom::take`].
///
/// # Errors
/// [`StoreError`].
pub async fn make_room(
    tx: &WorldTx<'_>,
    scope: &ScopeKey,
    wanted: &[Wanted<'_>],
    rules: &Rules,
) -> Result<Option<MadeRoom>, StoreError> {
    let bytes = Storage::bytes(wanted.iter().map(|wanted| wanted.bytes).sum());
    let mut demand = bytes.plus(new_scope(scope));
    let mut lacking = tx.lacking(demand);
    if lacking == Storage::default() {
        return Ok(Some(MadeRoom { demand, evicted: Vec::new() }));
    }
    if store::is_stored(tx, scope).await? {
        demand = bytes;
        lacking = tx.lacking(demand);
    }
    if lacking == Storage::default() {
        return Ok(Some(MadeRoom { demand, evicted: Vec::new() }));
    }
    if wanted.iter().any(|wanted| rules.of(wanted.kind).on_quota == OnQuota::Reject) {
        return Ok(None);
    }
    let mut own = Vec::new();
    let mut others = Vec::new();
    for wanted in wanted {
        if wanted.by_player {
            own.extend(store::oldest_of_player(tx, wanted.author, wanted.kind).await?);
        }
        let in_scope = store::oldest_in_scope(tx, scope, wanted.kind).await?;
        let is_own = |other: &Candidate| other.author == wanted.author && other.by_player == wanted.by_player;
        let (same, different): (Vec<_>, Vec<_>) = in_scope.into_iter().partition(is_own);
        own.extend(same);
        others.extend(different);
    }
    if lacking.scopes > 0 {
        own = whole_scope(tx, own).await?;
        if own.is_empty() {
            return Ok(None);
        }
    }
    let mut evicted: Vec<Candidate> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut freed = 0;
    let needed = own.len();
    for (position, candidate) in own.into_iter().chain(others).enumerate() {
        let is_needed = freed < lacking.bytes || (lacking.scopes > 0 && position < needed);
        if is_needed && ids.insert(candidate.id) {
            freed += candidate.bytes;
            evicted.push(candidate);
        }
    }
    Ok((freed >= lacking.bytes).then_some(MadeRoom { demand, evicted }))
}

/// The candidates of the first scope that has no other traces; none if there is no such scope.
async fn whole_scope(tx: &WorldTx<'_>, candidates: Vec<Candidate>) -> Result<Vec<Candidate>, StoreError> {
    let mut scopes: Vec<&ScopeKey> = Vec::new();
    for candidate in &candidates {
        if !scopes.contains(&&candidate.scope) && scopes.len() < SCOPES {
            scopes.push(&candidate.scope);
        }
    }
    for scope in scopes {
        let in_scope = |candidate: &&Candidate| candidate.scope == *scope;
        let ids: BTreeSet<i64> = candidates.iter().filter(in_scope).map(|candidate| candidate.id).collect();
        if store::has_only(tx, scope, ids.len()).await? {
            let found = candidates.iter().filter(in_scope).cloned();
            return Ok(found.collect());
        }
    }
    Ok(Vec::new())
}
