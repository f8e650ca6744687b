//! The answers of the feed.

use poem_openapi::{Object, types::Example};

use super::model::{FeedEvent, FeedItem, FeedPage, FeedWhat, Rating};
use crate::{
    http::schema::OneOf,
    traces::{inbox::InboxResponse, trace::TraceResponse},
    worlds::ChangeReason,
};

/// A page of the changes in a world.
#[derive(Debug, Object)]
#[oai(rename = "FeedPage", example)]
pub struct FeedPageResponse {
    /// In order.
    items: Vec<FeedItemResponse>,
    /// For `after` in the next request.
    next: String,
    /// Whether there are more items now.
    more: bool,
    /// The player's inbox, where `inbox_after` was sent.
    #[oai(skip_serializing_if_is_none)]
    inbox: Option<InboxResponse>,
}

/// Something that has become of a trace.
#[derive(Debug, Object)]
#[oai(rename = "FeedItem")]
pub struct FeedItemResponse {
    /// What has become of it.
    what: OneOf<FeedWhat>,
    /// The trace's id.
    id: String,
    /// Why it was changed or has gone: `changed`, `restored`, `withdrawn`, `evicted`, `hidden`, `removed`, `trimmed` or
    /// `expired`. There may be more.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// The trace as it is now; absent with `gone` and `rated`, and if it no longer exists.
    #[oai(skip_serializing_if_is_none)]
    trace: Option<TraceResponse>,
    /// With `rated`: votes for it, imported ones included.
    #[oai(skip_serializing_if_is_none)]
    good: Option<i32>,
    /// With `rated`: votes against it.
    #[oai(skip_serializing_if_is_none)]
    poor: Option<i32>,
    /// With `rated`: its score by all votes, 0 to 1.
    #[oai(skip_serializing_if_is_none)]
    score: Option<f64>,
    /// With `rated`: how often players have marked it as useful.
    #[oai(skip_serializing_if_is_none)]
    uses: Option<i32>,
}

impl FeedItemResponse {
    fn at(FeedItem { id, event }: FeedItem, now_ms: i64) -> Self {
        let item = |what, reason: Option<ChangeReason>, trace: Option<_>| Self {
            what: OneOf(what),
            id: id.to_string(),
            reason: reason.map(|reason| reason.name().to_owned()),
            trace: trace.map(|trace| TraceResponse::at(trace, now_ms)),
            good: None,
            poor: None,
            score: None,
            uses: None,
        };
        match event {
            FeedEvent::Left(trace) => item(FeedWhat::Left, None, trace),
            FeedEvent::Changed(reason, trace) => {
                let is_visible = reason.is_none_or(ChangeReason::keeps_visible);
                item(if is_visible { FeedWhat::Changed } else { FeedWhat::Gone }, reason, trace)
            }
            FeedEvent::Rated(Rating { good, poor, score, uses }) => Self {
                good: Some(good),
                poor: Some(poor),
                score: Some(score),
                uses: Some(uses),
                ..item(FeedWhat::Rated, None, None)
            },
        }
    }
}

impl FeedPageResponse {
    /// The page, in an answer that is made at that time, in milliseconds since the epoch.
    #[must_use]
    pub fn at(FeedPage { items, next, more }: FeedPage, inbox: Option<InboxResponse>, now_ms: i64) -> Self {
        let items = items.into_iter().map(|item| FeedItemResponse::at(item, now_ms)).collect();
        Self { items, next: next.to_string(), more, inbox }
    }
}

impl Example for FeedPageResponse {
    fn example() -> Self {
        let left = FeedItemResponse {
            trace: Some(TraceResponse::example()),
            ..FeedItemResponse::at(FeedItem { id: 4211, event: FeedEvent::Left(None) }, 0)
        };
        let gone = FeedItem { id: 3907, event: FeedEvent::Changed(Some(ChangeReason::Evicted), None) };
        let rating = Rating { good: 5, poor: 1, score: 0.436_501, uses: 2 };
        let rated = FeedItem { id: 4107, event: FeedEvent::Rated(rating) };
        let items = vec![left, FeedItemResponse::at(gone, 0), FeedItemResponse::at(rated, 0)];
        Self { items, next: "4213".to_owned(), more: false, inbox: None }
    }
}
