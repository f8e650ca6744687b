//! The rows of one list in a snapshot, newest first, in chunks that are compressed once.
//!
//! Chunk boundaries depend on the ids alone, so that every instance makes the same chunks and so the same bytes. A new
//! row changes the first chunk, a row that drops off the end changes the last; the chunks between are reused.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use crate::platform::codec::deflate::{Compressor, Content, InflateError, Segment, inflate};

/// One row: its id, and its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Higher is newer.
    pub id: i64,
    /// The row's JSON in the body.
    pub json: Bytes,
}

/// The limit of a list, the size of its chunks, and the content of its rows.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Rows at most.
    pub limit: usize,
    /// Rows in a chunk, on average.
    pub chunk_rows: u64,
    /// How they are compressed.
    pub content: Content,
}

/// Rows that are compressed together.
#[derive(Clone, Debug)]
pub struct Chunk {
    rows: Arc<[Row]>,
    segment: Arc<Segment>,
}

impl Chunk {
    /// The rows' JSON, joined by commas, raw and compressed.
    #[must_use]
    pub fn segment(&self) -> &Segment {
        &self.segment
    }
}

/// Rows, newest first.
#[derive(Clone, Debug, Default)]
pub struct List {
    chunks: Vec<Chunk>,
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014): a hash that spreads consecutive ids.
fn hash(id: i64) -> u64 {
    let mut z = id.cast_unsigned().wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl List {
    /// The list with `newer` rows (newest first, all newer than the present ones) in front, truncated to the limit.
    #[must_use]
    pub fn with(&self, newer: Vec<Row>, shape: Shape, compressor: &mut Compressor) -> Self {
        if newer.is_empty() {
            return self.clone();
        }
        let held = self.chunks.iter().flat_map(|chunk| chunk.rows.iter().cloned());
        let rows: Vec<Row> = newer.into_iter().chain(held).take(shape.limit).collect();
        self.of(&rows, shape, compressor)
    }

    /// A list of these rows (newest first) that reuses the chunks that are equal.
    #[must_use]
    pub fn of(&self, rows: &[Row], shape: Shape, compressor: &mut Compressor) -> Self {
        let chunks = rows.chunk_by(|newer, _| !hash(newer.id).is_multiple_of(shape.chunk_rows)).map(|rows| {
            let held = self.chunks.iter().find(|chunk| *chunk.rows == *rows);
            held.cloned().unwrap_or_else(|| {
                let mut raw = BytesMut::with_capacity(rows.iter().map(|row| row.json.len() + 1).sum());
                for (position, row) in rows.iter().enumerate() {
                    if position > 0 {
                        raw.extend_from_slice(b",");
                    }
                    raw.extend_from_slice(&row.json);
                }
                let raw = raw.freeze();
                // The rows become slices of the chunk, so that the bytes are stored once.
                let mut start = 0;
                let rows = rows
                    .iter()
                    .map(|row| {
                        let json = raw.slice(start..start + row.json.len());
                        start += row.json.len() + 1;
                        Row { id: row.id, json }
                    })
                    .collect();
                let segment = Arc::new(compressor.segment(raw, shape.content));
                // Compression took 0.1 ms or more; where every core is busy, the threads that answer requests go first.
                std::thread::yield_now();
                Chunk { rows, segment }
            })
        });
        Self { chunks: chunks.collect() }
    }

    /// The chunks, newest first.
    #[must_use]
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// Whether it contains that row.
    #[must_use]
    pub fn contains(&self, id: i64) -> bool {
        self.chunks.iter().any(|chunk| chunk.rows.iter().any(|row| row.id == id))
    }

    /// The newest id; `None` of an empty list.
    #[must_use]
    pub fn newest(&self) -> Option<i64> {
        self.chunks.first().and_then(|chunk| chunk.rows.first()).map(|row| row.id)
    }

    /// The list as parts, from which [`List::from_parts`] restores it without compressing.
    #[must_use]
    pub fn to_parts(&self) -> Vec<Part> {
        self.chunks
            .iter()
            .map(|chunk| Part {
                rows: chunk.rows.iter().map(|row| (row.id, row.json.len())).collect(),
                deflated: chunk.segment.deflated().clone(),
            })
            .collect()
    }

    /// Restores a list.
    ///
    /// # Errors
    /// A part's bytes do not match its lengths.
    pub fn from_parts(parts: Vec<Part>) -> Result<Self, InflateError> {
        let chunks = parts.into_iter().map(|part| {
            let commas = part.rows.len().saturating_sub(1);
            let length = part.rows.iter().try_fold(commas, |sum, (_, length)| sum.checked_add(*length));
            let raw = inflate(&part.deflated, length.ok_or(InflateError::Corrupt)?)?;
            let mut start = 0;
            let rows = part
                .rows
                .iter()
                .map(|(id, length)| {
                    let json = raw.slice(start..start + length);
                    start += length + 1;
                    Row { id: *id, json }
                })
                .collect();
            Ok(Chunk { rows, segment: Arc::new(Segment::from_parts(raw, part.deflated)) })
        });
        Ok(Self { chunks: chunks.collect::<Result<_, _>>()? })
    }
}

/// A chunk in the form in which it is encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Each row's id, and the length of its JSON.
    pub rows: Vec<(i64, usize)>,
    /// The rows' JSON, joined by commas, compressed.
    pub deflated: Bytes,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHAPE: Shape = Shape { limit: 50, chunk_rows: 8, content: Content::Text };

    fn rows(ids: impl DoubleEndedIterator<Item = i64>) -> Vec<Row> {
        ids.rev().map(|id| Row { id, json: Bytes::from(format!(r#"{{"id":{id}}}"#)) }).collect()
    }

    fn bytes(list: &List) -> Vec<&Bytes> {
        list.chunks().iter().map(|chunk| chunk.segment().deflated()).collect()
    }

    proptest! {
        #[test]
        fn a_list_is_the_same_bytes_however_it_grew(steps in prop::collection::vec(0_i64..20, 1..12)) {
            let mut compressor = Compressor::default();
            let mut grown = List::default();
            let mut last = 0;
            for step in steps {
                grown = grown.with(rows(last + 1..=last + step), SHAPE, &mut compressor);
                last += step;
            }
            let whole = List::default().with(rows(1..=last), SHAPE, &mut compressor);
            prop_assert_eq!(bytes(&grown), bytes(&whole));
            prop_assert_eq!(grown.newest(), (last > 0).then_some(last));
            let again = List::from_parts(grown.to_parts()).unwrap();
            prop_assert_eq!(bytes(&again), bytes(&whole));
            prop_assert_eq!(again.to_parts(), whole.to_parts());
        }
    }

    #[test]
    fn a_new_row_leaves_the_middle_as_it_is() {
        let mut compressor = Compressor::default();
        let before = List::default().with(rows(1..=50), SHAPE, &mut compressor);
        let after = before.with(rows(51..=51), SHAPE, &mut compressor);
        let kept = after
            .chunks()
            .iter()
            .filter(|chunk| before.chunks().iter().any(|held| Arc::ptr_eq(&held.segment, &chunk.segment)));
        assert!(kept.count() + 2 >= after.chunks().len());
        assert!(after.chunks().len() > 3, "the rows are cut into several chunks");
    }
}
