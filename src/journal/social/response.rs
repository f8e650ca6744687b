//! Responses of feeds and first pages.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::model::{CardedItem, FeedPage, Happening, Home, HomeEntry};
use crate::{
    catalogue::titles::TitleCard,
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    journal::{
        cards::{GameCardResponse, PersonCardResponse},
        examples::{self, TIME_MS},
        library::State,
        thoughts::Rating,
    },
    platform::named::Named,
};

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// They wrote a thought.
    Thought,
    /// They reviewed a game.
    Review,
    /// A game of their library got another state.
    State,
    /// They began to follow somebody.
    Follow,
}

impl Named for What {
    const SET: &'static str = "JournalFeedWhat";
    const MEMBERS: &'static [Self] = &[Self::Thought, Self::Review, Self::State, Self::Follow];

    fn public_name(self) -> &'static str {
        match self {
            Self::Thought => "thought",
            Self::Review => "review",
            Self::State => "state",
            Self::Follow => "follow",
        }
    }
}

/// Something that somebody did whom you follow.
#[derive(Debug, Object)]
#[oai(example, rename = "JournalFeedItem")]
pub struct FeedItemResponse {
    /// What they did.
    what: OneOf<What>,
    /// When.
    at: Timestamp,
    /// Who.
    by: PersonCardResponse,
    /// The game; absent of `follow`.
    #[oai(skip_serializing_if_is_none)]
    game: Option<GameCardResponse>,
    /// The new state, of `state`.
    #[oai(skip_serializing_if_is_none)]
    state: Option<OneOf<State>>,
    /// The id of the thought, of `thought` and `review`.
    #[oai(skip_serializing_if_is_none, validator(max_length = 20))]
    thought_id: Option<String>,
    /// The points, of `review`.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "100")))]
    rating: Option<u8>,
    /// The beginning of the thought as plain text, without spoilers; absent where all of it is one.
    #[oai(skip_serializing_if_is_none, validator(max_length = 280))]
    excerpt: Option<String>,
    /// Whom they follow now, of `follow`.
    #[oai(skip_serializing_if_is_none)]
    followed: Option<PersonCardResponse>,
}

impl From<CardedItem> for FeedItemResponse {
    fn from(CardedItem { item, by, title, whom }: CardedItem) -> Self {
        let empty = Self {
            what: OneOf(What::Follow),
            at: Timestamp(item.at_ms),
            by: by.into(),
            game: title.map(GameCardResponse::from),
            state: None,
            thought_id: None,
            rating: None,
            excerpt: None,
            followed: whom.map(PersonCardResponse::from),
        };
        match item.news {
            Happening::Thought { id, rating, spoiler, excerpt, .. } => Self {
                what: OneOf(if rating.is_some() { What::Review } else { What::Thought }),
                thought_id: Some(id.0.to_string()),
                rating: rating.map(Rating::points),
                excerpt: Some(excerpt).filter(|_| !spoiler),
                ..empty
            },
            Happening::State { state, .. } => Self { what: OneOf(What::State), state: Some(OneOf(state)), ..empty },
            Happening::Follow { .. } => empty,
        }
    }
}

impl Example for FeedItemResponse {
    fn example() -> Self {
        Self {
            what: OneOf(What::Review),
            at: Timestamp(TIME_MS),
            by: PersonCardResponse::example(),
            game: Some(GameCardResponse::example()),
            state: None,
            thought_id: Some(examples::thought()),
            rating: Some(85),
            excerpt: Some("The ending is […].".to_owned()),
            followed: None,
        }
    }
}

/// A page of the feed, the newest first.
#[derive(Debug, Object)]
#[oai(example, rename = "JournalFeedPage")]
pub struct FeedPageResponse {
    /// What happened.
    items: Vec<FeedItemResponse>,
    /// The `after` of the next page, of what is older; empty where there is nothing at all.
    #[oai(validator(max_length = 64))]
    next: String,
    /// Whether there is more. A page may have fewer items than the limit while there is.
    more: bool,
}

impl From<FeedPage> for FeedPageResponse {
    fn from(page: FeedPage) -> Self {
        Self {
            items: page.items.into_iter().map(FeedItemResponse::from).collect(),
            next: page.next.map_or_else(String::new, super::model::FeedCursor::to_text),
            more: page.more,
        }
    }
}

impl Example for FeedPageResponse {
    fn example() -> Self {
        Self { items: vec![FeedItemResponse::example()], next: "1795248000000.1".to_owned(), more: false }
    }
}

#[derive(ApiResponse)]
pub enum FeedRead {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<FeedPageResponse>),
}

/// How many games a library has in each state.
#[derive(Debug, Object)]
#[oai(example, rename = "HomeCounts")]
pub struct CountsResponse {
    /// Wished for.
    wishlist: u64,
    /// Being played.
    ongoing: u64,
    /// Finished.
    completed: u64,
    /// Put aside for a while.
    paused: u64,
    /// Given up.
    dropped: u64,
}

impl CountsResponse {
    fn new(states: &[(State, u64)]) -> Self {
        let of = |state: State| states.iter().find(|(of, _)| *of == state).map_or(0, |(_, number)| *number);
        Self {
            wishlist: of(State::Wishlist),
            ongoing: of(State::Ongoing),
            completed: of(State::Completed),
            paused: of(State::Paused),
            dropped: of(State::Dropped),
        }
    }
}

impl Example for CountsResponse {
    fn example() -> Self {
        Self { wishlist: 4, ongoing: 1, completed: 38, paused: 0, dropped: 2 }
    }
}

/// A game of your library, in short.
#[derive(Debug, Object)]
#[oai(example, rename = "HomeEntry")]
pub struct HomeEntryResponse {
    /// The game.
    game: GameCardResponse,
    /// Since when it has its state.
    since: Timestamp,
    /// How long you have played it, in minutes.
    minutes: u64,
    /// Your score.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "100")))]
    score: Option<i16>,
}

impl From<(HomeEntry, TitleCard)> for HomeEntryResponse {
    fn from((entry, title): (HomeEntry, TitleCard)) -> Self {
        Self {
            game: title.into(),
            since: Timestamp(entry.since_ms),
            minutes: u64::try_from(entry.minutes).unwrap_or_default(),
            score: entry.score,
        }
    }
}

impl Example for HomeEntryResponse {
    fn example() -> Self {
        Self { game: GameCardResponse::example(), since: Timestamp(TIME_MS), minutes: 94, score: None }
    }
}

/// All that a first page needs.
#[derive(Debug, Object)]
#[oai(example, rename = "Home")]
pub struct HomeResponse {
    /// You; absent where you have chosen no username yet.
    #[oai(skip_serializing_if_is_none)]
    me: Option<PersonCardResponse>,
    /// How many notices you have not read.
    unread_notices: u64,
    /// How many games your library has in each state.
    library: CountsResponse,
    /// What you play: the 12 that you changed last.
    ongoing: Vec<HomeEntryResponse>,
    /// What you wish for: the 12 that you changed last.
    wishlist: Vec<HomeEntryResponse>,
    /// The first page of the feed.
    feed: FeedPageResponse,
}

impl From<Home> for HomeResponse {
    fn from(home: Home) -> Self {
        Self {
            me: home.me.map(PersonCardResponse::from),
            unread_notices: home.counts.unread,
            library: CountsResponse::new(&home.counts.states),
            ongoing: home.ongoing.into_iter().map(HomeEntryResponse::from).collect(),
            wishlist: home.wishes.into_iter().map(HomeEntryResponse::from).collect(),
            feed: home.feed.into(),
        }
    }
}

impl Example for HomeResponse {
    fn example() -> Self {
        Self {
            me: Some(PersonCardResponse::example()),
            unread_notices: 2,
            library: CountsResponse::example(),
            ongoing: vec![HomeEntryResponse::example()],
            wishlist: vec![],
            feed: FeedPageResponse::example(),
        }
    }
}

#[derive(ApiResponse)]
pub enum HomeRead {
    /// The first page.
    #[oai(status = 200)]
    Ok(NoStore<HomeResponse>),
}
