//! The jobs that tell people: one that stores notices and asks for emails, in slices, and one for each email.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Challenges, clock::CLOCK};
use crate::{
    catalogue::titles::TitleError,
    identity::{access::UserId, accounts::Accounts, notices::NoticeKind},
    journal::challenges::{
        CANCELLED, CHANGED, INVITED, PLACE_FREE, REMINDER,
        model::{ChallengeId, Update, emails},
    },
    platform::{
        db::DatabaseTransaction,
        error::{StoreError, with_causes},
        jobs::{Job, JobError, JobKind, JobOutcome, NewJob, Queued, Work},
        named::Named,
        zone::Zone,
    },
};

/// Tells the guests of a challenge of something.
const NEWS: JobKind = JobKind { name: "challenge_news", at_once: 1, first_delay: Duration::from_secs(1), ..CLOCK };

/// The kind of jobs that send an email about a challenge.
const EMAIL: &str = "challenge_email";

/// Guests who are told in one transaction.
const AT_ONCE: u64 = 20;

/// Something that is to be told.
#[derive(Debug, Deserialize, Serialize)]
struct NewsJob {
    challenge: i64,
    news: String,
    /// When it happened.
    at_ms: i64,
    /// The row of the last guest who was told.
    after: i64,
}

/// An email: to a guest, by their row, which goes with their account; or to the host.
#[derive(Debug, Deserialize, Serialize)]
struct EmailJob {
    challenge: i64,
    guest: Option<i64>,
    news: String,
}

fn kind_of(news: Update) -> NoticeKind {
    match news {
        Update::Invited => INVITED,
        Update::PlaceFree => PLACE_FREE,
        Update::Cancelled => CANCELLED,
        Update::Changed => CHANGED,
        Update::Reminder => REMINDER,
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> JobError {
    JobError::Failed(with_causes(error))
}

impl Challenges {
    /// The jobs that this feature does.
    #[must_use]
    pub fn work(&self, accounts: &Accounts) -> [Work; 3] {
        let (clocks, news, emails, accounts) = (self.clone(), self.clone(), self.clone(), accounts.clone());
        let clock = Work::new(CLOCK, move |job| {
            let challenges = clocks.clone();
            async move { challenges.tick(&job).await }
        });
        let email_kind = accounts.email_kind(EMAIL);
        let news = Work::new(NEWS, move |job| {
            let challenges = news.clone();
            async move { challenges.tell_slice(&job).await }
        });
        let email = Work::new(email_kind, move |job| {
            let (challenges, accounts) = (emails.clone(), accounts.clone());
            async move { challenges.send_email(&accounts, &job).await }
        });
        [clock, news, email]
    }

    /// Asks for that guests are told of something that happened then, from the first or after one.
    pub(super) async fn ask_to_tell(
        &self,
        transaction: &DatabaseTransaction,
        id: ChallengeId,
        news: Update,
        (at_ms, after): (i64, i64),
    ) -> Result<Queued, StoreError> {
        let news = NewsJob { challenge: id.0, news: news.public_name().to_owned(), at_ms, after };
        self.0.jobs.enqueue(transaction, NewJob::new(&NEWS, &news)).await
    }

    async fn tell_slice(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let NewsJob { challenge, news, at_ms, after } = job.payload()?;
        let (id, news) = (ChallengeId(challenge), Update::of_public_name(&news));
        let Some(news) = news else { return Ok(JobOutcome::Finished) };
        let email = |guest: Option<i64>| {
            // What is changed is told in the application alone: a host could change it again and again.
            (news != Update::Changed).then(|| {
                let email = EmailJob { challenge, guest, news: news.public_name().to_owned() };
                let key = format!("{} {challenge} {} {at_ms}", news.public_name(), guest.unwrap_or_default());
                NewJob::named(EMAIL, &email).unique(key)
            })
        };
        let control = self.0.store.control();
        let transaction = control.begin().await?;
        let host = self.0.store.host_of(&transaction, id).await?;
        let kind = kind_of(news);
        let actor = host.as_ref().filter(|_| !matches!(news, Update::PlaceFree | Update::Reminder));
        if let Some(host) = host.as_ref().filter(|_| news == Update::Reminder && after == 0) {
            self.0.store.tell(&transaction, (host, kind, None), id, email(None)).await?;
        }
        let guests = self.0.store.guests_to_tell(&transaction, id, (news, at_ms), (after, AT_ONCE)).await?;
        for (row, guest) in &guests {
            self.0.store.tell(&transaction, (guest, kind, actor), id, email(Some(*row))).await?;
        }
        let is_last = u64::try_from(guests.len()).is_ok_and(|told| told < AT_ONCE);
        let next = match guests.last() {
            Some((row, _)) if !is_last => Some(self.ask_to_tell(&transaction, id, news, (at_ms, *row)).await?),
            _ => None,
        };
        job.finish(&transaction).await?;
        control.commit(transaction).await?;
        if let Some(next) = next {
            next.wake().await;
        }
        Ok(JobOutcome::Finished)
    }

    async fn send_email(&self, accounts: &Accounts, job: &Job) -> Result<JobOutcome, JobError> {
        let EmailJob { challenge, guest, news } = job.payload()?;
        let Some(news) = Update::of_public_name(&news) else { return Ok(JobOutcome::Finished) };
        let id = ChallengeId(challenge);
        let Some(told) = self.0.store.email_facts(id, guest, news).await? else { return Ok(JobOutcome::Finished) };
        let title = match self.0.titles.card(None, told.title).await {
            Err(TitleError::NotFound) => return Ok(JobOutcome::Finished),
            title => title.map_err(|error| failed(&error))?,
        };
        let profile = self.0.people.own_profile(&told.user).await.map_err(|error| failed(&error))?;
        let language = profile.and_then(|profile| profile.preferences.language).unwrap_or_default();
        let hosts: Vec<UserId> = told.host.iter().cloned().collect();
        let host = self.0.people.cards(Some(&told.user), &hosts).await.map_err(|error| failed(&error))?.pop();
        let zone = Zone::stored(told.zone);
        let in_words = |ms: i64| format!("{} ({})", zone.in_words(ms), zone.name());
        let (when, answer_by) = (in_words(told.starts_at_ms), told.answer_by_ms.map(in_words));
        let subject = emails::Subject {
            game: &title.name,
            host: host.as_ref().map(|host| host.username.as_str()),
            when: &when,
            area: told.area.as_deref(),
            answer_by: answer_by.as_deref(),
            link: &self.link(id),
        };
        if let Some((subject, text)) = emails::write(&language, news, &subject) {
            accounts.send_to_user(job, &told.user, &subject, &text).await?;
        }
        Ok(JobOutcome::Finished)
    }
}
