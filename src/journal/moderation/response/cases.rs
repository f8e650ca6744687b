//! The queue.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::{some, verdicts::VerdictResponse};
use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::{access::ModerationReason, people::Audience},
    journal::{
        cards::{GameCardResponse, PersonCardResponse},
        media::LinkResponse,
        moderation::{
            examples::{self, TIME_MS},
            model::{CaseCursor, CaseWithCards, SubjectKind},
        },
    },
    platform::page::Page,
};

/// How many give a reason.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "ModerationReasonCount")]
pub struct ReasonCountResponse {
    /// The reason.
    reason: OneOf<ModerationReason>,
    /// How many reports give it.
    reports: u32,
}

impl Example for ReasonCountResponse {
    fn example() -> Self {
        Self { reason: OneOf(ModerationReason::Spam), reports: 3 }
    }
}

/// An appeal that waits.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "WaitingAppeal")]
pub struct WaitingAppealResponse {
    /// The verdict that it is against.
    #[oai(validator(max_length = 20))]
    verdict_id: String,
    /// What the author says.
    text: String,
    /// When they said it.
    at: Timestamp,
}

impl Example for WaitingAppealResponse {
    fn example() -> Self {
        Self { verdict_id: examples::verdict(), text: examples::APPEAL.to_owned(), at: Timestamp(TIME_MS) }
    }
}

/// Something that was reported or decided about, as moderators see it.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "ModerationCase")]
pub struct CaseResponse {
    /// What it is.
    kind: OneOf<SubjectKind>,
    /// Its id, by which it is decided about.
    #[oai(validator(max_length = 64))]
    id: String,
    /// Whose it is; absent where it outlived the account.
    #[oai(skip_serializing_if_is_none)]
    author: Option<PersonCardResponse>,
    /// Whether they are banned.
    author_banned: bool,
    /// Why it is hidden; absent where it is not.
    #[oai(skip_serializing_if_is_none)]
    hidden: Option<OneOf<ModerationReason>>,
    /// Whether reports alone have hidden it.
    automatic: bool,
    /// What it says now; absent where it is gone. Of a person: the username, the display name and what they say of themselves, each on
    /// a line of its own.
    #[oai(skip_serializing_if_is_none)]
    text: Option<String>,
    /// What it said when it was last reported, where that is something else.
    #[oai(skip_serializing_if_is_none)]
    reported_text: Option<String>,
    /// Who sees it, as its owner asked; absent where it is gone.
    #[oai(skip_serializing_if_is_none)]
    audience: Option<OneOf<Audience>>,
    /// The game that it is on.
    #[oai(skip_serializing_if_is_none)]
    game: Option<GameCardResponse>,
    /// The thought that a comment is on.
    #[oai(skip_serializing_if_is_none, validator(max_length = 20))]
    thought_id: Option<String>,
    /// The file of media.
    #[oai(skip_serializing_if_is_none)]
    file: Option<LinkResponse>,
    /// A small picture of media.
    #[oai(skip_serializing_if_is_none)]
    thumbnail: Option<LinkResponse>,
    /// How many have reported it that nobody has settled.
    reports: i32,
    /// Their reasons, the most frequent first.
    reasons: Vec<ReasonCountResponse>,
    /// Their newest notes, five at most.
    #[oai(validator(max_items = 5))]
    notes: Vec<String>,
    /// When the first of them came.
    #[oai(skip_serializing_if_is_none)]
    first_at: Option<Timestamp>,
    /// When the last of them came.
    #[oai(skip_serializing_if_is_none)]
    last_at: Option<Timestamp>,
    /// What the author says against a verdict.
    #[oai(skip_serializing_if_is_none)]
    appeal: Option<WaitingAppealResponse>,
    /// The last verdict that was not undone.
    #[oai(skip_serializing_if_is_none)]
    last_verdict: Option<VerdictResponse>,
}

impl From<CaseWithCards> for CaseResponse {
    fn from(shown: CaseWithCards) -> Self {
        let CaseWithCards { case, now, .. } = shown;
        let is_changed = now.as_ref().is_none_or(|now| now.text != case.reported_text);
        let appeal = shown.appealed.and_then(|verdict| {
            let appeal = verdict.appeal?;
            let at = Timestamp(appeal.at_ms);
            Some(WaitingAppealResponse { verdict_id: verdict.id.to_string(), text: appeal.text, at })
        });
        let is_hidden = now.as_ref().is_some_and(|now| now.hidden.is_some());
        let automatic = shown.last_verdict.as_ref().is_some_and(|last| last.verdict.automatic) && is_hidden;
        Self {
            kind: OneOf(case.subject.kind),
            id: shown.id,
            author_banned: shown.author.as_ref().is_some_and(|author| author.is_banned),
            author: shown.author.map(|author| PersonCardResponse::from(author.card)),
            hidden: now.as_ref().and_then(|now| now.hidden).map(OneOf),
            automatic,
            reported_text: some(case.reported_text).filter(|_| is_changed),
            audience: now.as_ref().map(|now| OneOf(now.audience)),
            thought_id: now.as_ref().and_then(|now| now.thought).map(|id| id.to_string()),
            text: now.map(|now| now.text),
            game: shown.title.map(GameCardResponse::from),
            file: shown.file.map(LinkResponse::from),
            thumbnail: shown.thumbnail.map(LinkResponse::from),
            reports: case.reports,
            reasons: shown
                .reasons
                .into_iter()
                .map(|(reason, reports)| ReasonCountResponse { reason: OneOf(reason), reports })
                .collect(),
            notes: shown.notes,
            first_at: case.first_ms.map(Timestamp),
            last_at: case.last_ms.map(Timestamp),
            appeal,
            last_verdict: shown.last_verdict.map(VerdictResponse::from),
        }
    }
}

impl Example for CaseResponse {
    fn example() -> Self {
        Self {
            kind: OneOf(SubjectKind::Thought),
            id: examples::thought(),
            author: Some(PersonCardResponse::example()),
            author_banned: false,
            hidden: None,
            automatic: false,
            text: Some(examples::TEXT.to_owned()),
            reported_text: None,
            audience: Some(OneOf(Audience::Public)),
            game: Some(GameCardResponse::example()),
            thought_id: None,
            file: None,
            thumbnail: None,
            reports: 3,
            reasons: vec![ReasonCountResponse::example()],
            notes: vec![examples::NOTE.to_owned()],
            first_at: Some(Timestamp(TIME_MS)),
            last_at: Some(Timestamp(TIME_MS)),
            appeal: None,
            last_verdict: None,
        }
    }
}

/// A page of cases, those with the most reports first.
#[derive(Debug, Object)]
#[oai(example, rename = "ModerationCasePage")]
pub struct CasePage {
    /// They.
    items: Vec<CaseResponse>,
    /// The `after` of the next page.
    #[oai(validator(max_length = 32))]
    next: String,
    /// Whether there are others after this page.
    more: bool,
}

impl CasePage {
    /// A page.
    pub fn new(page: Page<CaseWithCards>, next: Option<CaseCursor>) -> Self {
        let next = next.map_or_else(String::new, CaseCursor::to_text);
        Self { more: page.more, items: page.items.into_iter().map(CaseResponse::from).collect(), next }
    }
}

impl Example for CasePage {
    fn example() -> Self {
        Self { items: vec![CaseResponse::example()], next: "3-12".to_owned(), more: false }
    }
}

/// The answer with a page of the queue.
#[derive(ApiResponse)]
pub enum QueueShown {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<CasePage>),
}
