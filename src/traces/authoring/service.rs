//! The use cases of authors.

use std::net::IpAddr;

use super::{
    commands::{ChangeTrace, LeaveTraces, WithdrawTrace},
    model::{
        AuthoringError, ChangeOutcome, Item, ItemResult, KnownTraces, LeaveOutcome, OwnFilter, OwnItem, OwnList,
        OwnPage, Refusal, SyncReport, TraceChange, TraceInput,
    },
    store,
};
use crate::{
    identity::access::Player,
    platform::{
        byte_budget::Payer,
        page::{self, Page},
    },
    traces::{
        TraceWorlds,
        gate::Gate,
        recordings::{Packer, Recordings},
        settings::GameRules,
        stored_size::new_scope,
        trace::TraceError,
    },
    worlds::WorldKey,
};

/// Leaves, changes, withdraws and lists the traces of their authors. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Authoring {
    worlds: TraceWorlds,
    rules: GameRules,
    gate: Gate,
    recordings: Recordings,
}

impl Authoring {
    /// Authoring in `worlds`, by the rules of their games.
    #[must_use]
    pub fn new(worlds: TraceWorlds, rules: GameRules, gate: Gate, recordings: Recordings) -> Self {
        Self { worlds, rules, gate, recordings }
    }

    /// A packer for the recordings that a player sends with their traces.
    ///
    /// # Errors
    /// The studio's data can't be opened, or no packer is free.
    pub async fn packer(&self, player: &Player) -> Result<Packer, AuthoringError> {
        Ok(self.recordings.packer(player).await?)
    }

    /// Leaves the traces of a player who is at that address, for which `paying` pays; returns the result of each item, in order.
    ///
    /// # Errors
    /// The database is unavailable, or the write queue is full.
    pub async fn leave(
        &self,
        player: &Player,
        from: IpAddr,
        items: Vec<Item>,
        paying: &Payer,
    ) -> Result<Vec<ItemResult>, AuthoringError> {
        let mut inputs = Vec::with_capacity(items.len());
        let mut references = Vec::with_capacity(items.len());
        for Item { reference, input } in items {
            match input {
                Ok(input) => {
                    inputs.push(input);
                    references.push((reference, None));
                }
                Err(faults) => references.push((reference, Some(faults))),
            }
        }
        let author = player.id.to_string();
        // A reference and a scope with each.
        let stored_bytes = |input: &TraceInput| input.stored_bytes(&author) + 600 + new_scope(&input.scope).bytes;
        let stored: Vec<i64> = inputs.iter().map(stored_bytes).collect();
        paying.pay(stored.iter().sum()).map_err(TraceError::from)?;
        let outcomes = if inputs.is_empty() {
            Vec::new()
        } else {
            let rules = self.rules.rules(player.studio, player.world);
            let world = WorldKey::of_player(player);
            let network = self.gate.network(world, from);
            let command = LeaveTraces { player: player.clone(), network, author, inputs, rules };
            self.worlds.run(world, command).await?
        };
        let is_new = |outcome: &LeaveOutcome| matches!(outcome, LeaveOutcome::Left { .. });
        let unused = outcomes.iter().zip(&stored).filter(|(outcome, _)| !is_new(outcome));
        paying.give_back(unused.map(|(_, bytes)| bytes).sum());
        let mut outcomes = outcomes.into_iter();
        let result = |(reference, faults)| {
            let outcome = match faults {
                Some(faults) => LeaveOutcome::Refused(Refusal::Invalid(faults)),
                None => outcomes.next()?,
            };
            Some(ItemResult { reference, outcome })
        };
        Ok(references.into_iter().filter_map(result).collect())
    }

    /// Changes a trace of a player's.
    ///
    /// # Errors
    /// There is no such trace, it is another player's, its kind has not all of the fields, or the gate refuses the change.
    pub async fn change(&self, player: &Player, id: i64, change: TraceChange) -> Result<ChangeOutcome, AuthoringError> {
        let rules = self.rules.rules(player.studio, player.world);
        let command = ChangeTrace { player: player.id, rules, id, change };
        self.worlds.run(WorldKey::of_player(player), command).await?
    }

    /// Withdraws a trace of a player's.
    ///
    /// # Errors
    /// There is no such trace, or it is another player's.
    pub async fn withdraw(&self, player: &Player, id: i64) -> Result<(), AuthoringError> {
        let command = WithdrawTrace { author: player.id.to_string(), id };
        self.worlds.run(WorldKey::of_player(player), command).await?
    }

    /// A page of a player's own traces, hidden ones included: those with ids after `after`, at most `limit`.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn own(
        &self,
        player: &Player,
        filter: &OwnFilter,
        after: i64,
        limit: usize,
    ) -> Result<OwnPage, AuthoringError> {
        let tables = self.worlds.tables(player.studio).await?.world(player.world);
        let rows = store::own_page(&tables, &player.id.to_string(), filter, after, page::rows_for(limit)).await?;
        let Page { items, more } = Page::cut(rows, limit);
        let next = items.last().map_or(after, |trace| trace.id);
        Ok(OwnPage { items, next, more })
    }

    /// A page of a player's own traces: hidden ones included, and those that have gone, as long as the change log knows why.
    /// Those with ids after `after`, at most `limit`.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn list(&self, player: &Player, after: i64, limit: usize) -> Result<OwnList, AuthoringError> {
        let tables = self.worlds.tables(player.studio).await?.world(player.world);
        let rows = store::own_items(&tables, &player.id.to_string(), after, page::rows_for(limit)).await?;
        let Page { items, more } = Page::cut(rows, limit);
        let next = items.last().map_or(after, OwnItem::id);
        Ok(OwnList { items, next, more })
    }

    /// The state of the traces with these ids, those of a group among them.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn sync(&self, player: &Player, known: &KnownTraces) -> Result<SyncReport, AuthoringError> {
        let tables = self.worlds.tables(player.studio).await?.world(player.world);
        Ok(store::sync(&tables, &player.id.to_string(), known.group.as_ref(), &known.ids).await?)
    }
}
