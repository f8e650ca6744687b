//! Cacheable responses: gzip where it is accepted, ETag, 304.

use std::sync::OnceLock;

use bytes::Bytes;
use poem::{
    Response,
    http::{self, HeaderMap, HeaderValue, StatusCode, header},
};

use super::{
    envelope,
    header_lines::{HeaderLines, Lines},
};

/// `Cache-Control` of a response to a caller who sent a key.
pub const PRIVATE: &str = "private, no-cache";

/// A response whose body is in memory, without the framework's box around it.
pub type BytesResponse = http::Response<Bytes>;

/// Converts it to the framework's response.
pub fn to_poem(response: BytesResponse) -> Response {
    let (parts, body) = response.into_parts();
    let mut response = Response::builder().status(parts.status).body(body);
    *response.headers_mut() = parts.headers;
    response
}

/// Who may see a response.
#[derive(Clone, Copy, Debug)]
pub enum Audience {
    /// Anybody.
    Public,
    /// Callers who send the same key.
    KeyHolder,
}

/// The headers of a cacheable content. They are made once; each response copies them.
#[derive(Clone, Debug)]
pub struct CacheHeaders {
    identity_tag: HeaderValue,
    identity_length: HeaderValue,
    gzip_tag: HeaderValue,
    public: HeaderSets,
    /// Made for the first caller who sends a key.
    key_holder: OnceLock<Box<HeaderSets>>,
}

#[derive(Clone, Debug)]
struct HeaderSets {
    /// The headers of a 200 with the gzipped body.
    ok: HeaderMap,
    /// The headers of a 304.
    not_modified: HeaderMap,
}

impl HeaderSets {
    fn for_key_holder(&self) -> Self {
        let mut sets = self.clone();
        for headers in [&mut sets.ok, &mut sets.not_modified] {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(PRIVATE));
            headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding, X-API-Key"));
        }
        sets
    }
}

/// The approximate size in memory of the headers of one content, those for callers with a key included.
pub const CACHE_HEADERS_BYTES: usize = 4096;

impl CacheHeaders {
    /// The headers of a content. `name` identifies its bytes and becomes the ETag; it must not contain spaces or
    /// quotes. The lengths are in bytes.
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
        let mut not_modified = HeaderMap::with_capacity(8);
        // Reserves the first place, where the envelope writes the id: inserting one more header would make each copy
        // grow.
        not_modified.insert(envelope::REQUEST_ID, HeaderValue::from_static(""));
        not_modified.insert(header::ETAG, gzip_tag.clone());
        not_modified.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
        not_modified.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        let mut ok = not_modified.clone();
        ok.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        ok.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        // Set here, because the response to a HEAD has no body to count.
        ok.insert(header::CONTENT_LENGTH, gzip_length.into());
        Self {
            identity_tag: tag(format!("\"{name}\"")),
            identity_length: identity_length.into(),
            gzip_tag,
            public: HeaderSets { ok, not_modified },
            key_holder: OnceLock::new(),
        }
    }

    /// The response to a request with these headers. `gzip` and `identity` are called only where their body is sent.
    pub fn answer(
        &self,
        audience: Audience,
        request: &HeaderLines<'_>,
        gzip: impl FnOnce() -> Bytes,
        identity: impl FnOnce() -> Bytes,
    ) -> BytesResponse {
        let gzipped = accepts_gzip(request);
        let tag = if gzipped { &self.gzip_tag } else { &self.identity_tag };
        let unchanged = matches(request, tag.as_bytes());
        let sets = match audience {
            Audience::Public => &self.public,
            Audience::KeyHolder => self.key_holder.get_or_init(|| Box::new(self.public.for_key_holder())),
        };
        let body = match (unchanged, gzipped) {
            (true, _) => Bytes::new(),
            (false, true) => gzip(),
            (false, false) => identity(),
        };
        let mut response = BytesResponse::new(body);
        let headers = response.headers_mut();
        (if unchanged { &sets.not_modified } else { &sets.ok }).clone_into(headers);
        if !gzipped {
            headers.insert(header::ETAG, tag.clone());
            if headers.remove(header::CONTENT_ENCODING).is_some() {
                headers.insert(header::CONTENT_LENGTH, self.identity_length.clone());
            }
        }
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        response
    }
}

/// [`PRIVATE`], for a content that never changes.
pub const PRIVATE_IMMUTABLE: &str = "private, max-age=31536000, immutable";

/// A content that never changes, for callers who sent a key.
#[derive(Debug)]
pub struct Immutable<'a> {
    /// Identifies its bytes.
    pub name: &'a str,
    /// Its media type.
    pub content_type: &'static str,
    /// Whether its bytes are gzipped, because the caller accepts that.
    pub gzipped: bool,
}

impl Immutable<'_> {
    fn tag(&self) -> String {
        let coding = if self.gzipped { "-gz" } else { "" };
        format!("\"{}{coding}\"", self.name)
    }

    /// Whether the caller has it already, by `If-None-Match`.
    #[must_use]
    pub fn is_not_modified(&self, request: &HeaderLines<'_>) -> bool {
        matches(request, self.tag().as_bytes())
    }

    /// The response: 304 where there are no bytes.
    pub fn answer(&self, bytes: Option<Bytes>) -> Response {
        let mut response = Response::builder()
            .header(header::ETAG, self.tag())
            .header(header::CACHE_CONTROL, PRIVATE_IMMUTABLE)
            .header(header::VARY, "Accept-Encoding, X-API-Key");
        let Some(bytes) = bytes else { return response.status(StatusCode::NOT_MODIFIED).finish() };
        if self.gzipped {
            response = response.header(header::CONTENT_ENCODING, "gzip");
        }
        // Set here, because the response to a HEAD has no body to count.
        response.content_type(self.content_type).header(header::CONTENT_LENGTH, bytes.len()).body(bytes)
    }
}

/// Whether a request has this tag already, by `If-None-Match`.
pub(super) fn matches(request: &HeaderLines<'_>, tag: &[u8]) -> bool {
    match request.if_none_match {
        Lines::Missing => false,
        Lines::One(sent) => matches_tag(sent, tag),
        Lines::Several(_) => request.all.get_all(header::IF_NONE_MATCH).iter().any(|sent| matches_tag(sent, tag)),
    }
}

/// Whether an `If-None-Match` lists this tag, or is `*` (RFC 9110, 13.1.2: compared weakly).
fn matches_tag(sent: &HeaderValue, tag: &[u8]) -> bool {
    // What most clients send.
    if sent.as_bytes() == tag {
        return true;
    }
    let sent = sent.to_str().unwrap_or_default();
    let matches = |listed: &str| listed == "*" || listed.strip_prefix("W/").unwrap_or(listed).as_bytes() == tag;
    sent.split(',').map(str::trim).any(matches)
}

/// Whether the client accepts gzip: it must say so (RFC 9110, 12.5.3), since some engines can't decode it.
#[must_use]
pub fn accepts_gzip(request: &HeaderLines<'_>) -> bool {
    let mut any = false;
    let lines = match request.accept_encoding {
        Lines::Missing => return false,
        // What many clients send.
        Lines::One(sent) if sent == "gzip" => return true,
        Lines::One(_) | Lines::Several(_) => request.all.get_all(header::ACCEPT_ENCODING),
    };
    for sent in lines {
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
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(sent))]);
        accepts_gzip(&HeaderLines::of(&headers))
    }

    #[test]
    fn gzip_is_sent_only_where_it_is_accepted() {
        assert!(!accepts_gzip(&HeaderLines::of(&HeaderMap::new())));
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
            assert!(matches_tag(&HeaderValue::from_static(sent), b"\"a\""), "{sent}");
        }
        assert!(!matches_tag(&HeaderValue::from_static("\"b\", \"a-gz\""), b"\"a\""));
    }
}
