//! The answers of searches.

use poem_openapi::{Object, types::Example};

use super::model::SearchPage;
use crate::traces::trace::TraceResponse;

/// A page of traces.
#[derive(Debug, Object)]
#[oai(rename = "SearchPage", example)]
pub struct SearchPageResponse {
    /// In the order of the mode. There may be fewer than `limit` although there are more.
    items: Vec<TraceResponse>,
    /// The traces that have gone from the scopes since the answer whose `next` was sent: withdrawn, hidden, removed or
    /// expired.
    gone: Vec<String>,
    /// For `after` in the next request.
    next: String,
    /// Whether there are more traces, or more have gone.
    more: bool,
}

impl SearchPageResponse {
    /// The page, in an answer that is made at that time, in milliseconds since the epoch.
    pub fn at(SearchPage { items, gone, next, more }: SearchPage, now_ms: i64) -> Self {
        Self {
            items: items.into_iter().map(|trace| TraceResponse::at(trace, now_ms)).collect(),
            gone: gone.into_iter().map(|id| id.to_string()).collect(),
            next: next.to_string(),
            more,
        }
    }
}

impl Example for SearchPageResponse {
    fn example() -> Self {
        Self {
            items: vec![TraceResponse::example()],
            gone: vec!["3907".to_owned()],
            next: "a3f1c09b.4213.4012c00000000000.4211".to_owned(),
            more: false,
        }
    }
}
