//! Voting inside a world's transaction. Commands run batches: what they read is read once for all items, and what they store is
//! stored with one statement, except for the counters of each trace.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{
    model::{self, Ballot, Vote, VoteCount, WeightedVote},
    store,
};
use crate::{
    platform::error::StoreError,
    traces::{
        gate::{self, Voter},
        moderation::{self, Interaction, InteractionError},
        trace::{InboxEvent, TraceCounters, USE_WINDOW},
    },
    worlds::{Command, WorldTx},
};

/// About how many bytes of memory an item uses.
const ITEM_BYTES: usize = 256;

/// The result of one item.
type Outcome<T> = Result<T, InteractionError>;

/// Takes the items whose traces occur for the first time, with their places. A statement can store one row for a trace, so a
/// batch in which a trace occurs again is run in several rounds.
fn first_of_each<'a, T>(waiting: &mut Vec<(usize, &'a T)>, trace: impl Fn(&T) -> i64) -> (Vec<usize>, Vec<&'a T>) {
    let mut seen = HashSet::new();
    let (first, later) = std::mem::take(waiting).into_iter().partition(|(_, item)| seen.insert(trace(item)));
    *waiting = later;
    let first: Vec<(usize, &T)> = first;
    first.into_iter().unzip()
}

/// The outcomes in the order of the items.
fn in_order<T>(mut outcomes: Vec<(usize, Outcome<T>)>) -> Vec<Outcome<T>> {
    outcomes.sort_unstable_by_key(|(place, _)| *place);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// A player votes on traces; a vote replaces their earlier one. The result of each is as if it was run alone.
#[derive(Debug)]
pub struct CastVotes {
    /// The player.
    pub voter: Voter,
    /// Their votes.
    pub ballots: Vec<Ballot>,
}

impl Command for CastVotes {
    type Output = Vec<Outcome<VoteCount>>;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Self::Output, StoreError> {
        let mut waiting: Vec<(usize, &Ballot)> = self.ballots.iter().enumerate().collect();
        let mut outcomes = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let (places, ballots) = first_of_each(&mut waiting, |ballot| ballot.interaction.trace);
            outcomes.extend(places.into_iter().zip(self.cast(world, &ballots).await?));
        }
        Ok(in_order(outcomes))
    }

    fn size_bytes(&self) -> usize {
        ITEM_BYTES * self.ballots.len()
    }
}

impl CastVotes {
    /// Casts votes on traces that differ.
    async fn cast(&self, world: &mut WorldTx<'_>, ballots: &[&Ballot]) -> Result<Vec<Outcome<VoteCount>>, StoreError> {
        let interactions: Vec<&Interaction> = ballots.iter().map(|ballot| &ballot.interaction).collect();
        let traces = moderation::authorize_all(world, self.voter.player, &interactions).await?;
        let ids: Vec<i64> = traces.iter().flatten().map(|trace| trace.id).collect();
        let previous = store::find_votes(world, self.voter.player, &ids).await?;
        let is_new = |trace: &TraceCounters, ballot: &Ballot| {
            ballot.vote.is_some() && ballot.vote != previous.get(&trace.id).map(|previous| previous.vote)
        };
        let pairs = || traces.iter().zip(ballots);
        let has_new = pairs().any(|(trace, ballot)| trace.as_ref().is_ok_and(|trace| is_new(trace, ballot)));
        let weight = if has_new { gate::age_weight(world, self.voter.player).await? } else { 0 };
        let of_network =
            if has_new { store::weights_of_network(world, &self.voter, &ids).await? } else { HashMap::new() };
        let (mut given, mut withdrawn, mut changed, mut rated) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut outcomes = Vec::with_capacity(ballots.len());
        for (trace, ballot) in traces.into_iter().zip(ballots) {
            let mut trace = match trace {
                Ok(trace) => trace,
                Err(error) => {
                    outcomes.push(Err(error));
                    continue;
                }
            };
            let previous = previous.get(&trace.id).copied();
            // Repeating a vote changes nothing: its weight was fixed when it was given.
            let is_changed = previous.map(|previous| previous.vote) != ballot.vote;
            if is_changed {
                if let Some(previous) = previous {
                    model::remove_vote(&mut trace, previous);
                }
                if let Some(vote) = ballot.vote {
                    let others = of_network.get(&(trace.id, vote == Vote::Good)).copied().unwrap_or_default();
                    let weighted = WeightedVote { vote, weight: self.voter.within_bound(weight, others) };
                    model::add_vote(&mut trace, weighted);
                    given.push((trace.id, weighted));
                    rated.push(trace.clone());
                } else {
                    withdrawn.push(trace.id);
                }
            }
            let (good, poor) = (trace.all_good(), trace.poor);
            outcomes.push(Ok(VoteCount { trace: trace.id, vote: ballot.vote, good, poor }));
            changed.extend(is_changed.then_some(trace));
        }
        store::upsert_votes(world, &self.voter, &given).await?;
        store::withdraw_votes(world, self.voter.player, &withdrawn).await?;
        for trace in &changed {
            world.save_votes(trace).await?;
        }
        world.notify_author(InboxEvent::Voted, &rated).await?;
        Ok(outcomes)
    }
}

/// Deletes the votes on a trace whose words have changed: they were about the old words.
///
/// # Errors
/// [`StoreError`].
pub async fn reset_feedback(world: &WorldTx<'_>, trace: i64) -> Result<(), StoreError> {
    store::delete_votes(world, trace).await?;
    for mut counters in world.counters(&[trace]).await? {
        (counters.good, counters.poor, counters.good_weight, counters.poor_weight) = (0, 0, 0, 0);
        world.save_counters(&counters).await?;
    }
    Ok(())
}

/// A player has used traces. The result of each is as if it was run alone.
#[derive(Debug)]
pub struct RecordUses {
    /// The player.
    pub player: Uuid,
    /// The traces.
    pub uses: Vec<Interaction>,
}

impl Command for RecordUses {
    type Output = Vec<Outcome<()>>;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Self::Output, StoreError> {
        let mut waiting: Vec<(usize, &Interaction)> = self.uses.iter().enumerate().collect();
        let mut outcomes = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let (places, interactions) = first_of_each(&mut waiting, |used| used.trace);
            outcomes.extend(places.into_iter().zip(self.record(world, &interactions).await?));
        }
        Ok(in_order(outcomes))
    }

    fn size_bytes(&self) -> usize {
        ITEM_BYTES * self.uses.len()
    }
}

impl RecordUses {
    /// Records uses of traces that differ.
    async fn record(
        &self,
        world: &mut WorldTx<'_>,
        interactions: &[&Interaction],
    ) -> Result<Vec<Outcome<()>>, StoreError> {
        let traces = moderation::authorize_all(world, self.player, interactions).await?;
        let ids: Vec<i64> = traces.iter().flatten().map(|trace| trace.id).collect();
        let counted: HashSet<i64> = store::upsert_uses(world, self.player, &ids, USE_WINDOW).await?;
        let outcomes = traces.iter().map(|trace| trace.as_ref().map(|_| ()).map_err(|error| *error)).collect();
        let mut used: Vec<TraceCounters> = traces.into_iter().flatten().collect();
        used.retain(|trace| counted.contains(&trace.id));
        for trace in &mut used {
            trace.uses = trace.uses.saturating_add(1);
            world.save_counters(trace).await?;
        }
        if let Some(trace) = used.iter().find(|trace| trace.minted) {
            // An author may be waiting for the inbox item.
            world.next_silent_seq(&trace.location().scope);
            world.notify_author(InboxEvent::Used, &used).await?;
        }
        Ok(outcomes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_that_occurs_again_waits_for_the_next_round() {
        let items = [3, 4, 3, 5, 3, 4];
        let mut waiting: Vec<(usize, &i64)> = items.iter().enumerate().collect();
        let mut rounds = Vec::new();
        while !waiting.is_empty() {
            rounds.push(first_of_each(&mut waiting, |item| *item).0);
        }
        assert_eq!(rounds, [vec![0, 1, 3], vec![2, 5], vec![4]]);
        assert_eq!(in_order(vec![(2, Ok(2)), (0, Ok(0)), (1, Ok(1))]), [Ok(0), Ok(1), Ok(2)]);
    }
}
