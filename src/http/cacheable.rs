//! Answers that can be revalidated: negotiated gzip, ETag, 304.

use std::sync::OnceLock;

use bytes::Bytes;
use poem::{
    Response,
    http::{self, HeaderMap, HeaderValue, StatusCode, header},
};

use super::envelope;

/// What may keep an answer to a caller who shows a key, and how.
pub const PRIVATE: &str = "private, no-cache";

/// An answer that is made already, without a box around its body.
pub type BytesResponse = http::Response<Bytes>;

/// The same, as the framework has it.
pub fn to_poem(answer: BytesResponse) -> Response {
    let (parts, body) = answer.into_parts();
    let mut response = Response::builder().status(parts.status).body(body);
    *response.headers_mut() = parts.headers;
    response
}

/// Whose an answer is.
#[derive(Clone, Copy, Debug)]
pub enum Audience {
    /// Anybody's.
    Public,
    /// That of who shows the same key.
    KeyHolder,
}

/// What a cacheable content says of itself, made once: its headers stand ready, and answering copies them.
#[derive(Clone, Debug)]
pub struct CacheHeaders {
    identity_tag: HeaderValue,
    identity_length: HeaderValue,
    gzip_tag: HeaderValue,
    for_all: Heads,
    /// BytesResponse when the first key is shown.
    for_one_key: OnceLock<Box<Heads>>,
}

#[derive(Clone, Debug)]
struct Heads {
    /// The headers of the gzipped body,
    whole: HeaderMap,
    /// and those of the answer that it is unchanged.
    unchanged: HeaderMap,
}

impl Heads {
    fn for_one_key(&self) -> Self {
        let mut heads = self.clone();
        for headers in [&mut heads.whole, &mut heads.unchanged] {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(PRIVATE));
            headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding, X-API-Key"));
        }
        heads
    }
}

/// What the headers of one content take in memory, roughly, with those for keys.
pub const CACHE_HEADERS_BYTES: usize = 4096;

impl CacheHeaders {
    /// For the content that `name` names. A name that is no header's would make a tag that is none; ours have neither
    /// spaces nor quotes.
    #[must_use]
    pub fn new(
        name: &str,
        content_type: &'static str,
        cache_control: &'static str,
        gzip_length: usize,
        identity_length: usize,
    ) -> Self {
        let tag = |text: String| HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("\"\""));
        let gzip_tag = tag(format!("\"{name}-gz\""));
        let mut unchanged = HeaderMap::with_capacity(8);
        // Its place, where the envelope looks for it: a header more would make each copy of the map grow.
        unchanged.insert(envelope::REQUEST_ID, HeaderValue::from_static(""));
        unchanged.insert(header::ETAG, gzip_tag.clone());
        unchanged.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
        unchanged.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        let mut whole = unchanged.clone();
        whole.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        whole.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        // Said here, because a HEAD has no body to count.
        whole.insert(header::CONTENT_LENGTH, gzip_length.into());
        Self {
            identity_tag: tag(format!("\"{name}\"")),
            identity_length: identity_length.into(),
            gzip_tag,
            for_all: Heads { whole, unchanged },
            for_one_key: OnceLock::new(),
        }
    }

    /// The answer to a request with these headers; a body is asked for only when it is sent.
    pub fn answer(
        &self,
        audience: Audience,
        request: &HeaderMap,
        gzip: impl FnOnce() -> Bytes,
        identity: impl FnOnce() -> Bytes,
    ) -> BytesResponse {
        let gzipped = accepts_gzip(request);
        let tag = if gzipped { &self.gzip_tag } else { &self.identity_tag };
        // Mostly there is none, or one.
        let unchanged = request.contains_key(header::IF_NONE_MATCH)
            && request.get_all(header::IF_NONE_MATCH).iter().any(|sent| names(sent, tag.as_bytes()));
        let heads = match audience {
            Audience::Public => &self.for_all,
            Audience::KeyHolder => self.for_one_key.get_or_init(|| Box::new(self.for_all.for_one_key())),
        };
        let body = match (unchanged, gzipped) {
            (true, _) => Bytes::new(),
            (false, true) => gzip(),
            (false, false) => identity(),
        };
        let mut answer = BytesResponse::new(body);
        let headers = answer.headers_mut();
        (if unchanged { &heads.unchanged } else { &heads.whole }).clone_into(headers);
        if !gzipped {
            headers.insert(header::ETAG, tag.clone());
            if headers.remove(header::CONTENT_ENCODING).is_some() {
                headers.insert(header::CONTENT_LENGTH, self.identity_length.clone());
            }
        }
        if unchanged {
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
        }
        answer
    }
}

/// The same for an answer that never changes.
pub const PRIVATE_IMMUTABLE: &str = "private, max-age=31536000, immutable";

/// A content that never changes, for callers who show a key.
#[derive(Debug)]
pub struct Immutable<'a> {
    /// Names its bytes.
    pub name: &'a str,
    /// What it is.
    pub content_type: &'static str,
    /// Whether its bytes are gzipped, because the caller accepts that.
    pub gzipped: bool,
}

impl Immutable<'_> {
    fn tag(&self) -> String {
        let coding = if self.gzipped { "-gz" } else { "" };
        format!("\"{}{coding}\"", self.name)
    }

    /// Whether the caller has it already.
    #[must_use]
    pub fn is_not_modified(&self, request: &HeaderMap) -> bool {
        let tag = self.tag();
        request.get_all(header::IF_NONE_MATCH).iter().any(|sent| names(sent, tag.as_bytes()))
    }

    /// The answer: 304 where there are no bytes.
    pub fn answer(&self, bytes: Option<Bytes>) -> Response {
        let mut response = Response::builder()
            .header(header::ETAG, self.tag())
            .header(header::CACHE_CONTROL, PRIVATE_IMMUTABLE)
            .header(header::VARY, "Accept-Encoding, X-API-Key");
        let Some(bytes) = bytes else { return response.status(StatusCode::NOT_MODIFIED).finish() };
        if self.gzipped {
            response = response.header(header::CONTENT_ENCODING, "gzip");
        }
        // Said here, because a HEAD has no body to count.
        response.content_type(self.content_type).header(header::CONTENT_LENGTH, bytes.len()).body(bytes)
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
    // What many clients send.
    if request.get(header::ACCEPT_ENCODING).is_some_and(|sent| sent == "gzip") {
        return true;
    }
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
