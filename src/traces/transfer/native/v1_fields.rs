//! What only `/v1` says of a trace, in a line of the native form.

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
        trace::{Detail, RecordingSummary, Sentence},
        transfer::model::V1Fields,
    },
};

/// The numbers of a sentence, by their names, and what the figure beside it does.
const NUMBERS: [&str; 6] = ["/template", "/word", "/conjunction", "/template2", "/word2", "/gesture"];

/// The members of a line that only `/v1` says.
#[derive(Debug)]
pub struct LineSaid<'a> {
    pub sort: Option<Cow<'a, str>>,
    pub text: Option<Vec<Cow<'a, str>>>,
    /// As in [`NUMBERS`].
    pub numbers: [Option<i64>; 6],
    pub data: Option<Cow<'a, str>>,
    pub minted: bool,
    /// A recording in columns, as JSON,
    pub recording: Option<&'a str>,
    /// or packed, in hexadecimal.
    pub packed: Option<&'a str>,
}

/// An integer that may be absent.
///
/// # Errors
/// It is out of range.
pub fn integer(pointer: &str, number: Option<i64>, least: i32) -> Result<Option<i32>, Fault> {
    let checked = |number: i64| {
        let wrong = || Fault::new(pointer, format!("is {number}; {least} to {}", i32::MAX));
        i32::try_from(number).ok().filter(|number| *number >= least).ok_or_else(wrong)
    };
    number.map(checked).transpose()
}

/// How well something was run.
///
/// # Errors
/// It is out of range.
pub fn rank(rank: f64) -> Result<f64, Fault> {
    if rank.abs() > Detail::RANK_LIMIT {
        return Err(Fault::new("/rank_value", format!("is {rank}; within ±{:e}", Detail::RANK_LIMIT)));
    }
    // One database keeps the sign of nought, the other does not.
    Ok(rank + 0.0)
}

fn within(pointer: &str, text: Cow<'_, str>, most: usize) -> Result<String, Fault> {
    if text.len() > most {
        return Err(Fault::new(pointer, format!("is {} bytes long; at most {most}", text.len())));
    }
    Ok(text.into_owned())
}

impl LineSaid<'_> {
    /// What is said, if anything is.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(
        self,
        kind: TraceKind,
        author: &str,
        has_place: bool,
        compressor: &mut Compressor,
    ) -> Result<Option<V1Fields>, Fault> {
        let says = self.sort.is_some() || self.text.is_some() || self.data.is_some() || self.minted;
        let numbers = self.numbers.iter().any(Option::is_some);
        if !(says || numbers || self.recording.is_some() || self.packed.is_some()) {
            return Ok(None);
        }
        if self.minted && Uuid::parse_str(author).is_err() {
            return Err(Fault::new("/author", "must be a UUID where it is minted"));
        }
        let recording = brought(self.recording, self.packed, compressor)?;
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
        needs(kind, &detail, has_place, recording.is_some())?;
        Ok(Some(V1Fields { detail, minted, recording }))
    }
}

/// What a kind can't be without, and what it has not.
fn needs(kind: TraceKind, detail: &Detail, has_place: bool, has_recording: bool) -> Result<(), Fault> {
    let missing = |pointer: &str| Err(Fault::new(pointer, format!("is missing; a {} has one", kind.name())));
    let any_word = !detail.text.is_empty() || !detail.sentence.is_empty();
    match kind {
        TraceKind::Message if detail.text.is_empty() && detail.sentence.template.is_none() => {
            return Err(Fault::new("/text", "is missing; a message has text or template"));
        }
        TraceKind::Object | TraceKind::Bloodstain if !has_place => return missing("/pos"),
        TraceKind::Object if detail.sort.is_none() => return missing("/type"),
        TraceKind::Phantom if !has_recording => return missing("/recording"),
        _ => {}
    }
    if any_word && kind != TraceKind::Message {
        return Err(Fault::new(
            "/text",
            format!("is there, or a number that goes with it; a {} has none", kind.name()),
        ));
    }
    if has_recording && !kind.has_recording() {
        return Err(Fault::new("/recording", "is there; only phantoms and bloodstains have one"));
    }
    Ok(())
}

fn brought(
    columns: Option<&str>,
    packed: Option<&str>,
    compressor: &mut Compressor,
) -> Result<Option<IncomingRecording>, Fault> {
    match (columns, packed) {
        (None, None) => Ok(None),
        (Some(columns), None) => {
            let brought = IncomingRecording::import_columns(columns.as_bytes(), compressor);
            let brought = brought.map_err(|error| first("/recording/columns", error))?;
            brought.map(Some).ok_or_else(|| Fault::new("/recording/columns/t_ms", "is missing"))
        }
        (None, Some(packed)) => {
            let pointer = "/recording/packed";
            let bytes = hex::to_bytes(packed).ok_or_else(|| Fault::new(pointer, "must be hexadecimal digits"))?;
            IncomingRecording::import_packed(&bytes, compressor).map(Some).map_err(|error| first(pointer, error))
        }
        (Some(_), Some(_)) => Err(Fault::new("/recording", "must have either columns or packed")),
    }
}

/// The first thing that is wrong with a recording.
fn first(place: &str, error: RecordingError) -> Fault {
    match error {
        RecordingError::Invalid(faults) => match faults.into_iter().next() {
            Some(Fault { pointer, detail }) => Fault::new(format!("{place}{pointer}"), detail),
            None => Fault::new(place, "is wrong"),
        },
        RecordingError::Unpack(error) => Fault::new(place, error.to_string()),
        other => Fault::new(place, other.to_string()),
    }
}

impl V1Fields {
    /// What is stored of it beside the body.
    #[must_use]
    pub fn stored(&self) -> Detail {
        let recorded = |IncomingRecording { id, packed }: &IncomingRecording| RecordingSummary {
            id: id.to_string(),
            duration_ms: packed.duration_ms,
            size_bytes: i32::try_from(packed.bytes.len()).unwrap_or(i32::MAX),
        };
        Detail { recording: self.recording.as_ref().map(recorded), ..self.detail.clone() }
    }
}
