//! Parameters of feeds.

use super::model::FeedCursor;
use crate::http::page::Paged;

/// A feed in pages, the newest first.
#[derive(Debug)]
pub struct Feed;

impl Paged for Feed {
    type Cursor = FeedCursor;
    const DEFAULT_LIMIT: usize = 20;
    const MAX_LIMIT: usize = 50;
    const EXAMPLE_CURSOR: &'static str = "1795248000000.1";

    fn parse(cursor: &str) -> Result<FeedCursor, String> {
        FeedCursor::of_text(cursor).ok_or_else(|| "must be a page's next".to_owned())
    }
}
