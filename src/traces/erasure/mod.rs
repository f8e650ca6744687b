//! Exporting and erasing a player: all that is stored about them, in one document; and nothing of it.
//!
//! - A player does it with their token, the studio with a secret key or as a member, the operator on the command line.
//! - Erasing removes the player's traces with their recordings, as a moderator's wipe does, those under the legacy names that are
//!   bound to them too; takes back their votes and reports, as if they had never been given; and deletes every row with their id
//!   (`tables::personal_tables`), the player's own with the device and the refresh tokens last.
//! - Tokens of the player are refused from the first moment on. What another instance wrote with one before it had heard of that
//!   is erased after a while (`service`). An erasure that was cut short goes on at the next start.
//! - The audit log says that a player was erased, and by whom. Its earlier entries stay, with the ids of players and the legacy
//!   names that were bound: it is never changed.

mod api;
mod commands;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{api::ErasureApi, model::ErasureError, service::Erasure};
