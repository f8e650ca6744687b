//! Response bodies of the inbox.

use poem_openapi::{Object, types::Example};

use super::model::InboxItem;
use crate::{http::schema::Timestamp, platform::page::Page};

/// A page of the player's inbox.
#[derive(Debug, Object)]
#[oai(example, rename = "Inbox")]
pub struct InboxResponse {
    /// Sorted by id, the oldest first.
    items: Vec<InboxItemResponse>,
    /// The `after` of the next page.
    next: String,
    /// Whether there are more items after this page.
    more: bool,
}

/// Something that has happened to one of the player's traces.
#[derive(Debug, Object)]
#[oai(rename = "InboxItem")]
struct InboxItemResponse {
    /// Ascending by time. When it happens again, the item appears again under a new id.
    id: String,
    /// What happened: `rated`, `used`, `hidden` or `removed`. There may be more.
    what: String,
    /// The trace.
    trace_id: String,
    /// Votes for the trace at that time, imported ones included.
    good: i32,
    /// Votes against it at that time.
    poor: i32,
    /// Its uses at that time.
    uses: i32,
    /// How often it has happened.
    count: i32,
    /// When it happened last.
    at: Timestamp,
    /// Whole seconds since then.
    #[oai(validator(minimum(value = "0")))]
    age_s: i64,
}

impl Example for InboxResponse {
    fn example() -> Self {
        let item = InboxItemResponse {
            id: "7".to_owned(),
            what: "rated".to_owned(),
            trace_id: "4211".to_owned(),
            good: 12,
            poor: 1,
            uses: 3,
            count: 13,
            at: Timestamp(1_795_248_000_000),
            age_s: 40,
        };
        Self { items: vec![item], next: "7".to_owned(), more: false }
    }
}

impl InboxResponse {
    /// The page after `after`, in an answer that is made at `now_ms`.
    #[must_use]
    pub fn new(Page { items, more }: Page<InboxItem>, after: i64, now_ms: i64) -> Self {
        let next = items.last().map_or(after, |last| last.id);
        let items = items.into_iter().map(|item| InboxItemResponse::at(&item, now_ms)).collect();
        Self { items, next: next.to_string(), more }
    }
}

impl InboxItemResponse {
    fn at(item: &InboxItem, now_ms: i64) -> Self {
        Self {
            id: item.id.to_string(),
            what: item.event.name().to_owned(),
            trace_id: item.trace.to_string(),
            good: item.good,
            poor: item.poor,
            uses: item.uses,
            count: item.count,
            at: Timestamp(item.at_ms),
            age_s: (now_ms.saturating_sub(item.at_ms) / 1000).max(0),
        }
    }
}
