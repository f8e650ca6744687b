//! A body as either reader reads it, and the rules for its values.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, de::Visitor};
use serde_json::{Map, Value, value::RawValue};

use super::{FRAME_TEXTS, NUMBERS_BYTES, PART_BYTES};
use crate::{
    platform::{
        codec::{
            deflate::Compressor,
            json::{self, Members},
        },
        error::Fault,
    },
    traces::{
        TraceKind,
        gate::TextAllowed,
        trace::{FRAMES_LIMIT, Frames, NAME_BYTES, NewTrace, RECORDING_BYTES, TraceError, frame_codec, position_of},
    },
    worlds::ScopeKey,
};

/// The most faults that are reported for one body.
const REPORTED_FAULTS: usize = 20;

/// A text, borrowed from the body where possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// One part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DraftPart<'a> {
    #[serde(borrow)]
    Text(Text<'a>),
    Integer(i64),
}

/// A body of the right shape whose values are not checked yet.
#[derive(Debug, PartialEq, Deserialize)]
pub struct Draft<'a> {
    #[serde(borrow)]
    pub scope: Option<Text<'a>>,
    #[serde(borrow, rename = "obj")]
    pub object: Option<DraftObject<'a>>,
    #[serde(borrow)]
    pub message: Option<DraftMessage<'a>>,
    #[serde(borrow)]
    pub phantom: DraftPhantom<'a>,
}

/// An object of the right shape.
#[derive(Debug, PartialEq, Deserialize)]
pub struct DraftObject<'a> {
    #[serde(borrow)]
    pub u_uuid: Text<'a>,
    pub o_type: i64,
    #[serde(borrow)]
    pub o_pos: Text<'a>,
    #[serde(borrow)]
    pub o_rot: Text<'a>,
}

/// A message of the right shape.
#[derive(Debug, PartialEq, Deserialize)]
pub struct DraftMessage<'a> {
    #[serde(borrow)]
    pub u_uuid: Text<'a>,
    #[serde(borrow)]
    pub part1: DraftPart<'a>,
    #[serde(borrow)]
    pub part2: DraftPart<'a>,
    #[serde(borrow)]
    pub part3: DraftPart<'a>,
    #[serde(borrow)]
    pub m_pos: Option<Text<'a>>,
}

/// A phantom of the right shape.
#[derive(Debug, PartialEq, Deserialize)]
pub struct DraftPhantom<'a> {
    #[serde(borrow)]
    pub u_uuid: Text<'a>,
    #[serde(borrow)]
    pub data: Frames<Text<'a>>,
}

/// The members that an object adds to a trace, as they are stored and returned.
#[expect(clippy::struct_field_names, reason = "names of the v0 API")]
#[derive(Serialize, Deserialize)]
struct ObjectFields<'a> {
    o_type: i64,
    #[serde(borrow)]
    o_pos: Text<'a>,
    #[serde(borrow)]
    o_rot: Text<'a>,
}

/// The members that a message adds to a trace, as they are stored and returned.
#[derive(Serialize, Deserialize)]
struct MessageFields<'a> {
    #[serde(borrow)]
    part1: DraftPart<'a>,
    #[serde(borrow)]
    part2: DraftPart<'a>,
    #[serde(borrow)]
    part3: DraftPart<'a>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    m_pos: Option<Text<'a>>,
}

/// Checks that the body of an imported trace has the members that v0 clients need for that kind.
///
/// # Errors
/// The first fault.
pub fn check_v0_body(kind: TraceKind, body: &str) -> Result<(), Fault> {
    let mut faults = Faults::default();
    let wrong = |error: serde_json::Error| Fault::new("/body", json::in_words(&error));
    match kind {
        TraceKind::Object => {
            json::slow::<ObjectFields<'_>>(body.as_bytes()).map_err(wrong)?.check("/body", &mut faults);
        }
        TraceKind::Message => {
            json::slow::<MessageFields<'_>>(body.as_bytes()).map_err(wrong)?.check("/body", &mut faults);
        }
        TraceKind::Phantom | TraceKind::Bloodstain => {}
    }
    faults.first()
}

/// The body of an imported trace as v0 clients read it: integers that were written with a point, without it. `members` are
/// those of the body.
#[must_use]
pub fn with_integers<'a>(kind: TraceKind, body: &'a str, members: &Map<String, Value>) -> Cow<'a, str> {
    let names: &[&str] = match kind {
        TraceKind::Object => &["o_type"],
        TraceKind::Message => &["part1", "part2", "part3"],
        TraceKind::Phantom | TraceKind::Bloodstain => &[],
    };
    let integer = |name: &str| {
        let number = members.get(name).filter(|value| value.as_i64().is_none())?.as_f64()?;
        json::exact_integer(number).filter(|_| names.contains(&name))
    };
    if !names.iter().any(|name| integer(name).is_some()) {
        return Cow::Borrowed(body);
    }
    let Ok(Members(raw)) = json::slow::<Members<String, &RawValue>>(body.as_bytes()) else {
        return Cow::Borrowed(body);
    };
    let member = |(name, value): (String, &RawValue)| {
        let value = integer(&name).map_or_else(|| value.get().to_owned(), |integer| integer.to_string());
        format!("{}:{value}", json::quoted(&name))
    };
    format!("{{{}}}", raw.into_iter().map(member).collect::<Vec<_>>().join(",")).into()
}

/// Reads the frames of an imported trace in the form of v0 clients.
///
/// # Errors
/// The first fault.
pub fn read_frames<'a>(raw: &'a RawValue, pointer: &str) -> Result<Frames<Text<'a>>, Fault> {
    let wrong = |error: serde_json::Error| Fault::new(pointer, json::in_words(&error));
    let frames: Frames<Text<'a>> = json::slow(raw.get().as_bytes()).map_err(wrong)?;
    let mut faults = Faults::default();
    faults.frames(pointer, &frames);
    faults.first().map(|()| frames)
}

impl ObjectFields<'_> {
    fn check(&self, pointer: &str, faults: &mut Faults) {
        faults.length(pointer, "/o_pos", &self.o_pos, NUMBERS_BYTES);
        faults.length(pointer, "/o_rot", &self.o_rot, NUMBERS_BYTES);
    }
}

impl MessageFields<'_> {
    fn check(&self, pointer: &str, faults: &mut Faults) {
        for (name, part) in [("/part1", &self.part1), ("/part2", &self.part2), ("/part3", &self.part3)] {
            if let DraftPart::Text(text) = part {
                faults.length(pointer, name, text, PART_BYTES);
            }
        }
        if let Some(m_pos) = &self.m_pos {
            faults.length(pointer, "/m_pos", m_pos, NUMBERS_BYTES);
        }
    }
}

impl Draft<'_> {
    /// Checks the values and packs the phantom.
    ///
    /// # Errors
    /// [`TraceError::Invalid`] with the first 20 faults, or [`TraceError::Refused`] where it has texts that are not `allowed`.
    pub fn check(
        self,
        compressor: &mut Compressor,
        allowed: TextAllowed,
    ) -> Result<(ScopeKey, Vec<NewTrace>), TraceError> {
        let mut faults = Faults::default();
        if let Some(message) = &self.message {
            allowed.check_message(&message.parts(allowed))?;
        }
        if !allowed.is_free() {
            self.check_numbers(&mut faults);
        }
        let raw_scope = self.scope.as_ref().map_or("", |scope| &scope.0);
        let scope = ScopeKey::parse(raw_scope, "/scope").map_err(|fault| faults.add(fault)).ok();
        let mut traces = Vec::with_capacity(3);
        if self.object.is_none() && self.message.is_none() {
            faults.add(Fault::new("", "has neither obj nor message; one of them must be there"));
        }
        if let Some(object) = self.object {
            faults.author("/obj/u_uuid", &object.u_uuid);
            let body = ObjectFields { o_type: object.o_type, o_pos: object.o_pos, o_rot: object.o_rot };
            body.check("/obj", &mut faults);
            traces.push(trace(TraceKind::Object, &object.u_uuid, position_of(&body.o_pos.0), &body));
        }
        if let Some(message) = self.message {
            faults.author("/message/u_uuid", &message.u_uuid);
            // An optional text that is empty counts as absent.
            let m_pos = message.m_pos.filter(|text| !text.0.is_empty());
            let body = MessageFields { part1: message.part1, part2: message.part2, part3: message.part3, m_pos };
            body.check("/message", &mut faults);
            let position = body.m_pos.as_ref().and_then(|text| position_of(&text.0));
            traces.push(trace(TraceKind::Message, &message.u_uuid, position, &body));
        }
        faults.author("/phantom/u_uuid", &self.phantom.u_uuid);
        faults.frames("/phantom/data", &self.phantom.data);
        let scope = match scope {
            Some(scope) if faults.0.is_empty() => scope,
            _ => return Err(TraceError::Invalid(faults.0)),
        };
        traces.push(self.phantom.pack(compressor)?);
        Ok((scope, traces))
    }
}

impl Draft<'_> {
    /// Adds the texts that should be numbers and are not: in a game that takes no free text they could carry some.
    fn check_numbers(&self, faults: &mut Faults) {
        let object =
            self.object.iter().flat_map(|object| [("/obj/o_pos", &object.o_pos), ("/obj/o_rot", &object.o_rot)]);
        let message = self.message.iter().filter_map(|message| Some(("/message/m_pos", message.m_pos.as_ref()?)));
        for (pointer, _) in object.chain(message).filter(|(_, text)| !is_numbers(&text.0)) {
            faults.add(Fault::new(pointer, NO_NUMBERS));
        }
        let frames = self.phantom.data.iter().enumerate();
        let texts =
            frames.flat_map(|(at, frame)| frame.iter().enumerate().map(move |(number, text)| (at, number, text)));
        for (at, number, _) in texts.filter(|(.., text)| !is_numbers(&text.0)) {
            faults.add(Fault::new(format!("/phantom/data/{at}/{number}"), NO_NUMBERS));
        }
    }
}

/// What is wrong with a text that holds other things than numbers.
const NO_NUMBERS: &str = "must be numbers with commas between: this game takes no free text";

/// Whether a text is numbers with commas between, or empty.
fn is_numbers(text: &str) -> bool {
    // Letters would let `infinity` pass.
    let is_plain = text.bytes().all(|byte| !byte.is_ascii_alphabetic() || byte.eq_ignore_ascii_case(&b'e'));
    text.is_empty() || is_plain && text.split(',').all(|number| number.trim().parse::<f64>().is_ok())
}

impl DraftMessage<'_> {
    /// The parts: the number of each, or nothing where it is a text. Where texts may not be anything, one that is empty or a number
    /// counts as a number.
    fn parts(&self, allowed: TextAllowed) -> [(&'static str, Option<i64>); 3] {
        let number = |part: &DraftPart<'_>| match part {
            DraftPart::Integer(number) => Some(*number),
            DraftPart::Text(_) if allowed.is_free() => None,
            DraftPart::Text(text) if text.0.is_empty() => Some(0),
            DraftPart::Text(text) => text.0.parse().ok(),
        };
        [("part1", number(&self.part1)), ("part2", number(&self.part2)), ("part3", number(&self.part3))]
    }
}

impl DraftPhantom<'_> {
    fn pack(&self, compressor: &mut Compressor) -> Result<NewTrace, TraceError> {
        let packed = frame_codec::pack(&self.data, compressor);
        if packed.bytes.len() > RECORDING_BYTES {
            let detail = format!("is {} bytes when packed; at most {RECORDING_BYTES}", packed.bytes.len());
            return Err(TraceError::Invalid(vec![Fault::new("/phantom/data", detail)]));
        }
        let first = self.data.iter().next().and_then(|frame| frame.first());
        let position = first.and_then(|text| position_of(&text.0));
        let body = "{}".to_owned();
        let author = self.u_uuid.0.clone().into_owned();
        Ok(NewTrace { kind: TraceKind::Phantom, author, position, body, recording: Some(packed) })
    }
}

fn trace(kind: TraceKind, author: &Text<'_>, position: Option<[f64; 3]>, body: &impl Serialize) -> NewTrace {
    // Serialising texts and integers can't fail.
    let body = serde_json::to_string(body).unwrap_or_default();
    NewTrace { kind, author: author.0.clone().into_owned(), position, body, recording: None }
}

/// The first [`REPORTED_FAULTS`] faults of a body.
#[derive(Debug, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Adds a fault; ignored once there are [`REPORTED_FAULTS`].
    pub fn add(&mut self, fault: Fault) {
        if self.0.len() < REPORTED_FAULTS {
            self.0.push(fault);
        }
    }

    fn length(&mut self, pointer: &str, name: &str, text: &Text<'_>, max: usize) {
        if text.0.len() > max {
            let detail = format!("is {} bytes long; at most {max}", text.0.len());
            self.add(Fault::new(format!("{pointer}{name}"), detail));
        }
    }

    fn author(&mut self, pointer: &str, text: &Text<'_>) {
        if text.0.is_empty() {
            self.add(Fault::new(pointer, format!("is empty; 1 to {NAME_BYTES} bytes")));
        }
        self.length(pointer, "", text, NAME_BYTES);
    }

    /// Fails with the first fault, if there is one.
    fn first(self) -> Result<(), Fault> {
        self.0.into_iter().next().map_or(Ok(()), Err)
    }

    fn frames(&mut self, pointer: &str, frames: &Frames<Text<'_>>) {
        if frames.count() > FRAMES_LIMIT {
            self.add(Fault::new(pointer, format!("has {} frames; at most {FRAMES_LIMIT}", frames.count())));
        }
        for (at, frame) in frames.iter().enumerate() {
            if frame.len() > FRAME_TEXTS {
                let detail = format!("has {} texts; at most {FRAME_TEXTS}", frame.len());
                self.add(Fault::new(format!("{pointer}/{at}"), detail));
            }
            for (number, text) in frame.iter().enumerate().filter(|(_, text)| text.0.len() > NUMBERS_BYTES) {
                self.length(pointer, &format!("/{at}/{number}"), text, NUMBERS_BYTES);
            }
        }
    }
}
