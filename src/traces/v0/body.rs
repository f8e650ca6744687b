//! Reading the body of `POST /add-object`.
//!
//! A body is read at most twice: by the fast reader, into fields borrowed from the body itself; and where that fails, by the slow
//! reader, which allows `null`, `""` and `[]` for absent members and `3.0` for 3, and knows the place of every fault. Both make a
//! [`Draft`], so there is one set of rules.

mod diagnose;
mod draft;

use self::draft::Draft;
pub use self::draft::{check_v0_body, read_frames, with_integers};
use crate::{
    platform::codec::{deflate::Compressor, json},
    traces::{
        gate::TextAllowed,
        trace::{NewTrace, TraceError},
    },
    worlds::ScopeKey,
};

/// The longest part of a message, in bytes.
pub const PART_BYTES: usize = 1024;

/// The longest text of numbers (a position, a rotation, a text of a frame), in bytes.
pub const NUMBERS_BYTES: usize = 256;

/// The most texts in one frame.
pub const FRAME_TEXTS: usize = 8;

/// Reads and checks a body and packs its phantom. Reading overwrites `body`.
///
/// # Errors
/// [`TraceError::Malformed`], [`TraceError::Invalid`] with the first 20 faults, or [`TraceError::Refused`] where it has texts that are
/// not `allowed`.
pub fn read(
    body: &mut [u8],
    compressor: &mut Compressor,
    allowed: TextAllowed,
) -> Result<(ScopeKey, Vec<NewTrace>), TraceError> {
    let suspect = json::has_suspect_escape(body);
    // The fast reader overwrites texts that have escapes.
    let text = (!suspect && json::has_escape(body)).then(|| body.to_vec());
    if !suspect && let Some(draft) = json::fast::<Draft<'_>>(body) {
        return draft.check(compressor, allowed);
    }
    let text = text.as_deref().unwrap_or(body);
    if json::deeper_than(text, json::MAX_DEPTH) {
        return Err(TraceError::Malformed(format!("The body is nested deeper than {} levels.", json::MAX_DEPTH)));
    }
    // The slow reader comes first, because it knows the place of a fault.
    let draft = diagnose::read(text);
    if suspect && !matches!(draft, Err(TraceError::Malformed(_))) {
        json::check_texts(text).map_err(TraceError::Malformed)?;
    }
    draft?.check(compressor, allowed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_text(body: &str) -> Result<(ScopeKey, Vec<NewTrace>), TraceError> {
        read(&mut body.as_bytes().to_vec(), &mut Compressor::default(), TextAllowed::ALL)
    }

    fn string() -> impl Strategy<Value = String> {
        prop::string::string_regex("[^\0]{1,16}").unwrap()
    }

    proptest! {
        #[test]
        fn both_readers_read_alike(
            scope in prop::option::of(string()),
            author in string(),
            o_type in any::<i64>(),
            texts in prop::collection::vec(string(), 4),
            m_pos in prop::option::of(string()),
            part in any::<i64>(),
            data in prop::collection::vec(prop::collection::vec(string(), 0..3), 0..5),
        ) {
            let body = serde_json::json!({
                "scope": scope,
                "obj": {"u_uuid": author, "o_type": o_type, "o_pos": texts[0], "o_rot": texts[1]},
                "message": {"u_uuid": author, "part1": texts[2], "part2": part, "part3": texts[3], "m_pos": m_pos},
                "phantom": {"u_uuid": author, "data": data},
                "later": {"unknown": [1, 2.5, null]},
            })
            .to_string();
            let mut bytes = body.clone().into_bytes();
            let fast = json::fast::<Draft<'_>>(&mut bytes).expect("the fast reader reads a plain body");
            prop_assert_eq!(&fast, &diagnose::read(body.as_bytes()).unwrap());
        }

        #[test]
        fn a_body_that_is_not_json_is_refused_without_panicking(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _outcome = read(&mut bytes.clone(), &mut Compressor::default(), TextAllowed::ALL);
        }
    }

    #[test]
    fn a_phantom_and_an_object_or_message_are_required() {
        let object = r#"{"u_uuid":"a","o_type":1,"o_pos":"1,2,3","o_rot":""}"#;
        let message = r#"{"u_uuid":"a","part1":"","part2":7.0,"part3":"x"}"#;
        let phantom = r#"{"u_uuid":"a","data":[]}"#;
        for absent in ["", "null", r#""""#, "[]", "[ ]"] {
            for (has_object, has_message, has_phantom) in
                (0..8).map(|bits| (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0))
            {
                let members: Vec<String> =
                    [("obj", object, has_object), ("message", message, has_message), ("phantom", phantom, has_phantom)]
                        .into_iter()
                        .map(|(name, value, present)| (name, if present { value } else { absent }))
                        .filter(|(_, value)| !value.is_empty())
                        .map(|(name, value)| format!(r#""{name}":{value}"#))
                        .collect();
                let outcome = read_text(&format!("{{{}}}", members.join(",")));
                let expected = has_phantom && (has_object || has_message);
                assert_eq!(outcome.is_ok(), expected, "{members:?}: {outcome:?}");
                if let Ok((_, traces)) = outcome {
                    assert_eq!(traces.len(), 1 + usize::from(has_object) + usize::from(has_message));
                }
            }
        }
    }
}
