//! How people are known to each other: usernames, and who sees what.
//!
//! A user is known by a *username* and nothing else: no answer to another user holds their id or their address. Whoever has
//! chosen none is not shown to anybody.
//!
//! - A thing has an [`Audience`]: everybody, the owner's friends, or the owner alone. *Friends* are two who follow each other.
//!   Nothing of a user is shown to more people than their profile is.
//! - A block hides both from each other, whatever the audience.
//! - These rules are conditions of SQL ([`visible_to`], [`known_to`]), so that lists, counts, searches and pages agree.

mod model;
mod store;

pub use self::{
    model::{Audience, PersonCard, Username, search_words},
    store::{
        NewestOf, asked_audience, blocked_either_way, blocked_with, followed_by_viewer, follows, friends,
        insert_profile, is_free, known_to, newest_follows, newest_of_followed, reach, reach_of, replace_words,
        set_audience, set_hidden, visible_to, within_reach,
    },
};
