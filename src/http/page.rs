//! The query parameters of a paged list: `?after=` and `?limit=`.

use poem::http::Uri;

use super::params;
use crate::platform::error::Fault;

/// Which page of a list is requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest<T> {
    /// The `next` of the page before; absent for the first page.
    pub after: Option<T>,
    /// Items at most.
    pub limit: usize,
}

impl<T> PageRequest<T> {
    /// Reads `?after=` and `?limit=`. `limit` is `default` where it is absent, and at most `max`; `parse` reads `after`
    /// and says what is wrong with it.
    ///
    /// # Errors
    /// Each fault.
    pub fn read(
        uri: &Uri,
        [default, max]: [usize; 2],
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut query = |name| params::query(uri, name).map_err(|fault| faults.push(fault)).unwrap_or_default();
        let (after, limit) = (query("after"), query("limit"));
        let after = if after.is_empty() { Ok(None) } else { parse(&after).map(Some) };
        let limit = match limit.parse() {
            _ if limit.is_empty() => Ok(default),
            Ok(limit) if (1..=max).contains(&limit) => Ok(limit),
            _ => Err(format!("must be 1 to {max}")),
        };
        match (after, limit) {
            (Ok(after), Ok(limit)) if faults.is_empty() => Ok(Self { after, limit }),
            (after, limit) => {
                faults.extend(after.err().map(|detail| Fault::new("?after", detail)));
                faults.extend(limit.err().map(|detail| Fault::new("?limit", detail)));
                Err(faults)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<(Option<i64>, usize), Vec<String>> {
        let uri: Uri = format!("/v1/inbox{query}").parse().unwrap();
        let number = |text: &str| text.parse().map_err(|_| "must be a number".to_owned());
        let in_words = |fault: Fault| format!("{} {}", fault.pointer, fault.detail);
        PageRequest::read(&uri, [50, 100], number)
            .map(|page| (page.after, page.limit))
            .map_err(|faults| faults.into_iter().map(in_words).collect())
    }

    #[test]
    fn a_page_request_is_read_and_each_fault_named() {
        assert_eq!(read(""), Ok((None, 50)));
        assert_eq!(read("?after=&limit="), Ok((None, 50)));
        assert_eq!(read("?after=7&limit=100"), Ok((Some(7), 100)));
        assert_eq!(
            read("?after=x&limit=0"),
            Err(vec!["?after must be a number".into(), "?limit must be 1 to 100".into()])
        );
        assert_eq!(read("?limit=101"), Err(vec!["?limit must be 1 to 100".into()]));
        assert_eq!(read("?limit=1&limit=2"), Err(vec!["?limit is there more than once".into()]));
    }
}
