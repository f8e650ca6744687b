//! The query parameters of a paged list: `?after=` and `?limit=`.

use std::marker::PhantomData;

use super::{
    declaration::{Param, Values},
    params::{QueryParams, QueryReader},
};

/// A list that is read in pages.
pub trait Paged: Send + Sync + 'static {
    /// A place in the list.
    type Cursor: Send;
    /// The items of a page where the request does not say.
    const DEFAULT_LIMIT: usize;
    /// The most items of a page.
    const MAX_LIMIT: usize;
    /// A cursor, as the API document shows it.
    const EXAMPLE_CURSOR: &'static str;
    /// The most bytes of a cursor.
    const CURSOR_BYTES: usize = 64;

    /// The cursor that a client sent, or what is wrong with it.
    ///
    /// # Errors
    /// It is none.
    fn parse(cursor: &str) -> Result<Self::Cursor, String>;
}

/// Which page of a list is requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest<L: Paged> {
    /// The `next` of the page before; absent for the first page.
    pub after: Option<L::Cursor>,
    /// Items at most.
    pub limit: usize,
    list: PhantomData<fn() -> L>,
}

impl<L: Paged> QueryParams for PageRequest<L> {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let after = Param {
            name: "after",
            about: "The `next` of the page before. Absent: from the start.",
            values: Values::Text { max_bytes: L::CURSOR_BYTES },
            example: L::EXAMPLE_CURSOR,
        };
        let bound = |limit: usize| i64::try_from(limit).unwrap_or(i64::MAX);
        let limit = Param {
            name: "limit",
            about: "The most items on the page.",
            values: Values::Integer { min: 1, max: bound(L::MAX_LIMIT), default: Some(bound(L::DEFAULT_LIMIT)) },
            example: "50",
        };
        let after = reader.optional(&after, L::parse);
        let limit = reader.integer(&limit).and_then(|limit| usize::try_from(limit).ok());
        Some(Self { after, limit: limit.unwrap_or(L::DEFAULT_LIMIT), list: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    use poem::http::Uri;

    use super::*;
    use crate::{http::params, platform::error::Fault};

    struct Numbers;

    impl Paged for Numbers {
        type Cursor = i64;
        const DEFAULT_LIMIT: usize = 50;
        const MAX_LIMIT: usize = 100;
        const EXAMPLE_CURSOR: &'static str = "7";

        fn parse(cursor: &str) -> Result<i64, String> {
            cursor.parse().map_err(|_| "must be a number".to_owned())
        }
    }

    fn read(query: &str) -> Result<(Option<i64>, usize), Vec<String>> {
        let uri: Uri = format!("/v1/inbox{query}").parse().unwrap();
        let in_words = |fault: Fault| format!("{} {}", fault.pointer, fault.detail);
        params::read::<PageRequest<Numbers>>(&uri)
            .map(|page| (page.after, page.limit))
            .map_err(|faults| faults.into_iter().map(in_words).collect())
    }

    #[test]
    fn a_page_request_is_read_and_each_fault_named() {
        assert_eq!(read(""), Ok((None, 50)));
        assert_eq!(read("?after=&limit="), Ok((None, 50)));
        assert_eq!(read("?after=7&limit=100"), Ok((Some(7), 100)));
        let limit = "?limit must be an integer of 1 to 100";
        assert_eq!(read("?after=x&limit=0"), Err(vec!["?after must be a number".into(), limit.into()]));
        assert_eq!(read("?limit=101"), Err(vec![limit.into()]));
        assert_eq!(read("?limit=1&limit=2"), Err(vec!["?limit is there more than once".into()]));
    }

    #[test]
    fn its_parameters_are_declared_with_their_bounds() {
        let declared = params::declared::<PageRequest<Numbers>>();
        assert_eq!(declared.iter().map(|param| param.name).collect::<Vec<_>>(), ["after", "limit"]);
        let bounds = declared.iter().filter_map(|param| match param.values {
            Values::Integer { min, max, default } => Some((min, max, default)),
            _ => None,
        });
        assert_eq!(bounds.collect::<Vec<_>>(), [(1, 100, Some(50))]);
    }
}
