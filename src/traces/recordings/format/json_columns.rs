//! Reads columns from JSON, leniently: `null`, `""` and `[]` count as absent, and `3.0` is an integer.
//!
//! Valid columns are deserialised directly. If that fails, they are read again member by member, to report each fault.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::columns::{Column, RawColumns};
use crate::platform::{
    codec::{
        fields::Unreadable,
        json::{self, Members},
    },
    error::Fault,
};

/// Why columns can't be read.
#[derive(Debug)]
pub enum ColumnsError {
    /// The body is not JSON, or no object.
    Unreadable(Unreadable),
    /// Members have the wrong type.
    Invalid(Vec<Fault>),
}

fn malformed(detail: String) -> ColumnsError {
    ColumnsError::Unreadable(Unreadable::Malformed(detail))
}

/// The members of valid columns.
#[derive(Deserialize)]
struct Valid {
    content_version: Option<f64>,
    complete: Option<bool>,
    look: Option<String>,
    t_ms: Option<Vec<f64>>,
    pos: Option<Vec<f64>>,
    rot: Option<Vec<f64>>,
    state: Option<Vec<f64>>,
    teleports: Option<Vec<f64>>,
    event_ms: Option<Vec<f64>>,
    event_code: Option<Vec<f64>>,
    event_arg: Option<Vec<f64>>,
}

/// Reads a body. Unknown members are ignored.
///
/// # Errors
/// It is not readable, or members have the wrong type. Ranges and lengths are validated later.
pub fn read(body: &[u8]) -> Result<RawColumns, ColumnsError> {
    let body = json::without_byte_order_mark(body);
    if json::deeper_than(body, json::MAX_DEPTH) {
        return Err(malformed(format!("The body is nested deeper than {} levels.", json::MAX_DEPTH)));
    }
    if json::has_suspect_escape(body) {
        json::check_texts(body).map_err(malformed)?;
    }
    // serde would accept an array, too.
    let is_object = body.trim_ascii_start().starts_with(b"{");
    match json::slow::<Valid>(body) {
        Ok(valid) if is_object => Ok(valid.into()),
        _ => read_members(body),
    }
}

impl From<Valid> for RawColumns {
    fn from(valid: Valid) -> Self {
        let Valid { t_ms, pos, rot, state, teleports, event_ms, event_code, event_arg, .. } = valid;
        Self {
            content_version: valid.content_version.unwrap_or_default(),
            complete: valid.complete.unwrap_or_default(),
            look: valid.look.unwrap_or_default(),
            columns: [t_ms, pos, rot, state, teleports, event_ms, event_code, event_arg].map(Option::unwrap_or_default),
        }
    }
}

fn read_members(body: &[u8]) -> Result<RawColumns, ColumnsError> {
    let Members(members) = json::slow::<Members<String, &RawValue>>(body).map_err(|error| {
        if error.is_data() {
            ColumnsError::Unreadable(Unreadable::NoObject)
        } else {
            malformed(format!("The body is not JSON: {}.", json::in_words(&error)))
        }
    })?;
    let mut faults = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    let mut columns = RawColumns::default();
    for (name, member) in &members {
        let column = Column::ALL.iter().zip(&mut columns.columns).find(|(column, _)| column.name() == name);
        let value = member.get();
        let absent = matches!(value, "null" | "\"\"") || is_empty_array(value);
        let read = match (&**name, column) {
            (name, Some((_, column))) => {
                if absent {
                    Ok(())
                } else {
                    numbers(name, value).map(|numbers| *column = numbers)
                }
            }
            ("content_version", None) if !absent => {
                number("/content_version", value).map(|version| columns.content_version = version)
            }
            ("complete", None) if !absent => match value {
                "true" | "false" => {
                    columns.complete = value == "true";
                    Ok(())
                }
                _ => Err(Fault::new("/complete", "must be true or false")),
            },
            ("look", None) if !absent => json::slow(value.as_bytes())
                .map(|look| columns.look = look)
                .map_err(|_| Fault::new("/look", "must be a text")),
            ("content_version" | "complete" | "look", None) => Ok(()),
            // Unknown members may have any value.
            (_, None) => continue,
        };
        if known.contains(&&**name) {
            faults.push(Fault::new(format!("/{name}"), "is there more than once"));
        }
        known.push(name);
        faults.extend(read.err());
    }
    if faults.is_empty() { Ok(columns) } else { Err(ColumnsError::Invalid(faults)) }
}

fn is_empty_array(value: &str) -> bool {
    let inside = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inside.is_some_and(|inside| inside.trim_ascii().is_empty())
}

fn numbers(name: &str, value: &str) -> Result<Vec<f64>, Fault> {
    let items: Vec<&RawValue> =
        json::slow(value.as_bytes()).map_err(|_| Fault::new(format!("/{name}"), "must be an array of numbers"))?;
    items.iter().enumerate().map(|(at, item)| number(&format!("/{name}/{at}"), item.get())).collect()
}

fn number(pointer: &str, value: &str) -> Result<f64, Fault> {
    let is_number = value.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let number = value.parse().ok().filter(|_| is_number).ok_or_else(|| Fault::new(pointer, "must be a number"))?;
    if f64::is_finite(number) { Ok(number) } else { Err(Fault::new(pointer, "is out of range")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(body: &str) -> Vec<String> {
        match read(body.as_bytes()).unwrap_err() {
            ColumnsError::Invalid(faults) => {
                faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect()
            }
            ColumnsError::Unreadable(other) => vec![other.to_string()],
        }
    }

    #[test]
    fn null_empty_strings_and_empty_arrays_count_as_absent() {
        let expected = read(br#"{"t_ms":[0,10.0],"pos":[1,2,3,4,5,6]}"#).unwrap();
        for body in [
            r#"{"t_ms":[0.0,10],"pos":[1,2.0,3,4,5,6],"rot":[],"state":null,"look":"","complete":false,"content_version":0}"#,
            r#"{"t_ms":[0,1e1],"pos":[1,2,3,4,5,6],"rot":"","state":[ ],"look":null,"complete":null,"content_version":"","mood":[["x"]]}"#,
        ] {
            assert_eq!(read(body.as_bytes()).unwrap(), expected, "{body}");
        }
    }

    #[test]
    fn each_fault_has_a_pointer() {
        for (body, said) in [
            (
                r#"{"t_ms":[0,"1"],"pos":{},"look":7}"#,
                &["/t_ms/1 must be a number", "/pos must be an array of numbers", "/look must be a text"][..],
            ),
            (r#"{"t_ms":[0,1e999]}"#, &["/t_ms/1 is out of range"]),
            (r#"{"t_ms":[null]}"#, &["/t_ms/0 must be a number"]),
            (
                r#"{"t_ms":[],"t_ms":[1],"complete":1}"#,
                &["/t_ms is there more than once", "/complete must be true or false"],
            ),
            ("[]", &["the body must be an object"]),
            (r#"{"look":"\u0000"}"#, &["A text in the body has a NUL in it."]),
        ] {
            assert_eq!(faults(body), said, "{body}");
        }
        for body in ["", "{", r#"{"t_ms":[NaN]}"#, r#"{"pos":[1,]}"#, r#"{"pos":[01]}"#, "{\"look\":\"\u{1}\"}"] {
            assert!(faults(body)[0].starts_with("The body is not JSON"), "{body}: {:?}", faults(body));
        }
    }
}
