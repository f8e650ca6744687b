//! What can be done with accounts; with sessions, in `session`.

use std::{net::IpAddr, sync::Arc, time::Duration};

use super::{
    emails::Letters,
    model::{Account, AccountError, Attempt, Code, Everything, Password, Purpose},
    password::{Cost, Hasher},
    store::{Known, Sent, Store},
    throttle::{Limits, Throttle},
};
use crate::{
    identity::access::user_id::UserId,
    platform::{
        cache::Cache,
        clock,
        db::Control,
        mail::{Email, EmailAddress, Mailer},
        metrics::Metrics,
        tasks::Tasks,
        token,
    },
};

/// How often what has ended is forgotten.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// Random bytes of a code: too many to be guessed, few enough to be copied.
pub(super) const CODE_BYTES: usize = 16;

/// How accounts work here.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What a password's hash costs.
    pub cost: Cost,
    /// How often passwords and codes may be tried.
    pub limits: Limits,
    /// After how long without use a session ends.
    pub session_idle: Duration,
    /// After how long a session ends at the latest.
    pub session_lasts: Duration,
    /// After how long a code ends.
    pub codes_last: Duration,
    /// Where users reach the server.
    pub server: String,
}

/// Accounts and their sessions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Accounts(Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) hasher: Hasher,
    pub(super) throttle: Throttle,
    pub(super) settings: Settings,
    pub(super) post: Mailer,
    pub(super) emails: Letters,
    tasks: Tasks,
}

impl Accounts {
    /// Starts the feature.
    ///
    /// # Errors
    /// The cost of a hash is out of range.
    pub fn start(
        control: Control,
        cache: Cache,
        post: Mailer,
        settings: Settings,
        tasks: &Tasks,
        metrics: &Metrics,
    ) -> Result<Self, AccountError> {
        let accounts = Self(Arc::new(Inner {
            store: Store::new(control),
            hasher: Hasher::new(settings.cost, metrics)?,
            throttle: Throttle::new(cache, settings.limits),
            emails: Letters { server: settings.server.clone(), codes_last: settings.codes_last },
            settings,
            post,
            tasks: tasks.clone(),
        }));
        tasks.spawn_until_stop("forget sessions", accounts.clone().forget_ended());
        Ok(accounts)
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    async fn forget_ended(self) {
        loop {
            tokio::time::sleep(FORGET_EVERY).await;
            let now_ms = clock::now_ms();
            match self.0.store.forget_ended(self.idle_ms(now_ms), now_ms).await {
                Ok(forgotten) => tracing::debug!(forgotten, "forgot sessions and codes that have ended"),
                Err(error) => tracing::warn!(%error, "could not forget sessions and codes that have ended"),
            }
        }
    }

    /// Asks for an account: a letter goes to the address, with a code if it has no account yet. Nobody but its reader
    /// learns which: all that differs is done after the answer.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn register(&self, to: EmailAddress, from: IpAddr) -> Result<(), AccountError> {
        self.0.throttle.letter(from, &to).await?;
        let place = self.0.post.place()?;
        let known = self.0.store.user_at(&to.key()).await?;
        self.afterwards(async move |accounts| {
            let letter = match known {
                Some(_) => accounts.0.emails.registered_already(&to),
                None => accounts.0.emails.register(&to, &accounts.new_code(Purpose::Register, &to, None).await?),
            };
            place.send(letter);
            Ok(())
        });
        Ok(())
    }

    /// Makes the account for which a code was sent.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn make(&self, code: &Code, password: Password, from: IpAddr) -> Result<Account, AccountError> {
        let (digest, sent) = self.look_up(code, Purpose::Register, from).await?;
        let email = stored_address(&sent.email)?;
        let hash = self.0.hasher.hash(&password.for_address(&email)?).await?;
        let account = self.0.store.make_account(digest, &email, hash, clock::now_ms()).await?;
        tracing::info!(user = %account.user, %from, "an account was made");
        Ok(account)
    }

    /// Asks for a new password: a letter goes to the address, with a code if it has an account.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn ask_reset(&self, to: EmailAddress, from: IpAddr) -> Result<(), AccountError> {
        self.0.throttle.letter(from, &to).await?;
        let place = self.0.post.place()?;
        let known = self.0.store.user_at(&to.key()).await?;
        self.afterwards(async move |accounts| {
            let letter = match known {
                Some(Known { user, .. }) => {
                    let code = accounts.new_code(Purpose::Reset, &to, Some(&user)).await?;
                    tracing::info!(%user, %from, "a new password was asked for");
                    accounts.0.emails.reset(&to, &code)
                }
                None => accounts.0.emails.no_account(&to),
            };
            place.send(letter);
            Ok(())
        });
        Ok(())
    }

    /// Sets the password for which a code was sent, and signs out everywhere.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn reset(&self, code: &Code, password: Password, from: IpAddr) -> Result<(), AccountError> {
        let (digest, sent) = self.look_up(code, Purpose::Reset, from).await?;
        let (email, user) = (stored_address(&sent.email)?, sent.user.ok_or(AccountError::CodeNotValid)?);
        let hash = self.0.hasher.hash(&password.for_address(&email)?).await?;
        self.0.store.set_password(&user, Some(digest), hash, clock::now_ms()).await?;
        tracing::info!(%user, %from, "a new password was set");
        // Whoever was guessing guessed the old one.
        self.0.throttle.free(&email.key()).await;
        self.tell(self.0.emails.password_changed(&email));
        Ok(())
    }

    /// Changes the password, and signs out everywhere.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn change_password(
        &self,
        user: &UserId,
        current: &Attempt,
        password: Password,
    ) -> Result<(), AccountError> {
        let known = self.confirm(user, current).await?;
        let email = stored_address(&known.email)?;
        let hash = self.0.hasher.hash(&password.for_address(&email)?).await?;
        self.0.store.set_password(user, None, hash, clock::now_ms()).await?;
        tracing::info!(%user, "the password was changed");
        self.tell(self.0.emails.password_changed(&email));
        Ok(())
    }

    /// Asks for another address: a letter goes to it, with a code if it has no account.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn ask_email(
        &self,
        user: &UserId,
        current: &Attempt,
        to: EmailAddress,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        let known = self.confirm(user, current).await?;
        self.0.throttle.letter(from, &to).await?;
        let place = self.0.post.place()?;
        // The same address may be spelt in another way.
        let other = self.0.store.user_at(&to.key()).await?.filter(|other| other.user != known.user);
        self.afterwards(async move |accounts| {
            let letter = if other.is_some() {
                accounts.0.emails.address_taken(&to)
            } else {
                let code = accounts.new_code(Purpose::ChangeEmail, &to, Some(&known.user)).await?;
                accounts.0.emails.change_email(&to, &code)
            };
            place.send(letter);
            Ok(())
        });
        Ok(())
    }

    /// Changes the address to the one that a code was sent to, and tells the old one. Only the account's own user can:
    /// whoever reads a letter that went astray must not get the account with it.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn change_email(&self, user: &UserId, code: &Code, from: IpAddr) -> Result<Account, AccountError> {
        let (digest, sent) = self.look_up(code, Purpose::ChangeEmail, from).await?;
        if sent.user.as_ref() != Some(user) {
            return Err(AccountError::CodeNotValid);
        }
        let known = self.0.store.user(user).await?.ok_or(AccountError::Gone)?;
        let (old, new) = (stored_address(&known.email)?, stored_address(&sent.email)?);
        self.0.store.change_email(user, digest, &new, clock::now_ms()).await?;
        tracing::info!(%user, %from, "the address was changed");
        self.tell(self.0.emails.email_changed(&old));
        Ok(self.export(user).await?.account)
    }

    /// All that is kept of a user.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn export(&self, user: &UserId) -> Result<Everything, AccountError> {
        let now_ms = clock::now_ms();
        self.0.store.everything(user, self.idle_ms(now_ms), now_ms).await
    }

    /// Deletes the account with its data, once `part` has ended what holds the user elsewhere.
    ///
    /// # Errors
    /// [`AccountError`], or what holds the user.
    pub async fn delete<E: From<AccountError>>(
        &self,
        user: &UserId,
        current: &Attempt,
        part: impl Future<Output = Result<(), E>>,
    ) -> Result<(), E> {
        let known = self.confirm(user, current).await?;
        part.await?;
        self.0.store.delete(user).await?;
        tracing::info!(%user, "the account was deleted");
        self.tell(self.0.emails.deleted(&stored_address(&known.email)?));
        Ok(())
    }

    /// Sees that whoever has the session knows the password too.
    async fn confirm(&self, user: &UserId, current: &Attempt) -> Result<Known, AccountError> {
        let known = self.0.store.user(user).await?.ok_or(AccountError::Gone)?;
        let counted = self.0.throttle.password(&known.email_key).await?;
        let verdict = match self.0.hasher.check(current, Some(&known.password)).await {
            Ok(verdict) => verdict,
            Err(error) => {
                self.0.throttle.not_made(&counted).await;
                return Err(error);
            }
        };
        if !verdict.right {
            tracing::info!(%user, "a wrong password was given in a session");
            return Err(AccountError::WrongPassword);
        }
        self.0.throttle.right(&counted).await;
        Ok(known)
    }

    pub(super) async fn look_up(
        &self,
        code: &Code,
        purpose: Purpose,
        from: IpAddr,
    ) -> Result<([u8; 32], Sent), AccountError> {
        self.0.throttle.code(from).await?;
        let digest = token::digest(code.secret().expose());
        Ok((digest, self.0.store.code(digest, purpose, clock::now_ms()).await?))
    }

    async fn new_code(&self, purpose: Purpose, to: &EmailAddress, user: Option<&UserId>) -> Result<Code, AccountError> {
        let code = Code::new(token::draw::<CODE_BYTES>()?.expose());
        let now_ms = clock::now_ms();
        let ends_ms = now_ms.saturating_add(clock::ms(self.0.settings.codes_last));
        let digest = token::digest(code.secret().expose());
        self.0.store.keep_code(digest, purpose, to, user, (now_ms, ends_ms)).await?;
        Ok(code)
    }

    /// Does what must not show in the answer, nor in the time that it takes.
    fn afterwards<F: Future<Output = Result<(), AccountError>> + Send + 'static>(
        &self,
        work: impl FnOnce(Self) -> F + Send + 'static,
    ) {
        let accounts = self.clone();
        self.0.tasks.spawn("account letter", async move {
            if let Err(error) = work(accounts).await {
                tracing::warn!(error = ?error, "a letter was not written");
            }
        });
    }

    /// Sends a letter that nobody waits for.
    fn tell(&self, letter: Email) {
        match self.0.post.place() {
            Ok(place) => place.send(letter),
            Err(error) => tracing::warn!(%error, subject = letter.subject, "a letter was not sent"),
        }
    }

    /// What was used before is idle.
    pub(super) fn idle_ms(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(clock::ms(self.0.settings.session_idle))
    }
}

fn stored_address(text: &str) -> Result<EmailAddress, AccountError> {
    EmailAddress::parse(text).map_err(|error| AccountError::Broken(format!("a stored address {error}")))
}
