//! Texts that are compressed once, and then answered from memory with ETag and 304.

use bytes::Bytes;
use poem::{Request, Response};

use super::{
    cacheable::{Audience, CacheHeaders, to_poem},
    document::VERSION,
    header_lines::{HeaderLines, Lines},
};
use crate::platform::codec::deflate::{Compressor, Content, Member};

/// A content in memory, as it is and gzipped.
#[derive(Debug)]
pub struct Rendered {
    identity: Bytes,
    gzip: Bytes,
    headers: CacheHeaders,
    /// Whether gzip makes it smaller: pictures and fonts are compressed by themselves.
    is_smaller: bool,
}

impl Rendered {
    /// Compresses a content, which takes a while: some ten milliseconds a megabyte.
    #[must_use]
    pub fn of(identity: Bytes, content_type: &'static str, cache_control: &'static str) -> Self {
        let mut member = Member::with_capacity(identity.len() / 3);
        member.segment(&Compressor::default().segment(identity.clone(), Content::Text));
        let (gzip, crc) = member.finish();
        let name = format!("{VERSION}-{crc:08x}");
        let headers = CacheHeaders::new(&name, content_type, cache_control, gzip.len(), identity.len());
        let is_smaller = gzip.len() < identity.len();
        Self { identity, gzip, headers, is_smaller }
    }

    /// The answer to a request.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Response {
        let mut lines = HeaderLines::of(request.headers());
        if !self.is_smaller {
            lines.accept_encoding = Lines::Missing;
        }
        to_poem(self.headers.answer(Audience::Public, &lines, || self.gzip.clone(), || self.identity.clone()))
    }
}
