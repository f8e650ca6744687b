//! Request bodies and parameters of moderation: their documentation, and how they are read.

use poem_openapi::{Object, types::Example};

use super::{
    examples,
    model::{
        Action, CaseCursor, CaseState, Decision, MAX_APPEAL, MAX_NOTE, MAX_SUBJECTS, ModerationError, NamedSubject,
        NewVerdict, QueueRequest, Report, SubjectKind, parse_text,
    },
};
use crate::{
    http::{
        declaration::{Param, Values},
        page::{PageRequest, Paged},
        params::{self, QueryParams, QueryReader, UriReader},
        schema::{OneOf, Timestamp},
    },
    identity::access::ModerationReason,
    platform::{
        clock,
        codec::fields::{BodyReader, Fields},
        named::Named,
    },
};

/// Bytes of the id of a subject at most.
const ID_BYTES: usize = 64;

/// Reads the fields of a body. `read` returns `None` where a field is wrong.
fn read<T>(body: &[u8], read: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, ModerationError> {
    let mut fields = Fields::read(body)?;
    let value = read(&mut fields);
    fields.refuse_others();
    fields.done(value).map_err(ModerationError::Invalid)
}

fn id(text: &str) -> Result<String, String> {
    if text.is_empty() || text.len() > ID_BYTES {
        return Err(format!("must have 1 to {ID_BYTES} bytes"));
    }
    Ok(text.to_owned())
}

fn subject(fields: &mut Fields) -> Option<NamedSubject> {
    let kind = fields.text("kind", SubjectKind::parse);
    let id = fields.text("id", id);
    kind.zip(id).map(|(kind, id)| NamedSubject { kind, id })
}

fn note(fields: &mut Fields) -> Option<String> {
    fields.optional_text("note", |text| parse_text(text, MAX_NOTE)).map(Option::unwrap_or_default)
}

/// The verdict that a path names.
///
/// # Errors
/// It names none.
pub fn verdict_id(id: &str) -> Result<i64, ModerationError> {
    id.parse().ok().filter(|id: &i64| *id > 0).ok_or(ModerationError::VerdictNotFound)
}

/// A report of something that you see.
#[derive(Debug, Object)]
#[oai(example, rename = "NewReport")]
pub struct ReportRequest {
    /// What it is.
    kind: OneOf<SubjectKind>,
    /// Its id: of a thought, a comment or a challenge the `id`, of media the `uuid`, of a person the `username`.
    #[oai(validator(min_length = 1, max_length = 64))]
    id: String,
    /// Why you report it.
    reason: OneOf<ModerationReason>,
    /// More about it: at most 500 characters.
    #[oai(validator(max_length = 500))]
    note: Option<String>,
}

impl Example for ReportRequest {
    fn example() -> Self {
        Self {
            kind: OneOf(SubjectKind::Thought),
            id: examples::thought(),
            reason: OneOf(ModerationReason::Spam),
            note: Some(examples::NOTE.to_owned()),
        }
    }
}

impl ReportRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<(NamedSubject, Report), ModerationError> {
        read(body, |fields| {
            let subject = subject(fields);
            let reason = fields.text("reason", ModerationReason::parse);
            let note = note(fields);
            Some((subject?, Report { reason: reason?, note: note? }))
        })
    }
}

/// What you say against a verdict.
#[derive(Debug, Object)]
#[oai(example, rename = "NewAppeal")]
pub struct AppealRequest {
    /// In words: 1 to 1000 characters.
    #[oai(validator(min_length = 1, max_length = 1000))]
    text: String,
}

impl Example for AppealRequest {
    fn example() -> Self {
        Self { text: examples::APPEAL.to_owned() }
    }
}

impl AppealRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<String, ModerationError> {
        read(body, |fields| {
            fields.text("text", |text| {
                let text = parse_text(text, MAX_APPEAL)?;
                if text.is_empty() { Err("has nothing but white space".to_owned()) } else { Ok(text) }
            })
        })
    }
}

/// Something that is decided about.
#[derive(Debug, Object)]
#[oai(example, rename = "ModerationSubject")]
pub struct SubjectRequest {
    /// What it is.
    kind: OneOf<SubjectKind>,
    /// Its id, as in the queue.
    #[oai(validator(min_length = 1, max_length = 64))]
    id: String,
}

impl Example for SubjectRequest {
    fn example() -> Self {
        Self { kind: OneOf(SubjectKind::Thought), id: examples::thought() }
    }
}

/// What is decided, about each of several subjects.
#[derive(Debug, Object)]
#[oai(example, rename = "NewVerdicts")]
pub struct VerdictsRequest {
    /// What it is about: 1 to 100.
    #[oai(validator(min_items = 1, max_items = 100))]
    subjects: Vec<SubjectRequest>,
    /// What is done. `restore` lets it stand: it is shown again where it was hidden, and its reports are dismissed. `hide` hides it from
    /// all but its author; of a person all that is theirs. `clear_name` and `clear_bio` take the names, or what they say of
    /// themselves, from its author; `ban` and `unban` are about its author, too. `uphold` refuses an appeal.
    action: OneOf<Decision>,
    /// Why, which the author is told. Needed for `hide`, `clear_name`, `clear_bio` and `ban`.
    reason: Option<OneOf<ModerationReason>>,
    /// More about it, which the author reads: at most 500 characters.
    #[oai(validator(max_length = 500))]
    note: Option<String>,
    /// When a ban ends, in the future. Absent: never.
    until: Option<Timestamp>,
}

impl Example for VerdictsRequest {
    fn example() -> Self {
        Self {
            subjects: vec![SubjectRequest::example()],
            action: OneOf(Decision(Action::Hide)),
            reason: Some(OneOf(ModerationReason::Spam)),
            note: None,
            until: None,
        }
    }
}

impl VerdictsRequest {
    /// Reads a body at that time.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8], now_ms: i64) -> Result<(Vec<NamedSubject>, NewVerdict), ModerationError> {
        read(body, |fields| {
            let mut is_empty = false;
            let subjects = fields.objects("subjects", MAX_SUBJECTS).map(|objects| {
                is_empty = objects.is_empty();
                let mut subjects = Vec::with_capacity(objects.len());
                for mut object in objects {
                    let subject = subject(&mut object);
                    object.refuse_others();
                    match object.done(subject) {
                        Ok(subject) => subjects.push(subject),
                        Err(faults) => fields.wrong_too(faults),
                    }
                }
                subjects
            });
            if is_empty {
                fields.wrong("subjects", format!("must have 1 to {MAX_SUBJECTS}"));
            }
            let action = fields.text("action", Decision::parse).map(|decision| decision.0);
            let reason = fields.optional_text("reason", ModerationReason::parse);
            let note = note(fields);
            let until_ms = fields.optional_text("until", |text| match clock::parse(text) {
                Some(until_ms) if until_ms > now_ms => Ok(until_ms),
                _ => Err("must be a time to come, as RFC 3339 writes it".to_owned()),
            });
            if action.is_some_and(Action::is_against_author) && reason == Some(None) {
                fields.wrong("reason", "is missing: the author is told why");
            }
            if action.is_some_and(|action| action != Action::Ban) && until_ms.flatten().is_some() {
                fields.wrong("until", "is for a ban");
            }
            Some((subjects?, NewVerdict { action: action?, reason: reason?, note: note?, until_ms: until_ms? }))
        })
    }
}

/// The queue, in pages.
#[derive(Debug)]
struct Cases;

impl Paged for Cases {
    type Cursor = CaseCursor;
    const DEFAULT_LIMIT: usize = 20;
    const MAX_LIMIT: usize = 50;
    const EXAMPLE_CURSOR: &'static str = "3-12";

    fn parse(cursor: &str) -> Result<CaseCursor, String> {
        CaseCursor::of_text(cursor).ok_or_else(|| "must be a page's next".to_owned())
    }
}

const STATE: Param = Param {
    name: "state",
    about: "`waiting`: reports that nobody has settled, and appeals; `in_force`: what is hidden, and who is banned. Absent: `waiting`.",
    values: Values::OneOf(&["waiting", "in_force"]),
    example: "waiting",
};

const KIND: Param = Param {
    name: "kind",
    about: "Cases about this alone.",
    values: Values::OneOf(&["thought", "comment", "media", "challenge", "person"]),
    example: "thought",
};

/// A page of the queue.
#[derive(Debug)]
pub struct QueueParams(pub QueueRequest);

impl QueryParams for QueueParams {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let state = reader.optional(&STATE, CaseState::parse).unwrap_or_default();
        let kind = reader.optional(&KIND, SubjectKind::parse);
        let page = PageRequest::<Cases>::read(reader)?;
        Some(Self(QueueRequest { state, kind, after: page.after, limit: page.limit }))
    }
}

/// Verdicts in pages, the newest first.
#[derive(Debug)]
pub struct Verdicts;

impl Paged for Verdicts {
    type Cursor = i64;
    const DEFAULT_LIMIT: usize = 50;
    const MAX_LIMIT: usize = 100;
    const EXAMPLE_CURSOR: &'static str = "318";

    fn parse(cursor: &str) -> Result<i64, String> {
        cursor.parse().ok().filter(|id: &i64| *id > 0).ok_or_else(|| "must be a page's next".to_owned())
    }
}

const USERNAME: Param = Param {
    name: "username",
    about: "Verdicts about this person and what is theirs alone.",
    values: Values::Text { max_bytes: 32 },
    example: "ann_of_moss",
};

/// A page of the audit log.
#[derive(Debug)]
pub struct AuditParams {
    /// Of this person alone.
    pub username: Option<String>,
    /// The page.
    pub page: PageRequest<Verdicts>,
}

impl QueryParams for AuditParams {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let username = reader.optional(&USERNAME, |text| Ok(text.to_owned()));
        Some(Self { username, page: PageRequest::read(reader)? })
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("ReportRequest", |body| ReportRequest::read(body).is_ok()),
    ("AppealRequest", |body| AppealRequest::read(body).is_ok()),
    ("VerdictsRequest", |body| VerdictsRequest::read(body, 0).is_ok()),
];

/// The readers of parameters here.
pub const URI_READERS: &[UriReader] = &[
    ("QueueParams", |uri| params::read::<QueueParams>(uri).is_ok()),
    ("AuditParams", |uri| params::read::<AuditParams>(uri).is_ok()),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(body: &serde_json::Value) -> Vec<String> {
        match VerdictsRequest::read(body.to_string().as_bytes(), 1_000) {
            Err(ModerationError::Invalid(faults)) => faults.into_iter().map(|fault| fault.pointer).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_decision_names_what_it_is_about_and_why() {
        let subjects = json!([{"kind": "thought", "id": "1"}, {"kind": "person", "id": "ann"}]);
        let body = json!({"subjects": subjects, "action": "ban", "reason": "spam", "until": "2026-11-21T08:00:00Z"});
        let (subjects, verdict) = VerdictsRequest::read(body.to_string().as_bytes(), 1_000).unwrap();
        assert_eq!(subjects.len(), 2);
        assert_eq!((verdict.action, verdict.until_ms), (Action::Ban, Some(1_795_248_000_000)));
        assert_eq!(faults(&json!({"subjects": [], "action": "restore"})), ["/subjects"]);
        let one = json!([{"kind": "thought", "id": "1"}]);
        assert_eq!(faults(&json!({"subjects": one, "action": "hide"})), ["/reason"]);
        let until = "2026-11-21T08:00:00Z";
        assert_eq!(faults(&json!({"subjects": one, "action": "hide", "reason": "spam", "until": until})), ["/until"]);
        let past = "1970-01-01T00:00:00Z";
        assert_eq!(faults(&json!({"subjects": one, "action": "ban", "reason": "spam", "until": past})), ["/until"]);
        assert_eq!(faults(&json!({"subjects": one, "action": "appoint"})), ["/action"]);
        let many = vec![json!({"kind": "thought", "id": "1"}); MAX_SUBJECTS + 1];
        assert_eq!(faults(&json!({"subjects": many, "action": "restore"})), ["/subjects"]);
        assert_eq!(faults(&json!({"subjects": [{"kind": "x"}], "action": "restore"})).len(), 2);
    }
}
