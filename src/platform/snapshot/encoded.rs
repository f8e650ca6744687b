//! Encoded snapshots, by which instances share them through the cache: lists with their compressed chunks, so that the
//! receiver need not compress anything.
//!
//! Little-endian: a version byte, the revision (8 bytes), the number of lists (4); for each list the number of chunks
//! (4); for each chunk the number of rows (4), each row's id (8) and length (4), the length of the compressed bytes (4)
//! and the bytes. What can't be decoded is treated as absent.

use bytes::{Buf, BufMut, Bytes, BytesMut};

use super::list::{List, Part};

const VERSION: u8 = 1;

/// Encodes lists that are complete up to `revision`.
#[must_use]
pub fn encode(revision: i64, lists: &[&List]) -> Bytes {
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let mut out = BytesMut::new();
    out.put_u8(VERSION);
    out.put_i64_le(revision);
    out.put_u32_le(count(lists.len()));
    for list in lists {
        let parts = list.to_parts();
        out.put_u32_le(count(parts.len()));
        for part in parts {
            out.put_u32_le(count(part.rows.len()));
            for (id, length) in part.rows {
                out.put_i64_le(id);
                out.put_u32_le(count(length));
            }
            out.put_u32_le(count(part.deflated.len()));
            out.put_slice(&part.deflated);
        }
    }
    out.freeze()
}

/// Decodes a snapshot of `N` lists: its revision, and the lists.
#[must_use]
pub fn decode<const N: usize>(mut encoded: Bytes) -> Option<(i64, [List; N])> {
    if encoded.try_get_u8().ok()? != VERSION {
        return None;
    }
    let revision = encoded.try_get_i64_le().ok()?;
    let lists = counted(&mut encoded, |encoded| {
        let parts = counted(encoded, |encoded| {
            let rows = counted(encoded, |encoded| {
                Some((encoded.try_get_i64_le().ok()?, usize::try_from(encoded.try_get_u32_le().ok()?).ok()?))
            })?;
            let length = usize::try_from(encoded.try_get_u32_le().ok()?).ok()?;
            (length <= encoded.len()).then(|| Part { rows, deflated: encoded.split_to(length) })
        })?;
        List::from_parts(parts).ok()
    })?;
    Some((revision, lists.try_into().ok()?))
}

fn counted<T>(encoded: &mut Bytes, mut decode: impl FnMut(&mut Bytes) -> Option<T>) -> Option<Vec<T>> {
    (0..encoded.try_get_u32_le().ok()?).map(|_| decode(encoded)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{
        codec::deflate::{Compressor, Content},
        snapshot::list::{Row, Shape},
    };

    #[test]
    fn an_encoded_snapshot_decodes_to_the_same_lists_and_a_damaged_one_does_not_decode() {
        let rows = (1..=40).rev().map(|id| Row { id, json: Bytes::from(format!(r#"{{"id":{id}}}"#)) }).collect();
        let list = List::default().with(
            rows,
            Shape { limit: 30, chunk_rows: 4, content: Content::Numbers },
            &mut Compressor::default(),
        );
        let encoded = encode(77, &[&list, &List::default()]);
        let (revision, [first, second]) = decode::<2>(encoded.clone()).unwrap();
        assert_eq!(revision, 77);
        assert_eq!(first.to_parts(), list.to_parts());
        assert_eq!(second.chunks().len(), 0);
        assert!(decode::<3>(encoded.clone()).is_none());
        for length in 0..encoded.len() {
            assert!(decode::<2>(encoded.slice(..length)).is_none(), "cut at {length}");
        }
    }
}
