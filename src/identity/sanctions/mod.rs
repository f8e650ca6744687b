//! What the installation's moderators decide about people: who moderates, who is banned, which profiles are hidden, and which names
//! and texts are taken away.
//!
//! - Administrators moderate, and say who else does.
//! - A ban is looked at with the session of each request ([`access`](super::access)), so it is in force at once on every instance.
//! - A hidden profile is its owner's alone, and with it all that is theirs, as where they had said so themselves.
//! - Whoever's username is taken away gets one that says nothing, and may choose another at once, but not the old one.
//! - Who decides what, and that everybody concerned is told, is the business of the domain that has the queue.

mod model;
mod store;

pub use self::{
    model::{ModeratedPerson, Names, Powers},
    store::{
        ban, clear_bio, clear_names, find_person, give_back_bio, give_back_names, hide_profile, moderated,
        moderated_in, moderators, powers, set_moderator, since,
    },
};
