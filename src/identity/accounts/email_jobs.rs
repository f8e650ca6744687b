//! Emails as jobs. A job says whom an email is for and what it is about; the text, and the code in it, are made when it is sent.
//!
//! What is sent to an address rather than to an account holds the address sealed, whether it has an account or not: that is looked up
//! when the email is sent, so the database tells nobody.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    model::{AccountError, Code, CodePurpose, NewCode, StorageNotice, UserRecord},
    service::Accounts,
};
use crate::{
    identity::access::{Role, UserId},
    platform::{
        clock,
        codec::hex,
        error::with_causes,
        jobs::{Job, JobError, JobKind, JobOutcome, Jobs, NewJob, Work},
        mail::{Email, EmailAddress, Language},
        sealing::SealingError,
        token,
    },
};

/// The kind of jobs that send emails of accounts.
const KIND: &str = "mail";

/// What addresses in jobs are sealed for.
const SEALED_FOR: &str = "address of an email";

/// What codes in emails are derived for.
const CODE_FOR: &str = "code of an email";

/// Bytes of a code: too many to be guessed, few enough to be copied by hand.
const CODE_BYTES: usize = 16;

/// An email that is to be sent.
#[derive(Debug, Deserialize, Serialize)]
struct EmailJob {
    to: Recipient,
    /// The language that was asked for; an account's own comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    #[serde(flatten)]
    purpose: EmailPurpose,
}

/// Whom an email is for.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Recipient {
    /// The address that this user's account has when it is sent.
    User(String),
    /// An address.
    Sealed(String),
}

/// What an email is about.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
pub(super) enum EmailPurpose {
    /// Somebody wants an account with this address.
    Registration,
    /// Somebody wants a new password for the account with this address.
    PasswordReset,
    /// A user wants this address.
    EmailChange {
        /// The user.
        user: String,
        /// Their epoch when they showed their password.
        epoch: i64,
        /// The address that their account had then, sealed.
        from: String,
    },
    /// This was an account's address.
    EmailChanged,
    /// The password of the account with this address was changed.
    PasswordChanged,
    /// The account with this address was deleted.
    AccountDeleted,
    /// The account with this address has a second factor.
    SecondFactorOn,
    /// It has none any more.
    SecondFactorOff,
    /// Its second factor was removed by those who run the server.
    SecondFactorReset,
    /// It has other recovery codes.
    RecoveryCodesRenewed,
    /// One of its recovery codes was used.
    RecoveryCodeUsed,
    /// An identity was linked to the account with this address.
    IdentityLinked {
        /// The provider's id.
        provider: String,
    },
    /// An identity was unlinked from it.
    IdentityUnlinked {
        /// The provider's id.
        provider: String,
    },
    /// A studio comes near a bound of its storage.
    Storage(StorageNotice),
}

impl From<SealingError> for AccountError {
    fn from(error: SealingError) -> Self {
        match error {
            SealingError::KeyMissing => Self::SecretKeyMissing,
            other => Self::internal("sealing", other),
        }
    }
}

fn failed(error: &AccountError) -> JobError {
    JobError::Failed(with_causes(error))
}

fn unsealed(error: SealingError) -> JobError {
    match error {
        SealingError::Broken => JobError::Hopeless(error.to_string()),
        _ => JobError::Failed(error.to_string()),
    }
}

impl Accounts {
    /// What sends the emails of accounts.
    #[must_use]
    pub fn work(&self) -> Work {
        let accounts = self.clone();
        Work::new(self.inner().mailer.kind(KIND), move |job| {
            let accounts = accounts.clone();
            async move { accounts.send_email(&job).await }
        })
    }

    pub(super) fn seal(&self, address: &str) -> Result<String, SealingError> {
        self.inner().sealer.seal(SEALED_FOR, address)
    }

    /// The job that sends an email to an address.
    pub(super) fn email_to(
        &self,
        to: &EmailAddress,
        language: Language,
        purpose: EmailPurpose,
    ) -> Result<NewJob, SealingError> {
        let to = Recipient::Sealed(self.seal(to.as_str())?);
        let language = Some(language).filter(|language| *language != Language::default());
        Ok(NewJob::new(&self.inner().mailer.kind(KIND), &EmailJob { to, language, purpose }))
    }

    /// The job that tells a user at an address something that they should know, in their language. Where it can't be sealed there is
    /// none: what it is about must not fail.
    pub(super) async fn notice_to(&self, user: &UserId, to: &EmailAddress, purpose: EmailPurpose) -> Option<NewJob> {
        let language = self.inner().store.language_of(user).await.unwrap_or_default();
        let job = self.email_to(to, language.unwrap_or_default(), purpose);
        job.inspect_err(|error| tracing::warn!(%error, "an email will not be sent")).ok()
    }

    /// Asks for an email to an address. What it costs does not depend on the address.
    pub(super) async fn ask_for_email(
        &self,
        to: &EmailAddress,
        language: Language,
        purpose: EmailPurpose,
    ) -> Result<(), AccountError> {
        let job = self.email_to(to, language, purpose)?;
        self.check_email_room(KIND).await?;
        Ok(self.inner().jobs.enqueue_now(job).await?)
    }

    /// Refuses one email more than may wait, and what could not be stored.
    pub(super) async fn check_email_room(&self, kind: &'static str) -> Result<(), AccountError> {
        let inner = self.inner();
        inner.store.check_room()?;
        let bound = inner.mailer.max_pending();
        let waiting = inner.jobs.waiting(&inner.mailer.kind(kind), bound).await?;
        if waiting < bound { Ok(()) } else { Err(AccountError::MailQueueFull) }
    }

    /// Tells an owner that their studio comes near a bound of what it may store. Where too many emails wait none is sent.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn send_storage_notice(&self, to: &UserId, notice: StorageNotice) -> Result<(), AccountError> {
        let (to, purpose) = (Recipient::User(to.as_str().to_owned()), EmailPurpose::Storage(notice));
        let job = NewJob::new(&self.inner().mailer.kind(KIND), &EmailJob { to, language: None, purpose });
        self.check_email_room(KIND).await?;
        Ok(self.inner().jobs.enqueue_now(job).await?)
    }

    /// The jobs that send emails.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.inner().jobs
    }

    /// A kind of jobs of another feature that send an email each.
    #[must_use]
    pub fn email_kind(&self, name: &'static str) -> JobKind {
        self.inner().mailer.kind(name)
    }

    /// The code in the email with that name: the same in each attempt to send it, and known to nobody who has only the database.
    pub(super) fn code_of(&self, name: &str) -> Result<Code, SealingError> {
        let secret = self.inner().sealer.derive(CODE_FOR, name)?;
        Ok(Code::new(&hex::of_bytes(secret.get(..CODE_BYTES).unwrap_or_default())))
    }

    /// Sends an invitation into a studio, whose code is valid for `lifetime`, for that job.
    ///
    /// # Errors
    /// [`JobError`].
    pub async fn send_invitation(
        &self,
        job: &Job,
        to: &str,
        (studio, role): (&str, Role),
        (id, lifetime): (&str, Duration),
    ) -> Result<(), JobError> {
        let code = self.code_of(id).map_err(unsealed)?;
        let to = parse(to)?;
        let language = self.language_at(&to, None).await.map_err(|error| failed(&error))?;
        let email = self.inner().emails.in_language(language).invitation(&to, studio, role, &code, lifetime);
        self.inner().mailer.send(job, &email).await
    }

    /// Sends an email to a user, for that job; returns whether there is such a user.
    ///
    /// # Errors
    /// [`JobError`].
    pub async fn send_to_user(&self, job: &Job, to: &UserId, subject: &str, text: &str) -> Result<bool, JobError> {
        let Some(record) = self.inner().store.find_user(to).await? else { return Ok(false) };
        let email = self.inner().emails.email(&parse(&record.email)?, subject, text);
        self.inner().mailer.send(job, &email).await?;
        Ok(true)
    }

    async fn send_email(&self, job: &Job) -> Result<JobOutcome, JobError> {
        let EmailJob { to, language, purpose } = job.payload()?;
        let to = match to {
            Recipient::Sealed(sealed) => {
                Some(parse(&self.inner().sealer.open(SEALED_FOR, &sealed).map_err(unsealed)?)?)
            }
            Recipient::User(user) => match self.inner().store.find_user(&UserId::stored(&user)).await? {
                Some(record) => Some(parse(&record.email)?),
                None => None,
            },
        };
        let Some(to) = to else { return Ok(JobOutcome::Finished) };
        match self.write(job, &to, language, purpose).await {
            Ok(email) => self.inner().mailer.send(job, &email).await?,
            // The account has changed since.
            Err(AccountError::Busy) => tracing::info!(job = job.name(), "an email was not sent: it is out of date"),
            Err(error) => return Err(failed(&error)),
        }
        Ok(JobOutcome::Finished)
    }

    /// The language of emails to an address: that of its account's profile, or the one that was asked for.
    async fn language_at(&self, to: &EmailAddress, asked: Option<Language>) -> Result<Language, AccountError> {
        let store = &self.inner().store;
        let own = match store.find_user_by_email(&to.key()).await? {
            Some(record) => store.language_of(&record.user).await?,
            None => None,
        };
        Ok(own.or(asked).unwrap_or_default())
    }

    /// Writes an email, as far as it is known now what it must say.
    async fn write(
        &self,
        job: &Job,
        to: &EmailAddress,
        language: Option<Language>,
        purpose: EmailPurpose,
    ) -> Result<Email, AccountError> {
        let store = &self.inner().store;
        let emails = self.inner().emails.in_language(self.language_at(to, language).await?);
        Ok(match purpose {
            EmailPurpose::Registration => match store.find_user_by_email(&to.key()).await? {
                Some(_) => emails.already_registered(to),
                None => emails.registration(to, &self.issue_code(job, CodePurpose::Register, to, None).await?),
            },
            EmailPurpose::PasswordReset => match store.find_user_by_email(&to.key()).await? {
                Some(record) => {
                    let code = self.issue_code(job, CodePurpose::ResetPassword, to, Some(&record)).await?;
                    tracing::info!(user = %record.user, "a code for a new password was made");
                    emails.password_reset(to, &code)
                }
                None => emails.no_account(to),
            },
            EmailPurpose::EmailChange { user, epoch, from } => {
                let from = self.inner().sealer.open(SEALED_FOR, &from)?;
                let user = UserId::stored(&user);
                // It may be the account's own address in another spelling.
                if store.find_user_by_email(&to.key()).await?.is_some_and(|other| other.user != user) {
                    emails.email_taken(to)
                } else {
                    let record = store.find_user(&user).await?.ok_or(AccountError::Busy)?;
                    let asked = UserRecord { email_key: from, epoch, ..record };
                    emails.email_change(to, &self.issue_code(job, CodePurpose::ChangeEmail, to, Some(&asked)).await?)
                }
            }
            EmailPurpose::EmailChanged => emails.email_changed(to),
            EmailPurpose::PasswordChanged => emails.password_changed(to),
            EmailPurpose::AccountDeleted => emails.account_deleted(to),
            EmailPurpose::SecondFactorOn => emails.second_factor_on(to),
            EmailPurpose::SecondFactorOff => emails.second_factor_off(to),
            EmailPurpose::SecondFactorReset => emails.second_factor_reset(to),
            EmailPurpose::RecoveryCodesRenewed => emails.recovery_codes_renewed(to),
            EmailPurpose::RecoveryCodeUsed => {
                let left = match store.find_user_by_email(&to.key()).await? {
                    Some(record) => store.second_factor(&record.user).await?.recovery_codes_left,
                    None => 0,
                };
                emails.recovery_code_used(to, left)
            }
            EmailPurpose::IdentityLinked { provider } => emails.identity_linked(to, &provider),
            EmailPurpose::IdentityUnlinked { provider } => emails.identity_unlinked(to, &provider),
            EmailPurpose::Storage(notice) => emails.storage_notice(to, &notice),
        })
    }

    /// Makes the code of an email, and stores its digest.
    async fn issue_code(
        &self,
        job: &Job,
        purpose: CodePurpose,
        email: &EmailAddress,
        user: Option<&UserRecord>,
    ) -> Result<Code, AccountError> {
        let (code, created_at_ms) = (self.code_of(&job.name())?, clock::now_ms());
        let digest = token::digest(code.secret().expose());
        let expires_at_ms = created_at_ms.saturating_add(clock::ms(self.inner().settings.code_lifetime));
        self.inner().store.insert_code(NewCode { digest, purpose, email, user, created_at_ms, expires_at_ms }).await?;
        Ok(code)
    }
}

fn parse(address: &str) -> Result<EmailAddress, JobError> {
    EmailAddress::parse(address).map_err(|_| JobError::Hopeless("the address can't be read".to_owned()))
}
