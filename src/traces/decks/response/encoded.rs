//! Decks as responses that are ready to send: the body gzipped and as it is, with its headers.

use bytes::{Bytes, BytesMut};

use crate::{
    http::{
        cacheable::{Audience, BytesResponse, CACHE_HEADERS_BYTES, CacheHeaders},
        header_lines::HeaderLines,
    },
    platform::codec::{
        deflate::{Member, Segment},
        json,
    },
    traces::decks::model::{DeckHead, WorldName},
};

/// What follows the traces in a body.
const TAIL: &str = "]}";

/// A deck as it is sent.
#[derive(Debug)]
pub struct EncodedDeck {
    content: Encoded,
    /// The traces as JSON with commas between, compressed: responses with several scopes are assembled of these.
    traces: Segment,
}

impl EncodedDeck {
    /// The approximate size in memory of the headers, in bytes.
    pub const HEADERS_BYTES: usize = CACHE_HEADERS_BYTES;

    /// Encodes a deck; `traces` are its traces as JSON with commas between, compressed.
    #[must_use]
    pub fn new(head: &DeckHead, deck: usize, traces: Segment) -> Self {
        let content = Encoded::new(&format!("{deck}-"), &beginning(head, deck), [&traces]);
        Self { content, traces }
    }

    /// The response to a request with these headers.
    #[inline]
    pub fn respond(&self, audience: Audience, request: &HeaderLines<'_>) -> BytesResponse {
        let Encoded { headers, gzip, identity } = &self.content;
        headers.answer(audience, request, || gzip.clone(), || identity.clone())
    }
}

/// The response with the decks of several scopes as one, to a request with these headers; `head` and `deck` are those of
/// the first.
pub fn respond_merged(
    head: &DeckHead,
    deck: usize,
    decks: &[&EncodedDeck],
    audience: Audience,
    request: &HeaderLines<'_>,
) -> BytesResponse {
    let segments = decks.iter().map(|deck| &deck.traces);
    let Encoded { headers, gzip, identity } = Encoded::new("m", &beginning(head, deck), segments);
    headers.answer(audience, request, || gzip, || identity)
}

/// The beginning of a body, up to the traces.
fn beginning(head: &DeckHead, deck: usize) -> String {
    let DeckHead { name: WorldName { game, environment }, scope, deck_count, revision, refresh_s } = head;
    let (game, scope) = (json::quoted(game), json::quoted(scope));
    format!(
        r#"{{"game":{game},"environment":"{environment}","scope":{scope},"deck":{deck},"deck_count":{deck_count},"revision":"{revision}","refresh_s":{refresh_s},"traces":["#
    )
}

/// A body in both encodings, with its headers.
#[derive(Debug)]
struct Encoded {
    headers: CacheHeaders,
    gzip: Bytes,
    identity: Bytes,
}

impl Encoded {
    /// The body made of its beginning, the segments with commas between, and [`TAIL`]. The ETag begins with `tag_prefix`.
    fn new<'a>(tag_prefix: &str, beginning: &str, segments: impl IntoIterator<Item = &'a Segment>) -> Self {
        let segments: Vec<&Segment> = segments.into_iter().filter(|segment| !segment.raw().is_empty()).collect();
        let length: usize = segments.iter().map(|segment| segment.deflated().len() + 8).sum();
        let mut member = Member::with_capacity(beginning.len() + length + 64);
        let mut identity = BytesMut::from(beginning);
        member.glue(beginning.as_bytes());
        for (at, segment) in segments.into_iter().enumerate() {
            if at > 0 {
                member.glue(b",");
                identity.extend_from_slice(b",");
            }
            member.segment(segment);
            identity.extend_from_slice(segment.raw());
        }
        member.glue(TAIL.as_bytes());
        identity.extend_from_slice(TAIL.as_bytes());
        let (gzip, crc) = member.finish();
        let name = format!("{tag_prefix}{:08x}{crc:08x}", identity.len());
        let headers = CacheHeaders::new(&name, "application/json", "no-cache", gzip.len(), identity.len());
        Self { headers, gzip, identity: identity.freeze() }
    }
}
