//! What can be done in moderation: report, look at the queue, decide, hide authors.

use uuid::Uuid;

use super::{
    model::{Deed, HiddenAuthor, Meeting, ModerationError, Order, Place, Report, Waiting, Wiped},
    store::{Ban, Decide, File, HideAuthor, ShowAuthor, Store, Unban, Wipe},
};
use crate::{
    identity::{
        access::model::Player,
        studios::{Actor, Studios},
    },
    platform::db::Database,
    traces::TraceWorlds,
    worlds::WorldKey,
};

/// Takes reports and decides. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Moderation {
    store: Store,
    traces: TraceWorlds,
    studios: Studios,
}

impl Moderation {
    /// On those features.
    #[must_use]
    pub fn new(database: Database, traces: TraceWorlds, studios: Studios) -> Self {
        Self { store: Store::new(database), traces, studios }
    }

    /// A player reports a trace.
    ///
    /// # Errors
    /// He may not, or it is his own, or none that he can have met.
    pub async fn report(&self, world: WorldKey, meeting: Meeting, report: Report) -> Result<(), ModerationError> {
        let hidden_at = self.studios.rules(world.studio(), world.world()).hidden_at_reports;
        Ok(self.traces.run(world, File { meeting, report, hidden_at }).await??)
    }

    /// What waits for a moderator, or is hidden: what most have reported first.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn queue(
        &self,
        world: WorldKey,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Waiting>, ModerationError> {
        Ok(self.store.queue(world, after, limit).await?)
    }

    /// A moderator does something in a world, which the audit calls `called`; returns how many traces or players are other than
    /// they were. What is done to many traces is done some hundreds at a time: cut short, it is done in part, and goes on when it is asked for again.
    ///
    /// # Errors
    /// There is no such player; or nothing was done, or in part, since something is away.
    pub async fn decide(
        &self,
        world: WorldKey,
        called: String,
        actor: Actor<'_>,
        order: Order,
    ) -> Result<u64, ModerationError> {
        if let Deed::Ban(player, _) = order.deed
            && !self.store.knows(world, player).await?
        {
            return Err(ModerationError::NoPlayer);
        }
        // First, so that nothing is done that was not written down.
        let (action, what) = order.deed.in_audit();
        let detail = if order.reason.is_empty() { what } else { format!("{what}: {}", order.reason) };
        self.studios.note(world.studio(), actor, action, called, detail).await?;
        Ok(match order.deed {
            Deed::Hide(traces) => self.traces.run(world, Decide { traces, hidden: true }).await?,
            Deed::Restore(traces) => self.traces.run(world, Decide { traces, hidden: false }).await?,
            Deed::Ban(player, banned) => {
                self.traces.run(world, Ban { player, banned, reason: order.reason }).await?;
                1
            }
            Deed::Unban(player) => self.traces.run(world, Unban { player }).await?,
            Deed::Wipe(wiped) => self.wipe(world, wiped).await?,
        })
    }

    async fn wipe(&self, world: WorldKey, wiped: Wiped) -> Result<u64, ModerationError> {
        // What is left meanwhile stays.
        let (mut gone, mut upto) = (0, None);
        loop {
            let some = self.traces.run(world, Wipe { wiped: wiped.clone(), upto }).await?;
            if some.gone == 0 {
                return Ok(gone);
            }
            gone += some.gone;
            upto = Some(some.upto);
        }
    }

    /// The authors whom a player does not want to see, by name, behind one of them.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn hidden_authors(
        &self,
        player: &Player,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<HiddenAuthor>, ModerationError> {
        Ok(self.store.hidden_authors(player, after, limit).await?)
    }

    /// A player does not want to see an author.
    ///
    /// # Errors
    /// There are too many already.
    pub async fn hide_author(&self, world: WorldKey, player: Uuid, author: String) -> Result<(), ModerationError> {
        let kept = self.traces.run(world, HideAuthor { player, author }).await?;
        if kept { Ok(()) } else { Err(ModerationError::TooManyHidden) }
    }

    /// He does again.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn show_author(&self, world: WorldKey, player: Uuid, author: String) -> Result<(), ModerationError> {
        Ok(self.traces.run(world, ShowAuthor { player, author }).await?)
    }
}
