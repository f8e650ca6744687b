//! Finds every value in a JSON text that can't be read, so that one of them needn't spoil the values beside it.
//!
//! A parser stops at the first of them: it has no place for half of a surrogate pair, nor for a number beyond the range of a
//! double. Here such a value is noted with its JSON pointer and skipped, and reading goes on. Only text whose structure is not
//! JSON's is refused as a whole. This is for bodies that the fast way has refused; it is not made for speed.

use serde::de::IgnoredAny;
use serde_json::{Map, Number, Value};

use super::json::{MAX_DEPTH, after_string, escape_pointer};
use crate::platform::error::Fault;

/// The most flaws that are noted in one item of a list, and beside the lists.
const NOTED_IN_ITEM: usize = 20;

/// The most flaws that are noted in one body: more than a batch of the largest size can have.
const NOTED: usize = 1000;

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// A text with a NUL in it, which PostgreSQL can't store.
    Nul,
    /// A text with half of a surrogate pair in it.
    Surrogate,
    /// A text whose bytes are not UTF-8.
    NotUtf8,
    /// A text with a control character that is not escaped.
    Control,
    /// A text with a backslash before something that it does not escape.
    Escape,
    /// A value nested deeper than [`MAX_DEPTH`].
    Depth,
    /// A word that some engines write for a number: `NaN`, `Infinity`, `inf`.
    NotFinite,
    /// A number beyond the range of a double: `1e99999`.
    OutOfRange,
    /// A member of an object that has another of the same name.
    Repeated,
}

impl Defect {
    /// Whether a body that has it is malformed, not only invalid.
    #[must_use]
    pub fn is_malformed(self) -> bool {
        !matches!(self, Self::OutOfRange | Self::Repeated)
    }

    /// What is wrong, in words that follow the pointer.
    #[must_use]
    pub fn detail(self) -> String {
        match self {
            Self::Nul => "has a NUL in it".to_owned(),
            Self::Surrogate => "has half of a surrogate pair in it".to_owned(),
            Self::NotUtf8 => "is not UTF-8".to_owned(),
            Self::Control => "has a control character in it that is not escaped".to_owned(),
            Self::Escape => "has a backslash in it that escapes nothing".to_owned(),
            Self::Depth => format!("makes the body nested deeper than {MAX_DEPTH} levels"),
            Self::NotFinite => "is not a number; JSON has only finite ones".to_owned(),
            Self::OutOfRange => "is a number out of range".to_owned(),
            Self::Repeated => "is there more than once".to_owned(),
        }
    }
}

/// A value that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Its JSON pointer (RFC 6901); of a name that can't be read, that of its object.
    pub pointer: String,
    /// What is wrong with it.
    pub defect: Defect,
}

impl Flaw {
    /// It as the reason why a whole body is refused.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self.defect {
            Defect::Depth => format!("The body is nested deeper than {MAX_DEPTH} levels."),
            defect if self.pointer.is_empty() => format!("The body {}.", defect.detail()),
            defect => format!("The value at {} {}.", self.pointer, defect.detail()),
        }
    }
}

impl From<Flaw> for Fault {
    fn from(flaw: Flaw) -> Self {
        Self::new(flaw.pointer, flaw.defect.detail())
    }
}

/// The structure of the text is not that of JSON.
struct NotJson;

/// The value in a text, with another in place of each that can't be read, and what is wrong with those.
///
/// # Errors
/// The message: it is not JSON.
pub fn read(text: &[u8]) -> Result<(Value, Vec<Flaw>), String> {
    let mut reader = Reader { rest: text, pointer: String::new(), flaws: Vec::new(), room: NOTED_IN_ITEM };
    let value = reader.value(0).ok().filter(|_| reader.peek().is_none());
    value.map(|value| (value, reader.flaws)).ok_or_else(|| match serde_json::from_slice::<IgnoredAny>(text) {
        Err(error) => format!("The body is not JSON: {error}."),
        Ok(_) => "The body is not JSON.".to_owned(),
    })
}

struct Reader<'a> {
    rest: &'a [u8],
    /// The place of the value that is read.
    pointer: String,
    flaws: Vec<Flaw>,
    /// How many more flaws are noted in this item.
    room: usize,
}

impl<'a> Reader<'a> {
    fn note(&mut self, defect: Defect) {
        if self.room > 0 && self.flaws.len() < NOTED {
            self.room -= 1;
            self.flaws.push(Flaw { pointer: self.pointer.clone(), defect });
        }
    }

    /// The next byte that is not white space, which stays.
    fn peek(&mut self) -> Option<u8> {
        while let Some((b' ' | b'\t' | b'\r' | b'\n', after)) = self.rest.split_first() {
            self.rest = after;
        }
        self.rest.first().copied()
    }

    /// The next byte that is not white space.
    fn take(&mut self) -> Result<u8, NotJson> {
        let next = self.peek().ok_or(NotJson)?;
        self.rest = self.rest.get(1..).unwrap_or_default();
        Ok(next)
    }

    /// The first so many bytes.
    fn split(&mut self, at: usize) -> &'a [u8] {
        let (before, after) = self.rest.split_at_checked(at).unwrap_or((self.rest, &[]));
        self.rest = after;
        before
    }

    /// A value inside so many arrays and objects.
    fn value(&mut self, depth: usize) -> Result<Value, NotJson> {
        match self.peek().ok_or(NotJson)? {
            b'[' | b'{' if depth >= MAX_DEPTH => {
                self.note(Defect::Depth);
                self.skip_nested().map(|()| Value::Null)
            }
            b'[' => self.array(depth + 1).map(Value::Array),
            b'{' => self.object(depth + 1).map(Value::Object),
            b'"' => Ok(Value::String(self.text().unwrap_or_default())),
            _ => self.word(),
        }
    }

    /// A value at a place inside the present one: an index, or the name of a member.
    fn value_at(&mut self, place: &str, depth: usize) -> Result<Value, NotJson> {
        // The items of the lists in the body, and the members of its objects, each have their own.
        let room = if depth == 2 { std::mem::replace(&mut self.room, NOTED_IN_ITEM) } else { self.room };
        let value = self.at(place, |reader| reader.value(depth));
        if depth == 2 {
            self.room = room;
        }
        value
    }

    /// Does something at a place inside the present one.
    fn at<T>(&mut self, place: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(place);
        let done = work(self);
        self.pointer.truncate(length);
        done
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, NotJson> {
        let mut items = Vec::new();
        self.take()?;
        if self.peek() == Some(b']') {
            self.take()?;
            return Ok(items);
        }
        loop {
            items.push(self.value_at(&items.len().to_string(), depth)?);
            match self.take()? {
                b',' => {}
                b']' => return Ok(items),
                _ => return Err(NotJson),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Map<String, Value>, NotJson> {
        let mut members = Map::new();
        self.take()?;
        if self.peek() == Some(b'}') {
            self.take()?;
            return Ok(members);
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(NotJson);
            }
            let name = self.text();
            if self.take()? != b':' {
                return Err(NotJson);
            }
            let place = escape_pointer(name.as_deref().unwrap_or_default()).into_owned();
            let value = self.value_at(&place, depth)?;
            if name.and_then(|name| members.insert(name, value)).is_some() {
                self.at(&place, |reader| reader.note(Defect::Repeated));
            }
            match self.take()? {
                b',' => {}
                b'}' => return Ok(members),
                _ => return Err(NotJson),
            }
        }
    }

    /// The text that begins here; nothing where it can't be read.
    fn text(&mut self) -> Option<String> {
        let inside = self.rest.get(1..).unwrap_or_default();
        let end = self.rest.len() - after_string(inside).len();
        let quoted = self.split(end);
        let defect = match serde_json::from_slice::<String>(quoted) {
            Ok(text) if text.contains('\0') => Defect::Nul,
            Ok(text) => return Some(text),
            Err(_) if std::str::from_utf8(quoted).is_err() => Defect::NotUtf8,
            Err(_) if quoted.iter().any(|byte| *byte < b' ') => Defect::Control,
            Err(_) if serde_json::from_slice::<IgnoredAny>(quoted).is_ok() => Defect::Surrogate,
            Err(_) => Defect::Escape,
        };
        self.note(defect);
        None
    }

    /// A number, or a word: `null`, `true`, `false`.
    fn word(&mut self) -> Result<Value, NotJson> {
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || b",:]}[{\"".contains(byte);
        let end = self.rest.iter().position(is_end).unwrap_or(self.rest.len());
        let word = self.split(end);
        match word {
            b"null" => return Ok(Value::Null),
            b"true" => return Ok(Value::Bool(true)),
            b"false" => return Ok(Value::Bool(false)),
            _ => {}
        }
        if let Ok(number) = serde_json::from_slice::<Number>(word) {
            return Ok(Value::Number(number));
        }
        let unsigned = word.strip_prefix(b"-").or(word.strip_prefix(b"+")).unwrap_or(word);
        let is_word = |name: &str| unsigned.eq_ignore_ascii_case(name.as_bytes());
        if serde_json::from_slice::<IgnoredAny>(word).is_ok() {
            self.note(Defect::OutOfRange);
        } else if ["nan", "inf", "infinity"].into_iter().any(is_word) {
            self.note(Defect::NotFinite);
        } else {
            return Err(NotJson);
        }
        Ok(Value::Null)
    }

    /// Skips an array or object, whatever is in it.
    fn skip_nested(&mut self) -> Result<(), NotJson> {
        let mut depth = 0_usize;
        loop {
            let (byte, after) = self.rest.split_first().ok_or(NotJson)?;
            self.rest = after;
            match byte {
                b'"' => self.rest = after_string(after),
                b'[' | b'{' => depth += 1,
                b']' | b'}' if depth == 1 => return Ok(()),
                b']' | b'}' => depth -= 1,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flaws(text: &[u8]) -> Vec<String> {
        let (_, flaws) = read(text).unwrap_or_else(|message| panic!("{message}: {}", text.escape_ascii()));
        flaws.into_iter().map(|flaw| format!("{} {}", flaw.pointer, flaw.defect.detail())).collect()
    }

    #[test]
    fn each_value_that_can_not_be_read_is_named_by_its_place() {
        for (text, expected) in [
            (
                &br#"{"a":[1,1e99999,-1E400]}"#[..],
                &["/a/1 is a number out of range", "/a/2 is a number out of range"][..],
            ),
            (br#"{"a":{"b":"x\u0000"}}"#, &["/a/b has a NUL in it"]),
            (
                br#"["\ud83d","\udc00x","\ud83d\ude00"]"#,
                &["/0 has half of a surrogate pair in it", "/1 has half of a surrogate pair in it"],
            ),
            (b"{\"a\":\"\xff\"}", &["/a is not UTF-8"]),
            (b"{\"a\":\"x\ny\"}", &["/a has a control character in it that is not escaped"]),
            (br#"{"a":"\x41"}"#, &["/a has a backslash in it that escapes nothing"]),
            (
                br#"{"a":NaN,"b":-Infinity,"c":inf}"#,
                &[
                    "/a is not a number; JSON has only finite ones",
                    "/b is not a number; JSON has only finite ones",
                    "/c is not a number; JSON has only finite ones",
                ],
            ),
            (br#"{"a":{"b":1,"b":2,"b":3}}"#, &["/a/b is there more than once", "/a/b is there more than once"]),
            (br#"{"x":{"a\u0000":1},"y/z~":1e999}"#, &["/x has a NUL in it", "/y~1z~0 is a number out of range"]),
        ] {
            assert_eq!(flaws(text), expected, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_skipped() {
        let deep = format!(r#"{{"a":{}"]"{},"b":1e999}}"#, "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        let place = format!("/a{}", "/0".repeat(MAX_DEPTH - 1));
        let expected = [
            Flaw { pointer: place, defect: Defect::Depth },
            Flaw { pointer: "/b".to_owned(), defect: Defect::OutOfRange },
        ];
        assert_eq!(read(deep.as_bytes()).unwrap().1, expected);
        let shallow = format!(r#"{{"a":{}{}}}"#, "[".repeat(MAX_DEPTH - 1), "]".repeat(MAX_DEPTH - 1));
        assert_eq!(read(shallow.as_bytes()).unwrap().1, []);
    }

    #[test]
    fn a_few_flaws_of_each_item_are_noted() {
        let many = format!(r#"{{"l":[[{0}],"\u0000",[{0}]]}}"#, vec!["1e999"; 500].join(","));
        let noted = read(many.as_bytes()).unwrap().1;
        assert_eq!(noted.len(), 2 * NOTED_IN_ITEM + 1);
        assert!(noted.iter().any(|flaw| flaw.pointer == "/l/1"));
        let many = format!("[{}]", vec!["[1e999]"; 5000].join(","));
        assert_eq!(read(many.as_bytes()).unwrap().1.len(), NOTED);
    }

    #[test]
    fn text_whose_structure_is_not_that_of_json_is_refused() {
        for text in [
            "",
            "{",
            "[",
            "]",
            "[1,]",
            "{,}",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            "{a:1}",
            "[1 2]",
            "1 2",
            "[01]",
            "[1.]",
            "[.5]",
            "[+1]",
            "[nul]",
            r#"["a]"#,
            r#"["a\"]"#,
            "[1e999",
            "nanx",
            "[--inf]",
        ] {
            let message = read(text.as_bytes()).unwrap_err();
            assert!(message.starts_with("The body is not JSON"), "{text}: {message}");
        }
    }

    fn tree() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[^\0]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[^\0]{0,4}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn text_without_flaws_is_read_as_by_any_parser(value in tree()) {
            let text = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(read(text.as_bytes()).unwrap(), (serde_json::from_str(&text).unwrap(), vec![]));
        }

        #[test]
        fn text_is_refused_only_if_a_parser_refuses_it_too(bytes in r#"[\[\]{}",:0-9eE.+\-\\untrfalsNI \x00-\x20]{0,24}"#) {
            if read(bytes.as_bytes()).is_err() {
                prop_assert!(serde_json::from_str::<Value>(&bytes).is_err());
            }
        }
    }
}
