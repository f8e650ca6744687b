//! Types and pure rules of people: profiles here, [`place`]s, [`search`]es, and the feature's error.

mod error;
mod place;
mod profile;
mod search;

pub use self::{
    error::PeopleError,
    place::{Area, Band, CROWD, Cell, OwnPlace, PlaceChange, Point, crowded_cells},
    profile::{
        Bio, FoundBy, Language, MailDigest, OwnProfile, Person, Preferences, ProfileChange, Relation, Theme, currency,
    },
    search::{FollowList, Found, ListedPerson, Search, SearchCursor, StatisticFilter},
};
use std::time::Duration;

use crate::identity::notices::NoticeKind;

/// Somebody follows the user.
pub const FOLLOWED: NoticeKind =
    NoticeKind { name: "followed", about: "Somebody follows you.", romanian: "Te urmărește cineva." };

/// Somebody whom the user follows follows them too.
pub const BEFRIENDED: NoticeKind = NoticeKind {
    name: "befriended",
    about: "Somebody whom you follow follows you too.",
    romanian: "Ai un prieten nou: vă urmăriți unul pe altul.",
};

/// The kinds of notices of this feature.
pub const NOTICE_KINDS: [NoticeKind; 2] = [FOLLOWED, BEFRIENDED];

/// How long a username can't be changed again, and how long the former one is kept from others.
pub const USERNAME_KEPT: Duration = Duration::from_hours(30 * 24);

/// How long a cell can't be changed again: who could move at will would find out where others are by how far they are.
pub const CELL_KEPT: Duration = Duration::from_hours(24);

/// People that one may follow, and block: few enough to be counted in the transaction that adds one.
pub const MAX_FOLLOWS: usize = 5_000;

/// As [`MAX_FOLLOWS`].
pub const MAX_BLOCKS: usize = 1_000;
