//! People as others see them: profiles, follows, blocks, and finding each other.
//!
//! - Others address a person by username ([`People::find`]); who is unknown, hidden or blocked is answered alike.
//! - Who sees what is decided by the conditions of [`profiles`](super::profiles), which are this feature's face too.
//! - A username is changed once in thirty days; nobody else may take the former one for as long.
//! - A place is a cell of a grid. A point is cut to its cell where the request is read, and neither stored nor logged; what is said
//!   of distances is a function of the cells that are shown, which are larger where few people are (`model`).
//! - Searches find only those who have said so, by name, by place or by statistics, each for itself. What libraries hold is
//!   asked through a port ([`StatisticsPort`]).

mod api;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::{BlocksApi, FollowsApi, PeopleApi, UsersApi},
    model::{Area, Band, Cell, NOTICE_KINDS, PeopleError, Person, Point, StatisticFilter},
    service::People,
    store::{StatisticsPort, followed_by},
};
pub use super::profiles::{
    Audience, NewestOf, PersonCard, blocked_with, followed_by_viewer, known_to, newest_follows, newest_of_followed,
    reach, reach_of, visible_to, within_reach,
};

/// Single steps, for fuzzing and for the tests of rules.
pub mod steps {
    pub use super::{
        model::{Area, Band, CROWD, Cell, Point},
        request::{BODY_READERS, URI_READERS},
    };
}
