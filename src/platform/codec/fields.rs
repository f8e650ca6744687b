//! A JSON object of a few texts and flags, read leniently where the design says so (`null` and `""` stand for what is
//! absent), with a fault for each thing that is wrong.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use super::json;
use crate::platform::error::Fault;

/// The bytes are no object of fields.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// They are not JSON that is taken here.
    #[error("{0}")]
    Malformed(String),
    /// They are JSON, and no object.
    #[error("the body must be an object")]
    NoObject,
}

/// The fields of an object, and what was found wrong with them so far.
#[derive(Debug)]
pub struct Fields {
    members: Vec<(String, Value)>,
    faults: Vec<Fault>,
}

impl Fields {
    /// The fields in these bytes. Unknown ones are passed over.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(body: &[u8]) -> Result<Self, Unreadable> {
        if json::deeper_than(body, json::MAX_DEPTH) {
            return Err(Unreadable::Malformed(format!("The body is nested deeper than {} levels.", json::MAX_DEPTH)));
        }
        json::check_texts(body).map_err(Unreadable::Malformed)?;
        // It is JSON by now; what can still be wrong is that it is no object.
        let Members(members) = json::slow(body).map_err(|_| Unreadable::NoObject)?;
        Ok(Self { members, faults: Vec::new() })
    }

    /// Notes that something is wrong with a field.
    pub fn wrong(&mut self, name: &str, detail: impl Into<String>) {
        self.faults.push(Fault::new(format!("/{name}"), detail));
    }

    /// A text that must be there, made into something by `parse`, which says in words what is wrong with it. Nothing when
    /// something is: then it is noted.
    pub fn text<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.optional_text(name, parse)?;
        if text.is_none() {
            self.wrong(name, "is missing");
        }
        text
    }

    /// As [`Fields::text`], of a text that may be absent.
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

    /// A flag; absent ones are `false`.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.take(name)? {
            Value::Null => Some(false),
            Value::Bool(flag) => Some(flag),
            _ => {
                self.wrong(name, "must be true or false");
                None
            }
        }
    }

    /// What was made of the fields, if nothing was wrong with any.
    ///
    /// # Errors
    /// What was.
    pub fn done<T>(self, made: Option<T>) -> Result<T, Vec<Fault>> {
        made.filter(|_| self.faults.is_empty()).ok_or(self.faults)
    }

    /// The value of a field, `null` where it is absent; nothing when it is there twice.
    fn take(&mut self, name: &str) -> Option<Value> {
        let mut found = self.members.extract_if(.., |(is, _)| is == name);
        let value = found.next().map_or(Value::Null, |(_, value)| value);
        let again = found.count() > 0;
        if again {
            self.wrong(name, "is there more than once");
            return None;
        }
        Some(value)
    }
}

/// In order, those that are there twice too.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_and_flag(body: &str) -> Result<(String, bool), Vec<String>> {
        let mut fields = Fields::read(body.as_bytes()).map_err(|error| vec![error.to_string()])?;
        let name = fields.text("name", |text| if text.len() < 4 { Ok(text.to_owned()) } else { Err("is long".into()) });
        let flag = fields.flag("flag");
        let said = |fault: Fault| format!("{} {}", fault.pointer, fault.detail);
        fields.done(name.zip(flag)).map_err(|faults| faults.into_iter().map(said).collect())
    }

    #[test]
    fn what_is_optional_may_be_absent_in_any_way() {
        for body in [r#"{"name":"a"}"#, r#"{"flag":null,"name":"a","other":[1]}"#] {
            assert_eq!(name_and_flag(body), Ok(("a".to_owned(), false)));
        }
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
            (r#"{"name":"\u0000"}"#, &["A text in the body has a NUL in it."]),
        ] {
            assert_eq!(name_and_flag(body).unwrap_err(), faults, "{body}");
        }
    }
}
