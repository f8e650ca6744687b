//! Bodies and answers: as they are described, and read.

use poem_openapi::{Object, types::Example};

use super::model::{Count, News, Vote, VotingError};
use crate::platform::{clock, codec::fields::Fields};

/// A vote.
#[derive(Debug, Object)]
#[oai(example)]
pub struct VoteRequest {
    /// `good` or `poor`.
    vote: String,
}

impl Example for VoteRequest {
    fn example() -> Self {
        Self { vote: Vote::Good.name().to_owned() }
    }
}

impl VoteRequest {
    /// Reads it.
    pub fn read(body: &[u8]) -> Result<Vote, VotingError> {
        let mut fields = Fields::read(body)?;
        let vote = fields.text("vote", Vote::parse);
        fields.done(vote).map_err(VotingError::Invalid)
    }
}

/// What the player and all others think of a trace.
#[derive(Debug, Object)]
#[oai(example, rename = "VoteCount")]
pub struct CountResponse {
    /// The trace.
    trace_id: String,
    /// The player's vote, `good` or `poor`; absent where there is none.
    #[oai(skip_serializing_if_is_none)]
    vote: Option<String>,
    /// Votes for it,
    good: i32,
    /// and against it.
    poor: i32,
}

impl Example for CountResponse {
    fn example() -> Self {
        Self { trace_id: "4211".to_owned(), vote: Some(Vote::Good.name().to_owned()), good: 12, poor: 1 }
    }
}

impl From<Count> for CountResponse {
    fn from(count: Count) -> Self {
        Self {
            trace_id: count.trace.to_string(),
            vote: count.vote.map(|vote| vote.name().to_owned()),
            good: count.good,
            poor: count.poor,
        }
    }
}

/// A page of what happened to the player's traces.
#[derive(Debug, Object)]
#[oai(example, rename = "Inbox")]
pub struct InboxResponse {
    /// The oldest first.
    items: Vec<NewsResponse>,
    /// For `after`: what happens after this page.
    next: String,
    /// Whether there is more already.
    more: bool,
}

/// What happened to a trace of the player's.
#[derive(Debug, Object)]
#[oai(rename = "InboxItem")]
struct NewsResponse {
    /// Higher ones are later. When it happens again the item comes again, with a new one.
    id: String,
    /// `rated`, `used`, `hidden` or `removed`.
    what: String,
    /// The trace.
    trace_id: String,
    /// Votes for it then,
    good: i32,
    /// and against it.
    poor: i32,
    /// How often it had been of use then.
    uses: i32,
    /// How often it has happened.
    count: i32,
    /// When it happened last (RFC 3339).
    at: String,
}

impl Example for InboxResponse {
    fn example() -> Self {
        let news = NewsResponse {
            id: "7".to_owned(),
            what: "rated".to_owned(),
            trace_id: "4211".to_owned(),
            good: 12,
            poor: 1,
            uses: 3,
            count: 13,
            at: "2026-11-21T08:00:00Z".to_owned(),
        };
        Self { items: vec![news], next: "7".to_owned(), more: false }
    }
}

impl InboxResponse {
    /// The page after `after`; `news` is one more than it holds, where there is more.
    pub fn new(mut news: Vec<News>, after: i64, limit: usize) -> Self {
        let more = news.len() > limit;
        news.truncate(limit);
        let next = news.last().map_or(after, |last| last.id);
        Self { items: news.into_iter().map(NewsResponse::of).collect(), next: next.to_string(), more }
    }
}

impl NewsResponse {
    fn of(news: News) -> Self {
        Self {
            id: news.id.to_string(),
            what: news.what.name().to_owned(),
            trace_id: news.trace.to_string(),
            good: news.good,
            poor: news.poor,
            uses: news.uses,
            count: news.count,
            at: clock::format(news.at_ms),
        }
    }
}
