//! Frames of texts, in one piece: a body has hundreds of them, and each in a list of its own would cost more than reading it.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, SeqAccess, Visitor},
};

/// Frames, each an array of texts.
#[derive(Debug, PartialEq, Eq)]
pub struct Frames<T> {
    /// Those of all frames.
    texts: Vec<T>,
    /// Where each frame ends among them.
    ends: Vec<usize>,
}

/// Room that is made for what a body says of itself, at most.
const FORESEEN: usize = 1024;

impl<T> Frames<T> {
    fn with_capacity(frames: usize) -> Self {
        Self { texts: Vec::with_capacity(2 * frames), ends: Vec::with_capacity(frames) }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// One more.
    pub fn push(&mut self, frame: impl IntoIterator<Item = T>) {
        self.texts.extend(frame);
        self.ends.push(self.texts.len());
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, &end)| self.texts.get(begin..end).unwrap_or_default())
    }
}

impl<T, F: IntoIterator<Item = T>> FromIterator<F> for Frames<T> {
    fn from_iter<I: IntoIterator<Item = F>>(all: I) -> Self {
        let all = all.into_iter();
        let mut frames = Self::with_capacity(all.size_hint().0.min(FORESEEN));
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
        deserializer.deserialize_seq(All(PhantomData))
    }
}

struct All<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for All<T> {
    type Value = Frames<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of arrays of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Frames<T>, A::Error> {
        let mut frames = Frames::with_capacity(all.size_hint().unwrap_or_default().min(FORESEEN));
        while all.next_element_seed(One(&mut frames.texts))?.is_some() {
            frames.ends.push(frames.texts.len());
        }
        Ok(frames)
    }
}

/// One frame, behind the texts of those before.
struct One<'t, T>(&'t mut Vec<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for One<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for One<'_, T> {
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
