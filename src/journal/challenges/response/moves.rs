//! Histories of challenges, and their calendar files.

use futures_util::stream;
use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{
        file_answer::{FileAnswer, FileContent},
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    journal::{
        cards::PersonCardResponse,
        challenges::model::{ChallengeState, MoveWithCard},
        examples::TIME_MS,
    },
};

/// A line of the history.
#[derive(Debug, Object)]
#[oai(example, rename = "ChallengeMove")]
pub struct MoveResponse {
    /// Who did it: `host`, `guest` or `server`, which does what a time had come for.
    by: String,
    /// What was done: `made`, `changed`, `invited`, `accepted`, `waits`, `offered`, `declined`, `expired`, `removed`, `no_show`,
    /// `showed_up`, `cancelled` or `completed`.
    what: String,
    /// The guest whom it is about, as far as they show themselves to you.
    #[oai(skip_serializing_if_is_none)]
    guest: Option<PersonCardResponse>,
    /// The state of the challenge after it.
    state: OneOf<ChallengeState>,
    /// When.
    at: Timestamp,
}

impl From<MoveWithCard> for MoveResponse {
    fn from(made: MoveWithCard) -> Self {
        Self {
            by: made.by,
            what: made.what,
            guest: made.person.map(PersonCardResponse::from),
            state: OneOf(made.state),
            at: Timestamp(made.at_ms),
        }
    }
}

impl Example for MoveResponse {
    fn example() -> Self {
        Self {
            by: "guest".to_owned(),
            what: "accepted".to_owned(),
            guest: Some(PersonCardResponse::example()),
            state: OneOf(ChallengeState::Accepted),
            at: Timestamp(TIME_MS),
        }
    }
}

/// The history of a challenge: the last 200 lines.
#[derive(Debug, Object)]
#[oai(example, rename = "ChallengeMoves")]
pub struct MoveList {
    /// The newest first.
    items: Vec<MoveResponse>,
}

impl FromIterator<MoveWithCard> for MoveList {
    fn from_iter<I: IntoIterator<Item = MoveWithCard>>(moves: I) -> Self {
        Self { items: moves.into_iter().map(MoveResponse::from).collect() }
    }
}

impl Example for MoveList {
    fn example() -> Self {
        Self { items: vec![MoveResponse::example()] }
    }
}

#[derive(ApiResponse)]
pub enum MovesListed {
    /// The history.
    #[oai(status = 200)]
    Ok(NoStore<MoveList>),
}

/// A challenge as a file for calendars.
#[derive(Debug)]
pub struct CalendarFile;

impl FileContent for CalendarFile {
    const ABOUT: &'static str = "The challenge as an iCalendar file.";
    const MEDIA: &'static [(&'static str, &'static str)] = &[("text/calendar", "BEGIN:VCALENDAR and what follows it.")];
}

/// The file of a challenge.
pub fn calendar_file(id: i64, file: String) -> FileAnswer<CalendarFile> {
    let pieces = stream::iter([Ok::<_, std::io::Error>(file.into_bytes())]);
    FileAnswer::new("text/calendar; charset=utf-8", &format!("challenge-{id}.ics"), pieces)
}
