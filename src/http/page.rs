//! What a page of a list is asked for: `?after=` and `?limit=`.

use poem::http::Uri;

use super::params;
use crate::platform::error::Fault;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<T> {
    /// Behind this one: `next` of the page before; nothing for the first page.
    pub after: Option<T>,
    /// So many items at most.
    pub limit: usize,
}

/// What is asked for: the first `usual` items where nothing is said, never more than `most`; `parse` says in words what is
/// wrong with `after`.
///
/// # Errors
/// Each fault.
pub fn asked<T>(
    uri: &Uri,
    [usual, most]: [usize; 2],
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Asked<T>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut query = |name| params::query(uri, name).map_err(|fault| faults.push(fault)).unwrap_or_default();
    let (after, limit) = (query("after"), query("limit"));
    let after = if after.is_empty() { Ok(None) } else { parse(&after).map(Some) };
    let limit = match limit.parse() {
        _ if limit.is_empty() => Ok(usual),
        Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(format!("must be 1 to {most}")),
    };
    match (after, limit) {
        (Ok(after), Ok(limit)) if faults.is_empty() => Ok(Asked { after, limit }),
        (after, limit) => {
            faults.extend(after.err().map(|detail| Fault::new("?after", detail)));
            faults.extend(limit.err().map(|detail| Fault::new("?limit", detail)));
            Err(faults)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_in(query: &str) -> Result<(Option<i64>, usize), Vec<String>> {
        let uri: Uri = format!("/v1/inbox{query}").parse().unwrap();
        let number = |text: &str| text.parse().map_err(|_| "must be a number".to_owned());
        let said = |fault: Fault| format!("{} {}", fault.pointer, fault.detail);
        asked(&uri, [50, 100], number)
            .map(|asked| (asked.after, asked.limit))
            .map_err(|faults| faults.into_iter().map(said).collect())
    }

    #[test]
    fn a_page_is_asked_for_and_each_fault_named() {
        assert_eq!(asked_in(""), Ok((None, 50)));
        assert_eq!(asked_in("?after=&limit="), Ok((None, 50)));
        assert_eq!(asked_in("?after=7&limit=100"), Ok((Some(7), 100)));
        assert_eq!(
            asked_in("?after=x&limit=0"),
            Err(vec!["?after must be a number".into(), "?limit must be 1 to 100".into()])
        );
        assert_eq!(asked_in("?limit=101"), Err(vec!["?limit must be 1 to 100".into()]));
        assert_eq!(asked_in("?limit=1&limit=2"), Err(vec!["?limit is there more than once".into()]));
    }
}
