//! Bodies about entries and playthroughs.

use poem_openapi::{Object, types::Example};

use crate::{
    catalogue::{
        prices::Currency,
        titles::{Platform, TitleId},
    },
    http::schema::OneOf,
    identity::people::Audience,
    journal::{
        examples,
        library::model::{
            BulkChange, BulkEdit, DEFAULT_AUDIENCE, EntryChange, Grade, LibraryError, MAX_BULK, NewEntry, PartialDate,
            PlaythroughChange, Score, State, Target, minutes::TimeChange,
        },
    },
    platform::{
        codec::fields::{BodyReader, Fields},
        error::Fault,
        named::Named,
    },
};

/// The highest price target, in minor units: more than any game costs in any currency.
const MAX_TARGET: i64 = 1_000_000_000;

/// The longest time, as text.
const TIME_BYTES: usize = 64;

/// Reads the fields of a body, and refuses those that are not known. `read` returns `None` where a field is wrong.
fn read<T>(body: &[u8], read: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, LibraryError> {
    let mut fields = Fields::read(body)?;
    let value = read(&mut fields);
    fields.refuse_others();
    fields.done(value).map_err(LibraryError::Invalid)
}

fn game(text: &str) -> Result<TitleId, String> {
    TitleId::parse(text).map_err(|_| "must be the id of a game".to_owned())
}

fn time(text: &str) -> Result<TimeChange, String> {
    if text.len() > TIME_BYTES {
        return Err(format!("has {} bytes; at most {TIME_BYTES}", text.len()));
    }
    TimeChange::parse(text)
}

#[expect(clippy::option_option, reason = "as in Fields: invalid, absent, present")]
fn score(fields: &mut Fields) -> Option<Option<Score>> {
    Some(fields.optional_integer("score", 0..=100)?.and_then(Score::of))
}

#[expect(clippy::option_option, reason = "as in Fields: invalid, absent, present")]
fn target(fields: &mut Fields) -> Option<Option<Target>> {
    let Some(object) = fields.optional_object("target")? else { return Some(None) };
    let mut inner = Fields::within(object, "/target".to_owned());
    let minor = inner.optional_integer("minor", 0..=MAX_TARGET);
    let currency = inner.text("currency", |text| {
        // In no other currency would anybody be told.
        Currency::parse(text).map(|_| text.to_owned())
    });
    if minor == Some(None) {
        inner.wrong("minor", "is missing");
    }
    inner.refuse_others();
    match inner.done(minor.flatten().zip(currency)) {
        Ok((minor, currency)) => Some(Some(Target { minor, currency })),
        Err(faults) => {
            fields.wrong_too(faults);
            None
        }
    }
}

/// A price target.
#[derive(Debug, Object)]
#[oai(rename = "LibraryTarget")]
pub struct TargetRequest {
    /// In minor units of the currency: 999 are 9.99 euros.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000")))]
    minor: i64,
    /// The currency: `USD`, `EUR` or `RON`. An import may bring others, in which nobody is told.
    #[oai(validator(min_length = 3, max_length = 3, pattern = "^[A-Z]{3}$"))]
    currency: String,
}

impl TargetRequest {
    /// A price of 9.99 euros.
    pub fn sample() -> Self {
        Self { minor: 999, currency: "EUR".to_owned() }
    }
}

impl From<Target> for TargetRequest {
    fn from(Target { minor, currency }: Target) -> Self {
        Self { minor, currency }
    }
}

/// A game that is added to the library.
#[derive(Debug, Object)]
#[oai(example, rename = "NewLibraryEntry")]
pub struct AddRequest {
    /// The game's id.
    game: String,
    /// What you do with it. Absent: `wishlist`.
    state: Option<OneOf<State>>,
    /// Your score.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    score: Option<i64>,
    /// Who sees it. Absent: `friends`.
    audience: Option<OneOf<Audience>>,
    /// How long you have played it: `94`, `94 min`, `1 h 34`, `1:34`.
    #[oai(validator(max_length = 64))]
    time: Option<String>,
    /// The price at which you want to be told, while it is on your wish list.
    target: Option<TargetRequest>,
}

impl Example for AddRequest {
    fn example() -> Self {
        Self {
            game: examples::game(),
            state: Some(OneOf(State::Wishlist)),
            score: None,
            audience: Some(OneOf(Audience::Friends)),
            time: None,
            target: Some(TargetRequest::sample()),
        }
    }
}

impl AddRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<NewEntry, LibraryError> {
        read(body, |fields| {
            let title = fields.text("game", game);
            let state = fields.optional_text("state", State::parse);
            let (score, target) = (score(fields), target(fields));
            let audience = fields.optional_text("audience", Audience::parse);
            let minutes = fields.optional_text("time", |text| time(text)?.apply(0));
            Some(NewEntry {
                title: title?,
                state: state?.unwrap_or(State::Wishlist),
                score: score?,
                audience: audience?.unwrap_or(DEFAULT_AUDIENCE),
                loose_minutes: minutes?.unwrap_or_default(),
                target: target?,
            })
        })
    }
}

/// What changes of an entry. What is absent stays as it is; `null` removes the score or the target.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryEntryChange")]
pub struct EntryRequest {
    /// What you do with the game.
    state: Option<OneOf<State>>,
    /// Your score.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    score: Option<i64>,
    /// Who sees it.
    audience: Option<OneOf<Audience>>,
    /// What becomes of the time of the entry: `12 h` sets it, `add 1 h 34` and `subtract 20 min` change it. It can't be less than the
    /// playthroughs have.
    #[oai(validator(max_length = 64))]
    time: Option<String>,
    /// The price at which you want to be told, while it is on your wish list.
    target: Option<TargetRequest>,
}

impl Example for EntryRequest {
    fn example() -> Self {
        Self {
            state: Some(OneOf(State::Completed)),
            score: Some(80),
            audience: None,
            time: Some("add 1 h 34".to_owned()),
            target: None,
        }
    }
}

fn change(fields: &mut Fields) -> Option<EntryChange> {
    let (has_score, has_target) = (fields.is_present("score"), fields.is_present("target"));
    let state = fields.optional_text("state", State::parse);
    let (score, target) = (score(fields), target(fields));
    let audience = fields.optional_text("audience", Audience::parse);
    let time = fields.optional_text("time", time);
    Some(EntryChange {
        state: state?,
        score: has_score.then_some(score?),
        audience: audience?,
        target: has_target.then_some(target?),
        time: time?,
    })
}

impl EntryRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<EntryChange, LibraryError> {
        read(body, change)
    }
}

/// A playthrough: all of it. What is absent it does not have.
#[derive(Debug, Object)]
#[oai(example, rename = "PlaythroughChange")]
pub struct PlaythroughRequest {
    /// The platform, by any of its names.
    #[oai(validator(max_length = 40))]
    platform: Option<String>,
    /// When it began: a year, a month or a day.
    #[oai(validator(max_length = 10))]
    started: Option<String>,
    /// When it ended.
    #[oai(validator(max_length = 10))]
    finished: Option<String>,
    /// How long it took; with `add` or `subtract`, how much more or less than before.
    #[oai(validator(max_length = 64))]
    time: Option<String>,
    /// How far it went.
    grade: Option<OneOf<Grade>>,
}

impl Example for PlaythroughRequest {
    fn example() -> Self {
        Self {
            platform: Some("pc".to_owned()),
            started: Some("2026-03".to_owned()),
            finished: Some("2026-04-09".to_owned()),
            time: Some("11 h 30".to_owned()),
            grade: Some(OneOf(Grade::Story)),
        }
    }
}

impl PlaythroughRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<PlaythroughChange, LibraryError> {
        read(body, |fields| {
            let platform =
                fields.optional_text("platform", |text| Platform::parse(text).map(|word| word.as_str().to_owned()));
            let started = fields.optional_text("started", PartialDate::parse);
            let finished = fields.optional_text("finished", PartialDate::parse);
            let (time, grade) = (fields.optional_text("time", time), fields.optional_text("grade", Grade::parse));
            if let (Some(Some(started)), Some(Some(finished))) = (&started, &finished)
                && finished.is_before(started)
            {
                fields.wrong("finished", "is before started");
            }
            Some(PlaythroughChange {
                platform: platform?,
                started: started?,
                finished: finished?,
                time: time?,
                grade: grade?,
            })
        })
    }
}

/// Time that was played, or was not.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryTime")]
pub struct TimeRequest {
    /// `add 1 h 34`, `subtract 20 min`, or a time that is set: `94`, `94 min`, `1 h 34`, `1:34`, `1.5 h`.
    #[oai(validator(min_length = 1, max_length = 64))]
    time: String,
    /// The number of the playthrough whose time it is. Absent: that of the entry.
    playthrough: Option<i16>,
}

impl Example for TimeRequest {
    fn example() -> Self {
        Self { time: "add 1 h 34".to_owned(), playthrough: None }
    }
}

impl TimeRequest {
    /// Reads a body: the change, and the playthrough.
    pub fn read(body: &[u8]) -> Result<(TimeChange, Option<i16>), LibraryError> {
        read(body, |fields| {
            let time = fields.text("time", time);
            let playthrough = fields.optional_integer("playthrough", 1..=i64::from(i16::MAX));
            let number = playthrough?.map(i16::try_from).transpose().ok()?;
            Some((time?, number))
        })
    }
}

/// An edit of many entries.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryBulkEdit")]
pub struct BulkRequest {
    /// The games whose entries are edited, each once.
    #[oai(validator(min_items = 1, max_items = 200))]
    games: Vec<String>,
    /// What changes of each. Either this or `delete`.
    change: Option<EntryRequest>,
    /// Whether they leave the library.
    delete: Option<bool>,
}

impl Example for BulkRequest {
    fn example() -> Self {
        Self { games: vec![examples::game()], change: Some(EntryRequest::example()), delete: None }
    }
}

impl BulkRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<BulkEdit, LibraryError> {
        read(body, |fields| {
            let titles = fields.optional_texts("games", game);
            let (inner, delete) = (fields.optional_object("change"), fields.flag("delete"));
            let mut titles = titles?.unwrap_or_default();
            let count = titles.len();
            titles.sort_unstable();
            titles.dedup();
            if !(1..=MAX_BULK).contains(&count) {
                fields.wrong("games", format!("has {count} items; 1 to {MAX_BULK}"));
            } else if titles.len() < count {
                fields.wrong("games", "names a game more than once");
            }
            let change = match (inner?, delete?) {
                (None, true) => BulkChange::Delete,
                (Some(object), false) => {
                    let mut inner = Fields::within(object, "/change".to_owned());
                    let changed = change(&mut inner);
                    inner.refuse_others();
                    match inner.done(changed) {
                        Ok(change) => BulkChange::Change(change),
                        Err(faults) => {
                            fields.wrong_too(faults);
                            return None;
                        }
                    }
                }
                _ => {
                    fields.wrong_too([Fault::new("/change", "must be there, or delete must be true, and not both")]);
                    return None;
                }
            };
            Some(BulkEdit { titles, change })
        })
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("AddRequest", |body| AddRequest::read(body).is_ok()),
    ("EntryRequest", |body| EntryRequest::read(body).is_ok()),
    ("PlaythroughRequest", |body| PlaythroughRequest::read(body).is_ok()),
    ("TimeRequest", |body| TimeRequest::read(body).is_ok()),
    ("BulkRequest", |body| BulkRequest::read(body).is_ok()),
    ("ResolutionRequest", |body| super::ResolutionRequest::read(body).is_ok()),
];
