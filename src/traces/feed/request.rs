//! Reading requests for the feed.

use std::time::Duration;

use poem::http::Uri;

use super::model::{FeedError, FeedQuery, MAX_ITEMS, MAX_WAIT_SECS};
use crate::{
    http::{page::PageRequest, params},
    worlds::ScopeKey,
};

/// The parameters in a URI. `has_scope` says whether there is a scope at all: an empty one is the scope without a name.
///
/// # Errors
/// [`FeedError::Invalid`].
pub fn parse(uri: &Uri, has_scope: bool, wait_s: Option<u64>) -> Result<FeedQuery, FeedError> {
    let scope = params::query(uri, "scope").and_then(|scope| ScopeKey::parse(&scope, "?scope"))?;
    let cursor = |text: &str| text.parse::<i64>().map_err(|_| "is no `next` of an answer".to_owned());
    let PageRequest { after, limit } = PageRequest::read(uri, [MAX_ITEMS; 2], cursor).map_err(FeedError::Invalid)?;
    Ok(FeedQuery {
        scope: has_scope.then_some(scope),
        after: after.unwrap_or_default(),
        limit,
        wait: Duration::from_secs(wait_s.unwrap_or_default().min(MAX_WAIT_SECS)),
    })
}
