//! The gate: decides whether somebody may write something to a world. Every write of a player asks it, that of v0 too.
//!
//! | question | where it is asked |
//! |---|---|
//! | does the game take part in v0 | [`Gate::v0_rules`], before the body is read |
//! | does the game take this kind, these words | [`check_kind`], [`check_words`], by the rules in memory |
//! | is the player banned | [`active_ban`], in the transaction of the command |
//! | may the player have a display name | [`check_name`], by a port of players |
//! | may these names be claimed | [`Gate::refused`], for all requests that one statement stores |
//!
//! - A ban takes hold at once on every instance. A world's *guard* is raised with each ban: the statement that stores v0 traces
//!   names the guard at which their authors were checked, and stores nothing if there is another by now; then the gate looks again.
//!   In a world where nobody was ever banned the guard is 0, and nothing is looked for.
//! - A ban of a player holds under the names that the studio has bound to them, and under their id. A name that is claimed can be
//!   banned by itself.
//! - How much the vote or the report of a player weighs is decided here too (`weight`).

mod model;
mod service;
mod store;
mod weight;

pub use self::{
    model::{Ban, BannedAuthor, Refused, TextAllowed, check_kind, check_words},
    service::{Gate, Networks, check_name},
    store::{active_ban, active_ban_of, age_weight, delete_ban, upsert_ban},
    weight::{Record, Voter, weight_to_hide},
};
