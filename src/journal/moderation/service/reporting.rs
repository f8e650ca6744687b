//! Reports: what somebody sees they may report; enough reports hide something until a moderator decides.

use std::time::Duration;

use super::Moderation;
use crate::{
    identity::{
        access::{ModerationReason, UserId},
        people::PeopleError,
    },
    journal::{
        challenges::{ChallengeError, ChallengeId},
        media::{MediaError, MediaUuid},
        moderation::{
            model::{
                Action, Before, Case, MAX_REPORTS, ModerationError, NamedSubject, NewVerdict, Report, Subject,
                SubjectKind, SubjectNow, weight,
            },
            store::{Decided, Reported},
        },
        thoughts::{CommentId, ThoughtError, ThoughtId},
    },
    platform::{clock, db::DatabaseTransaction},
};

/// The time in which a user reports so many things at most.
const DAY: Duration = Duration::from_hours(24);

/// The number in an id on the wire; what is none names nothing.
fn number(id: &str) -> Result<i64, ModerationError> {
    id.parse().ok().filter(|id: &i64| *id > 0).ok_or(ModerationError::SubjectNotFound)
}

impl Moderation {
    /// The subject that a viewer means, and whose it is, if they see it.
    async fn seen(&self, viewer: &UserId, named: &NamedSubject) -> Result<(Subject, Option<UserId>), ModerationError> {
        let gone = || ModerationError::SubjectNotFound;
        let (id, author) = match named.kind {
            SubjectKind::Thought => {
                let thought = self.sources.thoughts.thought(Some(viewer), ThoughtId(number(&named.id)?)).await;
                let thought = thought.map_err(|error| match error {
                    ThoughtError::NotFound => gone(),
                    other => other.into(),
                })?;
                (thought.thing.id.0.to_string(), thought.thing.author)
            }
            SubjectKind::Comment => {
                let comment = self.sources.thoughts.comment_seen(viewer, CommentId(number(&named.id)?)).await;
                let (_, comment) = comment.map_err(|error| match error {
                    ThoughtError::CommentNotFound => gone(),
                    other => other.into(),
                })?;
                (comment.id.0.to_string(), Some(comment.author))
            }
            SubjectKind::Media => {
                let uuid = MediaUuid::parse(&named.id).ok_or_else(gone)?;
                let media = self.sources.media.seen(viewer, &uuid).await.map_err(|error| match error {
                    MediaError::NotFound => gone(),
                    other => other.into(),
                })?;
                (media.uuid.as_str().to_owned(), Some(media.owner))
            }
            SubjectKind::Challenge => {
                let challenge = self.sources.challenges.one(Some(viewer), ChallengeId(number(&named.id)?)).await;
                let challenge = challenge.map_err(|error| match error {
                    ChallengeError::NotFound => gone(),
                    other => other.into(),
                })?;
                (challenge.challenge.id.0.to_string(), challenge.challenge.host)
            }
            SubjectKind::Person => {
                let user = self.sources.people.find(Some(viewer), &named.id).await.map_err(|error| match error {
                    PeopleError::NotFound => gone(),
                    other => other.into(),
                })?;
                (user.to_string(), Some(user))
            }
        };
        Ok((Subject { kind: named.kind, id }, author))
    }

    /// Reports something that a user sees; returns when.
    ///
    /// # Errors
    /// [`ModerationError`].
    pub async fn report(
        &self,
        reporter: &UserId,
        named: &NamedSubject,
        report: &Report,
    ) -> Result<i64, ModerationError> {
        let (subject, author) = self.seen(reporter, named).await?;
        if author.as_ref() == Some(reporter) {
            return Err(ModerationError::OwnThing);
        }
        let transaction = self.store.begin().await?;
        let now_ms = clock::now_ms();
        let since_ms = now_ms.saturating_sub(clock::ms(DAY));
        let (reports, oldest_ms) = self.store.reports_since(&transaction, reporter, since_ms).await?;
        if reports >= MAX_REPORTS {
            let left_ms = oldest_ms.map_or(0, |oldest_ms| oldest_ms.saturating_sub(since_ms));
            let left = Duration::from_millis(u64::try_from(left_ms).unwrap_or_default());
            return Err(ModerationError::TooManyReports(left));
        }
        let case = self.store.hold_case(&transaction, &subject, author.as_ref()).await?;
        let case = case.ok_or(ModerationError::SubjectNotFound)?;
        let now = self.store.subject_now(&transaction, &subject).await?.ok_or(ModerationError::SubjectNotFound)?;
        let outcome = self.store.add_report(&transaction, (&case, &now), reporter, report, now_ms).await?;
        if outcome == Reported::Open {
            let reports = self.store.count_again(&transaction, case.id).await?;
            self.hide_if_enough(&transaction, (&case, &now), reports, now_ms).await?;
        }
        self.store.commit(transaction).await?;
        tracing::info!(%reporter, case = case.id, kind = ?subject.kind, "reported");
        Ok(now_ms)
    }

    /// Hides what enough people have reported, until a moderator decides.
    async fn hide_if_enough(
        &self,
        transaction: &DatabaseTransaction,
        (case, now): (&Case, &SubjectNow),
        reports: i64,
        now_ms: i64,
    ) -> Result<(), ModerationError> {
        let hide_at = self.settings.hide_at;
        let may_be_hidden = case.subject.kind.is_hidden_by_reports()
            && now.hidden.is_none()
            && case.stood_revision != Some(now.revision);
        // No report weighs more than 1.
        if hide_at == 0 || reports < i64::from(hide_at) || !may_be_hidden {
            return Ok(());
        }
        let since_ms = now_ms.saturating_sub(clock::ms(self.settings.reporter_age));
        let records = self.store.records(transaction, case.id).await?;
        let weight: f64 = records.into_iter().map(|record| weight(record, since_ms)).sum();
        if weight < f64::from(hide_at) {
            return Ok(());
        }
        let said = self.store.said_in(transaction, case.id).await?;
        let reason = said.unwrap_or(ModerationReason::Other);
        self.hide(transaction, &case.subject, reason).await?;
        let verdict = NewVerdict { action: Action::Hide, reason: Some(reason), note: String::new(), until_ms: None };
        let before = Before { stood_revision: case.stood_revision, ..Before::default() };
        let decided = Decided {
            case: Some(case.id),
            subject: &case.subject,
            author: now.author.as_ref(),
            verdict: &verdict,
            moderator: None,
            before: &before,
        };
        let id = self.store.insert_verdict(transaction, &decided, now_ms).await?;
        self.store.note(transaction, case.id, (true, case.stood_revision, case.appealed)).await?;
        if let Some(verdict) = self.store.held_verdict(transaction, id).await? {
            self.tell_author(transaction, (now.author.as_ref(), &verdict), false).await?;
        }
        tracing::info!(case = case.id, reports, weight, "hidden by reports");
        Ok(())
    }
}
