//! What is answered: as it is described.

use poem_openapi::{Object, types::Example};

use super::model::{Complaint, HiddenAuthor, Place, Waiting};
use crate::{
    platform::{clock, page::Page},
    traces::rules::TraceKind,
};

const AUTHOR: &str = "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718";
const TIME: &str = "2026-11-21T08:00:00Z";

/// How many things are other than they were.
#[derive(Debug, Object)]
#[oai(example, rename = "Affected")]
pub struct AffectedResponse {
    /// TraceWorlds that were hidden, shown, removed or whose reports were settled; or players.
    pub affected: u64,
}

impl Example for AffectedResponse {
    fn example() -> Self {
        Self { affected: 2 }
    }
}

/// A page of the queue.
#[derive(Debug, Object)]
#[oai(example, rename = "ModerationQueue")]
pub struct QueueResponse {
    /// What most players have reported first; of those that as many have, the newest.
    items: Vec<WaitingResponse>,
    /// For `after`: what comes behind this page.
    next: String,
    /// Whether there is more behind it.
    more: bool,
}

/// A trace that waits for a moderator, or is hidden.
#[derive(Debug, Object)]
#[oai(rename = "ModerationItem")]
struct WaitingResponse {
    /// The trace.
    trace: ModeratedTraceResponse,
    /// Whether nobody is shown it.
    hidden: bool,
    /// How many players have reported it since a moderator last decided.
    reports: i32,
    /// What they say is wrong, each once; those of before too.
    reasons: Vec<String>,
    /// The newest of their notes, five at most.
    notes: Vec<String>,
}

/// A trace as a moderator sees it.
#[derive(Debug, Object)]
#[oai(rename = "ModeratedTrace")]
struct ModeratedTraceResponse {
    /// Its id.
    id: String,
    /// `object`, `message`, `phantom` or `bloodstain`.
    kind: String,
    /// Where it lies.
    scope: String,
    /// Who left it.
    author: String,
    /// What it says, as the text of a JSON object.
    content: String,
    /// Votes for it,
    good: i32,
    /// and against it.
    poor: i32,
    /// When it was left (RFC 3339).
    created_at: String,
}

impl Example for QueueResponse {
    fn example() -> Self {
        let trace = ModeratedTraceResponse {
            id: "4211".to_owned(),
            kind: "message".to_owned(),
            scope: "Ash Lake".to_owned(),
            author: AUTHOR.to_owned(),
            content: r#"{"part1":"try","part2":"jumping","part3":""}"#.to_owned(),
            good: 2,
            poor: 11,
            created_at: TIME.to_owned(),
        };
        let item = WaitingResponse {
            trace,
            hidden: true,
            reports: 3,
            reasons: vec!["abuse".to_owned()],
            notes: vec!["it names me".to_owned()],
        };
        Self { items: vec![item], next: "3-4211".to_owned(), more: false }
    }
}

impl QueueResponse {
    /// The page behind `after`; `waiting` is one more than it holds, where there is more.
    pub fn new(waiting: Vec<Waiting>, after: Option<Place>, limit: usize) -> Self {
        let Page { items: waiting, more } = Page::cut(waiting, limit);
        let last = waiting.last().map(|last| Place { reports: last.reports, trace: last.id });
        let next = last.or(after).map_or_else(String::new, Place::print);
        Self { items: waiting.into_iter().map(WaitingResponse::of).collect(), next, more }
    }
}

impl WaitingResponse {
    fn of(waiting: Waiting) -> Self {
        let trace = ModeratedTraceResponse {
            id: waiting.id.to_string(),
            kind: TraceKind::of_code(waiting.kind).map_or("", TraceKind::name).to_owned(),
            scope: waiting.scope,
            author: waiting.author,
            content: waiting.content,
            good: waiting.good,
            poor: waiting.poor,
            created_at: clock::format(waiting.created_at_ms),
        };
        Self {
            trace,
            hidden: waiting.hidden,
            reports: waiting.reports,
            reasons: waiting.complaints.into_iter().map(Complaint::name).map(str::to_owned).collect(),
            notes: waiting.notes,
        }
    }
}

/// A page of the authors whom the player does not want to see.
#[derive(Debug, Object)]
#[oai(example, rename = "HiddenAuthors")]
pub struct AuthorsResponse {
    /// By name.
    items: Vec<AuthorResponse>,
    /// For `after`: what comes behind this page.
    next: String,
    /// Whether there is more behind it.
    more: bool,
}

/// An author whom the player does not want to see.
#[derive(Debug, Object)]
#[oai(rename = "HiddenAuthor")]
struct AuthorResponse {
    /// Who: the `author` of traces.
    player_id: String,
    /// Since when (RFC 3339).
    hidden_at: String,
}

impl Example for AuthorsResponse {
    fn example() -> Self {
        let author = AuthorResponse { player_id: AUTHOR.to_owned(), hidden_at: TIME.to_owned() };
        Self { items: vec![author], next: AUTHOR.to_owned(), more: false }
    }
}

impl AuthorsResponse {
    /// The page behind `after`; `hidden` is one more than it holds, where there is more.
    pub fn new(hidden: Vec<HiddenAuthor>, after: Option<String>, limit: usize) -> Self {
        let Page { items: hidden, more } = Page::cut(hidden, limit);
        let next = hidden.last().map(|last| last.author.clone()).or(after).unwrap_or_default();
        let shown = |one: HiddenAuthor| AuthorResponse { player_id: one.author, hidden_at: clock::format(one.at_ms) };
        Self { items: hidden.into_iter().map(shown).collect(), next, more }
    }
}
