//! The answers of the feed.

use poem_openapi::{Object, types::Example};

use super::model::{FeedItem, FeedPage};
use crate::{traces::trace::TraceResponse, worlds::ChangeReason};

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
}

/// A trace that was left, or a change of one.
#[derive(Debug, Object)]
#[oai(rename = "FeedItem")]
pub struct FeedItemResponse {
    /// `left`, `changed` or `gone`.
    what: String,
    /// The trace's id.
    id: String,
    /// Why: `changed`, `restored`, `withdrawn`, `evicted`, `hidden`, `removed`, `trimmed` or `expired`.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// The trace as it is now; absent if it no longer exists.
    #[oai(skip_serializing_if_is_none)]
    trace: Option<TraceResponse>,
}

impl From<FeedItem> for FeedItemResponse {
    fn from(FeedItem { id, reason, trace }: FeedItem) -> Self {
        let what = match reason {
            None => "left",
            Some(reason) if reason.keeps_visible() => "changed",
            Some(_) => "gone",
        };
        Self {
            what: what.to_owned(),
            id: id.to_string(),
            reason: reason.map(|reason| reason.name().to_owned()),
            trace: trace.map(TraceResponse::from),
        }
    }
}

impl From<FeedPage> for FeedPageResponse {
    fn from(FeedPage { items, next, more }: FeedPage) -> Self {
        Self { items: items.into_iter().map(FeedItemResponse::from).collect(), next: next.to_string(), more }
    }
}

impl Example for FeedPageResponse {
    fn example() -> Self {
        let left = FeedItemResponse {
            what: "left".to_owned(),
            id: "4211".to_owned(),
            reason: None,
            trace: Some(TraceResponse::example()),
        };
        let gone = FeedItem { id: 3907, reason: Some(ChangeReason::Evicted), trace: None };
        Self { items: vec![left, gone.into()], next: "4212".to_owned(), more: false }
    }
}
