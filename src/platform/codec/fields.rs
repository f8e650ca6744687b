//! Reads the fields of a JSON object, and collects a fault for each that is wrong.
//!
//! Some engines write every field of a type, with an empty value where there is none. So for what is optional, these count as
//! absent:
//!
//! | field | absent |
//! |---|---|
//! | any | `null` |
//! | text, list of texts | `""` |
//! | list | `[]` |
//! | object | `""`, `[]`, and one whose own members are all empty: `null`, `""`, `[]`, `0`, `false`, or such an object |
//! | [`positive_integer`](Fields::positive_integer), [`nonzero_number`](Fields::nonzero_number) | `0` |
//!
//! A flag that is `false` is the same as none. Of other numbers 0 is a value.
//!
//! A value that can't be read (`1e99999`, half of a surrogate pair, a member that is there twice; see [`flaws`](super::flaws)) is a
//! fault of the field that it stands in. In a body that is a batch it is one of the item alone.

use serde_json::{Map, Value};

use super::{
    flaws::Flaw,
    json::{self, escape_pointer},
};
use crate::platform::{error::Fault, nearest::nearest};

/// A reader of request bodies, by name: whether it accepts a body. For fuzzing.
pub type BodyReader = (&'static str, fn(&[u8]) -> bool);

/// Why a body is not an object.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is not JSON, or not accepted JSON.
    #[error("{0}")]
    Malformed(String),
    /// It is JSON, but not an object.
    #[error("the body must be an object")]
    NoObject,
}

/// The fields of an object, and the faults found so far.
#[derive(Debug)]
pub struct Fields {
    members: Vec<(String, Value)>,
    /// The names of the fields that were asked for.
    known: Vec<String>,
    /// The JSON pointer of the object in the body: empty where it is the body.
    place: String,
    /// Values in the object that can't be read. Their fields have no fault besides.
    unreadable: Vec<Fault>,
    faults: Vec<Fault>,
}

/// The integer value of a number: some engines write `3.0` for 3.
fn integer(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| number.as_f64().and_then(json::exact_integer))
}

/// Whether a value is what engines write where there is none.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.values().all(is_empty),
    }
}

impl Fields {
    /// The fields in these bytes. Unknown ones are ignored.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(body: &[u8]) -> Result<Self, Unreadable> {
        Self::read_body(body, |_| false)
    }

    /// As [`Fields::read`], of a batch: what can't be read in an item of the list `name` spoils that item alone
    /// ([`Fields::batch`]).
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read_batch(body: &[u8], name: &str) -> Result<Self, Unreadable> {
        Self::read_body(body, |pointer| is_inside(pointer, &format!("/{name}")))
    }

    fn read_body(body: &[u8], is_in_item: impl Fn(&str) -> bool) -> Result<Self, Unreadable> {
        let (value, flaws) = json::read(body).map_err(Unreadable::Malformed)?;
        let spoils_all = |flaw: &&Flaw| flaw.defect.is_malformed() && !is_in_item(&flaw.pointer);
        if let Some(flaw) = flaws.iter().find(spoils_all) {
            return Err(Unreadable::Malformed(flaw.in_words()));
        }
        let Value::Object(members) = value else { return Err(Unreadable::NoObject) };
        let unreadable = flaws.into_iter().map(Fault::from).collect();
        Ok(Self { unreadable, ..Self::within(members, String::new()) })
    }

    /// The fields of an object that stands at `place` in the body, a JSON pointer.
    #[must_use]
    pub fn within(object: Map<String, Value>, place: String) -> Self {
        let members = object.into_iter().collect();
        Self { members, known: Vec::new(), place, unreadable: Vec::new(), faults: Vec::new() }
    }

    /// The pointer of a field.
    fn pointer(&self, name: &str) -> String {
        format!("{}/{}", self.place, escape_pointer(name))
    }

    /// Whether a field can't be read: it, the whole object, or something in the field.
    fn is_unreadable(&self, name: &str) -> bool {
        if self.unreadable.is_empty() {
            return false;
        }
        let pointer = self.pointer(name);
        let is_of = |at: &str| at == self.place || at == pointer || is_inside(at, &pointer);
        self.unreadable.iter().any(|fault| is_of(&fault.pointer))
    }

    /// Adds a fault of a field.
    pub fn wrong(&mut self, name: &str, detail: impl Into<String>) {
        self.faults.push(Fault::new(format!("{}/{name}", self.place), detail));
    }

    /// Adds faults found elsewhere in the body.
    pub fn wrong_too(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.extend(faults);
    }

    /// Adds a fault for each field that was not read: for bodies in which a misspelt name must not be ignored.
    pub fn refuse_others(&mut self) {
        for (name, _) in std::mem::take(&mut self.members) {
            let detail = match nearest(&name, self.known.iter().map(String::as_str)) {
                Some(nearest) => format!("is not known here; did you mean {nearest}?"),
                None => "is not known here".to_owned(),
            };
            self.wrong(&escape_pointer(&name), detail);
        }
    }

    /// Whether a field is there and was not read yet, `null` included.
    #[must_use]
    pub fn is_present(&self, name: &str) -> bool {
        self.members.iter().any(|(is, _)| is == name)
    }

    /// An optional integer.
    pub fn optional_integer(&mut self, name: &str, range: std::ops::RangeInclusive<i64>) -> Option<Option<i64>> {
        let detail = match self.take(name)? {
            Value::Null => return Some(None),
            Value::Number(number) => match integer(&number) {
                Some(integer) if range.contains(&integer) => return Some(Some(integer)),
                Some(integer) => format!("is {integer}; {} to {}", range.start(), range.end()),
                None => format!("is {number}; an integer of {} to {}", range.start(), range.end()),
            },
            _ => "must be an integer".to_owned(),
        };
        self.wrong(name, detail);
        None
    }

    /// An optional integer from 1 to `most`; 0 counts as absent.
    pub fn positive_integer(&mut self, name: &str, most: i64) -> Option<Option<i64>> {
        let integer = self.optional_integer(name, 0..=most)?;
        Some(integer.filter(|integer| *integer != 0))
    }

    /// An optional number of at most `within` in magnitude; 0 counts as absent.
    pub fn nonzero_number(&mut self, name: &str, within: f64) -> Option<Option<f64>> {
        let number = self.optional_number(name, within)?;
        Some(number.filter(|number| *number != 0.0))
    }

    /// An optional flag.
    pub fn optional_flag(&mut self, name: &str) -> Option<Option<bool>> {
        match self.take(name)? {
            Value::Null => Some(None),
            Value::Bool(flag) => Some(Some(flag)),
            _ => {
                self.wrong(name, "must be true or false");
                None
            }
        }
    }

    /// The objects of an optional list of at most `most`; each with its own fields, whose faults the caller adds here
    /// ([`Fields::wrong_too`]).
    pub fn objects(&mut self, name: &str, most: usize) -> Option<Vec<Self>> {
        let Some(items) = self.list(name, most)? else { return Some(Vec::new()) };
        let mut found = Vec::with_capacity(items.len());
        for (item, place) in items {
            match item {
                Value::Object(object) => found.push(self.item(object, place)),
                _ => self.faults.push(Fault::new(place, NO_OBJECT)),
            }
        }
        Some(found)
    }

    /// The items of a list that has one at least and `most` at most, each to be accepted or refused by itself: what is wrong
    /// with an item, be it no object at all, is a fault of its own fields. Without any object it is no batch.
    pub fn batch(&mut self, name: &str, most: usize) -> Option<Vec<Self>> {
        let items = self.list(name, most)?.unwrap_or_default();
        if items.is_empty() {
            self.wrong(name, format!("is missing or empty; 1 to {most} items"));
        } else if !items.iter().any(|(item, _)| item.is_object()) {
            self.faults.extend(items.into_iter().map(|(_, place)| Fault::new(place, NO_OBJECT)));
            return None;
        }
        let read = |(item, place): (Value, String)| {
            let is_object = item.is_object();
            let members = if let Value::Object(members) = item { members } else { Map::new() };
            let mut item = self.item(members, place);
            if !is_object && item.unreadable.is_empty() {
                item.unreadable.push(Fault::new(item.place.clone(), NO_OBJECT));
            }
            item
        };
        Some(items.into_iter().map(read).collect())
    }

    /// The items of an optional list of at most `most`, with their pointers.
    #[expect(clippy::option_option, reason = "as for other fields: invalid, absent, present")]
    fn list(&mut self, name: &str, most: usize) -> Option<Option<Vec<(Value, String)>>> {
        // What can't be read inside of an item doesn't make the list unreadable.
        let pointer = self.pointer(name);
        if self.unreadable.iter().any(|fault| [&pointer, &self.place].contains(&&fault.pointer)) {
            return self.take(name).map(|_| None);
        }
        let detail = match self.take_member(name) {
            Value::Null => return Some(None),
            Value::Array(list) if list.len() > most => format!("has {} items; at most {most}", list.len()),
            Value::Array(list) => {
                let items = list.into_iter().enumerate();
                return Some(Some(items.map(|(at, item)| (item, format!("{pointer}/{at}"))).collect()));
            }
            _ => "must be a list".to_owned(),
        };
        self.wrong(name, detail);
        None
    }

    /// The fields of an object in a list, with what can't be read in it.
    fn item(&mut self, object: Map<String, Value>, place: String) -> Self {
        let of_item = |fault: &mut Fault| fault.pointer == place || is_inside(&fault.pointer, &place);
        let unreadable = self.unreadable.extract_if(.., of_item).collect();
        Self { unreadable, ..Self::within(object, place) }
    }

    /// An optional object; one whose members are all empty counts as absent.
    pub fn optional_object(&mut self, name: &str) -> Option<Option<Map<String, Value>>> {
        match self.take(name)? {
            Value::Object(object) => Some(Some(object).filter(|object| !object.values().all(is_empty))),
            Value::Null => Some(None),
            Value::String(text) if text.is_empty() => Some(None),
            Value::Array(list) if list.is_empty() => Some(None),
            _ => {
                self.wrong(name, "must be an object");
                None
            }
        }
    }

    /// A required text, parsed by `parse`, which says what is wrong with it. `None` after a fault, which is added.
    pub fn text<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.optional_text(name, parse)?;
        if text.is_none() {
            self.wrong(name, "is missing");
        }
        text
    }

    /// As [`Fields::text`], of an optional text.
    pub fn optional_text<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<Option<T>> {
        let detail = match self.take(name)? {
            Value::Null => return Some(None),
            Value::String(text) if text.is_empty() => return Some(None),
            Value::String(text) => match parse(&text) {
                Ok(parsed) => return Some(Some(parsed)),
                Err(detail) => detail,
            },
            _ => "must be a text".to_owned(),
        };
        self.wrong(name, detail);
        None
    }

    /// An optional list of texts, each parsed by `parse`; an empty list counts as absent.
    pub fn optional_texts<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Option<Vec<T>>> {
        let items = match self.take(name)? {
            Value::Null => return Some(None),
            Value::String(text) if text.is_empty() => return Some(None),
            Value::Array(items) if items.is_empty() => return Some(None),
            Value::Array(items) => items,
            _ => {
                self.wrong(name, "must be a list of texts");
                return None;
            }
        };
        let mut parsed = Vec::with_capacity(items.len());
        for (place, item) in items.iter().enumerate() {
            match item.as_str().map(&parse) {
                Some(Ok(one)) => parsed.push(one),
                Some(Err(detail)) => self.wrong(&format!("{name}/{place}"), detail),
                None => self.wrong(&format!("{name}/{place}"), "must be a text"),
            }
        }
        (parsed.len() == items.len()).then_some(Some(parsed))
    }

    /// An optional number of at most `within` in magnitude.
    pub fn optional_number(&mut self, name: &str, within: f64) -> Option<Option<f64>> {
        let detail = match self.take(name)? {
            Value::Null => return Some(None),
            Value::Number(number) => match number.as_f64().filter(|number| number.abs() <= within) {
                // Adding 0 turns -0 into 0, since only one of the databases keeps the sign.
                Some(number) => return Some(Some(number + 0.0)),
                None => format!("is {number}; within ±{within:e}"),
            },
            _ => "must be a number".to_owned(),
        };
        self.wrong(name, detail);
        None
    }

    /// An optional list of exactly `N` numbers of at most `within` in magnitude.
    pub fn optional_numbers<const N: usize>(&mut self, name: &str, within: f64) -> Option<Option<[f64; N]>> {
        let list = match self.take(name)? {
            Value::Null => return Some(None),
            Value::Array(list) if list.is_empty() => return Some(None),
            Value::Array(list) => list,
            _ => {
                self.wrong(name, format!("must be a list of {N} numbers"));
                return None;
            }
        };
        let mut numbers = [0.0; N];
        if list.len() != N {
            self.wrong(name, format!("has {} items; {N} numbers", list.len()));
            return None;
        }
        for (at, (item, number)) in list.iter().zip(&mut numbers).enumerate() {
            let Some(within) = item.as_f64().filter(|item| item.abs() <= within) else {
                self.wrong(&format!("{name}/{at}"), format!("is {item}; a number within ±{within:e}"));
                return None;
            };
            *number = within + 0.0;
        }
        Some(Some(numbers))
    }

    /// An optional flag, `false` where it is absent.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        self.optional_flag(name).map(Option::unwrap_or_default)
    }

    /// The value read from the fields, if there were no faults.
    ///
    /// # Errors
    /// The faults.
    pub fn done<T>(mut self, made: Option<T>) -> Result<T, Vec<Fault>> {
        self.unreadable.append(&mut self.faults);
        made.filter(|_| self.unreadable.is_empty()).ok_or(self.unreadable)
    }

    /// The value of a field, `null` where it is absent; `None` where it can't be read.
    fn take(&mut self, name: &str) -> Option<Value> {
        let is_unreadable = self.is_unreadable(name);
        Some(self.take_member(name)).filter(|_| !is_unreadable)
    }

    /// The value of a field, whatever in it can't be read.
    fn take_member(&mut self, name: &str) -> Value {
        self.known.push(name.to_owned());
        let at = self.members.iter().position(|(is, _)| is == name);
        at.map_or(Value::Null, |at| self.members.remove(at).1)
    }
}

/// What is said of an item that is none.
const NO_OBJECT: &str = "must be an object";

/// Whether a JSON pointer points into the value at another.
fn is_inside(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_and_flag(body: &str) -> Result<(String, bool), Vec<String>> {
        let mut fields = Fields::read(body.as_bytes()).map_err(|error| vec![error.to_string()])?;
        let name = fields.text("name", |text| if text.len() < 4 { Ok(text.to_owned()) } else { Err("is long".into()) });
        let flag = fields.flag("flag");
        let in_words = |fault: Fault| format!("{} {}", fault.pointer, fault.detail);
        fields.done(name.zip(flag)).map_err(|faults| faults.into_iter().map(in_words).collect())
    }

    #[test]
    fn what_is_optional_may_be_absent_in_any_way() {
        for body in [r#"{"name":"a"}"#, r#"{"flag":null,"name":"a","other":[1]}"#] {
            assert_eq!(name_and_flag(body), Ok(("a".to_owned(), false)));
        }
    }

    #[test]
    fn a_list_is_read_text_by_text() {
        let read = |body: &str| {
            let mut fields = Fields::read(body.as_bytes()).unwrap();
            let numbers = fields.optional_texts("n", |text| text.parse::<u8>().map_err(|_| "is no number".to_owned()));
            fields.done(numbers).map_err(|faults| faults.into_iter().map(|fault| fault.pointer).collect::<Vec<_>>())
        };
        assert_eq!(read(r#"{"n":["1","2"]}"#), Ok(Some(vec![1, 2])));
        for absent in ["{}", r#"{"n":null}"#, r#"{"n":[]}"#, r#"{"n":""}"#] {
            assert_eq!(read(absent), Ok(None), "{absent}");
        }
        assert_eq!(read(r#"{"n":["1","x",3]}"#), Err(vec!["/n/1".to_owned(), "/n/2".to_owned()]));
        assert_eq!(read(r#"{"n":"1"}"#), Err(vec!["/n".to_owned()]));
    }

    #[test]
    fn each_fault_is_named() {
        for (body, faults) in [
            (r#"{"name":"long","flag":1}"#, &["/name is long", "/flag must be true or false"][..]),
            (r#"{"name":""}"#, &["/name is missing"]),
            (r#"{"name":null}"#, &["/name is missing"]),
            (r#"{"name":3}"#, &["/name must be a text"]),
            (r#"{"name":"a","name":"b"}"#, &["/name is there more than once"]),
            ("[]", &["the body must be an object"]),
            (r#"{"name":"\u0000"}"#, &["The value at /name has a NUL in it."]),
            (
                r#"{"name":"a","other":{"x/y":[1e999],"z":"\ud800"}}"#,
                &["The value at /other/z has half of a surrogate pair in it."],
            ),
            (r#"{"name":"a","other":{"x/y":[1e999]}}"#, &["/other/x~1y/0 is a number out of range"]),
            (r#"{"name":"a","flag":1e999}"#, &["/flag is a number out of range"]),
        ] {
            assert_eq!(name_and_flag(body).unwrap_err(), faults, "{body}");
        }
    }

    fn numbers(body: &str) -> Result<Vec<Option<i64>>, Vec<String>> {
        let mut fields = Fields::read(body.as_bytes()).unwrap();
        let mut numbers = vec![fields.optional_integer("n", -3..=3).flatten()];
        for mut one in fields.objects("list", 2).unwrap_or_default() {
            numbers.push(one.optional_integer("n", 0..=9).flatten());
            one.refuse_others();
            fields.wrong_too(one.done(Some(())).err().unwrap_or_default());
        }
        fields.refuse_others();
        let in_words = |fault: Fault| format!("{} {}", fault.pointer, fault.detail);
        fields.done(Some(numbers)).map_err(|faults| faults.into_iter().map(in_words).collect())
    }

    #[test]
    fn what_can_not_be_read_in_an_item_of_a_batch_spoils_that_item_alone() {
        let read = |list: &str| {
            let body = format!(r#"{{"list":{list},"n":1}}"#);
            let mut fields = Fields::read_batch(body.as_bytes(), "list").map_err(|error| error.to_string())?;
            let items = fields.batch("list", 9);
            let in_words = |faults: Vec<Fault>| {
                faults
                    .into_iter()
                    .map(|fault| format!("{} {}", fault.pointer, fault.detail))
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            let items = fields.done(items).map_err(in_words)?;
            let read = |mut item: Fields| {
                let number = item.optional_integer("n", 0..=9);
                let deep = item.optional_object("deep");
                item.done(number.zip(deep)).map(|(number, _)| number).map_err(in_words)
            };
            Ok::<_, String>(items.into_iter().map(read).collect::<Vec<_>>())
        };
        let nested = format!(r#"{{"n":1,"deep":{{"x":{}{}}}}}"#, "[".repeat(100), "]".repeat(100));
        let too_deep = format!("/list/1/deep/x{} makes the body nested deeper than 64 levels", "/0".repeat(60));
        for (item, fault) in [
            (r#"{"n":1e99999}"#, "/list/1/n is a number out of range"),
            (r#"{"n":NaN}"#, "/list/1/n is not a number; JSON has only finite ones"),
            (r#"{"n":"\u0000"}"#, "/list/1/n has a NUL in it"),
            (r#"{"n":1,"deep":{"x":["\ud83d"]}}"#, "/list/1/deep/x/0 has half of a surrogate pair in it"),
            (r#"{"n":1,"n":1}"#, "/list/1/n is there more than once"),
            (r#"{"n":1,"deep":{"x":1,"x":2}}"#, "/list/1/deep/x is there more than once"),
            (r#"{"n":1,"\ud83d":2}"#, "/list/1 has half of a surrogate pair in it"),
            (nested.as_str(), too_deep.as_str()),
            ("3", "/list/1 must be an object"),
            ("[]", "/list/1 must be an object"),
            (r#""\u0000""#, "/list/1 has a NUL in it"),
        ] {
            let items = read(&format!(r#"[{{"n":3}},{item},{{"n":null}}]"#)).unwrap();
            assert_eq!(items, [Ok(Some(3)), Err(fault.to_owned()), Ok(None)], "{item}");
        }
        assert_eq!(read(r#"[{"n":1}],"list":[]"#), Err("/list is there more than once".to_owned()));
        assert_eq!(read(r#"[{"n":1}],"other":"\u0000""#), Err("The value at /other has a NUL in it.".to_owned()));
        assert_eq!(read(r#"[{"n":1}],"other":1e999"#), Err("/other is a number out of range".to_owned()));
        assert!(read(r#"[{"n":1},{"n":}]"#).unwrap_err().starts_with("The body is not JSON"));
    }

    #[test]
    fn integers_and_lists_of_objects_are_read() {
        assert_eq!(numbers(r#"{"n":3.0,"list":[{"n":-0.0},{"n":null}]}"#), Ok(vec![Some(3), Some(0), None]));
        for nothing in ["{}", r#"{"n":null,"list":null}"#, r#"{"list":[]}"#] {
            assert_eq!(numbers(nothing), Ok(vec![None]), "{nothing}");
        }
        for (body, faults) in [
            (r#"{"n":4}"#, &["/n is 4; -3 to 3"][..]),
            (r#"{"n":0.5}"#, &["/n is 0.5; an integer of -3 to 3"]),
            (r#"{"n":1e300}"#, &["/n is 1e+300; an integer of -3 to 3"]),
            (r#"{"n":"1","list":{}}"#, &["/n must be an integer", "/list must be a list"]),
            (
                r#"{"list":[1,{"n":10,"m":1}],"x":1}"#,
                &[
                    "/list/0 must be an object",
                    "/list/1/n is 10; 0 to 9",
                    "/list/1/m is not known here",
                    "/x is not known here",
                ],
            ),
            (r#"{"list":[{},{},{}]}"#, &["/list has 3 items; at most 2"]),
        ] {
            assert_eq!(numbers(body).unwrap_err(), faults, "{body}");
        }
    }

    #[test]
    fn empty_values_of_engines_count_as_absent() {
        let read = |value: &str| {
            let mut fields = Fields::read(format!(r#"{{"value":{value}}}"#).as_bytes()).unwrap();
            let positive = fields.positive_integer("value", 9);
            fields.done(positive).ok()
        };
        assert_eq!(
            ["null", "0", "-0.0", "9", "9.0"].map(read),
            [Some(None), Some(None), Some(None), Some(Some(9)), Some(Some(9))]
        );
        assert_eq!(["10", "-1", "\"\"", "0.5"].map(read), [None; 4]);
        let read = |value: &str| {
            let mut fields = Fields::read(format!(r#"{{"value":{value}}}"#).as_bytes()).unwrap();
            let nonzero = fields.nonzero_number("value", 1e3);
            fields.done(nonzero).ok()
        };
        assert_eq!(
            ["null", "0", "0.0", "-2.5", "1001"].map(read),
            [Some(None), Some(None), Some(None), Some(Some(-2.5)), None]
        );
    }

    #[test]
    fn an_object_of_empty_members_counts_as_absent() {
        let is_there = |value: &str| {
            let mut fields = Fields::read(format!(r#"{{"value":{value}}}"#).as_bytes()).unwrap();
            let object = fields.optional_object("value");
            fields.done(object).map(|object| object.is_some()).ok()
        };
        for absent in ["null", "{}", r#""""#, "[]", r#"{"a":null,"b":"","c":[],"d":0,"e":false,"f":{"g":0.0}}"#] {
            assert_eq!(is_there(absent), Some(false), "{absent}");
        }
        for present in [r#"{"a":"x"}"#, r#"{"a":[0]}"#, r#"{"a":1}"#, r#"{"a":true}"#, r#"{"a":{"b":[[]]}}"#] {
            assert_eq!(is_there(present), Some(true), "{present}");
        }
        for wrong in ["1", "[0]", r#""x""#, "false"] {
            assert_eq!(is_there(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_unknown_field_is_named_with_the_nearest_known_one() {
        let mut fields = Fields::read(br#"{"tempalte":1,"author":"me"}"#).unwrap();
        fields.positive_integer("template", 9);
        fields.optional_texts("text", |text| Ok(text.to_owned()));
        fields.refuse_others();
        let faults = fields.done(Some(())).unwrap_err();
        let details: Vec<&str> = faults.iter().map(|fault| fault.detail.as_str()).collect();
        assert_eq!(details, ["is not known here", "is not known here; did you mean template?"]);
    }
}
