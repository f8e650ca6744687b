//! People as others see them: profiles, follows, blocks, and finding each other.
//!
//! - Others address a person by username ([`People::find`]); who is unknown, hidden or blocked is answered alike.
//! - Who sees what is decided by the conditions of [`profiles`](super::profiles), which are this feature's face too.

mod model;
mod service;
mod store;

pub use self::{model::PeopleError, service::People, store::followed_by};
pub use super::profiles::{
    Audience, NewestOf, PersonCard, blocked_with, known_to, newest_follows, newest_of_followed, visible_to,
};
