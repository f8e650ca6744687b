//! Reading what a player wants to leave or change. What a kind needs and takes stands in [`NEEDS`].

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::model::{BATCH, Change, Item, LeavingError, RecordingInput, SYNC_IDS};
use crate::{
    platform::{clock, codec::fields::Fields, error::Fault},
    traces::{
        recordings::{Brought, RecordingId},
        rules::TraceKind,
        trace::{COORDINATE_LIMIT, Detail, GroupKey, Sentence},
    },
    worlds::ScopeKey,
};

/// Bytes of a client's own name for a trace.
const REF_BYTES: usize = 64;

/// For so long a client may have kept a trace before it sends it.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Seconds that a trace may ask to last: ten years.
const LASTS_S: i64 = 10 * 365 * 24 * 60 * 60;

/// The field of a recording that waits,
const WAITING: &str = "recording_id";

/// and that of one that comes with its trace.
const BROUGHT: &str = "recording";

/// Whether a kind has a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Has {
    Needed,
    Maybe,
    Not,
}

use Has::{Maybe, Needed, Not};

/// What each kind needs, may have, and has not: `pos`, `type`, words (`text`, or `template` with the fields beside it),
/// `rank_value`, `recording_id`.
const NEEDS: [(TraceKind, [Has; 5]); 4] = [
    (TraceKind::Object, [Needed, Needed, Not, Not, Not]),
    (TraceKind::Message, [Maybe, Maybe, Needed, Not, Not]),
    (TraceKind::Phantom, [Maybe, Maybe, Not, Maybe, Needed]),
    (TraceKind::Bloodstain, [Needed, Maybe, Not, Not, Maybe]),
];

/// An item of a body, read or with what is wrong with it, and what the client calls it.
pub type ReadItem = (Option<String>, Result<Item, Vec<Fault>>);

/// Packs a recording that stands in an item; nothing where it is an empty one.
pub type Pack<'a> = dyn FnMut(&Map<String, Value>) -> Result<Option<Brought>, Vec<Fault>> + 'a;

/// The items of a body, each read or with what is wrong with it; those without a name of their own are named after the
/// request's `Idempotency-Key`, where it has one.
///
/// # Errors
/// The body as a whole is wrong.
pub fn items(body: &[u8], key: Option<&str>, pack: &mut Pack<'_>) -> Result<Vec<ReadItem>, LeavingError> {
    let mut fields = Fields::read(body)?;
    let items = fields.objects("traces", BATCH);
    if items.as_ref().is_some_and(Vec::is_empty) {
        fields.wrong("traces", format!("is missing or empty; 1 to {BATCH} items"));
    }
    fields.refuse_others();
    let items = fields.done(items).map_err(LeavingError::Invalid)?;
    let read = |(at, mut fields): (usize, Fields)| {
        let name = fields.optional_text("ref", |text| sized(text, REF_BYTES)).flatten();
        // A name that no client can send.
        let unique = name.clone().or_else(|| key.map(|key| format!("\u{1}{key}\u{1}{at}")));
        let item = item(&mut fields, unique, pack);
        fields.refuse_others();
        (name, fields.done(item))
    };
    Ok(items.into_iter().enumerate().map(read).collect())
}

fn sized(text: &str, most: usize) -> Result<String, String> {
    if text.len() > most {
        return Err(format!("is {} bytes long; at most {most}", text.len()));
    }
    if text.chars().any(char::is_control) {
        return Err("has a control character".to_owned());
    }
    Ok(text.to_owned())
}

fn words(text: &str) -> Result<String, String> {
    if text.len() > Detail::TEXT_BYTES {
        return Err(format!("is {} bytes long; at most {}", text.len(), Detail::TEXT_BYTES));
    }
    Ok(text.to_owned())
}

fn data(text: &str) -> Result<String, String> {
    if text.len() > Detail::DATA_BYTES {
        return Err(format!("is {} bytes long; at most {}", text.len(), Detail::DATA_BYTES));
    }
    Ok(text.to_owned())
}

#[expect(clippy::option_option, reason = "as the fields say it: wrong, absent, there")]
fn texts(fields: &mut Fields) -> Option<Option<Vec<String>>> {
    let text = fields.optional_texts("text", words)?;
    if text.as_ref().is_some_and(|text| text.len() > Detail::TEXTS) {
        fields.wrong("text", format!("has more than {} texts", Detail::TEXTS));
        return None;
    }
    Some(text)
}

fn small(fields: &mut Fields, name: &str, from: i64) -> Option<i32> {
    // Some engines write 0 where nothing was said.
    let number = fields.optional_integer(name, 0..=i64::from(i32::MAX)).flatten()?;
    i32::try_from(number).ok().filter(|number| i64::from(*number) >= from)
}

fn sentence(fields: &mut Fields) -> Sentence {
    let mut number = |name| small(fields, name, 1);
    Sentence {
        template: number("template"),
        word: number("word"),
        conjunction: number("conjunction"),
        template2: number("template2"),
        word2: number("word2"),
        gesture: number("gesture"),
    }
}

/// The recording of an item: one that waits, or one that stands there itself.
#[expect(clippy::option_option, reason = "as the fields say it: wrong, absent, there")]
fn taken_along(fields: &mut Fields, pack: &mut Pack<'_>) -> Option<Option<RecordingInput>> {
    let waiting = fields.optional_text(WAITING, |text| RecordingId::of_text(text).ok_or_else(|| "is no id".to_owned()));
    let brought = match fields.optional_object(BROUGHT)?.as_ref().map(pack) {
        None => None,
        Some(Ok(brought)) => brought,
        Some(Err(faults)) => {
            for Fault { pointer, detail } in faults {
                fields.wrong(&format!("{BROUGHT}{pointer}"), detail);
            }
            return None;
        }
    };
    match (waiting?, brought) {
        (Some(_), Some(_)) => {
            fields.wrong(BROUGHT, format!("is there beside {WAITING}; one of the two"));
            None
        }
        (Some(id), None) => Some(Some(RecordingInput::Waiting(id))),
        (None, brought) => Some(brought.map(|brought| RecordingInput::Brought(Box::new(brought)))),
    }
}

fn item(fields: &mut Fields, name: Option<String>, pack: &mut Pack<'_>) -> Option<Item> {
    let kind = fields.text("kind", |text| {
        TraceKind::of_name(text).ok_or_else(|| "must be object, message, phantom or bloodstain".to_owned())
    });
    let scope = fields.optional_text("scope", |text| ScopeKey::parse(text, "").map_err(|fault| fault.detail));
    let position = fields.optional_numbers::<3>("pos", COORDINATE_LIMIT);
    let rotation = fields.optional_numbers::<4>("rot", COORDINATE_LIMIT);
    let sort = fields.optional_text("type", |text| sized(text, Detail::TYPE_BYTES));
    let text = texts(fields);
    let data = fields.optional_text("data", data);
    let detail = Detail {
        sort: sort.flatten(),
        text: text.flatten().unwrap_or_default(),
        sentence: sentence(fields),
        data: data.flatten(),
        recording: None,
    };
    let content_version = small(fields, "content_version", 0).unwrap_or_default();
    let rank_value = fields.optional_number("rank_value", Detail::RANK_LIMIT);
    let left_at_ms = fields.optional_text("left_at", left_at);
    let expires_in_s = fields.optional_integer("expires_in_s", 0..=LASTS_S);
    let recording = taken_along(fields, pack);
    let group = fields.optional_text("group", GroupKey::parse);
    let item = Item {
        name,
        digest: [0; 32],
        kind: kind?,
        scope: scope?.unwrap_or_else(|| ScopeKey::stored("")),
        position: position?,
        rotation: rotation?,
        detail,
        content_version,
        rank_value: rank_value?,
        left_at_ms: left_at_ms?,
        expires_in_s: expires_in_s?.and_then(|seconds| u32::try_from(seconds).ok()).filter(|seconds| *seconds > 0),
        group_key: group?,
        recording: recording?,
    };
    check_needs(&item, fields);
    Some(Item { digest: digest(&item), ..item })
}

fn left_at(text: &str) -> Result<i64, String> {
    let (at_ms, now_ms) = (clock::parse(text).ok_or("is no time in the form of RFC 3339")?, clock::now_ms());
    if at_ms < now_ms - KEPT_MS {
        return Err("is more than 30 days ago".to_owned());
    }
    // A clock that is somewhat fast does no harm.
    Ok(at_ms.min(now_ms))
}

fn check_needs(item: &Item, fields: &mut Fields) {
    let detail = &item.detail;
    let has_words = !detail.text.is_empty() || detail.sentence.template.is_some();
    let recording = if matches!(item.recording, Some(RecordingInput::Brought(_))) { BROUGHT } else { WAITING };
    let any_word = has_words || !detail.sentence.is_empty();
    let kind = item.kind.name();
    let Some((_, needs)) = NEEDS.into_iter().find(|(of, _)| *of == item.kind) else { return };
    let there = [
        ("pos", item.position.is_some(), item.position.is_some()),
        ("type", detail.sort.is_some(), detail.sort.is_some()),
        ("text", has_words, any_word),
        ("rank_value", item.rank_value.is_some(), item.rank_value.is_some()),
        (recording, item.recording.is_some(), item.recording.is_some()),
    ];
    for ((name, enough, any), needs) in there.into_iter().zip(needs) {
        match needs {
            Needed if !enough && name == "text" => {
                fields.wrong(name, format!("is missing; a {kind} has text or template"));
            }
            Needed if !enough && name == WAITING => {
                fields.wrong(name, format!("is missing; a {kind} has {WAITING} or {BROUGHT}"));
            }
            Needed if !enough => fields.wrong(name, format!("is missing; a {kind} has one")),
            Not if any => fields.wrong(name, format!("is there, or a field that goes with it; a {kind} has none")),
            _ => {}
        }
    }
}

/// What was asked for: by it the same is told from something else under the same name.
fn digest(item: &Item) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update(u64::try_from(bytes.len()).unwrap_or_default().to_le_bytes());
        hash.update(bytes);
    };
    part(item.kind.name().as_bytes());
    part(item.scope.as_str().as_bytes());
    let numbers = item.position.iter().flatten().chain(item.rotation.iter().flatten()).chain(&item.rank_value);
    part(&numbers.flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>());
    part(item.detail.to_text().as_bytes());
    part(&item.content_version.to_le_bytes());
    part(item.group_key.as_ref().map_or("", GroupKey::as_str).as_bytes());
    match &item.recording {
        None => part(b""),
        Some(RecordingInput::Waiting(id)) => part(id.to_string().as_bytes()),
        Some(RecordingInput::Brought(brought)) => part(brought.sha256()),
    }
    hash.finalize().into()
}

/// A change of a trace.
///
/// # Errors
/// The body is wrong.
pub fn change(body: &[u8]) -> Result<Change, LeavingError> {
    let mut fields = Fields::read(body)?;
    let revision = small(&mut fields, "revision", 1);
    if revision.is_none() {
        fields.wrong("revision", "is missing; the revision of the trace that you have seen");
    }
    let text = texts(&mut fields);
    let sentence = sentence(&mut fields);
    let data = fields.optional_text("data", data);
    let position = fields.optional_numbers::<3>("pos", COORDINATE_LIMIT);
    let rotation = fields.optional_numbers::<4>("rot", COORDINATE_LIMIT);
    let sort = fields.optional_text("type", |text| sized(text, Detail::TYPE_BYTES));
    fields.refuse_others();
    let made = (|| {
        let (text, data, position) = (text?, data?, position?);
        Some(Change { revision: revision?, text, sentence, data, position, rotation: rotation?, sort: sort? })
    })();
    fields.done(made).map_err(LeavingError::Invalid)
}

/// The ids that a client asks after.
///
/// # Errors
/// The body is wrong.
pub fn ids(body: &[u8]) -> Result<Vec<i64>, LeavingError> {
    let mut fields = Fields::read(body)?;
    let ids = fields.optional_texts("ids", |text| text.parse().map_err(|_| "is no id".to_owned()));
    if ids.as_ref().is_some_and(|ids| ids.as_ref().is_none_or(|ids| ids.len() > SYNC_IDS)) {
        fields.wrong("ids", format!("must be a list of 1 to {SYNC_IDS} ids"));
    }
    fields.refuse_others();
    fields.done(ids.flatten()).map_err(LeavingError::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(item: &str) -> Result<Item, Vec<String>> {
        let body = format!(r#"{{"traces":[{item}]}}"#);
        let (_, read) = items(body.as_bytes(), None, &mut |_| Ok(None)).unwrap().remove(0);
        read.map_err(|faults| faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect())
    }

    #[test]
    fn what_engines_write_for_nothing_is_nothing() {
        let plain = read(r#"{"kind":"message","template":3,"word":7}"#).unwrap();
        let unity = r#"{"ref":"","kind":"message","scope":"","pos":[],"rot":[],"type":"","text":[],"template":3.0,"word":7,
            "conjunction":0,"template2":0,"word2":0,"gesture":0,"data":"","content_version":0,"rank_value":null,"left_at":"",
            "expires_in_s":0,"group":"","recording_id":"","recording":{"t_ms":[],"pos":[],"complete":false,"look":""}}"#;
        assert_eq!(read(unity), Ok(plain));
    }

    #[test]
    fn each_kind_has_what_it_needs() {
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
            (r#"{"kind":"message","text":["x"],"tempalte":1}"#, "/traces/0/tempalte is not known here"),
            (
                r#"{"kind":"message","text":["x"],"left_at":"2001-01-01T00:00:00Z"}"#,
                "/traces/0/left_at is more than 30 days ago",
            ),
            (r#"{"kind":"ghost"}"#, "/traces/0/kind must be object, message, phantom or bloodstain"),
        ] {
            assert_eq!(read(item).unwrap_err(), [fault], "{item}");
        }
    }

    #[test]
    fn the_same_is_told_from_something_else() {
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
