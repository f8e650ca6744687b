//! The members of a line of the native form that belong to `/v1`.

use std::borrow::Cow;

use uuid::Uuid;

use crate::{
    platform::{
        codec::{deflate::Compressor, hex},
        error::Fault,
    },
    traces::{
        TraceKind,
        recordings::{IncomingRecording, RecordingError},
        trace::{Detail, Sentence},
        transfer::model::V1Fields,
    },
};

/// The pointers to the numbers of a sentence, the gesture last.
const NUMBERS: [&str; 6] = ["/template", "/word", "/conjunction", "/template2", "/word2", "/gesture"];

/// The members of a line that belong to `/v1`, as they were read.
#[derive(Debug)]
pub struct LineV1Fields<'a> {
    pub sort: Option<Cow<'a, str>>,
    pub text: Option<Vec<Cow<'a, str>>>,
    /// In the order of [`NUMBERS`].
    pub numbers: [Option<i64>; 6],
    pub data: Option<Cow<'a, str>>,
    pub minted: bool,
    /// A recording in columns, as JSON.
    pub recording: Option<&'a str>,
    /// A packed recording, in hexadecimal.
    pub packed: Option<&'a str>,
}

/// Checks an integer that may be absent.
///
/// # Errors
/// It is out of range.
pub fn integer(pointer: &str, number: Option<i64>, min: i32) -> Result<Option<i32>, Fault> {
    let checked = |number: i64| {
        let wrong = || Fault::new(pointer, format!("is {number}; {min} to {}", i32::MAX));
        i32::try_from(number).ok().filter(|number| *number >= min).ok_or_else(wrong)
    };
    number.map(checked).transpose()
}

/// Checks a rank value.
///
/// # Errors
/// It is out of range.
pub fn rank(rank: f64) -> Result<f64, Fault> {
    if rank.abs() > Detail::RANK_LIMIT {
        return Err(Fault::new("/rank_value", format!("is {rank}; within ±{:e}", Detail::RANK_LIMIT)));
    }
    // -0 becomes 0, because only one of the two databases keeps the sign.
    Ok(rank + 0.0)
}

fn within(pointer: &str, text: Cow<'_, str>, max: usize) -> Result<String, Fault> {
    if text.len() > max {
        return Err(Fault::new(pointer, format!("is {} bytes long; at most {max}", text.len())));
    }
    Ok(text.into_owned())
}

impl LineV1Fields<'_> {
    /// Checks the members; `None` where the line has none of them.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(
        self,
        kind: TraceKind,
        author: &str,
        has_position: bool,
        compressor: &mut Compressor,
    ) -> Result<Option<V1Fields>, Fault> {
        let has_words = self.sort.is_some() || self.text.is_some() || self.numbers.iter().any(Option::is_some);
        let has_recording = self.recording.is_some() || self.packed.is_some();
        if !(has_words || has_recording || self.data.is_some() || self.minted) {
            return Ok(None);
        }
        if self.minted && Uuid::parse_str(author).is_err() {
            return Err(Fault::new("/author", "must be a UUID where minted is true"));
        }
        let recording = read_recording(self.recording, self.packed, compressor)?;
        let Self { sort, text, numbers, data, minted, .. } = self;
        let sort = sort.map(|sort| within("/type", sort, Detail::TYPE_BYTES)).transpose()?;
        if sort.as_ref().is_some_and(|sort| sort.is_empty() || sort.chars().any(char::is_control)) {
            return Err(Fault::new("/type", "is empty, or has a control character"));
        }
        let text = text.unwrap_or_default();
        if text.len() > Detail::TEXTS {
            return Err(Fault::new("/text", format!("has more than {} texts", Detail::TEXTS)));
        }
        let text = text.into_iter().enumerate();
        let text = text.map(|(at, text)| within(&format!("/text/{at}"), text, Detail::TEXT_BYTES));
        let mut checked = [None; 6];
        for ((place, pointer), number) in checked.iter_mut().zip(NUMBERS).zip(numbers) {
            *place = integer(pointer, number, 1)?;
        }
        let [template, word, conjunction, template2, word2, gesture] = checked;
        let detail = Detail {
            sort,
            text: text.collect::<Result<_, _>>()?,
            sentence: Sentence { template, word, conjunction, template2, word2, gesture },
            data: data.map(|data| within("/data", data, Detail::DATA_BYTES)).transpose()?,
            recording: None,
        };
        check_kind(kind, &detail, has_position, recording.is_some())?;
        Ok(Some(V1Fields { detail, minted, recording }))
    }
}

/// Checks that a kind has the members that it requires, and none that it can't have.
fn check_kind(kind: TraceKind, detail: &Detail, has_position: bool, has_recording: bool) -> Result<(), Fault> {
    let missing = |pointer: &str| Err(Fault::new(pointer, format!("is missing; a {} has one", kind.name())));
    let any_word = !detail.text.is_empty() || !detail.sentence.is_empty();
    match kind {
        TraceKind::Message if detail.text.is_empty() && detail.sentence.template.is_none() => {
            return Err(Fault::new("/text", "is missing; a message has text or template"));
        }
        TraceKind::Object | TraceKind::Bloodstain if !has_position => return missing("/pos"),
        TraceKind::Object if detail.sort.is_none() => return missing("/type"),
        TraceKind::Phantom if !has_recording => return missing("/recording"),
        _ => {}
    }
    if any_word && kind != TraceKind::Message {
        return Err(Fault::new(
            "/text",
            format!("is not allowed, nor a number of a sentence; a {} has none", kind.name()),
        ));
    }
    if has_recording && !kind.has_recording() {
        return Err(Fault::new("/recording", "is not allowed; only phantoms and bloodstains have one"));
    }
    Ok(())
}

fn read_recording(
    columns: Option<&str>,
    packed: Option<&str>,
    compressor: &mut Compressor,
) -> Result<Option<IncomingRecording>, Fault> {
    match (columns, packed) {
        (None, None) => Ok(None),
        (Some(columns), None) => {
            let recording = IncomingRecording::import_columns(columns.as_bytes(), compressor);
            let recording = recording.map_err(|error| first_fault("/recording/columns", error))?;
            recording.map(Some).ok_or_else(|| Fault::new("/recording/columns/t_ms", "is missing"))
        }
        (None, Some(packed)) => {
            let pointer = "/recording/packed";
            let bytes = hex::to_bytes(packed).ok_or_else(|| Fault::new(pointer, "must be hexadecimal digits"))?;
            IncomingRecording::import_packed(&bytes, compressor).map(Some).map_err(|error| first_fault(pointer, error))
        }
        (Some(_), Some(_)) => Err(Fault::new("/recording", "must have either columns or packed")),
    }
}

/// The first fault of a recording.
fn first_fault(pointer: &str, error: RecordingError) -> Fault {
    match error {
        RecordingError::Invalid(faults) => match faults.into_iter().next() {
            Some(fault) => Fault::new(format!("{pointer}{}", fault.pointer), fault.detail),
            None => Fault::new(pointer, "is invalid"),
        },
        RecordingError::Unpack(error) => Fault::new(pointer, error.to_string()),
        other => Fault::new(pointer, other.to_string()),
    }
}
