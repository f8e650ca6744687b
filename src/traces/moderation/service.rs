//! The use cases of moderation: report traces, moderate, hide authors.

use std::net::IpAddr;

use uuid::Uuid;

use super::{
    commands::{BanAuthor, HideAuthor, RemoveTraces, ReportTrace, SetTracesHidden, ShowAuthor, UnbanAuthor},
    model::{
        Decision, HiddenAuthor, Interaction, ModerationAction, ModerationError, QueueCursor, QueueItem, RemovalTarget,
        Report,
    },
    store::Store,
};
use crate::{
    identity::{
        access::Player,
        players::Players,
        studios::{Actor, Studios},
    },
    platform::db::Database,
    traces::{
        TraceWorlds,
        gate::{BannedAuthor, Gate},
    },
    worlds::WorldKey,
};

/// The service of moderation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Moderation {
    store: Store,
    worlds: TraceWorlds,
    studios: Studios,
    players: Players,
    gate: Gate,
}

fn player_in(world: WorldKey, id: Uuid) -> Player {
    Player { studio: world.studio(), world: world.world(), id }
}

impl Moderation {
    /// A service on that database and those features.
    #[must_use]
    pub fn new(database: Database, worlds: TraceWorlds, studios: Studios, players: Players, gate: Gate) -> Self {
        Self { store: Store::new(database), worlds, studios, players, gate }
    }

    /// A player at an address reports a trace.
    ///
    /// # Errors
    /// The player may not interact with the trace, or the database is unavailable.
    pub async fn report(
        &self,
        player: &Player,
        from: IpAddr,
        interaction: Interaction,
        report: Report,
    ) -> Result<(), ModerationError> {
        let world = WorldKey::of_player(player);
        let (hide_at, voter) = (self.gate.rules(world).hidden_at_reports, self.gate.voter(player, from));
        Ok(self.worlds.run(world, ReportTrace { interaction, voter, report, hide_at }).await??)
    }

    /// Reported and hidden traces after a cursor, those with the most reports first.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn queue(
        &self,
        world: WorldKey,
        after: Option<QueueCursor>,
        limit: usize,
    ) -> Result<Vec<QueueItem>, ModerationError> {
        Ok(self.store.queue(world, after, limit).await?)
    }

    /// Carries out a moderator's decision in a world, which the audit log calls `world_name`. Returns the number of traces or
    /// players that it has changed. Removals run in several transactions: one that fails half-way continues when it is
    /// requested again.
    ///
    /// # Errors
    /// There is no such player; or the database is unavailable, and nothing or only a part was done.
    pub async fn moderate(
        &self,
        world: WorldKey,
        world_name: String,
        actor: Actor<'_>,
        Decision { action, reason }: Decision,
    ) -> Result<u64, ModerationError> {
        if let ModerationAction::Ban(BannedAuthor::Player(player), _) | ModerationAction::ClearName(player) = action
            && !self.store.player_exists(world, player).await?
        {
            return Err(ModerationError::PlayerNotFound);
        }
        // Before the action, so that none is missing from the log.
        let (name, detail) = action.audit_entry();
        let detail = if reason.is_empty() { detail } else { format!("{detail}: {reason}") };
        self.studios.record_audit(world.studio(), actor, name, world_name, detail).await?;
        Ok(match action {
            ModerationAction::Hide(traces) => self.worlds.run(world, SetTracesHidden { traces, hidden: true }).await?,
            ModerationAction::Restore(traces) => {
                self.worlds.run(world, SetTracesHidden { traces, hidden: false }).await?
            }
            ModerationAction::Ban(author, ban) => {
                self.worlds.run(world, BanAuthor { author, ban, reason }).await?;
                1
            }
            ModerationAction::Unban(author) => self.worlds.run(world, UnbanAuthor { author }).await?,
            ModerationAction::Remove(target) => self.remove(world, target).await?,
            ModerationAction::ClearName(player) => {
                self.players.clear_display_name(&player_in(world, player)).await?;
                1
            }
            ModerationAction::AllowName(player) => {
                self.players.allow_display_name(&player_in(world, player)).await?.into()
            }
        })
    }

    async fn remove(&self, world: WorldKey, target: RemovalTarget) -> Result<u64, ModerationError> {
        let (mut total, mut after, mut upto) = (0, 0, None);
        loop {
            let removed = self.worlds.run(world, RemoveTraces { target: target.clone(), after, upto }).await?;
            total += removed.count;
            let Some(next) = removed.next else { return Ok(total) };
            (after, upto) = (next, Some(removed.upto));
        }
    }

    /// The authors that a player has hidden, sorted by name, after the author `after`.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn hidden_authors(
        &self,
        player: &Player,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<HiddenAuthor>, ModerationError> {
        Ok(self.store.hidden_authors(player, after, limit).await?)
    }

    /// A player hides an author.
    ///
    /// # Errors
    /// [`ModerationError::TooManyHidden`], or the database is unavailable.
    pub async fn hide_author(&self, world: WorldKey, player: Uuid, author: String) -> Result<(), ModerationError> {
        let is_hidden = self.worlds.run(world, HideAuthor { player, author }).await?;
        if is_hidden { Ok(()) } else { Err(ModerationError::TooManyHidden) }
    }

    /// A player shows a hidden author again.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn show_author(&self, world: WorldKey, player: Uuid, author: String) -> Result<(), ModerationError> {
        Ok(self.worlds.run(world, ShowAuthor { player, author }).await?)
    }
}
