//! The use cases of kept answers.

use std::time::Duration;

use futures_util::{FutureExt, future::BoxFuture};

use super::store::Store;
use crate::{
    identity::access::Player,
    platform::{
        clock,
        db::Control,
        error::StoreError,
        kept_answers::{ABANDONED, AnswerStore, Claim, KeptAnswer, RequestDigests},
        tasks::Tasks,
        token,
    },
};

/// How often answers that are no longer kept are deleted.
const DELETE_EXPIRED_EVERY: Duration = Duration::from_mins(10);

/// The settings of the feature.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How long an answer is kept.
    pub kept: Duration,
}

/// Keeps answers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Answers {
    store: Store,
    settings: Settings,
}

impl Answers {
    /// Starts the feature and its background task.
    #[must_use]
    pub fn start(control: Control, settings: Settings, tasks: &Tasks) -> Self {
        let answers = Self { store: Store::new(control), settings };
        tasks.spawn_until_stop("delete expired answers", answers.clone().delete_expired());
        answers
    }

    async fn delete_expired(self) {
        loop {
            if let Err(error) = self.store.delete_expired(self.since_ms()).await {
                tracing::warn!(%error, "deleting expired answers to repeated requests failed");
            }
            tokio::time::sleep(DELETE_EXPIRED_EVERY).await;
        }
    }

    fn since_ms(&self) -> i64 {
        clock::ms_ago(self.settings.kept)
    }

    /// A player as the caller of requests.
    #[must_use]
    pub fn caller(player: &Player) -> String {
        format!("player:{}:{}:{}", player.studio, player.world, player.id)
    }

    /// Deletes the answers to a player.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget(&self, player: &Player) -> Result<(), StoreError> {
        self.store.delete_of(token::digest(&Self::caller(player))).await
    }
}

impl AnswerStore for Answers {
    fn claim(&self, request: RequestDigests) -> BoxFuture<'_, Result<Claim, StoreError>> {
        async move { self.store.claim(&request, self.since_ms(), clock::ms_ago(ABANDONED)).await }.boxed()
    }

    fn find(&self, request: RequestDigests) -> BoxFuture<'_, Result<Option<KeptAnswer>, StoreError>> {
        async move {
            let found = self.store.find(&request, self.since_ms()).await?;
            Ok(if let Some(Claim::Answered(answer)) = found { Some(answer) } else { None })
        }
        .boxed()
    }

    fn finish(&self, request: RequestDigests, answer: Option<KeptAnswer>) -> BoxFuture<'_, ()> {
        async move {
            if let Err(error) = self.store.finish(&request, answer).await {
                // The request counts as lost after a while.
                tracing::warn!(%error, "keeping the answer to a request with an Idempotency-Key failed");
            }
        }
        .boxed()
    }
}
