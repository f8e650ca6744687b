//! Parameters: their documentation, and how they are read.

use super::model::{QUERY_BYTES, Query};
use crate::http::{
    declaration::{Param, Values},
    params::{self, QueryParams, QueryReader, UriReader},
};

/// What somebody looks for; nothing where they don't say.
#[derive(Clone, Debug)]
pub struct DiscoveryQuery(pub Option<Query>);

impl QueryParams for DiscoveryQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let text = Param {
            name: "q",
            about: "The name of a game, or words of it. Required.",
            values: Values::Text { max_bytes: QUERY_BYTES },
            example: "moss hill",
        };
        Some(Self(reader.optional(&text, Query::parse)))
    }
}

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("DiscoveryQuery", |uri| params::read::<DiscoveryQuery>(uri).is_ok())];
