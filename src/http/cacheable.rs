//! Answers that can be revalidated: negotiated gzip, ETag, 304.

use bytes::Bytes;
use poem::{
    Response,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};

/// The tags of a content in both encodings.
#[derive(Clone, Debug)]
pub struct Tags {
    identity: Bytes,
    gzip: Bytes,
}

impl Tags {
    /// Of the content that `name` names.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self { identity: format!("\"{name}\"").into(), gzip: format!("\"{name}-gz\"").into() }
    }
}

/// A body in both encodings, with the tag of each.
#[derive(Clone, Debug)]
pub struct Cacheable<I> {
    /// The media type.
    pub content_type: &'static str,
    /// What may keep it, and how.
    pub cache_control: &'static str,
    /// Its tags.
    pub tags: Tags,
    /// The gzipped body.
    pub gzip: Bytes,
    /// The body as it is, made when it is needed.
    pub identity: I,
}

impl<I: FnOnce() -> Bytes> Cacheable<I> {
    /// The answer to a request with these headers.
    pub fn answer(self, request: &HeaderMap) -> Response {
        let gzip = accepts_gzip(request);
        let tag = if gzip { self.tags.gzip } else { self.tags.identity };
        let unchanged = request.get_all(header::IF_NONE_MATCH).iter().any(|sent| names(sent, &tag));
        let mut response = Response::default();
        let headers = response.headers_mut();
        headers.reserve(8);
        // A name that is no header's would make a tag that is none; ours have neither spaces nor quotes.
        if let Ok(tag) = HeaderValue::from_maybe_shared(tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache_control));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if unchanged {
            response.set_status(StatusCode::NOT_MODIFIED);
            return response;
        }
        let body = if gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            self.gzip
        } else {
            (self.identity)()
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        // Said here, because a HEAD has no body to count.
        headers.insert(header::CONTENT_LENGTH, body.len().into());
        response.set_body(body);
        response
    }
}

/// Whether an `If-None-Match` names this tag, or any (RFC 9110, 13.1.2: compared weakly).
fn names(sent: &HeaderValue, tag: &[u8]) -> bool {
    // What most clients send.
    if sent.as_bytes() == tag {
        return true;
    }
    let sent = sent.to_str().unwrap_or_default();
    let is_it = |one: &str| one == "*" || one.strip_prefix("W/").unwrap_or(one).as_bytes() == tag;
    sent.split(',').map(str::trim).any(is_it)
}

/// Whether the client takes gzip: it must say so (RFC 9110, 12.5.3), since some engines can't decode it.
#[must_use]
pub fn accepts_gzip(request: &HeaderMap) -> bool {
    let mut any = false;
    for sent in request.get_all(header::ACCEPT_ENCODING) {
        for choice in sent.to_str().unwrap_or_default().split(',') {
            let mut parts = choice.split(';').map(str::trim);
            let coding = parts.next().unwrap_or_default();
            let refused = parts
                .filter_map(|parameter| parameter.split_once('='))
                .any(|(name, value)| name.trim().eq_ignore_ascii_case("q") && value.trim().parse() == Ok(0.0_f32));
            if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") {
                return !refused;
            }
            any |= coding == "*" && !refused;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(sent: &'static str) -> bool {
        accepts_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(sent))]))
    }

    #[test]
    fn gzip_goes_only_to_those_who_say_so() {
        assert!(!accepts_gzip(&HeaderMap::new()));
        for yes in ["gzip", "GZIP", "deflate, gzip;q=0.5", "*", "br;q=1.0, *;q=0.1", "x-gzip"] {
            assert!(accepts(yes), "{yes}");
        }
        for no in ["", "identity", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "gzip;q=0, *"] {
            assert!(!accepts(no), "{no}");
        }
    }

    #[test]
    fn a_tag_is_found_in_a_list_and_weak() {
        for sent in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert!(names(&HeaderValue::from_static(sent), b"\"a\""), "{sent}");
        }
        assert!(!names(&HeaderValue::from_static("\"b\", \"a-gz\""), b"\"a\""));
    }
}
