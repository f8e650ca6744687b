//! Parsing JSON.
//!
//! [`fast`] is simd-json in the body's own buffer; it says only whether the body is valid. The reason is found by
//! [`slow`] (`serde_json`), which knows the positions of errors. Where the two disagree (numbers at the edge of their
//! range), [`slow`] decides. [`read`] makes a tree of values, of bodies in which one bad value must not spoil the others.

use std::{borrow::Cow, cell::RefCell, fmt, marker::PhantomData};

use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};
use simd_json::Buffers;

use super::flaws::{self, Flaw};

/// The deepest nesting that is accepted; checked before parsing.
pub const MAX_DEPTH: usize = 64;

/// The buffers of longer bodies are not reused.
const REUSED_BYTES: usize = 64 * 1024;

thread_local! {
    /// The parser's buffers, one set for each thread, so that they need not be allocated for each body.
    static BUFFERS: RefCell<Buffers> = RefCell::new(Buffers::with_max_depth(REUSED_BYTES, MAX_DEPTH));
}

/// Parses in place: strings with escapes are unescaped within `body`, whose text is lost. `None` where it is not valid,
/// or nested deeper than [`MAX_DEPTH`].
#[must_use]
pub fn fast<'a, T: Deserialize<'a>>(body: &'a mut [u8]) -> Option<T> {
    if body.len() > REUSED_BYTES {
        let mut buffers = Buffers::with_max_depth(body.len(), MAX_DEPTH);
        return simd_json::serde::from_slice_with_buffers(body, &mut buffers).ok();
    }
    BUFFERS.with_borrow_mut(|buffers| simd_json::serde::from_slice_with_buffers(body, buffers).ok())
}

/// Parses without changing `body`.
///
/// # Errors
/// What is wrong, and where.
pub fn slow<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(body)
}

/// The value in a body, and what in it can't be read. A byte order mark before it is skipped.
///
/// # Errors
/// The message: it is not JSON.
pub fn read(body: &[u8]) -> Result<(Value, Vec<Flaw>), String> {
    let body = without_byte_order_mark(body);
    let mut reader = serde_json::Deserializer::from_slice(body);
    match (Faultless { depth: 0 }).deserialize(&mut reader) {
        Ok(value) if reader.end().is_ok() => Ok((value, Vec::new())),
        _ => flaws::read(body),
    }
}

/// What follows the byte order mark that some editors and engines write before UTF-8.
#[must_use]
pub fn without_byte_order_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// A name as it stands in a JSON pointer (RFC 6901).
#[must_use]
pub fn escape_pointer(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1").into() } else { name.into() }
}

/// Reads a value in which nothing is wrong, inside so many arrays and objects.
struct Faultless {
    depth: usize,
}

impl Faultless {
    fn inside<E: serde::de::Error>(&self) -> Result<usize, E> {
        if self.depth < MAX_DEPTH { Ok(self.depth + 1) } else { Err(E::custom("too deep")) }
    }
}

impl<'de> DeserializeSeed<'de> for Faultless {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Faultless {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        if text.as_bytes().contains(&0) { Err(E::custom("a NUL")) } else { Ok(text.into()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let depth = self.inside()?;
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(Self { depth })? {
            read.push(item);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let depth = self.inside()?;
        let mut read = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let is_bad = name.as_bytes().contains(&0);
            if read.insert(name, members.next_value_seed(Self { depth })?).is_some() || is_bad {
                return Err(A::Error::custom("a bad name"));
            }
        }
        Ok(Value::Object(read))
    }
}

/// The members of an object in their order, duplicate names included.
#[derive(Debug)]
pub struct Members<K, V>(pub Vec<(K, V)>);

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Members<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor<K, V>(PhantomData<(K, V)>);

        impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for MembersVisitor<K, V> {
            type Value = Members<K, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor(PhantomData))
    }
}

/// The integer that a number with a point stands for: some engines write `3.0` for 3. A double holds integers exactly up to
/// 2^53; beyond, it may stand for another one.
#[must_use]
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "an integer within the exact range")]
pub fn exact_integer(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// An integer, which may be written with a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integer(pub i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IntegerVisitor;

        impl Visitor<'_> for IntegerVisitor {
            type Value = Integer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an integer")
            }

            fn visit_i64<E>(self, number: i64) -> Result<Integer, E> {
                Ok(Integer(number))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Integer, E> {
                i64::try_from(number).map(Integer).map_err(|_| E::custom(format!("{number} is out of range")))
            }

            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Integer, E> {
                exact_integer(number).map(Integer).ok_or_else(|| E::custom(format!("{number} is no integer")))
            }
        }

        deserializer.deserialize_any(IntegerVisitor)
    }
}

/// The message of an error in a text of one line, with the column only.
#[must_use]
pub fn in_words(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

/// Parses a value that this program wrote (a message between instances, say); `None` where it is not valid.
#[must_use]
pub fn owned<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

/// `text` as a JSON string, with the quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether it contains an escape.
#[must_use]
pub fn has_escape(body: &[u8]) -> bool {
    memchr::memchr(b'\\', body).is_some()
}

/// Whether it contains an escape that may be a NUL or a lone surrogate. False positives are possible.
#[must_use]
pub fn has_suspect_escape(body: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', body).any(|at| {
        let escape = body.get(at + 1..).unwrap_or_default();
        matches!(escape, [b'u', b'd' | b'D', ..] | [b'u', b'0', b'0', ..])
    })
}

/// Checks every string in it, member names and ignored values included.
///
/// # Errors
/// The message: it is not JSON, or a string contains a lone surrogate or a NUL.
pub fn check_texts(body: &[u8]) -> Result<(), String> {
    fn has_nul(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::String(text) => text.contains('\0'),
            serde_json::Value::Array(items) => items.iter().any(has_nul),
            serde_json::Value::Object(members) => {
                members.iter().any(|(name, value)| name.contains('\0') || has_nul(value))
            }
            _ => false,
        }
    }
    let value = serde_json::from_slice(body).map_err(|error| format!("The body is not JSON: {error}."))?;
    if has_nul(&value) { Err("A text in the body has a NUL in it.".to_owned()) } else { Ok(()) }
}

/// Whether arrays and objects are nested deeper than `limit`. Counts brackets outside strings only, so it also works
/// for text that is not JSON.
#[must_use]
pub fn deeper_than(body: &[u8], limit: usize) -> bool {
    let (mut depth, mut rest) = (0_usize, body);
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => rest = after_string(after),
            b'[' | b'{' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// The text after the quote that ends a string.
pub(super) fn after_string(mut text: &[u8]) -> &[u8] {
    while let Some(at) = memchr::memchr2(b'"', b'\\', text) {
        // A backslash escapes the next byte.
        let length = if text.get(at) == Some(&b'"') { 1 } else { 2 };
        text = text.get(at + length..).unwrap_or_default();
        if length == 1 {
            return text;
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_nesting_is_refused() {
        for depth in [1, MAX_DEPTH, MAX_DEPTH + 1, 10 * MAX_DEPTH] {
            let mut body = format!("{{\"later\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1)).into_bytes();
            let too_deep = deeper_than(&body, MAX_DEPTH);
            assert_eq!(too_deep, depth > MAX_DEPTH);
            if depth > 1 {
                assert_eq!(fast::<serde::de::IgnoredAny>(&mut body).is_some(), !too_deep, "{depth}");
            }
        }
    }

    #[test]
    fn a_body_without_escapes_stays_as_it_is() {
        for text in [r#"{"a":["b","ü",1.5],"c":null}"#, r#"{"a":["b"#, r#"{"a":1}}"#] {
            let mut body = text.as_bytes().to_vec();
            let _taken = fast::<serde::de::IgnoredAny>(&mut body);
            assert_eq!(body, text.as_bytes());
        }
    }

    #[test]
    fn depth_counts_brackets_outside_strings_only() {
        assert!(!deeper_than(br#"{"a":"[[[[\"[["}"#, 1));
        assert!(!deeper_than(b"[[]][[]]", 2));
        assert!(deeper_than(b"[[[]]]", 2));
    }
}
