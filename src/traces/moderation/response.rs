//! Response bodies of moderation.

use poem_openapi::{Object, types::Example};

use super::model::{HiddenAuthor, QueueCursor, QueueItem, ReportReason};
use crate::{
    http::schema::{OneOf, Timestamp},
    platform::page::Page,
    traces::{TraceKind, trace::AuthorKind},
};

const AUTHOR: &str = "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718";
const TIME: Timestamp = Timestamp(1_795_248_000_000);

/// What a moderator's action has changed.
#[derive(Debug, Object)]
#[oai(example, rename = "Affected")]
pub struct AffectedResponse {
    /// Number of traces that were hidden, restored or removed or whose reports were settled; or of players.
    pub affected: u64,
}

impl Example for AffectedResponse {
    fn example() -> Self {
        Self { affected: 2 }
    }
}

/// A page of the moderation queue.
#[derive(Debug, Object)]
#[oai(example, rename = "ModerationQueue")]
pub struct QueueResponse {
    /// Sorted by number of reports, then by id, both descending.
    items: Vec<QueueItemResponse>,
    /// The `after` of the next page.
    next: String,
    /// Whether there are more items after this page.
    more: bool,
}

/// A reported or hidden trace.
#[derive(Debug, Object)]
#[oai(rename = "ModerationItem")]
struct QueueItemResponse {
    /// The trace.
    trace: ModeratedTraceResponse,
    /// Whether it is hidden.
    hidden: bool,
    /// Number of players who have reported it since a moderator's last decision.
    reports: i32,
    /// The different reasons of all reports, those before the last decision included.
    reasons: Vec<OneOf<ReportReason>>,
    /// The newest notes, five at most.
    notes: Vec<String>,
}

/// A trace as a moderator sees it.
#[derive(Debug, Object)]
#[oai(rename = "ModeratedTrace")]
struct ModeratedTraceResponse {
    /// Its id.
    id: String,
    /// Its kind; absent where this version of the server does not know it.
    #[oai(skip_serializing_if_is_none)]
    kind: Option<OneOf<TraceKind>>,
    /// Its scope.
    scope: String,
    /// Its author.
    author: String,
    /// Whether the author is a player whom this server knows, or a name that a v0 client has claimed.
    author_kind: OneOf<AuthorKind>,
    /// What it says, as the text of a JSON object.
    content: String,
    /// Votes for it, imported ones included.
    good: i32,
    /// Votes against it.
    poor: i32,
    /// When it was left.
    created_at: Timestamp,
    /// Where it lies, `[x,y,z]`.
    #[oai(skip_serializing_if_is_none)]
    pos: Option<Vec<f64>>,
    /// The version of the game's content that it was left in.
    content_version: i32,
}

impl Example for QueueResponse {
    fn example() -> Self {
        let trace = ModeratedTraceResponse {
            id: "4211".to_owned(),
            kind: Some(OneOf(TraceKind::Message)),
            scope: "Ash Lake".to_owned(),
            author: AUTHOR.to_owned(),
            author_kind: OneOf(AuthorKind::Minted),
            content: r#"{"part1":"try","part2":"jumping","part3":""}"#.to_owned(),
            good: 2,
            poor: 11,
            created_at: TIME,
            pos: Some(vec![161.767, -58.2646, -446.62]),
            content_version: 0,
        };
        let item = QueueItemResponse {
            trace,
            hidden: true,
            reports: 3,
            reasons: vec![OneOf(ReportReason::Abuse)],
            notes: vec!["it names me".to_owned()],
        };
        Self { items: vec![item], next: "3-4211".to_owned(), more: false }
    }
}

impl QueueResponse {
    /// The page after `after`. `items` has one item more than `limit` if there are more.
    pub fn new(items: Vec<QueueItem>, after: Option<QueueCursor>, limit: usize) -> Self {
        let Page { items, more } = Page::cut(items, limit);
        let last = items.last().map(|last| QueueCursor { reports: last.reports, trace: last.id });
        let next = last.or(after).map_or_else(String::new, |cursor| cursor.to_string());
        Self { items: items.into_iter().map(QueueItemResponse::from).collect(), next, more }
    }
}

impl From<QueueItem> for QueueItemResponse {
    fn from(item: QueueItem) -> Self {
        let trace = ModeratedTraceResponse {
            id: item.id.to_string(),
            kind: item.kind.map(OneOf),
            scope: item.scope,
            author: item.author,
            author_kind: OneOf(item.author_kind),
            content: item.content,
            good: item.good,
            poor: item.poor,
            created_at: Timestamp(item.created_at_ms),
            pos: item.position.map(Vec::from),
            content_version: item.content_version,
        };
        Self {
            trace,
            hidden: item.hidden,
            reports: item.reports,
            reasons: item.reasons.into_iter().map(OneOf).collect(),
            notes: item.notes,
        }
    }
}

/// A page of the authors whom the player has hidden.
#[derive(Debug, Object)]
#[oai(example, rename = "HiddenAuthors")]
pub struct AuthorsResponse {
    /// Sorted by `player_id`.
    items: Vec<AuthorResponse>,
    /// The `after` of the next page.
    next: String,
    /// Whether there are more items after this page.
    more: bool,
}

/// An author whom the player has hidden.
#[derive(Debug, Object)]
#[oai(rename = "HiddenAuthor")]
struct AuthorResponse {
    /// The `author` of traces.
    player_id: String,
    /// When the player hid them.
    hidden_at: Timestamp,
}

impl Example for AuthorsResponse {
    fn example() -> Self {
        let author = AuthorResponse { player_id: AUTHOR.to_owned(), hidden_at: TIME };
        Self { items: vec![author], next: AUTHOR.to_owned(), more: false }
    }
}

impl AuthorsResponse {
    /// The page after `after`. `authors` has one item more than `limit` if there are more.
    pub fn new(authors: Vec<HiddenAuthor>, after: Option<String>, limit: usize) -> Self {
        let Page { items: authors, more } = Page::cut(authors, limit);
        let next = authors.last().map(|last| last.author.clone()).or(after).unwrap_or_default();
        Self { items: authors.into_iter().map(AuthorResponse::from).collect(), next, more }
    }
}

impl From<HiddenAuthor> for AuthorResponse {
    fn from(hidden: HiddenAuthor) -> Self {
        Self { player_id: hidden.author, hidden_at: Timestamp(hidden.hidden_at_ms) }
    }
}
