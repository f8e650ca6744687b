//! Leaving traces under `/v1`, and what their authors do with them: change them, take them back, look after them.
//!
//! - The author is the player whose token is shown, never a field of the body.
//! - Several traces are left at once, each with a result of its own: what is wrong with one is told of that one.
//! - `ref` is the client's own name for a trace: sent again, nothing is left twice, and the answer is the same.
//! - How many of a kind a player may have, in a scope and in all, the game decides; beyond that the player's oldest goes,
//!   and is named, or the new one is refused.

mod api;
mod model;
mod read;
mod service;
mod store;
mod wire;

pub use self::{
    api::LeavingApi,
    model::{LeavingError, Which},
    service::{Leaving, OwnPage},
};
