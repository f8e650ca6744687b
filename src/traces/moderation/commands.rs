//! Moderation inside a world's transaction: the check that every interaction with a trace passes, and the commands.

use uuid::Uuid;

use super::{
    model::{HIDDEN_AUTHORS, Interaction, InteractionError, RemovalTarget, Report, Verdict},
    store,
};
use crate::{
    platform::error::StoreError,
    traces::{
        gate::{self, Ban, BannedAuthor, Voter},
        trace::{InboxEvent, TraceCounters},
    },
    worlds::{ChangeReason, Command, TraceLocation, WorldTx},
};

/// What a command takes in memory besides the lists and texts that it holds, in bytes.
const COMMAND_BYTES: usize = 256;

/// The trace of an interaction, if the player may interact with it: they are not banned, can see the trace, and did not leave
/// it themselves.
///
/// # Errors
/// [`StoreError`].
async fn authorize(
    world: &WorldTx<'_>,
    interaction: &Interaction,
) -> Result<Result<TraceCounters, InteractionError>, StoreError> {
    let one = authorize_all(world, interaction.player, &[interaction]).await?;
    Ok(one.into_iter().next().unwrap_or(Err(InteractionError::TraceNotFound)))
}

/// The trace of each of a player's interactions, in order, if the player may interact with it: they are not banned, can see the
/// trace, and did not leave it themselves.
///
/// # Errors
/// [`StoreError`].
pub async fn authorize_all(
    world: &WorldTx<'_>,
    player: Uuid,
    interactions: &[&Interaction],
) -> Result<Vec<Result<TraceCounters, InteractionError>>, StoreError> {
    if let Some(ban) = gate::active_ban(world, player).await? {
        return Ok(interactions.iter().map(|_| Err(InteractionError::Banned(ban))).collect());
    }
    let ids: Vec<i64> = interactions.iter().map(|interaction| interaction.trace).collect();
    let visible = world.find_visible(&ids).await?;
    let author = player.to_string();
    let check = |interaction: &&Interaction| {
        let found = visible
            .iter()
            .find(|(trace, group)| trace.id == interaction.trace && (group.is_none() || *group == interaction.group));
        let (trace, _) = found.ok_or(InteractionError::TraceNotFound)?;
        if trace.minted && trace.author == author { Err(InteractionError::OwnTrace) } else { Ok(trace.clone()) }
    };
    Ok(interactions.iter().map(check).collect())
}

/// A player reports a trace.
#[derive(Debug)]
pub struct ReportTrace {
    /// The player and the trace.
    pub interaction: Interaction,
    /// What the report may weigh.
    pub voter: Voter,
    /// The report.
    pub report: Report,
    /// Number of reports at which a trace is hidden; 0: never.
    pub hide_at: u16,
}

impl Command for ReportTrace {
    type Output = Result<(), InteractionError>;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Self::Output, StoreError> {
        let mut trace = match authorize(world, &self.interaction).await? {
            Ok(trace) => trace,
            Err(error) => return Ok(Err(error)),
        };
        if store::report_exists(world, trace.id, self.voter.player).await? {
            store::replace_report(world, trace.id, self.voter.player, &self.report).await?;
            return Ok(Ok(()));
        }
        let weight = self.weight(world, trace.id).await?;
        store::insert_report(world, trace.id, &self.voter, weight, &self.report).await?;
        trace.reports = trace.reports.saturating_add(1);
        trace.report_weight = trace.report_weight.saturating_add(weight);
        let needed = gate::weight_to_hide(self.hide_at, trace.good_weight, trace.base_good);
        trace.hidden = self.hide_at > 0 && !trace.decided && trace.report_weight >= needed;
        world.save_counters(&trace).await?;
        if trace.hidden {
            world.log_change(&trace.location(), ChangeReason::Hidden);
            world.notify_author(InboxEvent::Hidden, &[trace]).await?;
        }
        Ok(Ok(()))
    }

    fn size_bytes(&self) -> usize {
        COMMAND_BYTES + self.report.note.as_ref().map_or(0, String::len)
    }
}

impl ReportTrace {
    /// What a new report weighs, in quarters.
    async fn weight(&self, world: &WorldTx<'_>, trace: i64) -> Result<i32, StoreError> {
        let record = store::record(world, self.voter.player).await?;
        let weight = record.weigh(gate::age_weight(world, self.voter.player).await?);
        let others = store::report_weight_of_network(world, &self.voter, trace).await?;
        Ok(self.voter.within_bound(weight, others))
    }
}

/// A moderator hides or restores traces, which settles their reports. The decision stands until the traces' content changes. Returns the
/// number of traces whose visibility changed or that had unsettled reports.
#[derive(Debug)]
pub struct SetTracesHidden {
    /// The traces' ids; unknown ones are skipped.
    pub traces: Vec<i64>,
    /// Whether they are hidden from now on.
    pub hidden: bool,
}

impl Command for SetTracesHidden {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let mut traces = world.counters(&self.traces).await?;
        traces.retain(|trace| trace.hidden != self.hidden || trace.reports > 0 || !trace.decided);
        let ids: Vec<i64> = traces.iter().map(|trace| trace.id).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        world.set_hidden(&ids, self.hidden).await?;
        let verdict = if self.hidden { Verdict::Upheld } else { Verdict::Dismissed };
        store::record_verdict(world, &ids, verdict).await?;
        store::settle_reports(world, &ids).await?;
        traces.retain(|trace| trace.hidden != self.hidden || trace.reports > 0);
        let affected = traces.len();
        traces.retain(|trace| trace.hidden != self.hidden);
        let reason = if self.hidden { ChangeReason::Hidden } else { ChangeReason::Restored };
        for trace in &traces {
            world.log_change(&trace.location(), reason);
        }
        if self.hidden {
            world.notify_author(InboxEvent::Hidden, &traces).await?;
        }
        Ok(u64::try_from(affected).unwrap_or(u64::MAX))
    }

    fn size_bytes(&self) -> usize {
        COMMAND_BYTES + self.traces.len() * size_of::<i64>()
    }
}

/// Ends a moderator's decision about a trace whose content has changed. The reports of the old content are deleted: whoever sent them may
/// report the new one.
///
/// # Errors
/// [`StoreError`].
pub async fn reopen(world: &WorldTx<'_>, trace: i64) -> Result<(), StoreError> {
    for mut counters in world.counters(&[trace]).await?.into_iter().filter(|counters| counters.decided) {
        (counters.decided, counters.reports, counters.report_weight) = (false, 0, 0);
        world.save_counters(&counters).await?;
        store::delete_reports(world, trace).await?;
    }
    Ok(())
}

/// A moderator bans an author; a new ban replaces the old one.
#[derive(Debug)]
pub struct BanAuthor {
    /// The author.
    pub author: BannedAuthor,
    /// The ban.
    pub ban: Ban,
    /// The moderator's reason.
    pub reason: String,
}

impl Command for BanAuthor {
    type Output = ();

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<(), StoreError> {
        gate::upsert_ban(world, &self.author, self.ban, &self.reason).await
    }
}

/// A moderator lifts an author's ban. Returns the number of bans that were deleted, 0 or 1.
#[derive(Debug)]
pub struct UnbanAuthor {
    /// The author.
    pub author: BannedAuthor,
}

impl Command for UnbanAuthor {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        gate::delete_ban(world, &self.author).await
    }
}

/// A moderator removes traces, at most [`WorldTx::ROWS`] of them: run it from where the last one ended until it has no next.
#[derive(Debug)]
pub struct RemoveTraces {
    /// Which traces.
    pub target: RemovalTarget,
    /// Ids up to this one were looked at before.
    pub after: i64,
    /// The highest id to remove; `None`: the world's newest.
    pub upto: Option<i64>,
}

/// What a [`RemoveTraces`] has removed.
#[derive(Clone, Copy, Debug)]
pub struct RemovedTraces {
    /// Number of traces.
    pub count: u64,
    /// Where the next run begins; `None` where nothing is left.
    pub next: Option<i64>,
    /// The highest id that could be removed; the next run takes the same one, so that traces left meanwhile stay.
    pub upto: i64,
}

impl Command for RemoveTraces {
    type Output = RemovedTraces;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<RemovedTraces, StoreError> {
        let upto = self.upto.unwrap_or_else(|| world.seq());
        let found = store::ids_to_remove(world, &self.target, (self.after, upto), WorldTx::ROWS).await?;
        let traces = world.counters(&found.ids).await?;
        let locations: Vec<TraceLocation> = traces.iter().map(TraceCounters::location).collect();
        if matches!(self.target, RemovalTarget::Traces(_) | RemovalTarget::Author(..)) {
            store::record_verdict(world, &found.ids, Verdict::Upheld).await?;
        }
        world.remove(&locations, ChangeReason::Removed).await?;
        // Clearing a whole world, as at the end of a season, says nothing about anybody's traces.
        if self.target != RemovalTarget::World {
            world.notify_author(InboxEvent::Removed, &traces).await?;
        }
        Ok(RemovedTraces { count: u64::try_from(locations.len()).unwrap_or(u64::MAX), next: found.next, upto })
    }

    fn size_bytes(&self) -> usize {
        match &self.target {
            RemovalTarget::Traces(ids) => COMMAND_BYTES + ids.len() * size_of::<i64>(),
            RemovalTarget::Author(..) | RemovalTarget::Scope(_) | RemovalTarget::World => COMMAND_BYTES,
        }
    }
}

/// A player hides an author. Returns false if they have hidden [`HIDDEN_AUTHORS`] already.
#[derive(Debug)]
pub struct HideAuthor {
    /// The player.
    pub player: Uuid,
    /// The author, as in traces.
    pub author: String,
}

impl Command for HideAuthor {
    type Output = bool;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<bool, StoreError> {
        if store::is_author_hidden(world, self.player, &self.author).await? {
            return Ok(true);
        }
        if store::count_hidden_authors(world, self.player).await? >= HIDDEN_AUTHORS {
            return Ok(false);
        }
        store::insert_hidden_author(world, self.player, &self.author).await?;
        Ok(true)
    }
}

/// A player shows a hidden author again.
#[derive(Debug)]
pub struct ShowAuthor {
    /// The player.
    pub player: Uuid,
    /// The author, as in traces.
    pub author: String,
}

impl Command for ShowAuthor {
    type Output = ();

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<(), StoreError> {
        store::delete_hidden_author(world, self.player, &self.author).await
    }
}
