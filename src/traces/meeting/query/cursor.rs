//! Where a page ends: what clients send back as `after`. To them it is a text without meaning.

use std::fmt;

use sha2::{Digest, Sha256};

use super::{Order, Question};
use crate::{platform::codec::hex, traces::trace::GroupKey};

/// Bytes of the digest that tells one question from another.
const DIGEST_BYTES: usize = 4;

/// Bytes of a cursor, at most.
const CURSOR_BYTES: usize = 96;

/// A place in the order of a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// What the order goes by before the id: a score, or the square of a distance.
    pub key: f64,
    /// The trace.
    pub id: i64,
}

/// The end of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// Of which question.
    digest: String,
    /// All up to this that happened in the world is known to whoever holds it.
    pub seq: i64,
    /// The last trace that was looked at; nothing where there was none.
    pub position: Option<Position>,
}

impl Cursor {
    /// The end of a page of `question`.
    #[must_use]
    pub fn of(question: &Question, seq: i64, position: Option<Position>) -> Self {
        Self { digest: digest(question), seq, position }
    }

    /// A cursor as it was written.
    ///
    /// # Errors
    /// In words: it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = || {
            let mut parts = text.split('.');
            let digest = parts.next().filter(|digest| digest.len() == DIGEST_BYTES * 2)?.to_owned();
            let seq = parts.next()?.parse().ok().filter(|seq| *seq >= 0)?;
            let position = match (parts.next(), parts.next()) {
                (None, None) => None,
                (Some(key), Some(id)) => {
                    let key = f64::from_bits(u64::from_str_radix(key, 16).ok()?);
                    // Not a number is in no order.
                    let id = id.parse().ok().filter(|_| key.is_finite())?;
                    Some(Position { key, id })
                }
                _ => return None,
            };
            parts.next().is_none().then_some(Self { digest, seq, position })
        };
        let read = if text.len() > CURSOR_BYTES { None } else { read() };
        read.ok_or_else(|| "is no `next` of a page".to_owned())
    }

    /// Whether it is of this question, however many traces that asks for.
    #[must_use]
    pub fn is_of(&self, question: &Question) -> bool {
        self.digest == digest(question)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.digest, self.seq)?;
        match self.position {
            Some(Position { key, id }) => write!(f, ".{:016x}.{id}", key.to_bits()),
            None => Ok(()),
        }
    }
}

fn digest(question: &Question) -> String {
    let Question { order, scopes, kinds, group, version_min, after: _, limit: _ } = question;
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update(u64::try_from(bytes.len()).unwrap_or_default().to_le_bytes());
        hash.update(bytes);
    };
    part(order.name().as_bytes());
    if let Order::Near { to: [x, y, z], radius } = order {
        part(&[x, y, z, radius].map(|number| number.to_le_bytes()).concat());
    }
    // Whoever asks for other ghosts beside another rank asks on all the same: there are no pages of them.
    part(&version_min.to_le_bytes());
    part(group.as_ref().map_or("", GroupKey::as_str).as_bytes());
    part(&kinds.iter().flat_map(|kind| kind.code().to_le_bytes()).collect::<Vec<_>>());
    for scope in scopes {
        part(scope.as_str().as_bytes());
    }
    hex::of_bytes(hash.finalize().get(..DIGEST_BYTES).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{traces::rules::TraceKind, worlds::ScopeKey};

    fn question(order: Order, scope: &str) -> Question {
        Question {
            order,
            scopes: vec![ScopeKey::stored(scope)],
            kinds: TraceKind::ALL.to_vec(),
            group: None,
            version_min: 0,
            after: None,
            limit: 10,
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(seq in 0..i64::MAX, key in -1e15_f64..1e15, id: i64, ended: bool) {
            let cursor = Cursor::of(&question(Order::Top, "a"), seq, ended.then_some(Position { key, id }));
            prop_assert_eq!(Cursor::parse(&cursor.to_string()), Ok(cursor));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9a-f.-]{0,60}") {
            if let Ok(cursor) = Cursor::parse(&text) {
                prop_assert!(cursor.position.is_none_or(|position| position.key.is_finite()));
            }
        }
    }

    #[test]
    fn a_cursor_goes_with_its_question() {
        let near = |radius| Order::Near { to: [1.0, 2.0, 3.0], radius };
        let cursor = Cursor::of(&question(near(5.0), "a"), 7, None);
        let longer = Question { limit: 900, ..question(near(5.0), "a") };
        assert!(cursor.is_of(&longer));
        for other in [question(near(6.0), "a"), question(near(5.0), "b"), question(Order::Top, "a")] {
            assert!(!cursor.is_of(&other), "{other:?}");
        }
    }

    #[test]
    fn whatever_else_is_asked_is_another_question() {
        let asked = question(Order::Recent, "a");
        let cursor = Cursor::of(&asked, 7, None);
        let group = GroupKey::parse("us").ok();
        let scopes = ["a", "b"].map(ScopeKey::stored).to_vec();
        for other in [
            Question { group, ..asked.clone() },
            Question { version_min: 1, ..asked.clone() },
            Question { kinds: vec![TraceKind::Message], ..asked.clone() },
            Question { scopes, ..asked },
        ] {
            assert!(!cursor.is_of(&other), "{other:?}");
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for no in ["", "7", "abcdefgh.", "abcdefgh.-1", "abcdefgh.1.0", "abcdefgh.1.7ff0000000000000.1", "a.1.0.1.1"] {
            assert_eq!(Cursor::parse(no), Err("is no `next` of a page".to_owned()), "{no}");
        }
    }
}
