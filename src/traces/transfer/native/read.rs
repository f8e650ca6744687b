//! Reads a line of the native form.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::v1_fields::{self, LineV1Fields};
use crate::{
    platform::{
        clock,
        codec::{
            deflate::Compressor,
            json::{self, Integer},
        },
        error::Fault,
    },
    traces::{
        TraceKind,
        trace::{
            COORDINATE_LIMIT, FRAMES_LIMIT, GroupKey, NAME_BYTES, NewTrace, Packed, RECORDING_BYTES, TraceError,
            frame_codec, rotation_of,
        },
        transfer::model::TransferredTrace,
        v0,
    },
    worlds::ScopeKey,
};

/// The longest line, in bytes.
pub const LINE_BYTES: usize = 8 * 1024 * 1024;

/// The longest `body`, in bytes.
const BODY_BYTES: usize = 32 * 1024;

/// The longest `source_id`, in bytes.
const SOURCE_BYTES: usize = 200;

/// The members that the v0 response adds to a body, so they must not be in it.
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
    good: Option<Integer>,
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
    content_version: Option<Integer>,
    rank_value: Option<f64>,
    #[serde(borrow)]
    expires_at: Option<Cow<'a, str>>,
    hidden: Option<bool>,
    #[serde(borrow, rename = "type")]
    sort: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Vec<Cow<'a, str>>>,
    template: Option<Integer>,
    word: Option<Integer>,
    conjunction: Option<Integer>,
    template2: Option<Integer>,
    word2: Option<Integer>,
    gesture: Option<Integer>,
    #[serde(borrow)]
    data: Option<Cow<'a, str>>,
    minted: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineRecording<'a> {
    frames: Option<Vec<frame_codec::Frame>>,
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
pub fn parse(line: &[u8], compressor: &mut Compressor) -> Result<TransferredTrace, TraceError> {
    if json::deeper_than(line, json::MAX_DEPTH) {
        return Err(TraceError::Malformed(format!("nested deeper than {} levels", json::MAX_DEPTH)));
    }
    if line.starts_with(b"\xff\xfe") || line.starts_with(b"\xfe\xff") {
        return Err(TraceError::Malformed("is UTF-16; lines are UTF-8".to_owned()));
    }
    // Serde would read an array too.
    if !line.trim_ascii_start().starts_with(b"{") {
        return Err(TraceError::Malformed("must be an object".to_owned()));
    }
    let read: Line<'_> = json::slow(line)
        .map_err(|error| flaw(line).unwrap_or_else(|| TraceError::Malformed(json::in_words(&error))))?;
    if json::has_suspect_escape(line)
        && let Some(error) = flaw(line)
    {
        return Err(error);
    }
    read.check(compressor).map_err(|fault| TraceError::Invalid(vec![fault]))
}

/// The first value in a line that can't be read, with its place, which the parser doesn't know.
fn flaw(line: &[u8]) -> Option<TraceError> {
    let flaw = json::read(line).ok()?.1.into_iter().next()?;
    Some(TraceError::Invalid(vec![flaw.into()]))
}

impl Line<'_> {
    fn check(self, compressor: &mut Compressor) -> Result<TransferredTrace, Fault> {
        let kind = TraceKind::of_name(&self.kind)
            .ok_or_else(|| Fault::new("/kind", "must be object, message, phantom or bloodstain"))?;
        let position = self.pos.map(|pos| coordinates("/pos", pos)).transpose()?;
        let rotation = self.rot.map(|rot| coordinates("/rot", rot)).transpose()?.map(rotation_of);
        let good = self.good.map_or(0, |Integer(good)| good);
        let time = |pointer: &str, text: Option<Cow<'_, str>>| {
            let wrong = || Fault::new(pointer, "is not a time in the form of RFC 3339, of the years 0 to 9999 in UTC");
            text.map(|text| clock::parse(&text).ok_or_else(wrong)).transpose()
        };
        let author = sized("/author", self.author, NAME_BYTES)?;
        let v1 = LineV1Fields {
            sort: self.sort,
            text: self.text,
            numbers: [self.template, self.word, self.conjunction, self.template2, self.word2, self.gesture]
                .map(|number| number.map(|Integer(number)| number)),
            data: self.data,
            minted: self.minted.unwrap_or_default(),
            recording: self.recording.as_ref().and_then(|recording| recording.columns.map(RawValue::get)),
            packed: self.recording.as_ref().and_then(|recording| recording.packed.as_deref()),
        };
        let v1 = v1.check(kind, &author, position.is_some(), compressor)?;
        let (body, recording) = match &v1 {
            Some(_) if self.body.is_some() => {
                return Err(Fault::new("/body", "can't be combined with members of /v1; give one or the other"));
            }
            Some(v1) => {
                let frames = |recording: &LineRecording<'_>| recording.frames.is_some() || recording.data.is_some();
                if self.recording.as_ref().is_some_and(frames) {
                    return Err(Fault::new("/recording", "must have columns or packed in a line with members of /v1"));
                }
                (v1.stored_detail().v0_body(kind, position, rotation), None)
            }
            None => (body(kind, self.body)?, packed(kind, self.recording, compressor)?),
        };
        Ok(TransferredTrace {
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
            content_version: v1_fields::integer("/content_version", self.content_version.map(|Integer(it)| it), 0)?
                .unwrap_or_default(),
            rank_value: self.rank_value.map(v1_fields::rank).transpose()?,
            v1,
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
        (Some(_), Some(_)) => Err(Fault::new("/group_key", "can't be combined with group; give one or the other")),
    }
}

fn coordinates<const N: usize>(pointer: &str, numbers: [f64; N]) -> Result<[f64; N], Fault> {
    let beyond = numbers.iter().position(|number| number.abs() > COORDINATE_LIMIT);
    match beyond {
        Some(at) => Err(Fault::new(format!("{pointer}/{at}"), format!("is beyond ±{COORDINATE_LIMIT:e}"))),
        // -0 becomes 0, because only one of the two databases keeps the sign.
        None => Ok(numbers.map(|number| number + 0.0)),
    }
}

fn sized(pointer: &str, text: Cow<'_, str>, max: usize) -> Result<String, Fault> {
    if text.is_empty() || text.len() > max {
        return Err(Fault::new(pointer, format!("is {} bytes long; 1 to {max}", text.len())));
    }
    Ok(text.into_owned())
}

fn body(kind: TraceKind, raw: Option<&RawValue>) -> Result<String, Fault> {
    let text = raw.map_or("{}", RawValue::get);
    let (value, flaws) = json::read(text.as_bytes()).map_err(|detail| Fault::new("/body", detail))?;
    if let Some(flaw) = flaws.into_iter().next() {
        return Err(Fault::new(format!("/body{}", flaw.pointer), flaw.defect.detail()));
    }
    let Value::Object(members) = value else { return Err(Fault::new("/body", "must be an object")) };
    if text.len() > BODY_BYTES {
        return Err(Fault::new("/body", format!("is {} bytes long; at most {BODY_BYTES}", text.len())));
    }
    if let Some(name) = RESERVED.into_iter().find(|name| members.contains_key(*name)) {
        return Err(Fault::new(format!("/body/{name}"), "is a reserved name"));
    }
    let text = v0::with_integers(kind, text, &members);
    v0::check_v0_body(kind, &text)?;
    Ok(text.into_owned())
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
            return fault("is not allowed; only phantoms and bloodstains have one");
        }
        Some(LineRecording { frames: Some(frames), data: None, .. }) => {
            check_frames(&frames)?;
            frame_codec::pack_run(&frames, compressor)
        }
        Some(LineRecording { frames: None, data: Some(data), .. }) => {
            let data = v0::read_frames(data, "/recording/data")?;
            frame_codec::pack(&data, compressor)
        }
        Some(_) => return fault("must have either frames or data"),
    };
    if packed.bytes.len() > RECORDING_BYTES {
        return fault(&format!("is {} bytes when packed; at most {RECORDING_BYTES}", packed.bytes.len()));
    }
    Ok(Some(packed))
}

fn check_frames(frames: &[frame_codec::Frame]) -> Result<(), Fault> {
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
