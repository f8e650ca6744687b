//! What can be done in voting: rate, use, be told.

use super::{
    model::{Count, News, Vote, VotingError},
    store::{Rate, Store, Use},
};
use crate::{
    identity::access::model::Player,
    platform::db::Database,
    traces::{TraceWorlds, moderation::Meeting},
    worlds::WorldKey,
};

/// Counts votes and uses, and tells authors. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Voting {
    store: Store,
    traces: TraceWorlds,
}

impl Voting {
    /// On those traces.
    #[must_use]
    pub fn new(database: Database, traces: TraceWorlds) -> Self {
        Self { store: Store::new(database), traces }
    }

    /// A player votes for a trace or against it, in place of the vote before; with nothing he takes it back.
    ///
    /// # Errors
    /// He may not, or it is his own, or none that he can have met.
    pub async fn rate(&self, world: WorldKey, meeting: Meeting, vote: Option<Vote>) -> Result<Count, VotingError> {
        Ok(self.traces.run(world, Rate { meeting, vote }).await??)
    }

    /// A player has used a trace; what comes within an hour of a use that counted does not count.
    ///
    /// # Errors
    /// As for [`Voting::rate`].
    pub async fn use_trace(&self, world: WorldKey, meeting: Meeting) -> Result<(), VotingError> {
        Ok(self.traces.run(world, Use { meeting }).await??)
    }

    /// What an author is told after an id, the oldest first.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn news(&self, of: &Player, after: i64, limit: usize) -> Result<Vec<News>, VotingError> {
        Ok(self.store.news(of, after, limit).await?)
    }
}
