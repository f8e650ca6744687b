//! Answers that are kept for repeated requests: what is known of a request, and who keeps it.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::error::StoreError;

/// A request without an answer after this time is taken for lost.
pub const ABANDONED: Duration = Duration::from_mins(1);

/// A request with an `Idempotency-Key`, by digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestDigests {
    /// Of the caller and the key.
    pub id: [u8; 32],
    /// Of the caller.
    pub caller: [u8; 32],
    /// Of what is asked.
    pub content: [u8; 32],
}

/// An answer that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Its status.
    pub status: u16,
    /// Its body; empty where it has none.
    pub body: Vec<u8>,
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: it is the first.
    First,
    /// It was answered.
    Answered(KeptAnswer),
    /// It is being processed.
    Running,
    /// The key was used for another request.
    OtherRequest,
}

/// Keeps answers. Handed in by the application.
pub trait AnswerStore: Send + Sync {
    /// Claims a request, or says what is known of it.
    fn claim(&self, request: RequestDigests) -> BoxFuture<'_, Result<Claim, StoreError>>;

    /// What is known of a request, if it was answered.
    fn find(&self, request: RequestDigests) -> BoxFuture<'_, Result<Option<KeptAnswer>, StoreError>>;

    /// Keeps the answer to a claimed request; without one, the request may be made again.
    fn finish(&self, request: RequestDigests, answer: Option<KeptAnswer>) -> BoxFuture<'_, ()>;
}
