//! Moderation: what players report, what is hidden, who may not leave or vote, whom a player does not want to see.
//!
//! - A player reports a trace once; saying it again replaces what was said. When as many have as the game says, the trace is
//!   hidden, and in no snapshot any more.
//! - A moderator decides: hides, shows again, removes, bans. A decision settles the reports that there are: they count no
//!   more, nor do those players' later ones of that trace, until its author has changed it.
//! - What a moderator does is written into the studio's audit before it is done.
//! - A ban is looked at in the act that it forbids ([`meet`], [`banned`]): none slips through after it.
//! - Whom a player does not want to see is kept for his client, which leaves them out of what it shows.

mod api;
mod bodies;
mod model;
mod service;
mod store;
mod wire;

pub use self::{
    api::ModerationApi,
    model::{Banned, Meeting, ModerationError, Refused},
    service::Moderation,
    store::{banned, forget_settled, meet},
};
