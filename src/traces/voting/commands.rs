//! Voting inside a world's transaction.

use std::time::Duration;

use super::{
    model::{self, Vote, VoteCount, WeightedVote},
    store,
};
use crate::{
    platform::error::StoreError,
    traces::{
        moderation::{self, Interaction, InteractionError},
        trace::{InboxEvent, USE_WINDOW},
    },
    worlds::{Command, WorldTx},
};

/// A player votes for or against a trace, or withdraws their vote.
#[derive(Debug)]
pub struct SetVote {
    /// The player and the trace.
    pub interaction: Interaction,
    /// The vote; `None`: it is withdrawn.
    pub vote: Option<Vote>,
}

impl Command for SetVote {
    type Output = Result<VoteCount, InteractionError>;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Self::Output, StoreError> {
        let mut trace = match moderation::authorize(world, &self.interaction).await? {
            Ok(trace) => trace,
            Err(error) => return Ok(Err(error)),
        };
        let player = self.interaction.player;
        let previous = store::find_vote(world, trace.id, player).await?;
        // Repeating a vote changes nothing: its weight was fixed when it was given.
        if previous.map(|previous| previous.vote) != self.vote {
            if let Some(previous) = previous {
                model::remove_vote(&mut trace, previous);
            }
            match self.vote {
                Some(vote) => {
                    let weighted = WeightedVote { vote, weight: self.weight(world).await? };
                    model::add_vote(&mut trace, weighted);
                    store::upsert_vote(world, trace.id, player, weighted).await?;
                }
                None => store::delete_vote(world, trace.id, player).await?,
            }
            world.save_counters(&trace).await?;
            if self.vote.is_some() {
                world.notify_author(InboxEvent::Voted, std::slice::from_ref(&trace)).await?;
            }
        }
        Ok(Ok(VoteCount { trace: trace.id, vote: self.vote, good: trace.all_good(), poor: trace.poor }))
    }
}

impl SetVote {
    /// The weight of a vote that the player gives now.
    async fn weight(&self, world: &WorldTx<'_>) -> Result<i32, StoreError> {
        // A player without a row counts as new.
        let created_at_ms = store::player_created_at_ms(world, self.interaction.player).await?;
        let age_ms = created_at_ms.map_or(0, |created_at_ms| world.now_ms().saturating_sub(created_at_ms));
        Ok(model::vote_weight(Duration::from_millis(u64::try_from(age_ms).unwrap_or_default())))
    }
}

/// Deletes the votes and the settled reports of a trace whose words have changed: they were about the old words.
///
/// # Errors
/// [`StoreError`].
pub async fn reset_feedback(world: &WorldTx<'_>, trace: i64) -> Result<(), StoreError> {
    store::delete_votes(world, trace).await?;
    for mut counters in world.counters(&[trace]).await? {
        (counters.good, counters.poor, counters.good_weight, counters.poor_weight) = (0, 0, 0, 0);
        world.save_counters(&counters).await?;
    }
    moderation::delete_settled_reports(world, trace).await
}

/// A player has used a trace.
#[derive(Debug)]
pub struct RecordUse {
    /// The player and the trace.
    pub interaction: Interaction,
}

impl Command for RecordUse {
    type Output = Result<(), InteractionError>;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Self::Output, StoreError> {
        let mut trace = match moderation::authorize(world, &self.interaction).await? {
            Ok(trace) => trace,
            Err(error) => return Ok(Err(error)),
        };
        if store::upsert_use(world, trace.id, self.interaction.player, USE_WINDOW).await? {
            trace.uses = trace.uses.saturating_add(1);
            world.save_counters(&trace).await?;
            world.notify_author(InboxEvent::Used, &[trace]).await?;
        }
        Ok(Ok(()))
    }
}
