//! Verdicts as moderators see them, what became of a decision, and who moderates.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::{AppealResponse, next, some};
use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::{access::ModerationReason, sanctions::ModeratedPerson},
    journal::moderation::{
        examples::{self, TIME_MS},
        model::{Action, Outcome, SubjectKind, VerdictWithNames},
    },
    platform::page::Page,
};

/// What was decided about something, for moderators.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "ModerationVerdict")]
pub struct VerdictResponse {
    /// Its id.
    #[oai(validator(max_length = 20))]
    verdict_id: String,
    /// What it is about.
    kind: OneOf<SubjectKind>,
    /// The id of that; absent where the account is gone.
    #[oai(skip_serializing_if_is_none, validator(max_length = 64))]
    id: Option<String>,
    /// The username of whose it is.
    #[oai(skip_serializing_if_is_none)]
    author: Option<String>,
    /// What was decided.
    action: OneOf<Action>,
    /// Why.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<OneOf<ModerationReason>>,
    /// More about it, which the author reads.
    #[oai(skip_serializing_if_is_none)]
    note: Option<String>,
    /// When a ban ends; absent: never.
    #[oai(skip_serializing_if_is_none)]
    until: Option<Timestamp>,
    /// Whether reports of many decided it.
    automatic: bool,
    /// The username of who decided it; absent where reports did, or the account is gone.
    #[oai(skip_serializing_if_is_none)]
    by: Option<String>,
    /// When it was decided.
    decided_at: Timestamp,
    /// When it was undone; absent where it was not.
    #[oai(skip_serializing_if_is_none)]
    undone_at: Option<Timestamp>,
    /// The username of who undid it.
    #[oai(skip_serializing_if_is_none)]
    undone_by: Option<String>,
    /// What the author said against it.
    #[oai(skip_serializing_if_is_none)]
    appeal: Option<AppealResponse>,
}

impl From<VerdictWithNames> for VerdictResponse {
    fn from(VerdictWithNames { verdict, id, author, moderator, undone_by }: VerdictWithNames) -> Self {
        Self {
            verdict_id: verdict.id.to_string(),
            kind: OneOf(verdict.subject.kind),
            id: id.filter(|id| !id.is_empty()),
            author,
            action: OneOf(verdict.action),
            reason: verdict.reason.map(OneOf),
            note: some(verdict.note),
            until: verdict.until_ms.map(Timestamp),
            automatic: verdict.automatic,
            by: moderator,
            decided_at: Timestamp(verdict.at_ms),
            undone_at: verdict.undone_at_ms.map(Timestamp),
            undone_by,
            appeal: verdict.appeal.map(AppealResponse::from),
        }
    }
}

impl Example for VerdictResponse {
    fn example() -> Self {
        Self {
            verdict_id: examples::verdict(),
            kind: OneOf(SubjectKind::Thought),
            id: Some(examples::thought()),
            author: Some(examples::username()),
            action: OneOf(Action::Hide),
            reason: Some(OneOf(ModerationReason::Spam)),
            note: None,
            until: None,
            automatic: false,
            by: Some("moderator_mo".to_owned()),
            decided_at: Timestamp(TIME_MS),
            undone_at: None,
            undone_by: None,
            appeal: None,
        }
    }
}

/// A page of verdicts, the newest first.
#[derive(Debug, Object)]
#[oai(example, rename = "ModerationVerdictPage")]
pub struct VerdictPage {
    /// They.
    items: Vec<VerdictResponse>,
    /// The `after` of the next page, of older ones; empty where there are none at all.
    #[oai(validator(max_length = 20))]
    next: String,
    /// Whether there are older ones.
    more: bool,
}

impl VerdictPage {
    /// A page.
    pub fn new(page: Page<VerdictWithNames>, after: Option<i64>) -> Self {
        let next = next(&page, after);
        Self { more: page.more, items: page.items.into_iter().map(VerdictResponse::from).collect(), next }
    }
}

impl Example for VerdictPage {
    fn example() -> Self {
        Self { items: vec![VerdictResponse::example()], next: examples::verdict(), more: false }
    }
}

/// The answer with such a page.
#[derive(ApiResponse)]
pub enum VerdictsListed {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<VerdictPage>),
}

/// The answer with one verdict.
#[derive(ApiResponse)]
pub enum VerdictShown {
    /// The verdict as it is.
    #[oai(status = 200)]
    Verdict(NoStore<VerdictResponse>),
}

/// What became of one subject of a decision.
#[derive(Debug, Object)]
#[oai(example, rename = "ModerationOutcome")]
pub struct OutcomeResponse {
    /// What it is.
    kind: OneOf<SubjectKind>,
    /// Its id.
    #[oai(validator(max_length = 64))]
    id: String,
    /// The verdict, by which it is undone; absent where there is none.
    #[oai(skip_serializing_if_is_none, validator(max_length = 20))]
    verdict_id: Option<String>,
    /// Why there is none: `subject_not_found`, `own_thing`, `protected` (an administrator, or a moderator where an administrator is
    /// needed), or `not_applicable`.
    #[oai(skip_serializing_if_is_none)]
    code: Option<String>,
}

impl From<Outcome> for OutcomeResponse {
    fn from(Outcome { subject, verdict }: Outcome) -> Self {
        let (verdict_id, code) = match verdict {
            Ok(id) => (Some(id.to_string()), None),
            Err(code) => (None, Some(code.to_owned())),
        };
        Self { kind: OneOf(subject.kind), id: subject.id, verdict_id, code }
    }
}

impl Example for OutcomeResponse {
    fn example() -> Self {
        Self {
            kind: OneOf(SubjectKind::Thought),
            id: examples::thought(),
            verdict_id: Some(examples::verdict()),
            code: None,
        }
    }
}

/// What became of all subjects of a decision.
#[derive(Debug, Object)]
#[oai(example, rename = "ModerationOutcomes")]
pub struct OutcomesResponse {
    /// One for each, in the order of the request.
    items: Vec<OutcomeResponse>,
}

impl From<Vec<Outcome>> for OutcomesResponse {
    fn from(outcomes: Vec<Outcome>) -> Self {
        Self { items: outcomes.into_iter().map(OutcomeResponse::from).collect() }
    }
}

impl Example for OutcomesResponse {
    fn example() -> Self {
        Self { items: vec![OutcomeResponse::example()] }
    }
}

/// The answer to a decision.
#[derive(ApiResponse)]
pub enum Moderated {
    /// What became of each subject.
    #[oai(status = 200)]
    Done(NoStore<OutcomesResponse>),
}

/// Somebody who moderates.
#[derive(Debug, Object)]
#[oai(example, rename = "Moderator")]
pub struct ModeratorResponse {
    /// The username.
    #[oai(validator(min_length = 3, max_length = 32))]
    username: String,
    /// What others call them.
    #[oai(skip_serializing_if_is_none)]
    display_name: Option<String>,
    /// Whether they administer this server; administrators moderate, too.
    administrator: bool,
}

impl From<ModeratedPerson> for ModeratorResponse {
    fn from(person: ModeratedPerson) -> Self {
        let administrator = person.powers.administrator;
        Self { username: person.card.username, display_name: person.card.display_name, administrator }
    }
}

impl Example for ModeratorResponse {
    fn example() -> Self {
        Self { username: "moderator_mo".to_owned(), display_name: Some("Mo".to_owned()), administrator: false }
    }
}

/// All who moderate.
#[derive(Debug, Object)]
#[oai(example, rename = "ModeratorList")]
pub struct ModeratorListResponse {
    /// They, by username.
    items: Vec<ModeratorResponse>,
}

impl From<Vec<ModeratedPerson>> for ModeratorListResponse {
    fn from(people: Vec<ModeratedPerson>) -> Self {
        Self { items: people.into_iter().map(ModeratorResponse::from).collect() }
    }
}

impl Example for ModeratorListResponse {
    fn example() -> Self {
        Self { items: vec![ModeratorResponse::example()] }
    }
}

/// The answer with all who moderate.
#[derive(ApiResponse)]
pub enum ModeratorsListed {
    /// They.
    #[oai(status = 200)]
    List(NoStore<ModeratorListResponse>),
}
