//! Response bodies of the inbox.

use poem_openapi::{Object, types::Example};

use super::model::InboxItem;
use crate::platform::{clock, page::Page};

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
    /// `rated`, `used`, `hidden` or `removed`.
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
    /// When it happened last (RFC 3339).
    at: String,
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
            at: "2026-11-21T08:00:00Z".to_owned(),
        };
        Self { items: vec![item], next: "7".to_owned(), more: false }
    }
}

impl InboxResponse {
    /// The page after `after`. `items` has one item more than `limit` if there are more.
    pub fn new(items: Vec<InboxItem>, after: i64, limit: usize) -> Self {
        let Page { items, more } = Page::cut(items, limit);
        let next = items.last().map_or(after, |last| last.id);
        Self { items: items.into_iter().map(InboxItemResponse::from).collect(), next: next.to_string(), more }
    }
}

impl From<InboxItem> for InboxItemResponse {
    fn from(item: InboxItem) -> Self {
        Self {
            id: item.id.to_string(),
            what: item.event.name().to_owned(),
            trace_id: item.trace.to_string(),
            good: item.good,
            poor: item.poor,
            uses: item.uses,
            count: item.count,
            at: clock::format(item.at_ms),
        }
    }
}
