//! Reading the traces that a player wants to leave. [`REQUIREMENTS`] says which fields a kind needs and allows.

use bytes::Bytes;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::fields::{data, name, number, rotation, sentence, texts};
use crate::{
    platform::{
        clock,
        codec::{deflate::Compressor, fields::Fields},
        error::Fault,
    },
    traces::{
        MAX_BATCH, TraceKind,
        authoring::model::{AuthoringError, Item, RecordingInput, TraceInput},
        recordings::{IncomingRecording, Packer, RecordingId},
        trace::{COORDINATE_LIMIT, Detail, GroupKey, TraceError},
    },
    worlds::ScopeKey,
};

/// What is said of a time that is none.
const NO_TIME: &str = "is no time in the form of RFC 3339, of the years 0 to 9999 in UTC";

/// A larger body is read on a blocking thread, as are most that have recordings.
const INLINE_BYTES: usize = 32 * 1024;

/// The maximum length of a `ref`, in bytes.
const REF_BYTES: usize = 64;

/// The maximum age of a trace that a client has kept before sending it, in milliseconds: 30 days.
const MAX_AGE_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The maximum lifetime of a trace, in seconds: ten years.
const MAX_LIFETIME_S: i64 = 10 * 365 * 24 * 60 * 60;

/// The field that names an uploaded recording.
const RECORDING_ID: &str = "recording_id";

/// The field that holds a recording.
const RECORDING: &str = "recording";

/// Whether a kind has a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Requirement {
    Required,
    Optional,
    Forbidden,
}

use Requirement::{Forbidden, Optional, Required};

/// The requirements of each kind for `pos`, `type`, words (`text`, or `template` with the fields beside it), `rank_value`
/// and the recording.
const REQUIREMENTS: [(TraceKind, [Requirement; 5]); 4] = [
    (TraceKind::Object, [Required, Required, Forbidden, Forbidden, Forbidden]),
    (TraceKind::Message, [Optional, Optional, Required, Forbidden, Forbidden]),
    (TraceKind::Phantom, [Optional, Optional, Forbidden, Optional, Required]),
    (TraceKind::Bloodstain, [Required, Optional, Forbidden, Forbidden, Optional]),
];

/// Packs the recording of an item; nothing where all of its columns are empty.
type Pack<'a> = dyn FnMut(&Map<String, Value>) -> Result<Option<IncomingRecording>, Vec<Fault>> + 'a;

/// The items of a body, with their recordings packed. An item without a `ref` gets a reference made of the request's
/// `Idempotency-Key` `key`, if there is one.
///
/// # Errors
/// The body as a whole is malformed or invalid.
pub async fn items(body: Bytes, key: Option<&str>, mut packer: Packer) -> Result<Vec<Item>, AuthoringError> {
    if body.len() <= INLINE_BYTES {
        return read_items(&body, key, &mut |columns| packer.pack(columns));
    }
    let key = key.map(str::to_owned);
    let read = move || read_items(&body, key.as_deref(), &mut |columns| packer.pack(columns));
    tokio::task::spawn_blocking(read).await.map_err(TraceError::broken)?
}

/// Whether a body is a batch, of which each item is read. For fuzzing.
pub fn is_readable(body: &[u8]) -> bool {
    let mut compressor = Compressor::default();
    let mut pack = |columns: &Map<String, Value>| {
        let body = serde_json::to_vec(columns).unwrap_or_default();
        Ok(IncomingRecording::import_columns(&body, &mut compressor).ok().flatten())
    };
    read_items(body, Some("key"), &mut pack).is_ok()
}

fn read_items(body: &[u8], key: Option<&str>, pack: &mut Pack<'_>) -> Result<Vec<Item>, AuthoringError> {
    let mut fields = Fields::read_batch(body, "traces")?;
    let items = fields.batch("traces", MAX_BATCH);
    fields.refuse_others();
    let items = fields.done(items).map_err(AuthoringError::Invalid)?;
    let read = |(at, mut fields): (usize, Fields)| {
        let sent = fields.optional_text("ref", |text| name(text, REF_BYTES)).flatten();
        // The control character keeps it apart from every `ref` that a client can send.
        let reference = sent.clone().or_else(|| key.map(|key| format!("\u{1}{key}\u{1}{at}")));
        let input = trace_input(&mut fields, at, reference, pack);
        fields.refuse_others();
        Item { reference: sent, input: fields.done(input) }
    };
    Ok(items.into_iter().enumerate().map(read).collect())
}

/// The recording of an item: the id of an uploaded one, or the recording itself.
#[expect(clippy::option_option, reason = "as in Fields: invalid, absent, present")]
fn recording(fields: &mut Fields, pack: &mut Pack<'_>) -> Option<Option<RecordingInput>> {
    let uploaded =
        fields.optional_text(RECORDING_ID, |text| RecordingId::of_text(text).ok_or_else(|| "is no id".to_owned()));
    let inline = match fields.optional_object(RECORDING)?.as_ref().map(pack) {
        None => None,
        Some(Ok(recording)) => recording,
        Some(Err(faults)) => {
            for Fault { pointer, detail } in faults {
                fields.wrong(&format!("{RECORDING}{pointer}"), detail);
            }
            return None;
        }
    };
    match (uploaded?, inline) {
        (Some(_), Some(_)) => {
            fields.wrong(RECORDING, format!("is there beside {RECORDING_ID}; one of the two"));
            None
        }
        (Some(id), None) => Some(Some(RecordingInput::Uploaded(id))),
        (None, inline) => Some(inline.map(|recording| RecordingInput::Inline(Box::new(recording)))),
    }
}

fn trace_input(fields: &mut Fields, at: usize, reference: Option<String>, pack: &mut Pack<'_>) -> Option<TraceInput> {
    let kind = fields.text("kind", |text| {
        TraceKind::of_name(text).ok_or_else(|| "must be object, message, phantom or bloodstain".to_owned())
    });
    let scope = fields.optional_text("scope", |text| ScopeKey::parse(text, "").map_err(|fault| fault.detail));
    let position = fields.optional_numbers::<3>("pos", COORDINATE_LIMIT);
    let rotation = rotation(fields);
    let sort = fields.optional_text("type", |text| name(text, Detail::TYPE_BYTES));
    let text = texts(fields);
    let data = fields.optional_text("data", data);
    let sentence = sentence(fields);
    let content_version = number(fields, "content_version").unwrap_or_default();
    let rank_value = fields.nonzero_number("rank_value", Detail::RANK_LIMIT);
    let left_at_ms = fields.optional_text("left_at", left_at);
    let expires_in_s = fields.positive_integer("expires_in_s", MAX_LIFETIME_S);
    let recording = recording(fields, pack);
    let group = fields.optional_text("group", GroupKey::parse);
    // Only now: what is wrong with one field hides nothing of the others, and is not called missing as well.
    let detail = Detail { sort: sort?, text: text?.unwrap_or_default(), sentence, data: data?, recording: None };
    let input = TraceInput {
        at,
        reference,
        digest: [0; 32],
        kind: kind?,
        scope: scope?.unwrap_or_else(|| ScopeKey::stored("")),
        position: position?,
        rotation: rotation?,
        detail,
        content_version,
        rank_value: rank_value?,
        left_at_ms: left_at_ms?,
        expires_in_s: expires_in_s?.and_then(|seconds| u32::try_from(seconds).ok()),
        group_key: group?,
        recording: recording?,
    };
    check_requirements(&input, fields);
    Some(TraceInput { digest: digest(&input), ..input })
}

fn left_at(text: &str) -> Result<i64, String> {
    let (at_ms, now_ms) = (clock::parse(text).ok_or(NO_TIME)?, clock::now_ms());
    if at_ms < now_ms - MAX_AGE_MS {
        return Err("is more than 30 days ago".to_owned());
    }
    // A client clock that runs fast is tolerated.
    Ok(at_ms.min(now_ms))
}

fn check_requirements(input: &TraceInput, fields: &mut Fields) {
    let detail = &input.detail;
    let has_words = !detail.text.is_empty() || detail.sentence.template.is_some();
    let recording = if matches!(input.recording, Some(RecordingInput::Inline(_))) { RECORDING } else { RECORDING_ID };
    let any_word = has_words || !detail.sentence.is_empty();
    let kind = input.kind.name();
    let Some((_, requirements)) = REQUIREMENTS.into_iter().find(|(of, _)| *of == input.kind) else { return };
    let checks = [
        ("pos", input.position.is_some(), input.position.is_some()),
        ("type", detail.sort.is_some(), detail.sort.is_some()),
        ("text", has_words, any_word),
        ("rank_value", input.rank_value.is_some(), input.rank_value.is_some()),
        (recording, input.recording.is_some(), input.recording.is_some()),
    ];
    for ((name, is_enough, is_present), requirement) in checks.into_iter().zip(requirements) {
        match requirement {
            Required if !is_enough && name == "text" => {
                fields.wrong(name, format!("is missing; a {kind} has text or template"));
            }
            Required if !is_enough && name == RECORDING_ID => {
                fields.wrong(name, format!("is missing; a {kind} has {RECORDING_ID} or {RECORDING}"));
            }
            Required if !is_enough => fields.wrong(name, format!("is missing; a {kind} has one")),
            Forbidden if is_present => {
                fields.wrong(name, format!("is there, or a field that goes with it; a {kind} has none"));
            }
            _ => {}
        }
    }
}

/// SHA-256 of the content of a trace.
fn digest(input: &TraceInput) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update(u64::try_from(bytes.len()).unwrap_or_default().to_le_bytes());
        hash.update(bytes);
    };
    part(input.kind.name().as_bytes());
    part(input.scope.as_str().as_bytes());
    let numbers = input.position.iter().flatten().chain(input.rotation.iter().flatten()).chain(&input.rank_value);
    part(&numbers.flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>());
    part(input.detail.to_text().as_bytes());
    part(&input.content_version.to_le_bytes());
    part(input.group_key.as_ref().map_or("", GroupKey::as_str).as_bytes());
    match &input.recording {
        None => part(b""),
        Some(RecordingInput::Uploaded(id)) => part(id.to_string().as_bytes()),
        Some(RecordingInput::Inline(recording)) => part(recording.sha256()),
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(item: &str) -> Result<TraceInput, Vec<String>> {
        let body = format!(r#"{{"traces":[{item}]}}"#);
        let item = read_items(body.as_bytes(), None, &mut |_| Ok(None)).unwrap().remove(0);
        item.input
            .map_err(|faults| faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect())
    }

    #[test]
    fn empty_values_of_engines_count_as_absent() {
        let plain = read(r#"{"kind":"message","template":3,"word":7}"#).unwrap();
        let unity = r#"{"ref":"","kind":"message","scope":"","pos":[],"rot":[],"type":"","text":[],"template":3.0,"word":7,
            "conjunction":0,"template2":0,"word2":0,"gesture":0,"data":"","content_version":0,"rank_value":0.0,"left_at":"",
            "expires_in_s":0,"group":"","recording_id":"","recording":{"t_ms":[],"pos":[],"complete":false,"look":""}}"#;
        assert_eq!(read(unity), Ok(plain));
    }

    #[test]
    fn a_field_with_a_fault_is_not_called_missing_too() {
        for (item, pointer) in [
            (r#"{"kind":"message","text":["a\u0000"]}"#, "/traces/0/text/0 "),
            (r#"{"kind":"object","pos":[1,2,3],"type":"\ud83d"}"#, "/traces/0/type "),
            (r#"{"kind":"object","pos":[1,2,1e99999],"type":"7"}"#, "/traces/0/pos/2 "),
        ] {
            let faults = read(item).unwrap_err();
            assert!(faults.len() == 1 && faults[0].starts_with(pointer), "{item}: {faults:?}");
        }
    }

    #[test]
    fn each_kind_requires_its_fields() {
        for (item, fault) in [
            (r#"{"kind":"object","type":"7"}"#, "/traces/0/pos is missing; a object has one"),
            (r#"{"kind":"object","pos":[1,2,3]}"#, "/traces/0/type is missing; a object has one"),
            (r#"{"kind":"message"}"#, "/traces/0/text is missing; a message has text or template"),
            (
                r#"{"kind":"bloodstain","pos":[1,2,3],"text":["x"]}"#,
                "/traces/0/text is there, or a field that goes with it; a bloodstain has none",
            ),
            (
                r#"{"kind":"bloodstain","pos":[1,2,3],"rank_value":1}"#,
                "/traces/0/rank_value is there, or a field that goes with it; a bloodstain has none",
            ),
            (r#"{"kind":"message","text":["x"],"pos":[1,2]}"#, "/traces/0/pos has 2 items; 3 numbers"),
            (
                r#"{"kind":"message","text":["x"],"pos":[1,2,2e7]}"#,
                "/traces/0/pos/2 is 20000000.0; a number within ±1e7",
            ),
            (
                r#"{"kind":"message","text":["x"],"tempalte":1}"#,
                "/traces/0/tempalte is not known here; did you mean template?",
            ),
            (
                r#"{"kind":"message","text":["x"],"left_at":"2001-01-01T00:00:00Z"}"#,
                "/traces/0/left_at is more than 30 days ago",
            ),
            (
                r#"{"kind":"message","text":["x"],"left_at":"9999-12-31T23:59:59-01:00"}"#,
                "/traces/0/left_at is no time in the form of RFC 3339, of the years 0 to 9999 in UTC",
            ),
            (r#"{"kind":"ghost"}"#, "/traces/0/kind must be object, message, phantom or bloodstain"),
        ] {
            assert_eq!(read(item).unwrap_err(), [fault], "{item}");
        }
    }

    #[test]
    fn four_zeros_are_the_rotation_that_turns_nothing() {
        let rotation = |rot: &str| read(&format!(r#"{{"kind":"message","text":["x"],"rot":{rot}}}"#)).unwrap().rotation;
        assert_eq!(rotation("[0,0,0,0]"), Some([0.0, 0.0, 0.0, 1.0]));
        assert_eq!(rotation("[0.0,-0.0,0,0]"), Some([0.0, 0.0, 0.0, 1.0]));
        assert_eq!(rotation("[0,0,0,2]"), Some([0.0, 0.0, 0.0, 2.0]));
        assert_eq!(rotation("[]"), None);
    }

    #[test]
    fn the_digest_depends_on_the_content_alone() {
        let digest = |item| read(item).unwrap().digest;
        let one = digest(r#"{"kind":"message","text":["a","b"],"scope":"x"}"#);
        assert_eq!(one, digest(r#"{"scope":"x","text":["a","b"],"kind":"message","ref":"mine"}"#));
        for other in [
            r#"{"kind":"message","text":["ab"],"scope":"x"}"#,
            r#"{"kind":"message","text":["a","b"],"scope":"y"}"#,
            r#"{"kind":"message","text":["a","b"],"scope":"x","pos":[0,0,0]}"#,
            r#"{"kind":"message","text":["a","b"],"scope":"x","group":"g"}"#,
        ] {
            assert_ne!(one, digest(other), "{other}");
        }
    }
}
