//! Answers to requests with an `Idempotency-Key`, kept for those who repeat a request because they did not get its answer.
//!
//! - An answer is kept for a day (`idempotency_hours`), and of each caller the newest [`MAX_ANSWERS`].
//! - Callers, keys and requests are stored as digests. No answer with a token, a key or a code in it comes here: those who
//!   issue them give the same again, or a new one in place of the first.
//! - The answers to a player are deleted with the player.

mod service;
mod store;

pub use self::{
    service::{Answers, Settings},
    store::MAX_ANSWERS,
};
