//! The inbox: what has happened to a player's traces.
//!
//! - Rows are written in the transaction of what happened, by [`WorldTx::notify_author`](crate::worlds::WorldTx::notify_author), one
//!   for each trace and kind of event. This feature only reads them.
//! - An item that happens again gets a new id, so that it appears after those that the player has read.
//! - Items never say who voted, used or reported.
//! - Items are kept for 30 days, at most 500 for each player.

mod api;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::InboxApi,
    model::{InboxError, InboxItem},
    request::InboxItems,
    response::InboxResponse,
    service::Inbox,
};
