//! The use cases of accounts; those of sessions in [`session`](super::session), of the first run in
//! [`setup`](super::setup).

use std::{net::IpAddr, sync::Arc, time::Duration};

use super::{
    emails::EmailTexts,
    metrics::AccountMetrics,
    model::{
        Account, AccountData, AccountError, Code, CodePurpose, NewCode, Password, PasswordAttempt, UserRecord,
        ValidCode,
    },
    password::{HashCost, HashTurn, PasswordHasher},
    store::Store,
    throttle::{EmailTurn, Limits, Throttle},
};
use crate::{
    identity::access::UserId,
    platform::{
        cache::Cache,
        clock,
        db::Control,
        error::with_causes,
        mail::{Email, EmailAddress, Mailer, Reservation},
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
    pub(super) emails: EmailTexts,
    tasks: Tasks,
}

impl Accounts {
    /// Starts the feature and its background task.
    ///
    /// # Errors
    /// [`AccountError::Internal`]: the cost of a hash is out of range.
    pub fn start(
        control: Control,
        cache: Cache,
        mailer: Mailer,
        settings: Settings,
        tasks: &Tasks,
        metrics: &AccountMetrics,
    ) -> Result<Self, AccountError> {
        let accounts = Self(Arc::new(Inner {
            store: Store::new(control),
            hasher: PasswordHasher::new(settings.hash_cost, metrics)?,
            throttle: Throttle::new(cache, settings.limits),
            emails: EmailTexts { server: settings.server.clone(), code_lifetime: settings.code_lifetime },
            settings,
            mailer,
            tasks: tasks.clone(),
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
    /// can't tell which, not even from the time that the answer takes: everything that differs happens in the background.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn register(&self, to: EmailAddress, from: IpAddr) -> Result<(), AccountError> {
        if self.0.throttle.count_email(from, &to).await? == EmailTurn::SentAlready {
            return Ok(());
        }
        let reservation = self.reserve_email()?;
        let existing = self.0.store.find_user_by_email(&to.key()).await?;
        self.in_background(async move |accounts| {
            let email = if existing.is_some() {
                accounts.0.emails.already_registered(&to)
            } else {
                let code = accounts.issue_code(CodePurpose::Register, &to, None).await?;
                accounts.0.emails.registration(&to, &code)
            };
            reservation.send(email);
            Ok(())
        });
        Ok(())
    }

    /// Creates the account for which a code was sent.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn create(&self, code: &Code, password: Password, from: IpAddr) -> Result<Account, AccountError> {
        let valid = self.find_code(code, CodePurpose::Register, from).await?;
        let email = stored_address(&valid.email)?;
        let hash = self.0.hasher.hash(&password.for_address(&email)?, HashTurn::of(from)).await?;
        let account = self.0.store.create_account(valid.digest, &email, hash, clock::now_ms()).await?;
        tracing::info!(user = %account.user, %from, "account created");
        Ok(account)
    }

    /// Asks for a new password. Sends an email to the address: a code if it has an account, otherwise a notice. As with
    /// [`Accounts::register`], the caller can't tell which.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn request_password_reset(&self, to: EmailAddress, from: IpAddr) -> Result<(), AccountError> {
        if self.0.throttle.count_email(from, &to).await? == EmailTurn::SentAlready {
            return Ok(());
        }
        let reservation = self.reserve_email()?;
        let existing = self.0.store.find_user_by_email(&to.key()).await?;
        self.in_background(async move |accounts| {
            let email = match existing {
                Some(record) => {
                    let code = accounts.issue_code(CodePurpose::ResetPassword, &to, Some(&record)).await?;
                    tracing::info!(user = %record.user, %from, "password reset requested");
                    accounts.0.emails.password_reset(&to, &code)
                }
                None => accounts.0.emails.no_account(&to),
            };
            reservation.send(email);
            Ok(())
        });
        Ok(())
    }

    /// Sets a new password with a code, ends all sessions, and tells the user by email.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn reset_password(&self, code: &Code, password: Password, from: IpAddr) -> Result<(), AccountError> {
        let valid = self.find_code(code, CodePurpose::ResetPassword, from).await?;
        let (email, user) = (stored_address(&valid.email)?, valid.user.ok_or(AccountError::InvalidCode)?);
        let hash = self.0.hasher.hash(&password.for_address(&email)?, HashTurn::of(from)).await?;
        self.0.store.reset_password(&user, &email, valid.digest, hash, clock::now_ms()).await?;
        tracing::info!(%user, %from, "password reset");
        // Earlier attempts were guesses at the old password.
        self.0.throttle.reset_account(&email.key(), from).await;
        self.notify(self.0.emails.password_changed(&email));
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
        self.0.store.change_password(&record, hash, clock::now_ms()).await?;
        tracing::info!(%user, "password changed");
        self.notify(self.0.emails.password_changed(&email));
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
        let reservation = self.reserve_email()?;
        // It may be the account's own address in another spelling.
        let other = self.0.store.find_user_by_email(&to.key()).await?.filter(|other| other.user != record.user);
        self.in_background(async move |accounts| {
            let email = if other.is_some() {
                accounts.0.emails.email_taken(&to)
            } else {
                let code = accounts.issue_code(CodePurpose::ChangeEmail, &to, Some(&record)).await?;
                accounts.0.emails.email_change(&to, &code)
            };
            reservation.send(email);
            Ok(())
        });
        Ok(())
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
        self.0.store.change_email(user, valid.digest, &new, clock::now_ms()).await?;
        tracing::info!(%user, %from, "email address changed");
        self.notify(self.0.emails.email_changed(&old));
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
        self.0.store.delete_user(&record).await?;
        tracing::info!(%user, "account deleted");
        self.notify(self.0.emails.account_deleted(&stored_address(&record.email)?));
        Ok(())
    }

    /// Checks the password of a signed-in user.
    async fn verify_password(&self, user: &UserId, current: &PasswordAttempt) -> Result<UserRecord, AccountError> {
        let record = self.0.store.find_user(user).await?.ok_or(AccountError::Gone)?;
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

    /// Draws a code and stores its digest.
    async fn issue_code(
        &self,
        purpose: CodePurpose,
        email: &EmailAddress,
        user: Option<&UserRecord>,
    ) -> Result<Code, AccountError> {
        let (code, created_at_ms) = (draw_code()?, clock::now_ms());
        let digest = token::digest(code.secret().expose());
        let expires_at_ms = created_at_ms.saturating_add(clock::ms(self.0.settings.code_lifetime));
        self.0.store.insert_code(NewCode { digest, purpose, email, user, created_at_ms, expires_at_ms }).await?;
        Ok(code)
    }

    /// Does what must affect neither the answer nor the time that it takes.
    fn in_background<F: Future<Output = Result<(), AccountError>> + Send + 'static>(
        &self,
        work: impl FnOnce(Self) -> F + Send + 'static,
    ) {
        let accounts = self.clone();
        self.0.tasks.spawn("account email", async move {
            if let Err(error) = work(accounts).await {
                tracing::warn!(error = with_causes(&error), "preparing an account email failed");
            }
        });
    }

    /// A place in the mail queue, for an email whose code can be stored.
    ///
    /// # Errors
    /// [`AccountError::MailQueueFull`], or the disk is full. Neither depends on whether there will be an email.
    pub(super) fn reserve_email(&self) -> Result<Reservation, AccountError> {
        self.0.store.check_room()?;
        Ok(self.0.mailer.reserve()?)
    }

    /// Sends an email whose failure must not fail the request.
    fn notify(&self, email: Email) {
        match self.0.mailer.reserve() {
            Ok(reservation) => reservation.send(email),
            Err(error) => tracing::warn!(%error, subject = email.subject, "email not sent"),
        }
    }

    /// Sessions that were last used at this time or before are idle.
    pub(super) fn idle_since_ms(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(clock::ms(self.0.settings.session_idle))
    }
}

/// Draws a new code.
pub(super) fn draw_code() -> Result<Code, AccountError> {
    Ok(Code::new(token::draw::<CODE_BYTES>()?.expose()))
}

fn stored_address(text: &str) -> Result<EmailAddress, AccountError> {
    EmailAddress::parse(text).map_err(|error| AccountError::internal("parsing a stored email address", error))
}
