//! The use cases of voting: vote for a trace, withdraw a vote, use a trace.

use std::net::IpAddr;

use super::{
    commands::{CastVotes, RecordUses},
    model::{Ballot, BatchItem, VoteCount, VotingError},
};
use crate::{
    identity::access::Player,
    traces::{
        TraceWorlds,
        gate::Gate,
        moderation::{Interaction, InteractionError},
    },
    worlds::{WorldError, WorldKey},
};

/// The service of voting. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Voting {
    worlds: TraceWorlds,
    gate: Gate,
}

impl Voting {
    /// A service on those worlds.
    #[must_use]
    pub fn new(worlds: TraceWorlds, gate: Gate) -> Self {
        Self { worlds, gate }
    }

    /// A player at an address votes on a trace, in place of their vote before, or withdraws it.
    ///
    /// # Errors
    /// The player may not interact with the trace, or the database is unavailable.
    pub async fn vote(&self, player: &Player, from: IpAddr, ballot: Ballot) -> Result<VoteCount, VotingError> {
        let votes = CastVotes { voter: self.gate.voter(player, from), ballots: vec![ballot] };
        only(self.worlds.run(WorldKey::of_player(player), votes).await?)
    }

    /// A player votes on several traces, in one transaction.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn vote_on_all(
        &self,
        player: &Player,
        from: IpAddr,
        items: Vec<BatchItem<Ballot>>,
    ) -> Result<Vec<BatchItem<VoteCount>>, VotingError> {
        let voter = self.gate.voter(player, from);
        let run = async |ballots| self.worlds.run(WorldKey::of_player(player), CastVotes { voter, ballots }).await;
        run_batch(items, run).await
    }

    /// A player has used a trace. Uses within an hour of one that counted do not count.
    ///
    /// # Errors
    /// As for [`Voting::vote`].
    pub async fn use_trace(&self, player: &Player, interaction: Interaction) -> Result<(), VotingError> {
        let uses = RecordUses { player: player.id, uses: vec![interaction] };
        only(self.worlds.run(WorldKey::of_player(player), uses).await?)
    }

    /// A player has used several traces, in one transaction.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn use_all(
        &self,
        player: &Player,
        items: Vec<BatchItem<Interaction>>,
    ) -> Result<Vec<BatchItem<()>>, VotingError> {
        let run =
            async |uses| self.worlds.run(WorldKey::of_player(player), RecordUses { player: player.id, uses }).await;
        run_batch(items, run).await
    }
}

/// The outcome of a batch of one item.
fn only<T>(outcomes: Vec<Result<T, InteractionError>>) -> Result<T, VotingError> {
    let outcome = outcomes.into_iter().next().ok_or(WorldError::Broken("an item was not run"))?;
    Ok(outcome?)
}

/// Runs those items of a batch that could be read.
async fn run_batch<I, T>(
    items: Vec<BatchItem<I>>,
    run: impl AsyncFnOnce(Vec<I>) -> Result<Vec<Result<T, InteractionError>>, WorldError>,
) -> Result<Vec<BatchItem<T>>, VotingError> {
    let mut inputs = Vec::with_capacity(items.len());
    let mut results = Vec::with_capacity(items.len());
    for BatchItem { trace_id, content } in items {
        results.push((trace_id, content.map(|input| inputs.push(input))));
    }
    let mut outcomes = if inputs.is_empty() { Vec::new() } else { run(inputs).await? }.into_iter();
    let result = |(trace_id, content): (Option<String>, Result<(), VotingError>)| {
        let content = match content {
            Ok(()) => outcomes.next()?.map_err(VotingError::from),
            Err(error) => Err(error),
        };
        Some(BatchItem { trace_id, content })
    };
    Ok(results.into_iter().filter_map(result).collect())
}
