//! Searches for people.

use std::fmt;

use super::{Band, place::Cell};
use crate::{
    identity::profiles::{PersonCard, Username},
    platform::named::Named,
};

/// Numbers of people's libraries, as ranges: of a genre, on a platform, or in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatisticFilter {
    /// Only games of this genre.
    pub genre: Option<String>,
    /// Only games on this platform.
    pub platform: Option<String>,
    /// How many were completed: at least, at most.
    pub completed: (Option<i64>, Option<i64>),
    /// For how long they were played, in minutes: at least, at most.
    pub minutes: (Option<i64>, Option<i64>),
}

impl StatisticFilter {
    /// Whether it filters anything.
    #[must_use]
    pub fn is_some(&self) -> bool {
        *self != Self::default()
    }
}

/// Whom a user looks for: those who fulfil all of it.
#[derive(Clone, Debug)]
pub struct Search {
    /// Words that begin words of their names.
    pub words: Vec<String>,
    /// How far they are at most.
    pub within: Option<Band>,
    /// Numbers of their libraries.
    pub statistics: StatisticFilter,
    /// Where the page begins.
    pub after: Option<SearchCursor>,
    /// People on the page at most.
    pub limit: usize,
}

/// A person who was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Who it is.
    pub card: PersonCard,
    /// The cell that they are in, where the search was by place; never shown.
    pub cell: Option<Cell>,
    /// How far they are, where the search was by place.
    pub band: Option<Band>,
    /// Games that the searcher has too, as far as both are shown.
    pub shared_games: i64,
}

impl Found {
    /// Its place in the order: near ones first, then those with many games in common; never by the distance itself.
    #[must_use]
    pub fn cursor(&self) -> SearchCursor {
        let band = self.band.map_or(0, Band::rank);
        SearchCursor { band, shared: self.shared_games, username: self.card.username.to_ascii_lowercase() }
    }
}

impl Band {
    fn rank(self) -> u8 {
        match self {
            Self::SameArea => 0,
            Self::Under25Km => 1,
            Self::Under50Km => 2,
            Self::Under100Km => 3,
            Self::Farther => 4,
        }
    }
}

/// A place in the order of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchCursor {
    band: u8,
    shared: i64,
    username: String,
}

impl SearchCursor {
    /// The cursor that was written so; `None` where it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let band = parts.next()?.parse().ok()?;
        let shared = parts.next()?.parse().ok()?;
        let username = parts.next()?.to_ascii_lowercase();
        Some(Self { band, shared, username })
    }

    fn key(&self) -> (u8, std::cmp::Reverse<i64>, &str) {
        (self.band, std::cmp::Reverse(self.shared), &self.username)
    }
}

impl PartialOrd for SearchCursor {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SearchCursor {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl fmt::Display for SearchCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.band, self.shared, self.username)
    }
}

/// Which people a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowList {
    /// Whom the user follows.
    Followed,
    /// Who follows the user.
    Followers,
    /// Both.
    Friends,
}

impl Named for FollowList {
    const SET: &'static str = "FollowList";
    const MEMBERS: &'static [Self] = &[Self::Followed, Self::Followers, Self::Friends];

    fn public_name(self) -> &'static str {
        match self {
            Self::Followed => "followed",
            Self::Followers => "followers",
            Self::Friends => "friends",
        }
    }
}

/// A person in one of the lists of follows and blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPerson {
    /// Who it is.
    pub card: PersonCard,
    /// Since when (Unix time in ms).
    pub since_ms: i64,
    /// Whether the two follow each other.
    pub friends: bool,
}

impl ListedPerson {
    /// The username as it is compared.
    #[must_use]
    pub fn key(&self) -> String {
        Username::parse(&self.card.username).map(|name| name.key()).unwrap_or_default()
    }
}
