//! The seed's shapes: what `POST /add-object` takes.
//!
//! A body is read twice at most: by the fast reader, into fields borrowed from the body itself; and where that says no,
//! by the slow one, which knows the leniences (`null`, `""` and `[]` for what is absent, `3.0` for 3) and the place of
//! every fault. Both end in the same [`Draft`], so there is one set of rules.

use std::{borrow::Cow, fmt};

use poem_openapi::{Object, Union, types::Example};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    model::{FRAMES_LIMIT, NAME_BYTES, NewTrace, RECORDING_BYTES, ScopeKey, TraceError, TraceKind, position_of},
    recording,
};
use crate::platform::{
    codec::{deflate::Compressor, json},
    error::Fault,
};

/// Bytes of one part of a message, at most.
pub const PART_BYTES: usize = 1024;

/// Bytes of one text of numbers (a position, a rotation, one of a frame's), at most.
pub const NUMBERS_BYTES: usize = 256;

/// Texts in one frame, at most.
pub const FRAME_TEXTS: usize = 8;

/// Faults that are told of one body, at most.
const TOLD_FAULTS: usize = 20;

/// Something to leave: an object, a message or both, and always a phantom.
#[derive(Debug, Object)]
#[oai(example)]
pub struct SeedBody {
    /// The object. One of `obj` and `message` must be there.
    #[oai(rename = "obj")]
    pub object: Option<SeedObject>,
    /// The message.
    pub message: Option<SeedMessage>,
    /// The recorded run.
    pub phantom: SeedPhantom,
    /// The place, as the game names it. Absent: the one place of clients that name none.
    #[oai(validator(max_length = 64))]
    pub scope: Option<String>,
}

/// A thing placed in the world.
#[derive(Debug, Object)]
pub struct SeedObject {
    /// Who leaves it: 1 to 64 bytes.
    #[oai(validator(min_length = 1, max_length = 64))]
    pub u_uuid: String,
    /// The game's number for what it is.
    pub o_type: i64,
    /// Position as `x,y,z`: at most 256 bytes, given back as sent.
    #[oai(validator(max_length = 256))]
    pub o_pos: String,
    /// Rotation as `x,y,z`: at most 256 bytes, given back as sent.
    #[oai(validator(max_length = 256))]
    pub o_rot: String,
}

/// Words.
#[derive(Debug, Object)]
pub struct SeedMessage {
    /// Who leaves it: 1 to 64 bytes.
    #[oai(validator(min_length = 1, max_length = 64))]
    pub u_uuid: String,
    /// First part: a text of at most 1,024 bytes, or an integer.
    pub part1: TextOrInteger,
    /// Second part.
    pub part2: TextOrInteger,
    /// Third part.
    pub part3: TextOrInteger,
    /// Position as `x,y,z`: at most 256 bytes, given back as sent.
    #[oai(validator(max_length = 256))]
    pub m_pos: Option<String>,
}

/// A text, or the game's number for one.
#[derive(Debug, Union)]
pub enum TextOrInteger {
    /// A text.
    Text(String),
    /// A number that stands for one.
    Integer(i64),
}

/// A recorded run.
#[derive(Debug, Object)]
pub struct SeedPhantom {
    /// Who leaves it: 1 to 64 bytes.
    #[oai(validator(min_length = 1, max_length = 64))]
    pub u_uuid: String,
    /// The frames, each an array of texts, `["x,y,z","x,y,z,w"]` say: at most 12,000 frames of at most 8 texts of at most
    /// 256 bytes, and at most 256 KiB when packed. Given back as sent.
    #[oai(validator(max_items = 12000))]
    pub data: Vec<Vec<String>>,
}

impl Example for SeedBody {
    fn example() -> Self {
        let u_uuid = "3f0c1a52-7d0e-4c86-9d1c-0a7c9c1f1f11".to_owned();
        let texts = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
        Self {
            object: Some(SeedObject {
                u_uuid: u_uuid.clone(),
                o_type: 1,
                o_pos: "10.5,20.0,30.2".to_owned(),
                o_rot: "0.0,90.0,0.0".to_owned(),
            }),
            message: Some(SeedMessage {
                u_uuid: u_uuid.clone(),
                part1: TextOrInteger::Text("Try".to_owned()),
                part2: TextOrInteger::Text("rolling,".to_owned()),
                part3: TextOrInteger::Text("but hole".to_owned()),
                m_pos: Some("10.5,20.0,30.2".to_owned()),
            }),
            phantom: SeedPhantom {
                u_uuid,
                data: vec![texts(["10.5,20.0,30.2", "0.0,0.0,0.0,1.0"]), texts(["10.6,20.0,30.1", "0.0,0.0,0.0,1.0"])],
            },
            scope: None,
        }
    }
}

/// A text, borrowed where the reader can lend it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowing;
        impl<'de> Visitor<'de> for Borrowing {
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
        deserializer.deserialize_str(Borrowing)
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
enum DraftPart<'a> {
    #[serde(borrow)]
    Text(Text<'a>),
    Integer(i64),
}

/// A body that has the right shape; its values are not checked yet.
#[derive(Debug, PartialEq, Deserialize)]
struct Draft<'a> {
    #[serde(borrow)]
    scope: Option<Text<'a>>,
    #[serde(borrow, rename = "obj")]
    object: Option<DraftObject<'a>>,
    #[serde(borrow)]
    message: Option<DraftMessage<'a>>,
    #[serde(borrow)]
    phantom: DraftPhantom<'a>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct DraftObject<'a> {
    #[serde(borrow)]
    u_uuid: Text<'a>,
    o_type: i64,
    #[serde(borrow)]
    o_pos: Text<'a>,
    #[serde(borrow)]
    o_rot: Text<'a>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct DraftMessage<'a> {
    #[serde(borrow)]
    u_uuid: Text<'a>,
    #[serde(borrow)]
    part1: DraftPart<'a>,
    #[serde(borrow)]
    part2: DraftPart<'a>,
    #[serde(borrow)]
    part3: DraftPart<'a>,
    #[serde(borrow)]
    m_pos: Option<Text<'a>>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct DraftPhantom<'a> {
    #[serde(borrow)]
    u_uuid: Text<'a>,
    #[serde(borrow)]
    data: Vec<Vec<Text<'a>>>,
}

/// What an object adds to a trace, as it is shown.
#[expect(clippy::struct_field_names, reason = "the seed's names")]
#[derive(Serialize)]
struct ObjectBody<'a> {
    o_type: i64,
    o_pos: &'a Text<'a>,
    o_rot: &'a Text<'a>,
}

/// What a message adds to a trace, as it is shown.
#[derive(Serialize)]
struct MessageBody<'a> {
    part1: &'a DraftPart<'a>,
    part2: &'a DraftPart<'a>,
    part3: &'a DraftPart<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    m_pos: Option<&'a Text<'a>>,
}

/// Reads a body, checks it, packs its phantom. The text in `body` is gone afterwards.
///
/// # Errors
/// [`TraceError::Malformed`], or [`TraceError::Invalid`] with every fault (the first 20).
pub fn read(body: &mut [u8], compressor: &mut Compressor) -> Result<(ScopeKey, Vec<NewTrace>), TraceError> {
    if json::deeper_than(body, json::MAX_DEPTH) {
        return Err(TraceError::Malformed(format!("The body is nested deeper than {} levels.", json::MAX_DEPTH)));
    }
    // The fast reader overwrites what it reads.
    let text = body.to_vec();
    let nul = text.windows(6).any(|window| window == br"\u0000");
    if !nul && let Some(draft) = json::fast::<Draft<'_>>(body) {
        return draft.check(compressor);
    }
    slow::read(&text)?.check(compressor)
}

impl Draft<'_> {
    fn check(self, compressor: &mut Compressor) -> Result<(ScopeKey, Vec<NewTrace>), TraceError> {
        let mut faults = Faults::default();
        let raw_scope = self.scope.as_ref().map_or("", |scope| &scope.0);
        let scope = ScopeKey::parse(raw_scope, "/scope").map_err(|fault| faults.add(fault)).ok();
        let mut traces = Vec::with_capacity(3);
        if self.object.is_none() && self.message.is_none() {
            faults.add(Fault::new("", "has neither obj nor message; one of them must be there"));
        }
        if let Some(object) = &self.object {
            faults.author("/obj/u_uuid", &object.u_uuid);
            faults.length("/obj/o_pos", &object.o_pos, NUMBERS_BYTES);
            faults.length("/obj/o_rot", &object.o_rot, NUMBERS_BYTES);
            let body = ObjectBody { o_type: object.o_type, o_pos: &object.o_pos, o_rot: &object.o_rot };
            traces.push(trace(TraceKind::Object, &object.u_uuid, position_of(&object.o_pos.0), &body));
        }
        if let Some(message) = &self.message {
            faults.author("/message/u_uuid", &message.u_uuid);
            for (pointer, part) in [
                ("/message/part1", &message.part1),
                ("/message/part2", &message.part2),
                ("/message/part3", &message.part3),
            ] {
                if let DraftPart::Text(text) = part {
                    faults.length(pointer, text, PART_BYTES);
                }
            }
            // An optional text that is empty counts as absent.
            let m_pos = message.m_pos.as_ref().filter(|text| !text.0.is_empty());
            if let Some(m_pos) = m_pos {
                faults.length("/message/m_pos", m_pos, NUMBERS_BYTES);
            }
            let body = MessageBody { part1: &message.part1, part2: &message.part2, part3: &message.part3, m_pos };
            let position = m_pos.and_then(|text| position_of(&text.0));
            traces.push(trace(TraceKind::Message, &message.u_uuid, position, &body));
        }
        faults.author("/phantom/u_uuid", &self.phantom.u_uuid);
        faults.frames(&self.phantom.data);
        let scope = match scope {
            Some(scope) if faults.0.is_empty() => scope,
            _ => return Err(TraceError::Invalid(faults.0)),
        };
        traces.push(self.phantom.pack(compressor)?);
        Ok((scope, traces))
    }
}

impl DraftPhantom<'_> {
    fn pack(&self, compressor: &mut Compressor) -> Result<NewTrace, TraceError> {
        let json = serde_json::to_vec(&self.data).map_err(|error| TraceError::Malformed(error.to_string()))?;
        let packed = recording::pack(&json, self.data.len(), compressor);
        if packed.bytes.len() > RECORDING_BYTES {
            let detail = format!("is {} bytes when packed; at most {RECORDING_BYTES}", packed.bytes.len());
            return Err(TraceError::Invalid(vec![Fault::new("/phantom/data", detail)]));
        }
        let first = self.data.first().and_then(|frame| frame.first());
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

/// The faults of a body, the first of them.
#[derive(Debug, Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, fault: Fault) {
        if self.0.len() < TOLD_FAULTS {
            self.0.push(fault);
        }
    }

    fn length(&mut self, pointer: &str, text: &Text<'_>, most: usize) {
        if text.0.len() > most {
            self.add(Fault::new(pointer, format!("is {} bytes long; at most {most}", text.0.len())));
        }
    }

    fn author(&mut self, pointer: &str, text: &Text<'_>) {
        if text.0.is_empty() {
            self.add(Fault::new(pointer, format!("is empty; 1 to {NAME_BYTES} bytes")));
        }
        self.length(pointer, text, NAME_BYTES);
    }

    fn frames(&mut self, frames: &[Vec<Text<'_>>]) {
        if frames.len() > FRAMES_LIMIT {
            self.add(Fault::new("/phantom/data", format!("has {} frames; at most {FRAMES_LIMIT}", frames.len())));
        }
        for (at, frame) in frames.iter().enumerate() {
            if frame.len() > FRAME_TEXTS {
                let detail = format!("has {} texts; at most {FRAME_TEXTS}", frame.len());
                self.add(Fault::new(format!("/phantom/data/{at}"), detail));
            }
            for (which, text) in frame.iter().enumerate().filter(|(_, text)| text.0.len() > NUMBERS_BYTES) {
                self.length(&format!("/phantom/data/{at}/{which}"), text, NUMBERS_BYTES);
            }
        }
    }
}

/// The reader that is lenient where the design says so, and knows where every fault is.
mod slow {
    use super::{
        Cow, Deserialize, Deserializer, Draft, DraftMessage, DraftObject, DraftPart, DraftPhantom, Fault, Faults,
        MapAccess, RawValue, Text, TraceError, Visitor, fmt, json,
    };

    /// A body's members in order, those that are there twice too.
    struct Members<'a>(Vec<(String, &'a RawValue)>);

    impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct InOrder;
            impl<'de> Visitor<'de> for InOrder {
                type Value = Members<'de>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
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

    pub(super) fn read(body: &[u8]) -> Result<Draft<'static>, TraceError> {
        let root = json::slow::<&RawValue>(body).map_err(malformed)?;
        let mut reader = Reader::default();
        let draft = reader.draft(root)?;
        match draft {
            Some(draft) if reader.faults.0.is_empty() => Ok(draft),
            _ => Err(TraceError::Invalid(reader.faults.0)),
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is the argument of map_err")]
    fn malformed(error: serde_json::Error) -> TraceError {
        TraceError::Malformed(format!("The body is not JSON: {error}."))
    }

    #[derive(Default)]
    struct Reader {
        faults: Faults,
    }

    /// What is found at a place: nothing when it is at fault, and then the fault is noted.
    type Found<T> = Result<Option<T>, TraceError>;

    impl Reader {
        #[expect(clippy::unnecessary_wraps, reason = "every reader ends in one of these")]
        fn wrong<T>(&mut self, pointer: &str, detail: &str) -> Found<T> {
            self.faults.add(Fault::new(pointer, detail));
            Ok(None)
        }

        fn draft(&mut self, root: &RawValue) -> Found<Draft<'static>> {
            let Some([object, message, phantom, scope]) =
                self.members(root, "", ["obj", "message", "phantom", "scope"])?
            else {
                return Ok(None);
            };
            let object = match object.filter(present) {
                Some(raw) => self.object(raw)?.map(Some),
                None => Some(None),
            };
            let message = match message.filter(present) {
                Some(raw) => self.message(raw)?.map(Some),
                None => Some(None),
            };
            let phantom = match phantom.filter(present) {
                Some(raw) => self.phantom(raw)?,
                None => self.wrong("/phantom", "is missing")?,
            };
            let scope = match scope.filter(present) {
                Some(raw) => self.text(raw, "/scope")?.map(Some),
                None => Some(None),
            };
            if matches!((&object, &message), (Some(None), Some(None))) && phantom.is_none() {
                self.faults.add(Fault::new("", "has neither obj nor message; one of them must be there"));
            }
            Ok((|| Some(Draft { scope: scope?, object: object?, message: message?, phantom: phantom? }))())
        }

        fn object(&mut self, raw: &RawValue) -> Found<DraftObject<'static>> {
            let Some([author, o_type, o_pos, o_rot]) =
                self.members(raw, "/obj", ["u_uuid", "o_type", "o_pos", "o_rot"])?
            else {
                return Ok(None);
            };
            let u_uuid = self.needed(author, "/obj/u_uuid", Self::text)?;
            let o_type = self.needed(o_type, "/obj/o_type", Self::integer)?;
            let o_pos = self.needed(o_pos, "/obj/o_pos", Self::text)?;
            let o_rot = self.needed(o_rot, "/obj/o_rot", Self::text)?;
            Ok((|| Some(DraftObject { u_uuid: u_uuid?, o_type: o_type?, o_pos: o_pos?, o_rot: o_rot? }))())
        }

        fn message(&mut self, raw: &RawValue) -> Found<DraftMessage<'static>> {
            let Some([author, part1, part2, part3, m_pos]) =
                self.members(raw, "/message", ["u_uuid", "part1", "part2", "part3", "m_pos"])?
            else {
                return Ok(None);
            };
            let u_uuid = self.needed(author, "/message/u_uuid", Self::text)?;
            let part1 = self.needed(part1, "/message/part1", Self::part)?;
            let part2 = self.needed(part2, "/message/part2", Self::part)?;
            let part3 = self.needed(part3, "/message/part3", Self::part)?;
            let m_pos = match m_pos.filter(present) {
                Some(raw) => self.text(raw, "/message/m_pos")?.map(Some),
                None => Some(None),
            };
            Ok((|| Some(DraftMessage { u_uuid: u_uuid?, part1: part1?, part2: part2?, part3: part3?, m_pos: m_pos? }))(
            ))
        }

        fn phantom(&mut self, raw: &RawValue) -> Found<DraftPhantom<'static>> {
            let Some([author, data]) = self.members(raw, "/phantom", ["u_uuid", "data"])? else {
                return Ok(None);
            };
            let u_uuid = self.needed(author, "/phantom/u_uuid", Self::text)?;
            let data = self.needed(data, "/phantom/data", Self::frames)?;
            Ok((|| Some(DraftPhantom { u_uuid: u_uuid?, data: data? }))())
        }

        fn frames(&mut self, raw: &RawValue, pointer: &str) -> Found<Vec<Vec<Text<'static>>>> {
            let Some(items) = self.items(raw, pointer)? else {
                return Ok(None);
            };
            let mut frames = Vec::with_capacity(items.len());
            for (at, item) in items.into_iter().enumerate() {
                let pointer = format!("{pointer}/{at}");
                let Some(texts) = self.items(item, &pointer)? else {
                    continue;
                };
                let mut frame = Vec::with_capacity(texts.len());
                for (which, text) in texts.into_iter().enumerate() {
                    frame.extend(self.text(text, &format!("{pointer}/{which}"))?);
                }
                frames.push(frame);
            }
            Ok(Some(frames))
        }

        fn needed<T>(
            &mut self,
            raw: Option<&RawValue>,
            pointer: &str,
            read: impl FnOnce(&mut Self, &RawValue, &str) -> Found<T>,
        ) -> Found<T> {
            match raw {
                Some(raw) => read(self, raw, pointer),
                None => self.wrong(pointer, "is missing"),
            }
        }

        /// The members of those names; the others are ignored.
        fn members<'a, const N: usize>(
            &mut self,
            raw: &'a RawValue,
            pointer: &str,
            names: [&str; N],
        ) -> Found<[Option<&'a RawValue>; N]> {
            if !raw.get().starts_with('{') {
                return self.wrong(pointer, "must be an object");
            }
            let mut found = [None; N];
            for (name, value) in json::slow::<Members<'a>>(raw.get().as_bytes()).map_err(malformed)?.0 {
                if let Some((_, place)) = names.iter().zip(&mut found).find(|(known, _)| **known == name)
                    && place.replace(value).is_some()
                {
                    self.faults.add(Fault::new(format!("{pointer}/{name}"), "is there more than once"));
                }
            }
            Ok(Some(found))
        }

        fn items<'a>(&mut self, raw: &'a RawValue, pointer: &str) -> Found<Vec<&'a RawValue>> {
            if !raw.get().starts_with('[') {
                return self.wrong(pointer, "must be an array");
            }
            json::slow(raw.get().as_bytes()).map(Some).map_err(malformed)
        }

        fn text(&mut self, raw: &RawValue, pointer: &str) -> Found<Text<'static>> {
            if !raw.get().starts_with('"') {
                return self.wrong(pointer, "must be a text");
            }
            let text: String = json::slow(raw.get().as_bytes())
                .map_err(|error| TraceError::Malformed(format!("The text at {pointer} is not valid: {error}.")))?;
            if text.contains('\0') {
                return Err(TraceError::Malformed(format!("The text at {pointer} has a NUL in it.")));
            }
            Ok(Some(Text(Cow::Owned(text))))
        }

        fn part(&mut self, raw: &RawValue, pointer: &str) -> Found<DraftPart<'static>> {
            match raw.get().as_bytes().first() {
                Some(b'"') => Ok(self.text(raw, pointer)?.map(DraftPart::Text)),
                Some(b'-' | b'0'..=b'9') => Ok(self.integer(raw, pointer)?.map(DraftPart::Integer)),
                _ => self.wrong(pointer, "must be a text or an integer"),
            }
        }

        fn integer(&mut self, raw: &RawValue, pointer: &str) -> Found<i64> {
            let text = raw.get();
            if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
                return self.wrong(pointer, "must be an integer");
            }
            if let Ok(integer) = text.parse() {
                return Ok(Some(integer));
            }
            match whole(text) {
                Some(integer) => Ok(Some(integer)),
                None if text.contains(['.', 'e', 'E']) => self.wrong(
                    pointer,
                    "must be an integer from -9007199254740992 to 9007199254740992, or without a point",
                ),
                None => self.wrong(pointer, "is out of range: -9223372036854775808 to 9223372036854775807"),
            }
        }
    }

    /// `3.0`, as Godot writes 3. A double holds integers exactly up to 2^53.
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "whole and within the exact range")]
    fn whole(text: &str) -> Option<i64> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let number: f64 = text.parse().ok()?;
        (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
    }

    /// What is optional is absent when it is `null`, `""` or `[]`.
    fn present(raw: &&RawValue) -> bool {
        let text = raw.get();
        let empty_array = || text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        !matches!(text, "null" | "\"\"") && empty_array().is_none_or(|inside| !inside.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_text(body: &str) -> Result<(ScopeKey, Vec<NewTrace>), TraceError> {
        read(&mut body.as_bytes().to_vec(), &mut Compressor::default())
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
            let fast = json::fast::<Draft<'_>>(&mut bytes).expect("the fast reader takes what is plain");
            prop_assert_eq!(&fast, &slow::read(body.as_bytes()).unwrap());
        }

        #[test]
        fn what_is_no_json_is_told_and_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _told = read(&mut bytes.clone(), &mut Compressor::default());
        }
    }

    #[test]
    fn presence_follows_the_rule() {
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
                        .map(|(name, value, there)| (name, if there { value } else { absent }))
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
