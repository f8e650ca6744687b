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
//! | `recording` | `{"frames":[[t,x,y,z,qx,qy,qz,qw],..]}` with rising `t` in seconds, or `{"data":[["x,y,z","x,y,z,w"],..]}` as the seed's clients send it, at most 12,000 frames and 256 KiB when packed; or `{"columns":{..}}` as `/v1` takes it, or `{"packed":".."}`, the packed form in hexadecimal | of phantoms; bloodstains may have one |
//! | `group` or `group_key` | the word of the group that alone sees it; or SHA-256 of that, in hexadecimal | no |
//! | `content_version` | 0 to 2147483647 | no: 0 |
//! | `rank_value` | within ±1e12 | no |
//! | `expires_at` | when it goes by itself, RFC 3339 | no: never |
//! | `hidden` | whether nobody is shown it | no: false |
//! | `source_id` | what it is called where it comes from, 1 to 200 bytes: a world takes each once | no |
//! | `created_at` | when it was left, RFC 3339 | no: now |
//! | `legacy` | whether it is history that fills up where players have left too little | no: false |
//!
//! What only `/v1` says stands in these; a line with any of them, or with a recording of `/v1`, has no `body`, which follows
//! from them:
//!
//! | member | what |
//! |---|---|
//! | `type`, `text`, `template`, `word`, `conjunction`, `template2`, `word2`, `gesture`, `data` | as `POST /v1/traces` takes them |
//! | `minted` | whether the author is a player of this world, who may change it: then `author` is a UUID |
//!
//! Absent members may also be `null`. A member that is not in the table is refused. `-0` in `pos` and `rot` becomes `0`.

mod said;

use std::{borrow::Cow, io::Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use self::said::LineSaid;
use super::{
    group::GroupKey,
    model::{
        COORDINATE_LIMIT, FRAMES_LIMIT, NAME_BYTES, NewTrace, Packed, RECORDING_BYTES, ScopeKey, TraceError, TraceKind,
        Transferred,
    },
    recording, seed,
    shown::Detail,
};
use crate::{
    features::recordings,
    platform::{
        clock,
        codec::{deflate::Compressor, json},
        error::Fault,
    },
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
    #[serde(borrow)]
    group: Option<Cow<'a, str>>,
    #[serde(borrow)]
    group_key: Option<Cow<'a, str>>,
    content_version: Option<i64>,
    rank_value: Option<f64>,
    #[serde(borrow)]
    expires_at: Option<Cow<'a, str>>,
    hidden: Option<bool>,
    #[serde(borrow, rename = "type")]
    sort: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Vec<Cow<'a, str>>>,
    template: Option<i64>,
    word: Option<i64>,
    conjunction: Option<i64>,
    template2: Option<i64>,
    word2: Option<i64>,
    gesture: Option<i64>,
    #[serde(borrow)]
    data: Option<Cow<'a, str>>,
    minted: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineRecording<'a> {
    frames: Option<Vec<recording::Frame>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    columns: Option<&'a RawValue>,
    #[serde(borrow)]
    packed: Option<Cow<'a, str>>,
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
        let time = |pointer: &str, text: Option<Cow<'_, str>>| {
            let wrong = || Fault::new(pointer, "is no time in the form of RFC 3339");
            text.map(|text| clock::parse(&text).ok_or_else(wrong)).transpose()
        };
        let author = sized("/author", self.author, NAME_BYTES)?;
        let said = LineSaid {
            sort: self.sort,
            text: self.text,
            numbers: [self.template, self.word, self.conjunction, self.template2, self.word2, self.gesture],
            data: self.data,
            minted: self.minted.unwrap_or_default(),
            recording: self.recording.as_ref().and_then(|recording| recording.columns.map(RawValue::get)),
            packed: self.recording.as_ref().and_then(|recording| recording.packed.as_deref()),
        };
        let said = said.check(kind, &author, position.is_some(), compressor)?;
        let (body, recording) = match &said {
            Some(_) if self.body.is_some() => {
                return Err(Fault::new("/body", "is there beside what follows from /v1; a line has one of the two"));
            }
            Some(said) => {
                let frames = |recording: &LineRecording<'_>| recording.frames.is_some() || recording.data.is_some();
                if self.recording.as_ref().is_some_and(frames) {
                    return Err(Fault::new("/recording", "must have columns or packed in a line of /v1"));
                }
                (said.stored().seed_body(kind, position, rotation), None)
            }
            None => (body(kind, self.body)?, packed(kind, self.recording, compressor)?),
        };
        Ok(Transferred {
            scope: ScopeKey::parse(&self.scope.unwrap_or_default(), "/scope")?,
            rotation,
            good: i32::try_from(good)
                .ok()
                .filter(|good| *good >= 0)
                .ok_or_else(|| Fault::new("/good", format!("is {good}; 0 to {}", i32::MAX)))?,
            legacy: self.legacy.unwrap_or_default(),
            source_id: self.source_id.map(|id| sized("/source_id", id, SOURCE_BYTES)).transpose()?,
            created_at_ms: time("/created_at", self.created_at)?.unwrap_or_else(clock::now_ms),
            expires_at_ms: time("/expires_at", self.expires_at)?,
            hidden: self.hidden.unwrap_or_default(),
            group: group(self.group, self.group_key)?,
            content_version: said::integer("/content_version", self.content_version, 0)?.unwrap_or_default(),
            rank_value: self.rank_value.map(said::rank).transpose()?,
            said,
            trace: NewTrace { kind, author, position, body, recording },
        })
    }
}

fn group(name: Option<Cow<'_, str>>, digest: Option<Cow<'_, str>>) -> Result<Option<GroupKey>, Fault> {
    match (name, digest) {
        (None, None) => Ok(None),
        (Some(name), None) => GroupKey::parse(&name).map(Some).map_err(|detail| Fault::new("/group", detail)),
        (None, Some(digest)) => {
            let wrong = || Fault::new("/group_key", "must be 64 hexadecimal digits");
            GroupKey::of_digest(&digest).map(Some).ok_or_else(wrong)
        }
        (Some(_), Some(_)) => Err(Fault::new("/group_key", "is there beside group; one of the two")),
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
        Some(LineRecording { frames: Some(frames), data: None, .. }) => {
            check_frames(&frames)?;
            recording::pack_run(&frames, compressor)
        }
        Some(LineRecording { frames: None, data: Some(data), .. }) => {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
    #[serde(flatten)]
    detail: Option<&'a Detail>,
    #[serde(skip_serializing_if = "is_nought")]
    good: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    recording: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_id: Option<&'a str>,
    created_at: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    legacy: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_key: Option<&'a str>,
    #[serde(skip_serializing_if = "is_nought")]
    content_version: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    minted: bool,
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
    let brought = one.said.as_ref().and_then(|said| said.recording.as_ref());
    let brought = brought.map(|brought| (recordings::CODEC, &*brought.ready.bytes));
    let recording = match brought.or(one.trace.recording.as_ref().map(|packed| (packed.codec, &*packed.bytes))) {
        None => None,
        Some((codec, bytes)) => {
            let text = recording::print(codec, bytes)?;
            Some(RawValue::from_string(text).map_err(broken)?)
        }
    };
    let printed = Printed {
        kind: one.trace.kind.name(),
        scope: one.scope.as_str(),
        author: &one.trace.author,
        pos: one.trace.position,
        rot: one.rotation,
        body: match one.said {
            None => Some(json::slow(one.trace.body.as_bytes()).map_err(broken)?),
            Some(_) => None,
        },
        detail: one.said.as_ref().map(|said| &said.detail),
        good: one.good,
        recording,
        source_id: one.source_id.as_deref(),
        created_at: clock::format(one.created_at_ms),
        legacy: one.legacy,
        group_key: one.group.as_ref().map(GroupKey::as_str),
        content_version: one.content_version,
        rank_value: one.rank_value,
        expires_at: one.expires_at_ms.map(clock::format),
        hidden: one.hidden,
        minted: one.said.as_ref().is_some_and(|said| said.minted),
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
            r#"{"kind":"message","scope":"x","author":"01936b2f-4c7e-7a10-b5d2-c3e4f5a60718","pos":[1.0,2.0,3.0],"text":["a","b"],"template":3,"word2":7,"gesture":1,"data":"{ }","group_key":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","content_version":5,"rank_value":-1.5,"expires_at":"2036-11-21T04:05:06Z","hidden":true,"minted":true,"created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"object","scope":"","author":"npc","pos":[1.0,2.0,3.0],"type":"torch","created_at":"2026-11-21T04:05:06Z"}"#,
            r#"{"kind":"bloodstain","scope":"","author":"01936b2f-4c7e-7a10-b5d2-c3e4f5a60718","pos":[1.0,2.0,3.0],"minted":true,"created_at":"2026-11-21T04:05:06Z"}"#,
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
            (&message(r#","text":["x"]"#), "/body is there beside"),
            (&message(r#","group":"a","group_key":"b""#), "/group_key is there beside"),
            (&message(r#","group_key":"ab""#), "/group_key must be 64"),
            (&message(r#","content_version":-1"#), "/content_version is -1"),
            (&message(r#","rank_value":1e13"#), "/rank_value is"),
            (&message(r#","expires_at":"soon""#), "/expires_at"),
            (r#"{"kind":"message","author":"a","word":7}"#, "/text is missing"),
            (r#"{"kind":"message","author":"a","text":["x"],"minted":true}"#, "/author must be a UUID"),
            (r#"{"kind":"message","author":"a","template":0}"#, "/template is 0"),
            (r#"{"kind":"object","author":"a","type":"x"}"#, "/pos is missing"),
            (r#"{"kind":"object","author":"a","type":"x","pos":[1,2,3],"text":["x"]}"#, "/text is there"),
            (r#"{"kind":"phantom","author":"a","type":"x"}"#, "/recording is missing"),
            (r#"{"kind":"phantom","author":"a","type":"x","recording":{"frames":[]}}"#, "/recording is missing"),
            (r#"{"kind":"phantom","author":"a","recording":{"packed":"00"}}"#, "/recording/packed"),
            (r#"{"kind":"phantom","author":"a","recording":{"packed":"0"}}"#, "/recording/packed must be hexadecimal"),
            (
                r#"{"kind":"phantom","author":"a","recording":{"columns":{"t_ms":[0],"pos":[1,2]}}}"#,
                "/recording/columns/pos has 2",
            ),
            (
                r#"{"kind":"object","author":"a","type":"x","pos":[1,2,3],"recording":{"columns":{"t_ms":[0],"pos":[1,2,3]}}}"#,
                "/recording is there",
            ),
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
