//! Entries and lists of them.

use poem_openapi::{Object, types::Example};

use crate::{
    http::{
        conditional::ConditionalContent,
        schema::{OneOf, Timestamp},
    },
    identity::people::Audience,
    journal::{
        cards::GameCardResponse,
        examples::TIME_MS,
        library::{
            model::{Cursor, Entry, Grade, ListedEntry, Playthrough, Score, State, StateChange, TitledEntry},
            request::TargetRequest,
        },
    },
    platform::page::Page,
};

/// One run through a game.
#[derive(Debug, Object)]
#[oai(rename = "Playthrough")]
struct PlaythroughResponse {
    /// Its number in the entry.
    playthrough: i16,
    /// The platform, by its word in the catalogue.
    #[oai(skip_serializing_if_is_none)]
    platform: Option<String>,
    /// When it began: a year, a month or a day.
    #[oai(skip_serializing_if_is_none)]
    started: Option<String>,
    /// When it ended.
    #[oai(skip_serializing_if_is_none)]
    finished: Option<String>,
    /// How many minutes it took.
    #[oai(skip_serializing_if_is_none)]
    minutes: Option<i32>,
    /// How far it went.
    #[oai(skip_serializing_if_is_none)]
    grade: Option<OneOf<Grade>>,
}

impl From<Playthrough> for PlaythroughResponse {
    fn from(run: Playthrough) -> Self {
        Self {
            playthrough: run.number,
            platform: run.platform,
            started: run.started.map(|date| date.to_string()),
            finished: run.finished.map(|date| date.to_string()),
            minutes: run.minutes,
            grade: run.grade.map(OneOf),
        }
    }
}

impl Example for PlaythroughResponse {
    fn example() -> Self {
        Self {
            playthrough: 1,
            platform: Some("pc".to_owned()),
            started: Some("2026-03".to_owned()),
            finished: Some("2026-04-09".to_owned()),
            minutes: Some(690),
            grade: Some(OneOf(Grade::Story)),
        }
    }
}

/// A state that an entry had from some time on.
#[derive(Debug, Object)]
#[oai(rename = "LibraryStateChange")]
struct StateChangeResponse {
    /// The state.
    state: OneOf<State>,
    /// From when on.
    at: Timestamp,
}

impl From<StateChange> for StateChangeResponse {
    fn from(change: StateChange) -> Self {
        Self { state: OneOf(change.state), at: Timestamp(change.at_ms) }
    }
}

/// A game in your library.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryEntry")]
pub struct EntryResponse {
    /// The game.
    game: GameCardResponse,
    /// What you do with it.
    state: OneOf<State>,
    /// Since when.
    since: Timestamp,
    /// When it came into the library.
    added_at: Timestamp,
    /// When the entry was changed last.
    changed_at: Timestamp,
    /// Your score, 0 to 100.
    #[oai(skip_serializing_if_is_none)]
    score: Option<u8>,
    /// Who sees it.
    audience: OneOf<Audience>,
    /// How many minutes you have played it.
    minutes: i32,
    /// How many of these belong to no playthrough.
    loose_minutes: i32,
    /// The price at which you want to be told, while it is on your wish list.
    #[oai(skip_serializing_if_is_none)]
    target: Option<TargetRequest>,
    /// By their numbers.
    playthroughs: Vec<PlaythroughResponse>,
    /// The states that it had, the oldest first; absent in lists.
    #[oai(skip_serializing_if_is_none)]
    history: Option<Vec<StateChangeResponse>>,
}

fn entry(shown: TitledEntry, with_history: bool) -> EntryResponse {
    let TitledEntry { entry, card } = shown;
    let (minutes, history) = (entry.minutes(), entry.history.into_iter().map(StateChangeResponse::from));
    EntryResponse {
        game: card.into(),
        state: OneOf(entry.state),
        since: Timestamp(entry.since_ms),
        added_at: Timestamp(entry.added_ms),
        changed_at: Timestamp(entry.changed_ms),
        score: entry.score.map(|Score(score)| score),
        audience: OneOf(entry.audience),
        minutes,
        loose_minutes: entry.loose_minutes,
        target: entry.target.map(TargetRequest::from),
        playthroughs: entry.playthroughs.into_iter().map(PlaythroughResponse::from).collect(),
        history: with_history.then(|| history.collect()),
    }
}

impl From<TitledEntry> for EntryResponse {
    fn from(shown: TitledEntry) -> Self {
        entry(shown, true)
    }
}

impl ConditionalContent for EntryResponse {
    const OK: &'static str = "The entry.";
    const NOT_MODIFIED: &'static str = "The entry is as you have it.";
}

impl Example for EntryResponse {
    fn example() -> Self {
        Self {
            game: GameCardResponse::example(),
            state: OneOf(State::Completed),
            since: Timestamp(TIME_MS),
            added_at: Timestamp(TIME_MS),
            changed_at: Timestamp(TIME_MS),
            score: Some(80),
            audience: OneOf(Audience::Friends),
            minutes: 700,
            loose_minutes: 10,
            target: None,
            playthroughs: vec![PlaythroughResponse::example()],
            history: Some(vec![StateChangeResponse { state: OneOf(State::Completed), at: Timestamp(TIME_MS) }]),
        }
    }
}

/// The place after the last item of a page; of an empty page that after which it was asked for.
fn next(items: &[ListedEntry], after: Option<&Cursor>) -> Option<String> {
    items.last().map(|last| &last.cursor).or(after).map(Cursor::to_text)
}

/// A page of a library.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryPage")]
pub struct LibraryPageResponse {
    /// The entries, in the order that was asked for.
    items: Vec<EntryResponse>,
    /// The `after` of the next page; absent where there are no entries at all.
    #[oai(skip_serializing_if_is_none)]
    next: Option<String>,
    /// Whether there are more items after this page.
    more: bool,
}

impl LibraryPageResponse {
    /// The page after `after`.
    pub fn new(page: Page<ListedEntry>, after: Option<&Cursor>) -> Self {
        let next = next(&page.items, after);
        let items = page.items.into_iter().map(|listed| entry(listed.shown, false)).collect();
        Self { items, next, more: page.more }
    }
}

impl Example for LibraryPageResponse {
    fn example() -> Self {
        let item = EntryResponse { history: None, ..EntryResponse::example() };
        Self { items: vec![item], next: Some(format!("7301n{TIME_MS}")), more: false }
    }
}

/// A game in somebody's library.
#[derive(Debug, Object)]
#[oai(rename = "TheirLibraryEntry")]
struct TheirEntryResponse {
    /// The game.
    game: GameCardResponse,
    /// What they do with it.
    state: OneOf<State>,
    /// Since when.
    since: Timestamp,
    /// When it came into their library.
    added_at: Timestamp,
    /// Their score, 0 to 100.
    #[oai(skip_serializing_if_is_none)]
    score: Option<u8>,
    /// How many minutes they have played it.
    minutes: i32,
    /// By their numbers.
    playthroughs: Vec<PlaythroughResponse>,
}

impl From<TitledEntry> for TheirEntryResponse {
    fn from(shown: TitledEntry) -> Self {
        let TitledEntry { entry, card } = shown;
        let minutes = entry.minutes();
        let Entry { state, since_ms, added_ms, score, playthroughs, .. } = entry;
        Self {
            game: card.into(),
            state: OneOf(state),
            since: Timestamp(since_ms),
            added_at: Timestamp(added_ms),
            score: score.map(|Score(score)| score),
            minutes,
            playthroughs: playthroughs.into_iter().map(PlaythroughResponse::from).collect(),
        }
    }
}

/// A page of somebody's library.
#[derive(Debug, Object)]
#[oai(example, rename = "TheirLibraryPage")]
pub struct TheirLibraryPageResponse {
    /// The entries that you may see, in the order that was asked for.
    items: Vec<TheirEntryResponse>,
    /// The `after` of the next page; absent where there are no entries at all.
    #[oai(skip_serializing_if_is_none)]
    next: Option<String>,
    /// Whether there are more items after this page.
    more: bool,
}

impl TheirLibraryPageResponse {
    /// The page after `after`.
    pub fn new(page: Page<ListedEntry>, after: Option<&Cursor>) -> Self {
        let next = next(&page.items, after);
        let items = page.items.into_iter().map(|listed| listed.shown.into()).collect();
        Self { items, next, more: page.more }
    }
}

impl Example for TheirLibraryPageResponse {
    fn example() -> Self {
        let item = TheirEntryResponse {
            game: GameCardResponse::example(),
            state: OneOf(State::Ongoing),
            since: Timestamp(TIME_MS),
            added_at: Timestamp(TIME_MS),
            score: None,
            minutes: 690,
            playthroughs: vec![PlaythroughResponse::example()],
        };
        Self { items: vec![item], next: Some(format!("7301n{TIME_MS}")), more: false }
    }
}
