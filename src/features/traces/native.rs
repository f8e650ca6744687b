//! The native form: one trace a line, as a JSON object. What `cairn export` prints and `cairn import` takes.
//!
//! | member | what | must be there |
//! |---|---|---|
//! | `kind` | `object`, `message`, `phantom` or `bloodstain` | yes |
//! | `scope` | the place: a text of at most 64 bytes without control characters | no: `""` |
//! | `author` | a text of 1 to 64 bytes | yes |
//! | `pos` | `[x,y,z]`, each within ±1e7 | no |
//! | `rot` | `[x,y,z,w]`, a quaternion, each within ±1e7 | no |
//! | `body` | an object, at most 32 KiB, without `id`, `u_uuid` and `data`; of an object with `o_type`, `o_pos` and `o_rot`, of a message with `part1`, `part2` and `part3`, as the seed's routes show them | of objects and messages |
//! | `good` | votes for it that it came with, 0 to 2147483647 | no: 0 |
//! | `recording` | either `{"frames":[[t,x,y,z,qx,qy,qz,qw],..]}` with rising `t` in seconds, or `{"data":[["x,y,z","x,y,z,w"],..]}` as the seed's clients send it; at most 12,000 frames and 256 KiB when packed | of phantoms; bloodstains may have one |
//! | `source_id` | what it is called where it comes from, 1 to 200 bytes: a world takes each once | no |
//! | `created_at` | when it was left, RFC 3339 | no: now |
//! | `legacy` | whether it is history that fills up where players have left too little | no: false |
//!
//! Absent members may also be `null`. A member that is not in the table is refused. `-0` in `pos` and `rot` becomes `0`.

use std::{borrow::Cow, io::Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    model::{
        COORDINATE_LIMIT, FRAMES_LIMIT, NAME_BYTES, NewTrace, Packed, RECORDING_BYTES, ScopeKey, TraceError, TraceKind,
        Transferred,
    },
    recording, seed,
};
use crate::platform::{
    clock,
    codec::{deflate::Compressor, json},
    error::Fault,
};

/// Bytes of a line, at most.
pub const LINE_BYTES: usize = 8 * 1024 * 1024;

/// Bytes of a `body`, at most.
const BODY_BYTES: usize = 32 * 1024;

/// Bytes of a `source_id`, at most.
const SOURCE_BYTES: usize = 200;

/// What the seed's view adds to a body, which must therefore not be in it.
const RESERVED: [&str; 3] = ["id", "u_uuid", "data"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    scope: Option<Cow<'a, str>>,
    #[serde(borrow)]
    author: Cow<'a, str>,
    pos: Option<[f64; 3]>,
    rot: Option<[f64; 4]>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
    good: Option<i64>,
    #[serde(borrow)]
    recording: Option<LineRecording<'a>>,
    #[serde(borrow)]
    source_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    created_at: Option<Cow<'a, str>>,
    legacy: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineRecording<'a> {
    frames: Option<Vec<recording::Frame>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// Reads one line.
///
/// # Errors
/// [`TraceError::Malformed`], or [`TraceError::Invalid`] with the first fault.
pub fn parse(line: &[u8], compressor: &mut Compressor) -> Result<Transferred, TraceError> {
    if json::deeper_than(line, json::MAX_DEPTH) {
        return Err(TraceError::Malformed(format!("nested deeper than {} levels", json::MAX_DEPTH)));
    }
    // An array would do for serde.
    if !line.trim_ascii_start().starts_with(b"{") {
        return Err(TraceError::Malformed("must be an object".to_owned()));
    }
    let read: Line<'_> = json::slow(line).map_err(|error| TraceError::Malformed(json::in_words(&error)))?;
    if json::has_suspect_escape(line) {
        json::check_texts(line).map_err(TraceError::Malformed)?;
    }
    read.check(compressor).map_err(|fault| TraceError::Invalid(vec![fault]))
}

impl Line<'_> {
    fn check(self, compressor: &mut Compressor) -> Result<Transferred, Fault> {
        let kind = TraceKind::of_name(&self.kind)
            .ok_or_else(|| Fault::new("/kind", "must be object, message, phantom or bloodstain"))?;
        let position = self.pos.map(|pos| coordinates("/pos", pos)).transpose()?;
        let rotation = self.rot.map(|rot| coordinates("/rot", rot)).transpose()?;
        let good = self.good.unwrap_or_default();
        let created_at_ms = self.created_at.map(|text| {
            clock::parse(&text).ok_or_else(|| Fault::new("/created_at", "is no time in the form of RFC 3339"))
        });
        Ok(Transferred {
            scope: ScopeKey::parse(&self.scope.unwrap_or_default(), "/scope")?,
            rotation,
            good: i32::try_from(good)
                .ok()
                .filter(|good| *good >= 0)
                .ok_or_else(|| Fault::new("/good", format!("is {good}; 0 to {}", i32::MAX)))?,
            legacy: self.legacy.unwrap_or_default(),
            source_id: self.source_id.map(|id| sized("/source_id", id, SOURCE_BYTES)).transpose()?,
            created_at_ms: created_at_ms.transpose()?.unwrap_or_else(clock::now_ms),
            trace: NewTrace {
                kind,
                author: sized("/author", self.author, NAME_BYTES)?,
                position,
                body: body(kind, self.body)?,
                recording: packed(kind, self.recording, compressor)?,
            },
        })
    }
}

fn coordinates<const N: usize>(pointer: &str, numbers: [f64; N]) -> Result<[f64; N], Fault> {
    let beyond = numbers.iter().position(|number| number.abs() > COORDINATE_LIMIT);
    match beyond {
        Some(at) => Err(Fault::new(format!("{pointer}/{at}"), format!("is beyond ±{COORDINATE_LIMIT:e}"))),
        // One database keeps the sign of nought, the other does not.
        None => Ok(numbers.map(|number| number + 0.0)),
    }
}

fn sized(pointer: &str, text: Cow<'_, str>, most: usize) -> Result<String, Fault> {
    if text.is_empty() || text.len() > most {
        return Err(Fault::new(pointer, format!("is {} bytes long; 1 to {most}", text.len())));
    }
    Ok(text.into_owned())
}

fn body(kind: TraceKind, raw: Option<&RawValue>) -> Result<String, Fault> {
    let text = raw.map_or("{}", RawValue::get);
    let members = json::slow::<std::collections::BTreeMap<String, &RawValue>>(text.as_bytes())
        .map_err(|_| Fault::new("/body", "must be an object"))?;
    if text.len() > BODY_BYTES {
        return Err(Fault::new("/body", format!("is {} bytes long; at most {BODY_BYTES}", text.len())));
    }
    if let Some(name) = RESERVED.into_iter().find(|name| members.contains_key(*name)) {
        return Err(Fault::new(format!("/body/{name}"), "is a reserved name"));
    }
    seed::check_shown(kind, text)?;
    Ok(text.to_owned())
}

fn packed(
    kind: TraceKind,
    recording: Option<LineRecording<'_>>,
    compressor: &mut Compressor,
) -> Result<Option<Packed>, Fault> {
    let fault = |detail: &str| Err(Fault::new("/recording", detail));
    let packed = match recording {
        None if kind == TraceKind::Phantom => return fault("is missing; a phantom has one"),
        None => return Ok(None),
        Some(_) if !kind.has_recording() => {
            return fault("is there; only phantoms and bloodstains have one");
        }
        Some(LineRecording { frames: Some(frames), data: None }) => {
            check_frames(&frames)?;
            recording::pack_run(&frames, compressor)
        }
        Some(LineRecording { frames: None, data: Some(data) }) => {
            let data = seed::read_frames(data, "/recording/data")?;
            recording::pack(&data, compressor)
        }
        Some(_) => return fault("must have either frames or data"),
    };
    if packed.bytes.len() > RECORDING_BYTES {
        return fault(&format!("is {} bytes when packed; at most {RECORDING_BYTES}", packed.bytes.len()));
    }
    Ok(Some(packed))
}

fn check_frames(frames: &[recording::Frame]) -> Result<(), Fault> {
    if frames.len() > FRAMES_LIMIT {
        let detail = format!("has {} frames; at most {FRAMES_LIMIT}", frames.len());
        return Err(Fault::new("/recording/frames", detail));
    }
    let mut before = f64::NEG_INFINITY;
    for (at, frame) in frames.iter().enumerate() {
        coordinates(&format!("/recording/frames/{at}"), *frame)?;
        let [time, ..] = *frame;
        if time <= before {
            return Err(Fault::new(format!("/recording/frames/{at}/0"), "is not later than the frame before"));
        }
        before = time;
    }
    Ok(())
}

#[derive(Serialize)]
struct Printed<'a> {
    kind: &'a str,
    scope: &'a str,
    author: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pos: Option<[f64; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rot: Option<[f64; 4]>,
    body: &'a RawValue,
    #[serde(skip_serializing_if = "is_nought")]
    good: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    recording: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_id: Option<&'a str>,
    created_at: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    legacy: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
fn is_nought(number: &i32) -> bool {
    *number == 0
}

/// Writes one line, its end too.
///
/// # Errors
/// A stored recording can't be unpacked, or what was stored as JSON is none.
pub fn print(one: &Transferred, out: &mut Vec<u8>) -> Result<(), TraceError> {
    let broken = |error: serde_json::Error| TraceError::Broken(error.to_string());
    let recording = match &one.trace.recording {
        None => None,
        Some(packed) => {
            let text = recording::print(packed.codec, &packed.bytes)?;
            Some(RawValue::from_string(text).map_err(broken)?)
        }
    };
    let printed = Printed {
        kind: one.trace.kind.name(),
        scope: one.scope.as_str(),
        author: &one.trace.author,
        pos: one.trace.position,
        rot: one.rotation,
        body: json::slow(one.trace.body.as_bytes()).map_err(broken)?,
        good: one.good,
        recording,
        source_id: one.source_id.as_deref(),
        created_at: clock::format(one.created_at_ms),
        legacy: one.legacy,
    };
    serde_json::to_writer(&mut *out, &printed).map_err(broken)?;
    // Writing to memory can't fail.
    let _whole = out.write_all(b"\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Transferred, String> {
        parse(line.as_bytes(), &mut Compressor::default()).map_err(|error| error.to_string())
    }

    const MESSAGE: &str = r#""kind":"message","author":"a","body":{"part1":"1","part2":2,"part3":"x"}"#;

    #[test]
    fn what_is_printed_is_what_was_read() {
        for line in [
            r#"{"kind":"message","scope":"20070","author":"a","pos":[1.5,-2.0,1e-6],"rot":[0.0,0.0,0.0,1.0],"body":{"part1":"1","part2":2,"part3":"x"},"good":7,"source_id":"des-1","created_at":"2026-11-21T04:05:06.789Z","legacy":true}"#,
            r#"{"kind":"object","scope":"","author":"a\n","body":{"o_type":1,"o_pos":"1,2,3","o_rot":"","more":[1]},"created_at":"1969-12-31T23:59:59Z"}"#,
            r#"{"kind":"phantom","scope":"é","author":"a","body":{"map":"hill"},"recording":{"frames":[[0,1.5,2,-0.0,0,0,0,1],[0.1,1.6,1e-7,3,0,0,0,1]]},"created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"phantom","scope":"","author":"a","body":{},"recording":{"frames":[[0,1.5,2,0.30000000000000004,0,0,0,1]]},"created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"phantom","scope":"","author":"a","body":{},"recording":{"data":[["1.0,2.0","x"],[]]},"created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"bloodstain","scope":"","author":"a","body":{},"created_at":"2026-11-21T04:05:06Z"}"#,
        ] {
            let mut out = Vec::new();
            print(&read(line).unwrap(), &mut out).unwrap();
            let (expected, printed): (serde_json::Value, serde_json::Value) =
                (serde_json::from_str(line).unwrap(), serde_json::from_slice(&out).unwrap());
            let numbers = |value: &serde_json::Value| {
                value["recording"]["frames"].as_array().map(|frames| {
                    frames
                        .iter()
                        .flat_map(|frame| frame.as_array().unwrap())
                        .map(|n| n.as_f64().unwrap())
                        .collect::<Vec<_>>()
                })
            };
            assert_eq!(numbers(&printed), numbers(&expected));
            for (name, value) in expected.as_object().unwrap().iter().filter(|(name, _)| **name != "recording") {
                assert_eq!(&printed[name], value);
            }
            assert_eq!(printed["recording"]["data"], expected["recording"]["data"]);
            let mut again = Vec::new();
            print(&read(std::str::from_utf8(&out).unwrap()).unwrap(), &mut again).unwrap();
            assert_eq!(again, out);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let message = |more: &str| format!("{{{MESSAGE}{more}}}");
        for (line, told) in [
            ("{", "EOF"),
            ("", "must be an object"),
            (r#"["message"]"#, "must be an object"),
            ("{\"kind\":\"message\"}", "missing field `author`"),
            (&message(r#","posistion":1"#), "unknown field `posistion`"),
            (&message(r#","pos":[1,2]"#), "array of length 3"),
            (&message(r#","pos":[1,2,2e7]"#), "/pos/2 is beyond ±1e7"),
            (&message(r#","rot":[1,2,2]"#), "array of length 4"),
            (&message(r#","good":-1"#), "/good is -1"),
            (&message(r#","good":2147483648"#), "/good is 2147483648"),
            (&message(r#","source_id":"""#), "/source_id is 0 bytes long"),
            (&message(r#","created_at":"yesterday""#), "/created_at"),
            (&message(r#","scope":"\u0000""#), "NUL"),
            (&message(r#","scope":"\ud800""#), "hex escape"),
            (r#"{"kind":"bloodstain","author":"a","body":{"x":"\ud800"}}"#, "hex escape"),
            (&message(r#","scope":"\t""#), "/scope has a control character"),
            (&message(r#","recording":{"frames":[]}"#), "/recording is there"),
            (r#"{"kind":"ghost","author":"a"}"#, "/kind must be"),
            (r#"{"kind":"message","author":"","body":{}}"#, "/author is 0 bytes long"),
            (r#"{"kind":"message","author":"a"}"#, "/body"),
            (r#"{"kind":"object","author":"a","body":{"o_type":"x","o_pos":"","o_rot":""}}"#, "/body"),
            (r#"{"kind":"bloodstain","author":"a","body":[]}"#, "/body must be an object"),
            (r#"{"kind":"bloodstain","author":"a","body":{"id":1}}"#, "/body/id is a reserved name"),
            (r#"{"kind":"phantom","author":"a"}"#, "/recording is missing"),
            (r#"{"kind":"phantom","author":"a","recording":{}}"#, "must have either"),
            (r#"{"kind":"phantom","author":"a","recording":{"frames":[[1,1,1,1,1,1,1]]}}"#, "array of length 8"),
            (r#"{"kind":"phantom","author":"a","recording":{"frames":[[1,1,1,1,1,1,1,1e400]]}}"#, "out of range"),
            (
                r#"{"kind":"phantom","author":"a","recording":{"frames":[[1,1,1,1,1,1,1,1],[1,1,1,1,1,1,1,1]]}}"#,
                "/recording/frames/1/0 is not later",
            ),
        ] {
            let error = read(line).unwrap_err();
            assert!(error.contains(told), "{line}: {error}");
        }
    }
}
