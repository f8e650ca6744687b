//! Frames of texts in one list: a body has hundreds of frames, and a list for each would cost more than reading the body.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, SeqAccess, Visitor},
};

/// Frames, each an array of texts.
#[derive(Debug, PartialEq, Eq)]
pub struct Frames<T> {
    /// The texts of all frames.
    texts: Vec<T>,
    /// The place in `texts` where each frame ends.
    ends: Vec<usize>,
}

/// The most frames for which room is reserved in advance, whatever length a body claims.
const RESERVED_FRAMES: usize = 1024;

impl<T> Frames<T> {
    fn with_capacity(frames: usize) -> Self {
        Self { texts: Vec::with_capacity(2 * frames), ends: Vec::with_capacity(frames) }
    }

    /// The number of frames.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// Adds a frame.
    pub fn push(&mut self, frame: impl IntoIterator<Item = T>) {
        self.texts.extend(frame);
        self.ends.push(self.texts.len());
    }

    /// The frames, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, &end)| self.texts.get(begin..end).unwrap_or_default())
    }
}

impl<T, F: IntoIterator<Item = T>> FromIterator<F> for Frames<T> {
    fn from_iter<I: IntoIterator<Item = F>>(all: I) -> Self {
        let all = all.into_iter();
        let mut frames = Self::with_capacity(all.size_hint().0.min(RESERVED_FRAMES));
        all.for_each(|frame| frames.push(frame));
        frames
    }
}

impl<T: Serialize> Serialize for Frames<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Frames<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FramesVisitor(PhantomData))
    }
}

struct FramesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FramesVisitor<T> {
    type Value = Frames<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of arrays of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Frames<T>, A::Error> {
        let mut frames = Frames::with_capacity(all.size_hint().unwrap_or_default().min(RESERVED_FRAMES));
        while all.next_element_seed(FrameReader(&mut frames.texts))?.is_some() {
            frames.ends.push(frames.texts.len());
        }
        Ok(frames)
    }
}

/// Reads one frame and appends its texts.
struct FrameReader<'t, T>(&'t mut Vec<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for FrameReader<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for FrameReader<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut frame: A) -> Result<(), A::Error> {
        while let Some(text) = frame.next_element()? {
            self.0.push(text);
        }
        Ok(())
    }
}
