//! What a feed and a first page consist of.

use crate::{
    catalogue::titles::{TitleCard, TitleError, TitleId},
    identity::{
        access::UserId,
        people::{PeopleError, PersonCard},
    },
    journal::{
        library::State,
        thoughts::{Rating, ThoughtId},
    },
    platform::error::{DomainError, Kind, StoreError},
};

/// The items of the feed on a first page.
pub const HOME_FEED: usize = 20;

/// The games of each kind on a first page.
pub const HOME_GAMES: u64 = 12;

/// Where a feed goes on: after so many items of that millisecond, and all that are newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedCursor {
    /// The time of the last item, in milliseconds since the epoch.
    pub at_ms: i64,
    /// How many items of that time were shown.
    pub shown: usize,
}

/// Items of one time that a cursor may pass over: as many as somebody can do at once.
pub const MAX_SHOWN: usize = 500;

impl FeedCursor {
    /// As text.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{}.{}", self.at_ms, self.shown)
    }

    /// Reads a text.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let (at_ms, shown) = text.split_once('.')?;
        let shown = shown.parse().ok().filter(|shown| *shown <= MAX_SHOWN)?;
        Some(Self { at_ms: at_ms.parse().ok()?, shown })
    }

    /// Where a feed goes on after a page of items of these times, the newest first.
    #[must_use]
    pub fn after(before: Option<Self>, times: &[i64]) -> Option<Self> {
        let at_ms = *times.last()?;
        let of_this_time = times.iter().filter(|time| **time == at_ms).count();
        let shown_before = before.filter(|before| before.at_ms == at_ms).map_or(0, |before| before.shown);
        Some(Self { at_ms, shown: of_this_time + shown_before })
    }
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// They wrote a thought; a review where it has a rating.
    Thought {
        /// The thought.
        id: ThoughtId,
        /// The title.
        title: TitleId,
        /// The rating.
        rating: Option<Rating>,
        /// Whether all of it is a spoiler.
        spoiler: bool,
        /// Its beginning as plain text, without spoilers.
        excerpt: String,
    },
    /// A title of their library got another state.
    State {
        /// The title.
        title: TitleId,
        /// The state.
        state: State,
    },
    /// They began to follow somebody.
    Follow {
        /// Whom.
        whom: UserId,
    },
}

impl Happening {
    /// The title that it is about.
    #[must_use]
    pub fn title(&self) -> Option<TitleId> {
        match self {
            Self::Thought { title, .. } | Self::State { title, .. } => Some(*title),
            Self::Follow { .. } => None,
        }
    }
}

/// An item of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedItem {
    /// When.
    pub at_ms: i64,
    /// Who.
    pub by: UserId,
    /// What.
    pub news: Happening,
}

/// A title of somebody's library on their first page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HomeEntry {
    /// The title.
    pub title: TitleId,
    /// The state.
    pub state: State,
    /// Since when.
    pub since_ms: i64,
    /// The time that it was played.
    pub minutes: i64,
    /// The own score.
    pub score: Option<i16>,
}

/// The numbers of a first page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HomeCounts {
    /// Notices that were not read.
    pub unread: u64,
    /// Entries of the library, by state.
    pub states: Vec<(State, u64)>,
}

/// An item of a feed with what is shown of whom and what it is about.
#[derive(Clone, Debug)]
pub struct CardedItem {
    /// The item.
    pub item: FeedItem,
    /// Who.
    pub by: PersonCard,
    /// The title.
    pub title: Option<TitleCard>,
    /// Whom they follow.
    pub whom: Option<PersonCard>,
}

/// A page of a feed.
#[derive(Clone, Debug)]
pub struct FeedPage {
    /// The items.
    pub items: Vec<CardedItem>,
    /// Where the next page begins.
    pub next: Option<FeedCursor>,
    /// Whether there is more.
    pub more: bool,
}

/// All that a first page needs.
#[derive(Clone, Debug)]
pub struct Home {
    /// The user; nobody where they have chosen no username yet.
    pub me: Option<PersonCard>,
    /// Numbers.
    pub counts: HomeCounts,
    /// What they play.
    pub ongoing: Vec<(HomeEntry, TitleCard)>,
    /// What they wish for.
    pub wishes: Vec<(HomeEntry, TitleCard)>,
    /// The first page of the feed.
    pub feed: FeedPage,
}

/// Why a feed can't be read.
#[derive(Debug, thiserror::Error)]
pub enum SocialError {
    /// The titles.
    #[error(transparent)]
    Titles(#[from] TitleError),
    /// The people.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DomainError for SocialError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Titles(error) => error.kind(),
            Self::People(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Titles(error) => Some(error),
            Self::People(error) => Some(error),
            Self::Store(_) => None,
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pages_have_each_item_once_however_many_are_of_one_time(
            mut times in prop::collection::vec(0_i64..6, 0..60), limit in 1_usize..7,
        ) {
            times.sort_unstable_by_key(|time| std::cmp::Reverse(*time));
            let (mut read, mut cursor) = (Vec::new(), None);
            loop {
                let (from, skip) = cursor.map_or((i64::MAX, 0), |cursor: FeedCursor| (cursor.at_ms, cursor.shown));
                let page: Vec<i64> = times.iter().copied().filter(|time| *time <= from).skip(skip).take(limit).collect();
                if page.is_empty() {
                    break;
                }
                cursor = FeedCursor::after(cursor, &page);
                prop_assert_eq!(cursor.and_then(|cursor| FeedCursor::of_text(&cursor.to_text())), cursor);
                read.extend(page);
            }
            prop_assert_eq!(read, times);
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "1", ".", "1.", ".1", "1.-1", "x.1", "1.501", "1.1.1"] {
            assert_eq!(FeedCursor::of_text(text), None, "{text}");
        }
    }
}
