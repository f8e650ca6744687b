//! The slow reader. It allows `null`, `""` and `[]` for absent members and `3.0` for 3, and knows the place of every fault.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::draft::{Draft, DraftMessage, DraftObject, DraftPart, DraftPhantom, Faults, Text};
use crate::{
    platform::{
        codec::json::{self, Members},
        error::Fault,
    },
    traces::trace::{Frames, TraceError},
};

/// Reads a body.
pub fn read(body: &[u8]) -> Result<Draft<'static>, TraceError> {
    let root = json::slow::<&RawValue>(body).map_err(malformed)?;
    let mut reader = Reader::default();
    let draft = reader.draft(root)?;
    match draft {
        Some(draft) if reader.faults.0.is_empty() => Ok(draft),
        _ => Err(TraceError::Invalid(reader.faults.0)),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn malformed(error: serde_json::Error) -> TraceError {
    TraceError::Malformed(format!("The body is not JSON: {error}."))
}

#[derive(Default)]
struct Reader {
    faults: Faults,
}

/// The value at a place; `None` when it is wrong, and then the fault is recorded.
type ReadResult<T> = Result<Option<T>, TraceError>;

impl Reader {
    #[expect(clippy::unnecessary_wraps, reason = "the return value of every reader")]
    fn wrong<T>(&mut self, pointer: &str, detail: &str) -> ReadResult<T> {
        self.faults.add(Fault::new(pointer, detail));
        Ok(None)
    }

    fn draft(&mut self, root: &RawValue) -> ReadResult<Draft<'static>> {
        let Some([object, message, phantom, scope]) = self.members(root, "", ["obj", "message", "phantom", "scope"])?
        else {
            return Ok(None);
        };
        let object = match object.filter(is_present) {
            Some(raw) => self.object(raw)?.map(Some),
            None => Some(None),
        };
        let message = match message.filter(is_present) {
            Some(raw) => self.message(raw)?.map(Some),
            None => Some(None),
        };
        let phantom = match phantom.filter(is_present) {
            Some(raw) => self.phantom(raw)?,
            None => self.wrong("/phantom", "is missing")?,
        };
        let scope = match scope.filter(is_present) {
            Some(raw) => self.text(raw, "/scope")?.map(Some),
            None => Some(None),
        };
        if matches!((&object, &message), (Some(None), Some(None))) && phantom.is_none() {
            self.faults.add(Fault::new("", "has neither obj nor message; one of them must be there"));
        }
        Ok((|| Some(Draft { scope: scope?, object: object?, message: message?, phantom: phantom? }))())
    }

    fn object(&mut self, raw: &RawValue) -> ReadResult<DraftObject<'static>> {
        let Some([author, o_type, o_pos, o_rot]) = self.members(raw, "/obj", ["u_uuid", "o_type", "o_pos", "o_rot"])?
        else {
            return Ok(None);
        };
        let u_uuid = self.required(author, "/obj/u_uuid", Self::text)?;
        let o_type = self.required(o_type, "/obj/o_type", Self::integer)?;
        let o_pos = self.required(o_pos, "/obj/o_pos", Self::text)?;
        let o_rot = self.required(o_rot, "/obj/o_rot", Self::text)?;
        Ok((|| Some(DraftObject { u_uuid: u_uuid?, o_type: o_type?, o_pos: o_pos?, o_rot: o_rot? }))())
    }

    fn message(&mut self, raw: &RawValue) -> ReadResult<DraftMessage<'static>> {
        let Some([author, part1, part2, part3, m_pos]) =
            self.members(raw, "/message", ["u_uuid", "part1", "part2", "part3", "m_pos"])?
        else {
            return Ok(None);
        };
        let u_uuid = self.required(author, "/message/u_uuid", Self::text)?;
        let part1 = self.required(part1, "/message/part1", Self::part)?;
        let part2 = self.required(part2, "/message/part2", Self::part)?;
        let part3 = self.required(part3, "/message/part3", Self::part)?;
        let m_pos = match m_pos.filter(is_present) {
            Some(raw) => self.text(raw, "/message/m_pos")?.map(Some),
            None => Some(None),
        };
        Ok((|| Some(DraftMessage { u_uuid: u_uuid?, part1: part1?, part2: part2?, part3: part3?, m_pos: m_pos? }))())
    }

    fn phantom(&mut self, raw: &RawValue) -> ReadResult<DraftPhantom<'static>> {
        let Some([author, data]) = self.members(raw, "/phantom", ["u_uuid", "data"])? else {
            return Ok(None);
        };
        let u_uuid = self.required(author, "/phantom/u_uuid", Self::text)?;
        let data = self.required(data, "/phantom/data", Self::frames)?;
        Ok((|| Some(DraftPhantom { u_uuid: u_uuid?, data: data? }))())
    }

    fn frames(&mut self, raw: &RawValue, pointer: &str) -> ReadResult<Frames<Text<'static>>> {
        let Some(items) = self.items(raw, pointer)? else {
            return Ok(None);
        };
        let mut frames = Frames::from_iter(None::<Vec<_>>);
        for (at, item) in items.into_iter().enumerate() {
            let pointer = format!("{pointer}/{at}");
            let Some(texts) = self.items(item, &pointer)? else {
                continue;
            };
            let mut frame = Vec::with_capacity(texts.len());
            for (number, text) in texts.into_iter().enumerate() {
                frame.extend(self.text(text, &format!("{pointer}/{number}"))?);
            }
            frames.push(frame);
        }
        Ok(Some(frames))
    }

    fn required<T>(
        &mut self,
        raw: Option<&RawValue>,
        pointer: &str,
        read: impl FnOnce(&mut Self, &RawValue, &str) -> ReadResult<T>,
    ) -> ReadResult<T> {
        match raw {
            Some(raw) => read(self, raw, pointer),
            None => self.wrong(pointer, "is missing"),
        }
    }

    /// The members with these names; others are ignored.
    fn members<'a, const N: usize>(
        &mut self,
        raw: &'a RawValue,
        pointer: &str,
        names: [&str; N],
    ) -> ReadResult<[Option<&'a RawValue>; N]> {
        if !raw.get().starts_with('{') {
            return self.wrong(pointer, "must be an object");
        }
        let mut found = [None; N];
        for (name, value) in json::slow::<Members<String, &'a RawValue>>(raw.get().as_bytes()).map_err(malformed)?.0 {
            if let Some((_, place)) = names.iter().zip(&mut found).find(|(known, _)| **known == name)
                && place.replace(value).is_some()
            {
                self.faults.add(Fault::new(format!("{pointer}/{name}"), "appears more than once"));
            }
        }
        Ok(Some(found))
    }

    fn items<'a>(&mut self, raw: &'a RawValue, pointer: &str) -> ReadResult<Vec<&'a RawValue>> {
        if !raw.get().starts_with('[') {
            return self.wrong(pointer, "must be an array");
        }
        json::slow(raw.get().as_bytes()).map(Some).map_err(malformed)
    }

    fn text(&mut self, raw: &RawValue, pointer: &str) -> ReadResult<Text<'static>> {
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

    fn part(&mut self, raw: &RawValue, pointer: &str) -> ReadResult<DraftPart<'static>> {
        match raw.get().as_bytes().first() {
            Some(b'"') => Ok(self.text(raw, pointer)?.map(DraftPart::Text)),
            Some(b'-' | b'0'..=b'9') => Ok(self.integer(raw, pointer)?.map(DraftPart::Integer)),
            _ => self.wrong(pointer, "must be a text or an integer"),
        }
    }

    fn integer(&mut self, raw: &RawValue, pointer: &str) -> ReadResult<i64> {
        let text = raw.get();
        if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return self.wrong(pointer, "must be an integer");
        }
        if let Ok(integer) = text.parse() {
            return Ok(Some(integer));
        }
        match text.parse().ok().and_then(json::exact_integer) {
            Some(integer) => Ok(Some(integer)),
            None if text.contains(['.', 'e', 'E']) => {
                self.wrong(pointer, "must be an integer from -9007199254740992 to 9007199254740992, or without a point")
            }
            None => self.wrong(pointer, "is out of range: -9223372036854775808 to 9223372036854775807"),
        }
    }
}

/// Whether an optional member is present: `null`, `""` and `[]` count as absent.
fn is_present(raw: &&RawValue) -> bool {
    let text = raw.get();
    let empty_array = || text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    !matches!(text, "null" | "\"\"") && empty_array().is_none_or(|inside| !inside.trim().is_empty())
}
