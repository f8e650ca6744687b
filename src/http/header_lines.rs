//! The headers that are looked at in every request, found in one pass: most requests have few headers, and comparing the names of
//! each costs less than hashing every name that is looked for.

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::envelope::REQUEST_ID;

/// The header that carries a key.
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// With more headers than this, hashes cost less.
const FEW: usize = 16;

/// The lines of a header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lines<'a> {
    /// None.
    #[default]
    Missing,
    /// One.
    One(&'a HeaderValue),
    /// More than one; this is the first.
    Several(&'a HeaderValue),
}

impl<'a> Lines<'a> {
    /// The first line.
    #[inline]
    #[must_use]
    pub fn first(self) -> Option<&'a HeaderValue> {
        match self {
            Self::Missing => None,
            Self::One(line) | Self::Several(line) => Some(line),
        }
    }

    #[inline]
    fn add(&mut self, line: &'a HeaderValue) {
        *self = match *self {
            Self::Missing => Self::One(line),
            Self::One(first) | Self::Several(first) => Self::Several(first),
        };
    }

    fn by_hash(headers: &'a HeaderMap, name: &HeaderName) -> Self {
        let mut all = headers.get_all(name).iter();
        let mut lines = Self::Missing;
        all.by_ref().take(2).for_each(|line| lines.add(line));
        lines
    }
}

/// The headers of a request that are looked at in every request.
#[derive(Clone, Copy, Debug)]
pub struct HeaderLines<'a> {
    /// All headers.
    pub all: &'a HeaderMap,
    /// `Host`.
    pub host: Lines<'a>,
    /// `Accept-Encoding`.
    pub accept_encoding: Lines<'a>,
    /// `If-None-Match`.
    pub if_none_match: Lines<'a>,
    /// `If-Match`.
    pub if_match: Lines<'a>,
    /// `Origin`.
    pub origin: Lines<'a>,
    /// `X-Request-Id`.
    pub request_id: Lines<'a>,
    /// `X-API-Key`.
    pub api_key: Lines<'a>,
}

impl<'a> HeaderLines<'a> {
    /// Those of a request with these headers.
    #[must_use]
    pub fn of(all: &'a HeaderMap) -> Self {
        let none = Lines::Missing;
        let mut found = Self {
            all,
            host: none,
            accept_encoding: none,
            if_none_match: none,
            if_match: none,
            origin: none,
            request_id: none,
            api_key: none,
        };
        if all.len() > FEW {
            for name in Self::NAMES {
                if let Some(lines) = found.of_name(&name) {
                    *lines = Lines::by_hash(all, &name);
                }
            }
            return found;
        }
        for (name, line) in all {
            if let Some(lines) = found.of_name(name) {
                lines.add(line);
            }
        }
        found
    }

    const NAMES: [HeaderName; 7] = [
        header::HOST,
        header::ACCEPT_ENCODING,
        header::IF_NONE_MATCH,
        header::IF_MATCH,
        header::ORIGIN,
        REQUEST_ID,
        API_KEY,
    ];

    #[inline]
    fn of_name(&mut self, name: &HeaderName) -> Option<&mut Lines<'a>> {
        Some(match *name {
            header::HOST => &mut self.host,
            header::ACCEPT_ENCODING => &mut self.accept_encoding,
            header::IF_NONE_MATCH => &mut self.if_none_match,
            header::IF_MATCH => &mut self.if_match,
            header::ORIGIN => &mut self.origin,
            ref own if *own == API_KEY => &mut self.api_key,
            ref own if *own == REQUEST_ID => &mut self.request_id,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_among_few_and_many() {
        let (one, two) = (HeaderValue::from_static("1"), HeaderValue::from_static("2"));
        let mut headers = HeaderMap::new();
        for filler in 0..=FEW + 1 {
            let mut with = headers.clone();
            for name in HeaderLines::NAMES {
                with.append(name, one.clone());
            }
            with.append(header::IF_NONE_MATCH, two.clone());
            let lines = HeaderLines::of(&with);
            assert_eq!(lines.if_none_match, Lines::Several(&one));
            for lines in
                [lines.host, lines.accept_encoding, lines.if_match, lines.origin, lines.request_id, lines.api_key]
            {
                assert_eq!(lines, Lines::One(&one), "{filler}");
            }
            let lines = HeaderLines::of(&headers);
            for lines in [lines.host, lines.if_none_match, lines.request_id, lines.api_key] {
                assert_eq!(lines, Lines::Missing, "{filler}");
            }
            headers.insert(HeaderName::try_from(format!("x-{filler}")).unwrap(), two.clone());
        }
    }
}
