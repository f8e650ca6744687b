//! Moderation inside a world's transaction: the check that every interaction with a trace passes, and the commands.

use uuid::Uuid;

use super::{
    model::{Ban, HIDDEN_AUTHORS, Interaction, InteractionError, RemovalTarget, Report},
    store,
};
use crate::{
    platform::error::StoreError,
    traces::trace::{InboxEvent, TraceCounters},
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
    if let Some(ban) = store::active_ban(world, player).await? {
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
        let player = self.interaction.player;
        let is_first = !store::report_exists(world, trace.id, player).await?;
        store::upsert_report(world, trace.id, player, &self.report).await?;
        if !is_first {
            return Ok(Ok(()));
        }
        trace.reports = trace.reports.saturating_add(1);
        trace.hidden = self.hide_at > 0 && trace.reports >= i32::from(self.hide_at);
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

/// A moderator hides or restores traces, which settles their reports. Returns the number of traces whose visibility changed or
/// that had unsettled reports.
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
        traces.retain(|trace| trace.hidden != self.hidden || trace.reports > 0);
        let ids: Vec<i64> = traces.iter().map(|trace| trace.id).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        world.set_hidden(&ids, self.hidden).await?;
        store::settle_reports(world, &ids).await?;
        traces.retain(|trace| trace.hidden != self.hidden);
        let reason = if self.hidden { ChangeReason::Hidden } else { ChangeReason::Restored };
        for trace in &traces {
            world.log_change(&trace.location(), reason);
        }
        if self.hidden {
            world.notify_author(InboxEvent::Hidden, &traces).await?;
        }
        Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
    }

    fn size_bytes(&self) -> usize {
        COMMAND_BYTES + self.traces.len() * size_of::<i64>()
    }
}

/// A moderator bans a player; a new ban replaces the old one.
#[derive(Debug)]
pub struct BanPlayer {
    /// The player.
    pub player: Uuid,
    /// The ban.
    pub ban: Ban,
    /// The moderator's reason.
    pub reason: String,
}

impl Command for BanPlayer {
    type Output = ();

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<(), StoreError> {
        store::upsert_ban(world, self.player, self.ban, &self.reason).await
    }
}

/// A moderator lifts a player's ban. Returns the number of bans that were deleted, 0 or 1.
#[derive(Debug)]
pub struct UnbanPlayer {
    /// The player.
    pub player: Uuid,
}

impl Command for UnbanPlayer {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        store::delete_ban(world, self.player).await
    }
}

/// A moderator removes traces, at most [`WorldTx::ROWS`] of them: run it until it removes none.
#[derive(Debug)]
pub struct RemoveTraces {
    /// Which traces.
    pub target: RemovalTarget,
    /// The highest id to remove; `None`: the world's newest.
    pub upto: Option<i64>,
}

/// What a [`RemoveTraces`] has removed.
#[derive(Clone, Copy, Debug)]
pub struct RemovedTraces {
    /// Number of traces.
    pub count: u64,
    /// The highest id that could be removed; the next run takes the same one, so that traces left meanwhile stay.
    pub upto: i64,
}

impl Command for RemoveTraces {
    type Output = RemovedTraces;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<RemovedTraces, StoreError> {
        let upto = self.upto.unwrap_or_else(|| world.seq());
        let ids = store::ids_to_remove(world, &self.target, upto, WorldTx::ROWS).await?;
        let traces = world.counters(&ids).await?;
        let locations: Vec<TraceLocation> = traces.iter().map(TraceCounters::location).collect();
        world.remove(&locations, ChangeReason::Removed).await?;
        // Clearing a whole world, as at the end of a season, says nothing about anybody's traces.
        if self.target != RemovalTarget::World {
            world.notify_author(InboxEvent::Removed, &traces).await?;
        }
        Ok(RemovedTraces { count: u64::try_from(locations.len()).unwrap_or(u64::MAX), upto })
    }

    fn size_bytes(&self) -> usize {
        match &self.target {
            RemovalTarget::Traces(ids) => COMMAND_BYTES + ids.len() * size_of::<i64>(),
            RemovalTarget::Player(..) | RemovalTarget::Scope(_) | RemovalTarget::World => COMMAND_BYTES,
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
