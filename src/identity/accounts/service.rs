//! The use cases of accounts; those of sessions in [`session`](super::session), of second factors in
//! [`second_factor`](super::second_factor), of the first run in [`setup`](super::setup).

use std::{net::IpAddr, sync::Arc, time::Duration};

use super::{
    email_jobs::EmailPurpose,
    emails::EmailTexts,
    metrics::AccountMetrics,
    model::{Account, AccountData, AccountError, Code, CodePurpose, Password, PasswordAttempt, UserRecord, ValidCode},
    password::{HashCost, HashTurn, PasswordHasher},
    store::Store,
    throttle::{EmailTurn, Limits, Throttle},
};
use crate::{
    identity::{access::UserId, profiles::Username},
    platform::{
        cache::Cache,
        clock,
        db::Control,
        jobs::Jobs,
        mail::{EmailAddress, Language, Mailer},
        sealing::Sealer,
        tasks::Tasks,
        token,
    },
};

/// How often expired sessions and codes are deleted.
const DELETE_EXPIRED_EVERY: Duration = Duration::from_hours(1);

/// Random bytes of a code: too many to be guessed, few enough to be copied by hand.
const CODE_BYTES: usize = 16;

/// The settings of accounts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The cost of a password's hash.
    pub hash_cost: HashCost,
    /// How often passwords and codes may be tried.
    pub limits: Limits,
    /// A session ends after this time without use.
    pub session_idle: Duration,
    /// A session ends after this time at the latest.
    pub session_lifetime: Duration,
    /// How long a code from an email is valid.
    pub code_lifetime: Duration,
    /// How long a repeated request is answered as the first was.
    pub requests_kept: Duration,
    /// The public URL of the server.
    pub server: String,
}

/// Accounts and their sessions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Accounts(Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) hasher: PasswordHasher,
    pub(super) throttle: Throttle,
    pub(super) settings: Settings,
    pub(super) mailer: Mailer,
    pub(super) jobs: Jobs,
    pub(super) sealer: Sealer,
    pub(super) emails: EmailTexts,
}

/// What emails need.
#[derive(Clone, Debug)]
pub struct EmailParts {
    /// Sends them.
    pub mailer: Mailer,
    /// They are jobs until they are sent.
    pub jobs: Jobs,
    /// Seals the addresses of those that wait.
    pub sealer: Sealer,
}

impl Accounts {
    /// Starts the feature and its background task.
    ///
    /// # Errors
    /// [`AccountError::Internal`]: the cost of a hash is out of range.
    pub fn start(
        control: Control,
        cache: Cache,
        EmailParts { mailer, jobs, sealer }: EmailParts,
        settings: Settings,
        tasks: &Tasks,
        metrics: &AccountMetrics,
    ) -> Result<Self, AccountError> {
        let accounts = Self(Arc::new(Inner {
            store: Store::new(control, jobs.clone()),
            hasher: PasswordHasher::new(settings.hash_cost, metrics)?,
            throttle: Throttle::new(cache, settings.limits),
            emails: EmailTexts { server: settings.server.clone(), code_lifetime: settings.code_lifetime },
            settings,
            mailer,
            jobs,
            sealer,
        }));
        tasks.spawn_until_stop("delete expired sessions and codes", accounts.clone().delete_expired());
        Ok(accounts)
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    async fn delete_expired(self) {
        loop {
            tokio::time::sleep(DELETE_EXPIRED_EVERY).await;
            let now_ms = clock::now_ms();
            match self.0.store.delete_expired(self.idle_since_ms(now_ms), now_ms).await {
                Ok(deleted) => tracing::debug!(deleted, "deleted expired sessions and codes"),
                Err(error) => tracing::warn!(%error, "deleting expired sessions and codes failed"),
            }
        }
    }

    /// Asks for an account. Sends an email to the address: a code if it has no account yet, otherwise a notice. The caller
    /// can't tell which, not even from the time that the answer takes: everything that differs happens when it is sent.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn register(&self, to: EmailAddress, language: Language, from: IpAddr) -> Result<(), AccountError> {
        if self.0.throttle.count_email(from, &to).await? == EmailTurn::SentAlready {
            return Ok(());
        }
        self.ask_for_email(&to, language, EmailPurpose::Registration).await
    }

    /// Creates the account for which a code was sent, with that username if one is given.
    ///
    /// # Errors
    /// [`AccountError`]. Where the username is taken, the code can be used again.
    pub async fn create(
        &self,
        code: &Code,
        password: Password,
        username: Option<&Username>,
        from: IpAddr,
    ) -> Result<Account, AccountError> {
        let valid = self.find_code(code, CodePurpose::Register, from).await?;
        let email = stored_address(&valid.email)?;
        let hash = self.0.hasher.hash(&password.for_address(&email)?, HashTurn::of(from)).await?;
        let account = self.0.store.create_account(valid.digest, &email, hash, username, clock::now_ms()).await?;
        tracing::info!(user = %account.user, %from, "account created");
        Ok(account)
    }

    /// Asks for a new password. Sends an email to the address: a code if it has an account, otherwise a notice. As with
    /// [`Accounts::register`], the caller can't tell which.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn request_password_reset(
        &self,
        to: EmailAddress,
        language: Language,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        if self.0.throttle.count_email(from, &to).await? == EmailTurn::SentAlready {
            return Ok(());
        }
        self.ask_for_email(&to, language, EmailPurpose::PasswordReset).await
    }

    /// Sets a new password with a code, ends all sessions, and tells the user by email.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn reset_password(&self, code: &Code, password: Password, from: IpAddr) -> Result<(), AccountError> {
        let valid = self.find_code(code, CodePurpose::ResetPassword, from).await?;
        let (email, user) = (stored_address(&valid.email)?, valid.user.ok_or(AccountError::InvalidCode)?);
        let hash = self.0.hasher.hash(&password.for_address(&email)?, HashTurn::of(from)).await?;
        let notice = self.notice_to(&user, &email, EmailPurpose::PasswordChanged).await;
        self.0.store.reset_password(&user, &email, valid.digest, hash, notice).await?;
        tracing::info!(%user, %from, "password reset");
        // Earlier attempts were guesses at the old password.
        self.0.throttle.reset_account(&email.key(), from).await;
        Ok(())
    }

    /// Changes the password, ends all sessions, and tells the user by email. Of two changes at once the second fails: the
    /// first has ended its session.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn change_password(
        &self,
        user: &UserId,
        current: &PasswordAttempt,
        password: Password,
    ) -> Result<(), AccountError> {
        let record = self.verify_password(user, current).await?;
        let email = stored_address(&record.email)?;
        let hash = self.0.hasher.hash(&password.for_address(&email)?, HashTurn::User(user.clone())).await?;
        let notice = self.notice_to(user, &email, EmailPurpose::PasswordChanged).await;
        self.0.store.change_password(&record, hash, notice).await?;
        tracing::info!(%user, "password changed");
        Ok(())
    }

    /// Asks for another email address. Sends an email to it: a code if it has no other account, otherwise a notice. As with
    /// [`Accounts::register`], the caller can't tell which.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn request_email_change(
        &self,
        user: &UserId,
        current: &PasswordAttempt,
        to: EmailAddress,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        let record = self.verify_password(user, current).await?;
        if self.0.throttle.count_email(from, &to).await? == EmailTurn::SentAlready {
            return Ok(());
        }
        let from = self.seal(&record.email_key)?;
        let (language, epoch) = (self.0.store.language_of(&record.user).await?, record.epoch);
        let user = record.user.as_str().to_owned();
        self.ask_for_email(&to, language.unwrap_or_default(), EmailPurpose::EmailChange { user, epoch, from }).await
    }

    /// Changes the email address to the one that a code was sent to, and tells the old one by email. Only the account's
    /// own user can do it: a code that was sent to a wrong address must not give its reader the account.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn confirm_email_change(
        &self,
        user: &UserId,
        code: &Code,
        from: IpAddr,
    ) -> Result<Account, AccountError> {
        let valid = self.find_code(code, CodePurpose::ChangeEmail, from).await?;
        if valid.user.as_ref() != Some(user) {
            return Err(AccountError::InvalidCode);
        }
        let record = self.0.store.find_user(user).await?.ok_or(AccountError::Gone)?;
        let (old, new) = (stored_address(&record.email)?, stored_address(&valid.email)?);
        let notice = self.notice_to(user, &old, EmailPurpose::EmailChanged).await;
        self.0.store.change_email(user, valid.digest, &new, notice).await?;
        tracing::info!(%user, %from, "email address changed");
        Ok(self.export(user).await?.account)
    }

    /// All data of a user in this feature.
    ///
    /// # Errors
    /// [`AccountError::Gone`], [`AccountError::Store`].
    pub async fn export(&self, user: &UserId) -> Result<AccountData, AccountError> {
        let now_ms = clock::now_ms();
        self.0.store.account_data(user, self.idle_since_ms(now_ms), now_ms).await
    }

    /// Deletes the account with its data, after `end_affiliations` has removed the user from other features, and tells the
    /// user by email.
    ///
    /// # Errors
    /// [`AccountError`], or that of `end_affiliations`.
    pub async fn delete<E: From<AccountError>>(
        &self,
        user: &UserId,
        current: &PasswordAttempt,
        end_affiliations: impl Future<Output = Result<(), E>>,
    ) -> Result<(), E> {
        let record = self.verify_password(user, current).await?;
        self.0.store.check_epoch(&record).await?;
        end_affiliations.await?;
        let notice = self.notice_to(user, &stored_address(&record.email)?, EmailPurpose::AccountDeleted).await;
        self.0.store.delete_user(&record, notice).await?;
        tracing::info!(%user, "account deleted");
        Ok(())
    }

    /// Checks the password of a signed-in user.
    pub(super) async fn verify_password(
        &self,
        user: &UserId,
        current: &PasswordAttempt,
    ) -> Result<UserRecord, AccountError> {
        let record = self.0.store.find_user(user).await?.ok_or(AccountError::Gone)?;
        if record.password_hash.is_empty() {
            return Err(AccountError::PasswordNeeded);
        }
        let counted = self.0.throttle.count_password(&record.email_key).await?;
        let check = match self.0.hasher.check(current, Some(&record.password_hash), HashTurn::User(user.clone())).await
        {
            Ok(check) => check,
            Err(error) => {
                self.0.throttle.undo(&counted).await;
                return Err(error);
            }
        };
        if !check.matches {
            tracing::info!(%user, "wrong password entered in a session");
            return Err(AccountError::WrongPassword);
        }
        self.0.throttle.succeeded(&counted).await;
        Ok(record)
    }

    /// Finds a code; counts an attempt that is wrong.
    pub(super) async fn find_code(
        &self,
        code: &Code,
        purpose: CodePurpose,
        from: IpAddr,
    ) -> Result<ValidCode, AccountError> {
        let digest = token::digest(code.secret().expose());
        let found = self.0.store.find_code(digest, purpose, clock::now_ms()).await;
        // A right code has been sent to its user, whoever else guesses in the same network.
        if matches!(found, Err(AccountError::InvalidCode)) {
            self.0.throttle.count_code(from).await?;
        }
        found
    }

    /// Sessions that were last used at this time or before are idle.
    pub(super) fn idle_since_ms(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(clock::ms(self.0.settings.session_idle))
    }
}

/// Draws a code that is not sent.
pub(super) fn draw_code() -> Result<Code, AccountError> {
    Ok(Code::new(token::draw::<CODE_BYTES>()?.expose()))
}

pub(super) fn stored_address(text: &str) -> Result<EmailAddress, AccountError> {
    EmailAddress::parse(text).map_err(|error| AccountError::internal("parsing a stored email address", error))
}
