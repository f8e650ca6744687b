//! Reading requests for the feed.

use std::time::Duration;

use super::model::{FeedQuery, MAX_ITEMS, MAX_WAIT_SECS};
use crate::{
    http::{
        declaration::{Param, Values},
        page::{PageRequest, Paged},
        params::{self, QueryParams, QueryReader, UriReader},
    },
    traces::{decks::MAX_SCOPES, inbox::InboxItems},
    worlds::ScopeKey,
};

/// The changes of a world, in pages.
struct Changes;

impl Paged for Changes {
    type Cursor = i64;
    const DEFAULT_LIMIT: usize = MAX_ITEMS;
    const MAX_LIMIT: usize = MAX_ITEMS;
    const EXAMPLE_CURSOR: &'static str = "4211";

    fn parse(cursor: &str) -> Result<i64, String> {
        cursor.parse().map_err(|_| "is no `next` of an answer".to_owned())
    }
}

const SCOPE: Param = Param {
    name: "scope",
    about: "Only in this scope; may be repeated, up to 8 times. Absent: in all.",
    values: Values::Texts { max_bytes: ScopeKey::MAX_BYTES, max_items: MAX_SCOPES },
    example: "Ash Lake",
};

const WAIT_S: Param = Param {
    name: "wait_s",
    about: "Seconds to wait for a change, if there is none yet.",
    values: Values::Integer { min: 0, max: MAX_WAIT_SECS, default: Some(0) },
    example: "20",
};

const INBOX_AFTER: Param = Param {
    name: "inbox_after",
    about: "With a player's token: the answer has the player's inbox too, its items after this one, and a new item ends the wait. \
            The `next` of the inbox before, or 0.",
    values: Values::Text { max_bytes: InboxItems::CURSOR_BYTES },
    example: InboxItems::EXAMPLE_CURSOR,
};

impl QueryParams for FeedQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        // An empty scope is the scope without a name.
        let mut scopes = reader.repeated(&SCOPE, |scope| ScopeKey::parse(scope, "").map_err(|fault| fault.detail));
        scopes.sort_unstable();
        scopes.dedup();
        let wait = reader.integer(&WAIT_S).and_then(|secs| u64::try_from(secs).ok());
        let inbox_after = reader.optional(&INBOX_AFTER, InboxItems::parse);
        let page = PageRequest::<Changes>::read(reader)?;
        Some(Self {
            scopes,
            after: page.after.unwrap_or_default(),
            limit: page.limit,
            wait: Duration::from_secs(wait.unwrap_or_default()),
            inbox_after,
        })
    }
}

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("FeedQuery", |uri| params::read::<FeedQuery>(uri).is_ok())];
