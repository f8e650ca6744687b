//! Responses of moderation: to those who report and appeal here, to moderators in [`cases`] and [`verdicts`].

mod cases;
mod verdicts;

use poem_openapi::{ApiResponse, Object, types::Example};

pub use self::{
    cases::{CasePage, QueueShown},
    verdicts::{Moderated, ModeratorsListed, VerdictPage, VerdictShown, VerdictsListed},
};
use super::{
    examples::{self, TIME_MS},
    model::{Action, Appeal, AppealState, NamedSubject, Report, SubjectKind, VerdictWithNames},
};
use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::access::ModerationReason,
    platform::page::Page,
};

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A report as it was taken.
#[derive(Debug, Object)]
#[oai(example, rename = "JournalReport")]
pub struct ReportResponse {
    /// What it is about.
    kind: OneOf<SubjectKind>,
    /// Its id.
    #[oai(validator(max_length = 64))]
    id: String,
    /// Why.
    reason: OneOf<ModerationReason>,
    /// More about it.
    #[oai(skip_serializing_if_is_none, validator(max_length = 500))]
    note: Option<String>,
    /// When it was taken.
    reported_at: Timestamp,
}

impl ReportResponse {
    /// A report of that time.
    pub fn new(subject: NamedSubject, report: Report, at_ms: i64) -> Self {
        Self {
            kind: OneOf(subject.kind),
            id: subject.id,
            reason: OneOf(report.reason),
            note: some(report.note),
            reported_at: Timestamp(at_ms),
        }
    }
}

impl Example for ReportResponse {
    fn example() -> Self {
        Self {
            kind: OneOf(SubjectKind::Thought),
            id: examples::thought(),
            reason: OneOf(ModerationReason::Spam),
            note: Some(examples::NOTE.to_owned()),
            reported_at: Timestamp(TIME_MS),
        }
    }
}

/// The answer to a report.
#[derive(ApiResponse)]
pub enum Reported {
    /// It was taken.
    #[oai(status = 201)]
    Created(NoStore<ReportResponse>),
}

/// What an author said against a verdict.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "Appeal")]
pub struct AppealResponse {
    /// What became of it.
    state: OneOf<AppealState>,
    /// What they said.
    text: String,
    /// When.
    at: Timestamp,
}

impl From<Appeal> for AppealResponse {
    fn from(Appeal { state, text, at_ms }: Appeal) -> Self {
        Self { state: OneOf(state), text, at: Timestamp(at_ms) }
    }
}

impl Example for AppealResponse {
    fn example() -> Self {
        Self { state: OneOf(AppealState::Open), text: examples::APPEAL.to_owned(), at: Timestamp(TIME_MS) }
    }
}

/// What was decided about you, or about something of yours.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "OwnVerdict")]
pub struct OwnVerdictResponse {
    /// Its id.
    #[oai(validator(max_length = 20))]
    verdict_id: String,
    /// What it is about.
    kind: OneOf<SubjectKind>,
    /// The id of that.
    #[oai(skip_serializing_if_is_none, validator(max_length = 64))]
    id: Option<String>,
    /// What was decided.
    action: OneOf<Action>,
    /// Why.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<OneOf<ModerationReason>>,
    /// More about it.
    #[oai(skip_serializing_if_is_none)]
    note: Option<String>,
    /// When a ban ends; absent: never.
    #[oai(skip_serializing_if_is_none)]
    until: Option<Timestamp>,
    /// Whether reports of many decided it; no moderator has looked at it then.
    automatic: bool,
    /// Whether it holds: nothing later has replaced it, and it was neither undone nor has it ended.
    in_force: bool,
    /// When it was decided.
    decided_at: Timestamp,
    /// What you said against it.
    #[oai(skip_serializing_if_is_none)]
    appeal: Option<AppealResponse>,
}

impl From<VerdictWithNames> for OwnVerdictResponse {
    fn from(VerdictWithNames { verdict, id, .. }: VerdictWithNames) -> Self {
        Self {
            verdict_id: verdict.id.to_string(),
            kind: OneOf(verdict.subject.kind),
            id,
            action: OneOf(verdict.action),
            reason: verdict.reason.map(OneOf),
            note: some(verdict.note),
            until: verdict.until_ms.map(Timestamp),
            automatic: verdict.automatic,
            in_force: verdict.is_in_force,
            decided_at: Timestamp(verdict.at_ms),
            appeal: verdict.appeal.map(AppealResponse::from),
        }
    }
}

impl Example for OwnVerdictResponse {
    fn example() -> Self {
        Self {
            verdict_id: examples::verdict(),
            kind: OneOf(SubjectKind::Thought),
            id: Some(examples::thought()),
            action: OneOf(Action::Hide),
            reason: Some(OneOf(ModerationReason::Spam)),
            note: None,
            until: None,
            automatic: false,
            in_force: true,
            decided_at: Timestamp(TIME_MS),
            appeal: Some(AppealResponse::example()),
        }
    }
}

/// A page of what was decided about you and what is yours, the newest first.
#[derive(Debug, Object)]
#[oai(example)]
pub struct OwnVerdictPage {
    /// They.
    items: Vec<OwnVerdictResponse>,
    /// The `after` of the next page, of older ones; empty where there are none at all.
    #[oai(validator(max_length = 20))]
    next: String,
    /// Whether there are older ones.
    more: bool,
}

/// The `next` of a page of verdicts.
fn next(page: &Page<VerdictWithNames>, after: Option<i64>) -> String {
    let last = page.items.last().map(|shown| shown.verdict.id).or(after);
    last.map_or_else(String::new, |id| id.to_string())
}

impl OwnVerdictPage {
    /// A page.
    pub fn new(page: Page<VerdictWithNames>, after: Option<i64>) -> Self {
        let next = next(&page, after);
        Self { more: page.more, items: page.items.into_iter().map(OwnVerdictResponse::from).collect(), next }
    }
}

impl Example for OwnVerdictPage {
    fn example() -> Self {
        Self { items: vec![OwnVerdictResponse::example()], next: examples::verdict(), more: false }
    }
}

/// The answer with such a page.
#[derive(ApiResponse)]
pub enum OwnVerdictsListed {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<OwnVerdictPage>),
}

/// The answer to an appeal.
#[derive(ApiResponse)]
pub enum Appealed {
    /// It waits for a moderator.
    #[oai(status = 201)]
    Created(NoStore<OwnVerdictResponse>),
}
