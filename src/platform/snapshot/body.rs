//! The body of a snapshot: gzip is made at once, the uncompressed form on the first request for it.

use std::sync::OnceLock;

use bytes::{Bytes, BytesMut};

use super::list::List;
use crate::platform::codec::deflate::Member;

/// A response body in both encodings.
#[derive(Debug)]
pub struct Body {
    gzip: Bytes,
    identity: OnceLock<Bytes>,
    length: usize,
    crc: u32,
}

impl Body {
    /// `{"<name>":[<rows>],…}`.
    #[must_use]
    pub fn assemble(lists: &[(&str, &List)]) -> Self {
        let chunks = lists.iter().flat_map(|(_, list)| list.chunks());
        let mut member = Member::with_capacity(chunks.map(|chunk| chunk.segment().deflated().len() + 8).sum());
        let mut length = 0;
        each_piece(lists, |piece| match piece {
            Piece::Glue(text) => {
                length += text.len();
                member.glue(text.as_bytes());
            }
            Piece::Chunk(chunk) => {
                length += chunk.segment().raw().len();
                member.segment(chunk.segment());
            }
        });
        let (gzip, crc) = member.finish();
        Self { gzip, identity: OnceLock::new(), length, crc }
    }

    /// The body, gzipped.
    #[must_use]
    pub fn gzip(&self) -> &Bytes {
        &self.gzip
    }

    /// The uncompressed body, made from the same `lists` on the first call.
    pub fn identity(&self, lists: &[(&str, &List)]) -> &Bytes {
        self.identity.get_or_init(|| {
            let mut out = BytesMut::with_capacity(self.length);
            each_piece(lists, |piece| match piece {
                Piece::Glue(text) => out.extend_from_slice(text.as_bytes()),
                Piece::Chunk(chunk) => out.extend_from_slice(chunk.segment().raw()),
            });
            out.freeze()
        })
    }

    /// The length of the uncompressed body, in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// CRC-32 of the uncompressed body.
    #[must_use]
    pub fn crc(&self) -> u32 {
        self.crc
    }
}

enum Piece<'a> {
    Glue(&'a str),
    Chunk(&'a super::list::Chunk),
}

/// Both encodings are made of the same pieces in the same order.
fn each_piece(lists: &[(&str, &List)], mut take: impl FnMut(Piece<'_>)) {
    let mut opening = "{\"";
    for (name, list) in lists {
        take(Piece::Glue(&format!("{opening}{name}\":[")));
        for (position, chunk) in list.chunks().iter().enumerate() {
            if position > 0 {
                take(Piece::Glue(","));
            }
            take(Piece::Chunk(chunk));
        }
        take(Piece::Glue("]"));
        opening = ",\"";
    }
    take(Piece::Glue("}"));
}
