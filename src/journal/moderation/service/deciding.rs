//! What moderators decide, how it is undone, and appeals. Each subject is decided in a transaction of its own that holds its case.

use super::Moderation;
use crate::{
    identity::{
        access::{Ban, ModerationReason, UserId},
        sanctions::{self, Powers},
    },
    journal::{
        media::MediaUuid,
        moderation::{
            model::{
                Action, AppealState, Before, Case, ModerationError, NamedSubject, NewVerdict, Outcome, Subject,
                SubjectKind, SubjectNow, Verdict, VerdictWithNames,
            },
            store::Decided,
        },
    },
    platform::{clock, db::DatabaseTransaction, error::StoreError, named::Named},
};

/// Why nothing is decided about a subject.
const GONE: &str = "subject_not_found";
const OWN: &str = "own_thing";
const PROTECTED: &str = "protected";
const NOT_APPLICABLE: &str = "not_applicable";

/// A ban as it is kept to be put back.
fn kept(ban: Ban) -> (Option<i64>, i16) {
    (ban.until_ms, ban.reason.number())
}

impl Moderation {
    /// Decides about each of these subjects; returns what became of each.
    ///
    /// # Errors
    /// [`ModerationError::ModeratorNeeded`], or the database is unavailable, and only some were decided about.
    pub async fn decide(
        &self,
        moderator: &UserId,
        subjects: Vec<NamedSubject>,
        verdict: &NewVerdict,
    ) -> Result<Vec<Outcome>, ModerationError> {
        let powers = self.powers(moderator).await?;
        let mut outcomes = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let verdict = self.decide_one((moderator, powers), &subject, verdict).await?;
            outcomes.push(Outcome { subject, verdict });
        }
        Ok(outcomes)
    }

    /// The subject that a moderator means, and what it is about where that is its author.
    async fn meant(&self, named: &NamedSubject) -> Result<Option<Subject>, ModerationError> {
        let id = match named.kind {
            SubjectKind::Person => {
                sanctions::find_person(self.store.control(), &named.id).await?.map(|user| user.to_string())
            }
            SubjectKind::Media => MediaUuid::parse(&named.id).map(|uuid| uuid.as_str().to_owned()),
            _ => named.id.parse::<i64>().ok().filter(|id| *id > 0).map(|id| id.to_string()),
        };
        Ok(id.map(|id| Subject { kind: named.kind, id }))
    }

    async fn decide_one(
        &self,
        (moderator, powers): (&UserId, Powers),
        named: &NamedSubject,
        verdict: &NewVerdict,
    ) -> Result<Result<i64, &'static str>, ModerationError> {
        let Some(mut subject) = self.meant(named).await? else { return Ok(Err(GONE)) };
        let author = match self.store.subjects_now(std::slice::from_ref(&subject)).await?.remove(&subject) {
            Some(now) => now.author,
            None => match self.store.author_of_case(&subject).await? {
                Some(author) => Some(author),
                None => return Ok(Err(GONE)),
            },
        };
        if verdict.action.is_about_author() && subject.kind != SubjectKind::Person {
            let Some(author) = &author else { return Ok(Err(NOT_APPLICABLE)) };
            subject = Subject { kind: SubjectKind::Person, id: author.to_string() };
        }
        if let Some(author) = &author {
            if author == moderator {
                return Ok(Err(OWN));
            }
            if !powers.reach(sanctions::powers(self.store.control(), author).await?) {
                return Ok(Err(PROTECTED));
            }
        }
        let transaction = self.store.begin().await?;
        let case = self.store.hold_case(&transaction, &subject, author.as_ref()).await?;
        let Some(case) = case else { return Ok(Err(GONE)) };
        let now = self.store.subject_now(&transaction, &subject).await?;
        let decided = self.apply(&transaction, (&case, now.as_ref()), author.as_ref(), moderator, verdict).await?;
        if decided.is_ok() {
            self.store.commit(transaction).await?;
        }
        Ok(decided)
    }

    /// Carries a verdict out, stores it, settles what waited, and tells all concerned.
    async fn apply(
        &self,
        transaction: &DatabaseTransaction,
        (case, now): (&Case, Option<&SubjectNow>),
        author: Option<&UserId>,
        moderator: &UserId,
        verdict: &NewVerdict,
    ) -> Result<Result<i64, &'static str>, ModerationError> {
        let now_ms = clock::now_ms();
        let was_hidden = now.and_then(|now| now.hidden);
        let Some(before) = self.carry_out(transaction, (case, now), author, verdict).await? else {
            return Ok(Err(if now.is_none() { GONE } else { NOT_APPLICABLE }));
        };
        let decided = Decided {
            case: Some(case.id),
            subject: &case.subject,
            author,
            verdict,
            moderator: Some(moderator),
            before: &before,
        };
        let id = self.store.insert_verdict(transaction, &decided, now_ms).await?;
        if let Some(are_right) = verdict.action.agrees_with_reports() {
            let reporters = self.store.settle(transaction, case.id, (id, are_right)).await?;
            self.tell_reporters(transaction, (case.id, case.subject.kind), &reporters, are_right).await?;
        }
        if let Some(appealed) = case.appealed {
            let state = if verdict.action.grants_appeal() { AppealState::Granted } else { AppealState::Refused };
            self.store.settle_appeal(transaction, appealed, state).await?;
        }
        let after = self.store.subject_now(transaction, &case.subject).await?;
        let stood = match verdict.action {
            Action::Restore => after.as_ref().map(|after| after.revision),
            Action::Hide => None,
            _ => case.stood_revision,
        };
        self.note_state(transaction, (case, after.as_ref()), (stood, None)).await?;
        // Nobody is told that something of theirs was reported, and stays.
        let is_told = verdict.action != Action::Restore || was_hidden.is_some();
        if is_told && let Some(stored) = self.store.held_verdict(transaction, id).await? {
            self.tell_author(transaction, (author, &stored), false).await?;
        }
        tracing::info!(%moderator, verdict = id, case = case.id, action = verdict.action.public_name(), "decided");
        Ok(Ok(id))
    }

    /// Notes what is in force of a case, and counts its reports again.
    async fn note_state(
        &self,
        transaction: &DatabaseTransaction,
        (case, after): (&Case, Option<&SubjectNow>),
        (stood, appealed): (Option<i64>, Option<i64>),
    ) -> Result<(), StoreError> {
        let is_banned = match case.subject.kind {
            SubjectKind::Person => {
                let user = UserId::stored(&case.subject.id);
                let person = sanctions::moderated_in(self.store.control(), transaction, &user).await?;
                person.is_some_and(|person| person.ban.is_some())
            }
            _ => false,
        };
        let is_in_force = is_banned || after.is_some_and(|after| after.hidden.is_some());
        self.store.note(transaction, case.id, (is_in_force, stood, appealed)).await?;
        self.store.count_again(transaction, case.id).await.map(drop)
    }

    /// Does what a verdict says; returns what was before, or nothing where it does not apply.
    async fn carry_out(
        &self,
        transaction: &DatabaseTransaction,
        (case, now): (&Case, Option<&SubjectNow>),
        author: Option<&UserId>,
        verdict: &NewVerdict,
    ) -> Result<Option<Before>, ModerationError> {
        let control = self.store.control();
        let reason = verdict.reason.unwrap_or(ModerationReason::Other);
        let hidden = now.and_then(|now| now.hidden).map(ModerationReason::number);
        let mut before = Before { hidden, stood_revision: case.stood_revision, ..Before::default() };
        match verdict.action {
            Action::Restore => {
                if hidden.is_some() {
                    self.store.set_hidden(transaction, &case.subject, None).await?;
                }
            }
            Action::Hide => {
                if now.is_none() {
                    return Ok(None);
                }
                self.hide(transaction, &case.subject, reason).await?;
            }
            Action::Ban | Action::Unban => {
                let Some(author) = author else { return Ok(None) };
                let ban = Ban { until_ms: verdict.until_ms, reason };
                let ban = (verdict.action == Action::Ban).then_some(ban);
                before.ban = sanctions::ban(control, transaction, author, ban).await?.map(kept);
            }
            Action::ClearName => {
                let Some(author) = author else { return Ok(None) };
                before.names = sanctions::clear_names(control, transaction, author).await?;
                if before.names.is_none() {
                    return Ok(None);
                }
            }
            Action::ClearBio => {
                let Some(author) = author else { return Ok(None) };
                before.bio = sanctions::clear_bio(control, transaction, author).await?;
                if before.bio.is_none() {
                    return Ok(None);
                }
            }
            Action::Uphold if case.appealed.is_some() => {}
            Action::Uphold | Action::Appoint | Action::Dismiss => return Ok(None),
        }
        Ok(Some(before))
    }

    /// Undoes the last verdict on a case: what was before is again, and the reports that it settled wait again.
    ///
    /// # Errors
    /// [`ModerationError`].
    pub async fn undo(
        &self,
        moderator: &UserId,
        id: Result<i64, ModerationError>,
    ) -> Result<VerdictWithNames, ModerationError> {
        let (powers, id) = (self.powers(moderator).await?, id?);
        let found = self.store.verdict(id).await?.ok_or(ModerationError::VerdictNotFound)?;
        let Some(case) = found.case else { return Err(ModerationError::VerdictNotFound) };
        if let Some(author) = &found.author {
            if author == moderator {
                return Err(ModerationError::OwnThing);
            }
            if !powers.reach(sanctions::powers(self.store.control(), author).await?) {
                return Err(ModerationError::AdministratorNeeded);
            }
        }
        let transaction = self.store.begin().await?;
        let case = self.store.hold_case_with_id(&transaction, case).await?;
        let case = case.ok_or(ModerationError::VerdictNotFound)?;
        let verdict = self.store.held_verdict(&transaction, id).await?.ok_or(ModerationError::VerdictNotFound)?;
        if verdict.undone_at_ms.is_some() {
            return Err(ModerationError::Undone);
        }
        if self.store.has_later(&transaction, case.id, id).await? {
            return Err(ModerationError::Superseded);
        }
        self.put_back(&transaction, &verdict).await?;
        self.store.set_undone(&transaction, id, (moderator, clock::now_ms())).await?;
        self.store.unsettle(&transaction, case.id, id).await?;
        let is_appealed = case.appealed == Some(id);
        if is_appealed {
            self.store.settle_appeal(&transaction, id, AppealState::Granted).await?;
        }
        let after = self.store.subject_now(&transaction, &case.subject).await?;
        let appealed = case.appealed.filter(|_| !is_appealed);
        self.note_state(&transaction, (&case, after.as_ref()), (verdict.before.stood_revision, appealed)).await?;
        self.tell_author(&transaction, (verdict.author.as_ref(), &verdict), true).await?;
        self.store.commit(transaction).await?;
        tracing::info!(%moderator, verdict = id, "verdict undone");
        self.one_shown(id).await
    }

    async fn put_back(&self, transaction: &DatabaseTransaction, verdict: &Verdict) -> Result<(), ModerationError> {
        let (control, before) = (self.store.control(), &verdict.before);
        match (verdict.action, &verdict.author) {
            (Action::Hide | Action::Restore, _) => match before.hidden.map(ModerationReason::stored) {
                Some(reason) => self.hide(transaction, &verdict.subject, reason).await?,
                None => self.store.set_hidden(transaction, &verdict.subject, None).await?,
            },
            (Action::Ban | Action::Unban, Some(author)) => {
                let stored = |(until_ms, reason)| Ban { until_ms, reason: ModerationReason::stored(reason) };
                sanctions::ban(control, transaction, author, before.ban.map(stored)).await?;
            }
            (Action::ClearName, Some(author)) => {
                if let Some(names) = &before.names {
                    let given = sanctions::give_back_names(control, transaction, author, names).await;
                    given.map_err(|error| match error {
                        StoreError::InvalidRow(_) => ModerationError::UsernameTaken,
                        other => other.into(),
                    })?;
                }
            }
            (Action::ClearBio, Some(author)) => {
                if let Some(bio) = &before.bio {
                    sanctions::give_back_bio(control, transaction, author, bio).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Stores what an author says against a verdict, which brings the case back to moderators.
    ///
    /// # Errors
    /// [`ModerationError`].
    pub async fn appeal(&self, author: &UserId, id: i64, text: &str) -> Result<VerdictWithNames, ModerationError> {
        let is_own = |verdict: &Verdict| verdict.author.as_ref() == Some(author);
        let found = self.store.verdict(id).await?.filter(is_own).ok_or(ModerationError::VerdictNotFound)?;
        let case = found.case.ok_or(ModerationError::VerdictNotFound)?;
        let transaction = self.store.begin().await?;
        let case = self.store.hold_case_with_id(&transaction, case).await?;
        let case = case.ok_or(ModerationError::VerdictNotFound)?;
        let verdict = self.store.held_verdict(&transaction, id).await?.ok_or(ModerationError::VerdictNotFound)?;
        if verdict.appeal.is_some() {
            return Err(ModerationError::AppealedAlready);
        }
        if !verdict.is_in_force || !verdict.action.is_against_author() {
            return Err(ModerationError::NotInForce);
        }
        self.store.add_appeal(&transaction, (&case, id), text, clock::now_ms()).await?;
        self.store.commit(transaction).await?;
        tracing::info!(%author, verdict = id, "appealed");
        self.one_shown(id).await
    }

    /// Makes somebody a moderator, or one no longer; that they were already changes nothing.
    ///
    /// # Errors
    /// [`ModerationError`].
    pub async fn appoint(
        &self,
        administrator: &UserId,
        username: &str,
        moderates: bool,
    ) -> Result<(), ModerationError> {
        let powers = sanctions::powers(self.store.control(), administrator).await?;
        if !powers.administrator {
            return Err(ModerationError::AdministratorNeeded);
        }
        let user = self.person(username).await?;
        let transaction = self.store.begin().await?;
        if sanctions::set_moderator(self.store.control(), &transaction, &user, moderates).await? {
            let action = if moderates { Action::Appoint } else { Action::Dismiss };
            let verdict = NewVerdict { action, reason: None, note: String::new(), until_ms: None };
            let subject = Subject { kind: SubjectKind::Person, id: user.to_string() };
            let (case, moderator) = (None, Some(administrator));
            let before = Before::default();
            let decided =
                Decided { case, subject: &subject, author: Some(&user), verdict: &verdict, moderator, before: &before };
            let id = self.store.insert_verdict(&transaction, &decided, clock::now_ms()).await?;
            if let Some(stored) = self.store.held_verdict(&transaction, id).await? {
                self.tell_author(&transaction, (Some(&user), &stored), false).await?;
            }
        }
        self.store.commit(transaction).await?;
        tracing::info!(%administrator, %user, moderates, "moderator set");
        Ok(())
    }
}
