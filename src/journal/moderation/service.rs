//! The use cases of moderation: what moderators and authors read here, [`reporting`] and [`deciding`] in their own files.

mod deciding;
mod reporting;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    MODERATED, REPORT_SETTLED,
    config::Settings,
    model::{
        Author, CaseCursor, CaseWithCards, ModerationError, QueueRequest, Subject, SubjectKind, SubjectNow, Verdict,
        VerdictWithNames,
    },
    store::Store,
};
use crate::{
    catalogue::titles::{TitleId, Titles},
    identity::{
        access::{ModerationReason, UserId},
        notices::{self, NewNotice},
        people::People,
        sanctions::{self, ModeratedPerson, Powers},
    },
    journal::{
        challenges::Challenges,
        media::{Gallery, Link, MediaType, MediaUuid},
        thoughts::Thoughts,
    },
    platform::{
        db::{Control, DatabaseTransaction},
        error::StoreError,
        named::Named,
        page::Page,
    },
};

/// What can be reported, by the features that have it.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Thoughts and comments.
    pub thoughts: Thoughts,
    /// Media.
    pub media: Gallery,
    /// Challenges.
    pub challenges: Challenges,
    /// People.
    pub people: People,
    /// Titles.
    pub titles: Titles,
}

/// Moderation of what people write here. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Moderation {
    store: Store,
    sources: Sources,
    settings: Settings,
}

/// People as moderators see them, by their ids.
type Known = BTreeMap<UserId, ModeratedPerson>;

impl Moderation {
    /// The feature on the control tables.
    #[must_use]
    pub fn new(control: Control, sources: Sources, settings: Settings) -> Self {
        Self { store: Store::new(control), sources, settings }
    }

    /// What a moderator may do.
    ///
    /// # Errors
    /// [`ModerationError::ModeratorNeeded`], or the database is unavailable.
    async fn powers(&self, user: &UserId) -> Result<Powers, ModerationError> {
        let powers = sanctions::powers(self.store.control(), user).await?;
        if powers.moderates() { Ok(powers) } else { Err(ModerationError::ModeratorNeeded) }
    }

    /// These people, as moderators see them.
    async fn people(&self, users: impl Iterator<Item = UserId>) -> Result<Known, ModerationError> {
        let mut users: Vec<UserId> = users.collect();
        users.sort_unstable();
        users.dedup();
        let people = sanctions::moderated(self.store.control(), &users).await?;
        Ok(people.into_iter().map(|person| (person.card.user.clone(), person)).collect())
    }

    /// A page of cases, those with the most reports first; and the place after it.
    ///
    /// # Errors
    /// [`ModerationError`].
    pub async fn queue(
        &self,
        moderator: &UserId,
        request: &QueueRequest,
    ) -> Result<(Page<CaseWithCards>, Option<CaseCursor>), ModerationError> {
        self.powers(moderator).await?;
        let page = self.store.queue(request).await?;
        let next = page.items.last().map(|last| CaseCursor { reports: last.reports, case: last.id });
        let ids: Vec<i64> = page.items.iter().map(|case| case.id).collect();
        let subjects: Vec<Subject> = page.items.iter().map(|case| case.subject.clone()).collect();
        let mut now = self.store.subjects_now(&subjects).await?;
        let mut said = self.store.said(&ids).await?;
        let appealed: Vec<i64> = page.items.iter().filter_map(|case| case.appealed).collect();
        let appealed = self.store.verdicts_with(&appealed).await?;
        let last = self.store.last_verdicts(&ids).await?;
        let titles: Vec<TitleId> = now.values().filter_map(|now| now.title).collect();
        let titles = self.sources.titles.cards(Some(moderator), &titles).await?;
        let titles: BTreeMap<_, _> = titles.into_iter().map(|card| (card.asked, card)).collect();
        let authors = page.items.iter().filter_map(|case| case.author.clone());
        let people = self.people(authors.chain(named_in(&last))).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for case in page.items {
            let now = now.remove(&case.subject);
            let (reasons, notes) = said.remove(&case.id).unwrap_or_default();
            let author = case.author.as_ref().and_then(|author| people.get(author));
            let verdict = last.iter().find(|verdict| verdict.case == Some(case.id)).cloned();
            let (file, thumbnail) = self.links(now.as_ref())?;
            items.push(CaseWithCards {
                id: public_id(&case.subject, &people).unwrap_or_default(),
                author: author.map(|person| Author { card: person.card.clone(), is_banned: person.ban.is_some() }),
                title: now.as_ref().and_then(|now| now.title).and_then(|title| titles.get(&title).cloned()),
                file,
                thumbnail,
                reasons,
                notes,
                appealed: appealed.iter().find(|verdict| Some(verdict.id) == case.appealed).cloned(),
                last_verdict: verdict.map(|verdict| shown(verdict, &people)),
                now,
                case,
            });
        }
        Ok((Page { items, more: page.more }, next))
    }

    /// Addresses of the files of media.
    fn links(&self, now: Option<&SubjectNow>) -> Result<(Option<Link>, Option<Link>), ModerationError> {
        let Some(files) = now.and_then(|now| now.files.as_ref()) else { return Ok((None, None)) };
        let Some(media_type) = MediaType::of_public_name(&files.media_type) else { return Ok((None, None)) };
        let file = self.sources.media.link(files.file.as_deref(), media_type, files.turn)?;
        let thumbnail = self.sources.media.link(files.thumbnail.as_deref(), MediaType::Jpeg, files.turn)?;
        Ok((file, thumbnail))
    }

    /// A page of all verdicts, or of those about one person, the newest first.
    ///
    /// # Errors
    /// [`ModerationError`].
    pub async fn audit(
        &self,
        moderator: &UserId,
        username: Option<&str>,
        page: (Option<i64>, usize),
    ) -> Result<Page<VerdictWithNames>, ModerationError> {
        self.powers(moderator).await?;
        let author = match username {
            Some(username) => Some(self.person(username).await?),
            None => None,
        };
        self.shown(self.store.list_verdicts(author.as_ref(), page).await?).await
    }

    /// A page of what was decided about a user and what is theirs, the newest first. Who decided is not told.
    ///
    /// # Errors
    /// [`ModerationError`].
    pub async fn own_verdicts(
        &self,
        user: &UserId,
        page: (Option<i64>, usize),
    ) -> Result<Page<VerdictWithNames>, ModerationError> {
        self.shown(self.store.list_verdicts(Some(user), page).await?).await
    }

    /// Verdicts with the names of all concerned.
    async fn shown(&self, page: Page<Verdict>) -> Result<Page<VerdictWithNames>, ModerationError> {
        let people = self.people(named_in(&page.items)).await?;
        Ok(page.map(|verdict| shown(verdict, &people)))
    }

    /// One verdict with the names of all concerned.
    async fn one_shown(&self, id: i64) -> Result<VerdictWithNames, ModerationError> {
        let verdict = self.store.verdict(id).await?.ok_or(ModerationError::VerdictNotFound)?;
        let people = self.people(named_in(std::slice::from_ref(&verdict))).await?;
        Ok(shown(verdict, &people))
    }

    /// Those who moderate, by username.
    ///
    /// # Errors
    /// [`ModerationError`].
    pub async fn moderators(&self, user: &UserId) -> Result<Vec<ModeratedPerson>, ModerationError> {
        self.powers(user).await?;
        Ok(sanctions::moderators(self.store.control()).await?)
    }

    /// The user of that username, whatever they show.
    async fn person(&self, username: &str) -> Result<UserId, ModerationError> {
        let found = sanctions::find_person(self.store.control(), username).await?;
        found.ok_or(ModerationError::PersonNotFound)
    }

    /// Hides a subject. The links to its files that were given out work no longer.
    async fn hide(
        &self,
        transaction: &DatabaseTransaction,
        subject: &Subject,
        reason: ModerationReason,
    ) -> Result<(), ModerationError> {
        self.store.set_hidden(transaction, subject, Some(reason)).await?;
        if subject.kind == SubjectKind::Media
            && let Some(uuid) = MediaUuid::parse(&subject.id)
        {
            self.sources.media.end_links(transaction, &uuid).await?;
        }
        Ok(())
    }

    /// Tells an author what was decided.
    async fn tell_author(
        &self,
        transaction: &DatabaseTransaction,
        (author, verdict): (Option<&UserId>, &Verdict),
        is_undone: bool,
    ) -> Result<(), StoreError> {
        let Some(author) = author else { return Ok(()) };
        let mut detail = Map::new();
        detail.insert("action".to_owned(), verdict.action.public_name().into());
        detail.insert("kind".to_owned(), verdict.subject.kind.public_name().into());
        if let Some(reason) = verdict.reason {
            detail.insert("reason".to_owned(), reason.public_name().into());
        }
        if let Some(until_ms) = verdict.until_ms {
            detail.insert("until_ms".to_owned(), until_ms.into());
        }
        if is_undone {
            detail.insert("undone".to_owned(), Value::Bool(true));
        }
        let notice = NewNotice {
            user: author,
            kind: MODERATED,
            actor: None,
            subject: Some(verdict.id.to_string()),
            detail: Some(detail),
            fold: Some(format!("verdict:{}", verdict.id)),
        };
        notices::tell(self.store.control(), transaction, &notice).await.map(drop)
    }

    /// Tells those whose reports of a case were settled.
    async fn tell_reporters(
        &self,
        transaction: &DatabaseTransaction,
        (case, kind): (i64, SubjectKind),
        reporters: &[UserId],
        are_right: bool,
    ) -> Result<(), StoreError> {
        for reporter in reporters {
            let detail = json!({"upheld": are_right, "kind": kind.public_name()});
            let notice = NewNotice {
                user: reporter,
                kind: REPORT_SETTLED,
                actor: None,
                subject: None,
                detail: detail.as_object().cloned(),
                fold: Some(format!("report:{case}")),
            };
            notices::tell(self.store.control(), transaction, &notice).await?;
        }
        Ok(())
    }

    /// All that is stored about a user, by table, for an export.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn export_of(&self, user: &UserId) -> Result<Map<String, Value>, ModerationError> {
        let rows = self.store.rows_of(user).await?;
        Ok(rows.into_iter().map(|(table, rows)| (table.to_owned(), json!(rows))).collect())
    }

    /// Before an account is deleted: takes back its reports, and forgets what verdicts about it say.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn remove(&self, user: &UserId) -> Result<(), ModerationError> {
        Ok(self.store.remove(user).await?)
    }
}

/// All whom verdicts name.
fn named_in(verdicts: &[Verdict]) -> impl Iterator<Item = UserId> {
    let named = |verdict: &Verdict| {
        let Verdict { author, moderator, undone_by, .. } = verdict;
        [author.clone(), moderator.clone(), undone_by.clone()].into_iter().flatten()
    };
    verdicts.iter().flat_map(named)
}

/// The id of a subject on the wire; nothing of a person who is not known, or whose account is gone.
fn public_id(subject: &Subject, people: &Known) -> Option<String> {
    match subject.kind {
        SubjectKind::Person => people.get(&UserId::stored(&subject.id)).map(|person| person.card.username.clone()),
        SubjectKind::Media => MediaUuid::parse(&subject.id).map(|uuid| uuid.hyphenated()),
        _ => Some(subject.id.clone()),
    }
}

fn shown(verdict: Verdict, people: &Known) -> VerdictWithNames {
    let name = |user: Option<&UserId>| Some(people.get(user?)?.card.username.clone());
    VerdictWithNames {
        id: public_id(&verdict.subject, people),
        author: name(verdict.author.as_ref()),
        moderator: name(verdict.moderator.as_ref()),
        undone_by: name(verdict.undone_by.as_ref()),
        verdict,
    }
}
