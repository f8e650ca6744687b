//! Request parameters of the inbox.

use crate::http::page::Paged;

/// The items of the inbox, in pages; the cursor is the id of an item.
#[derive(Debug)]
pub struct InboxItems;

impl Paged for InboxItems {
    type Cursor = i64;
    const DEFAULT_LIMIT: usize = 100;
    const MAX_LIMIT: usize = 500;
    const EXAMPLE_CURSOR: &'static str = "7";

    fn parse(cursor: &str) -> Result<i64, String> {
        let id = cursor.parse::<u64>().ok().and_then(|id| i64::try_from(id).ok());
        id.ok_or_else(|| "must be what `next` was".to_owned())
    }
}
