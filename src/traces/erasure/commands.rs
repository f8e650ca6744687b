//! Erasing inside a world's transaction, a few rows at a time, between which others can write. Each is run until it is done.

use std::collections::HashMap;

use super::store;
use crate::{
    platform::error::StoreError,
    traces::{tables, trace::TraceCounters},
    worlds::{ChangeReason, Command, TraceLocation, WorldTx},
};

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// Removes a player's traces with their recordings, a part of them: the output is the id from which the next run goes on, or
/// `None` when all are removed.
#[derive(Debug)]
pub struct EraseTraces {
    /// The player's id.
    pub player: String,
    /// The legacy names that are bound to the player.
    pub names: Vec<String>,
    /// Traces under these names up to this id were removed before.
    pub after: i64,
}

impl Command for EraseTraces {
    type Output = Option<i64>;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Option<i64>, StoreError> {
        let mut ids = store::own_trace_ids(world, &self.player).await?;
        let left = WorldTx::ROWS.saturating_sub(count(ids.len()));
        let next = if left == 0 {
            Some(self.after)
        } else if self.names.is_empty() {
            None
        } else {
            let claimed = world.claimed_traces(&self.names, (self.after, world.seq()), left).await?;
            ids.extend(claimed.ids);
            claimed.next
        };
        let traces = world.counters(&ids).await?;
        let locations: Vec<TraceLocation> = traces.iter().map(TraceCounters::location).collect();
        world.remove(&locations, ChangeReason::Removed).await?;
        Ok(next)
    }

    fn size_bytes(&self) -> usize {
        256 + self.names.iter().map(String::len).sum::<usize>()
    }
}

/// Takes a player's votes and reports back, as if they had never been given; the output is how many. Then there are none, and
/// all other rows with the player's id go.
#[derive(Debug)]
pub struct EraseFeedback {
    /// The player's id.
    pub player: String,
}

impl Command for EraseFeedback {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let given = store::votes(world, &self.player).await?;
        let reports = store::reports(world, &self.player).await?;
        if given.is_empty() && reports.is_empty() {
            store::delete_rows(world, &self.player, &tables::personal_tables()).await?;
            store::delete_rows(world, &self.player, &tables::tables_about_players()).await?;
            return Ok(0);
        }
        let voted: Vec<i64> = given.iter().map(|vote| vote.trace).collect();
        let reported: Vec<i64> = reports.iter().map(|report| report.trace).collect();
        let all: Vec<i64> = voted.iter().chain(&reported).copied().collect();
        let mut traces: HashMap<i64, TraceCounters> =
            world.counters(&all).await?.into_iter().map(|trace| (trace.id, trace)).collect();
        for vote in &given {
            let Some(trace) = traces.get_mut(&vote.trace) else { continue };
            let (counted, weight) = if vote.good {
                (&mut trace.good, &mut trace.good_weight)
            } else {
                (&mut trace.poor, &mut trace.poor_weight)
            };
            *counted = counted.saturating_sub(1);
            *weight = weight.saturating_sub(vote.weight);
        }
        for report in reports.iter().filter(|report| !report.settled) {
            if let Some(trace) = traces.get_mut(&report.trace) {
                trace.reports = trace.reports.saturating_sub(1).max(0);
            }
        }
        for trace in traces.values() {
            if voted.contains(&trace.id) {
                world.save_votes(trace).await?;
            } else {
                world.save_counters(trace).await?;
            }
        }
        if !voted.is_empty() {
            store::delete_votes(world, &self.player, &voted).await?;
        }
        if !reported.is_empty() {
            store::delete_reports(world, &self.player, &reported).await?;
        }
        Ok(count(given.len() + reports.len()))
    }
}
