//! The cursor of a search: where a page ends. Clients send it back as `after`; to them it is opaque.

use std::fmt;

use sha2::{Digest, Sha256};

use super::model::{Position, SearchQuery, SortOrder};
use crate::{
    platform::{codec::hex, named::Named},
    traces::{decks::Versions, trace::GroupKey},
};

/// Bytes of the digest that distinguishes one search from another.
const DIGEST_BYTES: usize = 4;

/// The maximum length of a cursor, in bytes.
const CURSOR_BYTES: usize = 96;

/// The end of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// The digest of the search.
    digest: String,
    /// The sequence number of the world up to which the client knows of traces that have gone.
    pub seq: i64,
    /// The place of the last trace that was read; nothing if there was none.
    pub position: Option<Position>,
}

impl Cursor {
    /// The end of a page of a search.
    #[must_use]
    pub fn of(query: &SearchQuery, seq: i64, position: Option<Position>) -> Self {
        Self { digest: digest(query), seq, position }
    }

    /// A cursor from its text.
    ///
    /// # Errors
    /// The fault, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = || {
            let mut parts = text.split('.');
            let digest = parts.next().filter(|digest| digest.len() == DIGEST_BYTES * 2)?.to_owned();
            let seq = parts.next()?.parse().ok().filter(|seq| *seq >= 0)?;
            let position = match (parts.next(), parts.next()) {
                (None, None) => None,
                (Some(key), Some(id)) => {
                    let key = f64::from_bits(u64::from_str_radix(key, 16).ok()?);
                    // NaN and infinity have no place in an order.
                    let id = id.parse().ok().filter(|_| key.is_finite())?;
                    Some(Position { key, id })
                }
                _ => return None,
            };
            parts.next().is_none().then_some(Self { digest, seq, position })
        };
        let read = if text.len() > CURSOR_BYTES { None } else { read() };
        read.ok_or_else(|| "is no `next` of a page".to_owned())
    }

    /// Whether it belongs to this search; its `limit` does not matter.
    #[must_use]
    pub fn is_of(&self, query: &SearchQuery) -> bool {
        self.digest == digest(query)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.digest, self.seq)?;
        match self.position {
            Some(Position { key, id }) => write!(f, ".{:016x}.{id}", key.to_bits()),
            None => Ok(()),
        }
    }
}

fn digest(query: &SearchQuery) -> String {
    let SearchQuery { order, scopes, kinds, group, versions, after: _, limit: _ } = query;
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update(u64::try_from(bytes.len()).unwrap_or_default().to_le_bytes());
        hash.update(bytes);
    };
    part(order.mode().public_name().as_bytes());
    if let SortOrder::Near { to: [x, y, z], radius } = order {
        part(&[x, y, z, radius].map(|number| number.to_le_bytes()).concat());
    }
    // The rank of mode `ahead` is left out: that mode has no pages, and its cursor serves for `gone` alone.
    part(&versions.min.to_le_bytes());
    if versions.max != Versions::ALL.max {
        part(&versions.max.to_le_bytes());
    }
    part(group.as_ref().map_or("", GroupKey::as_str).as_bytes());
    part(&kinds.iter().flat_map(|kind| kind.code().to_le_bytes()).collect::<Vec<_>>());
    for scope in scopes {
        part(scope.as_str().as_bytes());
    }
    hex::of_bytes(hash.finalize().get(..DIGEST_BYTES).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{traces::TraceKind, worlds::ScopeKey};

    fn query(order: SortOrder, scope: &str) -> SearchQuery {
        SearchQuery {
            order,
            scopes: vec![ScopeKey::stored(scope)],
            kinds: TraceKind::ALL.to_vec(),
            group: None,
            versions: Versions { min: 0, max: i32::MAX },
            after: None,
            limit: 10,
        }
    }

    proptest! {
        #[test]
        fn a_written_cursor_reads_as_it_was(seq in 0..i64::MAX, key in -1e15_f64..1e15, id: i64, ended: bool) {
            let cursor = Cursor::of(&query(SortOrder::Top, "a"), seq, ended.then_some(Position { key, id }));
            prop_assert_eq!(Cursor::parse(&cursor.to_string()), Ok(cursor));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9a-f.-]{0,60}") {
            if let Ok(cursor) = Cursor::parse(&text) {
                prop_assert!(cursor.position.is_none_or(|position| position.key.is_finite()));
            }
        }
    }

    #[test]
    fn a_cursor_goes_with_its_query() {
        let near = |radius| SortOrder::Near { to: [1.0, 2.0, 3.0], radius };
        let cursor = Cursor::of(&query(near(5.0), "a"), 7, None);
        let longer = SearchQuery { limit: 900, ..query(near(5.0), "a") };
        assert!(cursor.is_of(&longer));
        for other in [query(near(6.0), "a"), query(near(5.0), "b"), query(SortOrder::Top, "a")] {
            assert!(!cursor.is_of(&other), "{other:?}");
        }
    }

    #[test]
    fn whatever_else_is_asked_is_another_query() {
        let asked = query(SortOrder::Recent, "a");
        let cursor = Cursor::of(&asked, 7, None);
        let group = GroupKey::parse("us").ok();
        let scopes = ["a", "b"].map(ScopeKey::stored).to_vec();
        for other in [
            SearchQuery { group, ..asked.clone() },
            SearchQuery { versions: Versions { min: 1, max: i32::MAX }, ..asked.clone() },
            SearchQuery { versions: Versions { min: 0, max: 1 }, ..asked.clone() },
            SearchQuery { kinds: vec![TraceKind::Message], ..asked.clone() },
            SearchQuery { scopes, ..asked },
        ] {
            assert!(!cursor.is_of(&other), "{other:?}");
        }
    }

    #[test]
    fn an_invalid_cursor_is_refused() {
        for no in ["", "7", "abcdefgh.", "abcdefgh.-1", "abcdefgh.1.0", "abcdefgh.1.7ff0000000000000.1", "a.1.0.1.1"] {
            assert_eq!(Cursor::parse(no), Err("is no `next` of a page".to_owned()), "{no}");
        }
    }
}
