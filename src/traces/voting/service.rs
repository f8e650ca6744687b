//! The use cases of voting: vote for a trace, withdraw a vote, use a trace.

use super::{
    commands::{RecordUse, SetVote},
    model::{Vote, VoteCount, VotingError},
};
use crate::{
    traces::{TraceWorlds, moderation::Interaction},
    worlds::WorldKey,
};

/// The service of voting. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Voting {
    worlds: TraceWorlds,
}

impl Voting {
    /// A service on those worlds.
    #[must_use]
    pub fn new(worlds: TraceWorlds) -> Self {
        Self { worlds }
    }

    /// A player votes for or against a trace, in place of their vote before.
    ///
    /// # Errors
    /// The player may not interact with the trace, or the database is unavailable.
    pub async fn vote(&self, world: WorldKey, interaction: Interaction, vote: Vote) -> Result<VoteCount, VotingError> {
        Ok(self.worlds.run(world, SetVote { interaction, vote: Some(vote) }).await??)
    }

    /// A player withdraws their vote, if they have one.
    ///
    /// # Errors
    /// As for [`Voting::vote`].
    pub async fn withdraw_vote(&self, world: WorldKey, interaction: Interaction) -> Result<VoteCount, VotingError> {
        Ok(self.worlds.run(world, SetVote { interaction, vote: None }).await??)
    }

    /// A player has used a trace. Uses within an hour of one that counted do not count.
    ///
    /// # Errors
    /// As for [`Voting::vote`].
    pub async fn use_trace(&self, world: WorldKey, interaction: Interaction) -> Result<(), VotingError> {
        Ok(self.worlds.run(world, RecordUse { interaction }).await??)
    }
}
