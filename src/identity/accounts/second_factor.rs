//! Second factors: an authenticator app (`platform::totp`), and recovery codes for when it is lost.
//!
//! - A factor is begun with the password, and is asked for once a code has confirmed it. Its secret is sealed for its user: nobody
//!   who reads the database can make codes, or give one user another's factor.
//! - Right password, second step: a sign-in gets a *challenge*, which says who has shown a password, sealed, so that nothing is
//!   stored of it. It holds for the program that asked for it, for some minutes and attempts, and for one session.
//! - The code of a step works once, and no earlier one after it. Attempts are counted for the account as for the network: whoever
//!   knows the password has no more of them from many networks.
//! - A new password changes nothing of this: who reads the user's mail is no further than who knows the password.

use std::{net::IpAddr, time::Duration};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::{
    email_jobs::EmailPurpose,
    model::{
        AccountError, Enrolment, FactorCode, PasswordAttempt, SecondFactor, SignInChallenge, StoredFactor, UserRecord,
        draw_recovery_codes,
    },
    service::{Accounts, stored_address},
    session::{IssuedSession, SessionClient},
};
use crate::{
    identity::access::{Actor, UserId},
    platform::{
        clock,
        codec::hex,
        mail::EmailAddress,
        sealing::SealingError,
        secret::Secret,
        token,
        totp::{DIGITS, STEP_SECS, TotpSecret},
    },
};

/// How long a factor that was begun can be confirmed.
const CONFIRM_WITHIN: Duration = Duration::from_mins(15);

/// How long a sign-in can be finished.
const FINISH_WITHIN: Duration = Duration::from_mins(5);

/// What challenges are sealed for.
const CHALLENGE: &str = "second step of a sign-in";

/// A sign-in whose password was right.
#[derive(Debug, Deserialize, Serialize)]
struct PendingSignIn {
    /// Makes it unique.
    id: String,
    user: String,
    /// Their epoch when the password was checked.
    epoch: i64,
    /// Whether the session is to be a cookie.
    cookie: bool,
    /// SHA-256 of the user agent.
    agent: String,
    expires_at_ms: i64,
}

/// What the secret of a user's factor is sealed for.
fn sealed_for(user: &UserId) -> String {
    format!("second factor of {user}")
}

fn digest_of(user: &UserId, symbols: &str) -> [u8; 32] {
    token::digest_of_parts(&[b"recovery code", user.as_str().as_bytes(), symbols.as_bytes()])
}

fn digests_of(user: &UserId, codes: &[Secret]) -> Vec<[u8; 32]> {
    codes.iter().map(|code| digest_of(user, &code.expose().replace('-', ""))).collect()
}

fn agent_digest(agent: &str) -> String {
    hex::of_bytes(&token::digest(agent))
}

fn now_secs() -> i64 {
    clock::now_ms().div_euclid(1_000)
}

impl Accounts {
    /// The second factor of a user.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn second_factor(&self, user: &UserId) -> Result<SecondFactor, AccountError> {
        Ok(self.inner().store.second_factor(user).await?)
    }

    /// Begins a second factor, in place of one that was not confirmed.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn begin_second_factor(
        &self,
        user: &UserId,
        current: &PasswordAttempt,
    ) -> Result<Enrolment, AccountError> {
        let record = self.verify_password(user, current).await?;
        let (secret, now_ms) = (TotpSecret::draw()?.base32(), clock::now_ms());
        let sealed = self.inner().sealer.seal(&sealed_for(user), &secret)?;
        self.inner().store.begin_second_factor(&record, sealed, now_ms).await?;
        tracing::info!(%user, "second factor begun");
        let server = &self.inner().settings.server;
        let issuer = encoded(server.split_once("://").map_or(server.as_str(), |(_, host)| host));
        let url = format!(
            "otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECS}",
            encoded(&record.email)
        );
        let expires_at_ms = now_ms.saturating_add(clock::ms(CONFIRM_WITHIN));
        Ok(Enrolment { secret: Secret::new(secret), url: Secret::new(url), expires_at_ms })
    }

    /// Confirms the factor that was begun with a code of the app. Returns the recovery codes, which nobody can see again.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn confirm_second_factor(
        &self,
        user: &UserId,
        code: &FactorCode,
        from: IpAddr,
    ) -> Result<Vec<Secret>, AccountError> {
        let store = &self.inner().store;
        let record = store.find_user(user).await?.ok_or(AccountError::Gone)?;
        let factor = store.find_second_factor(user).await?.ok_or(AccountError::SecondFactorNotBegun)?;
        if factor.since_ms.is_some() {
            return Err(AccountError::SecondFactorExists);
        }
        if factor.begun_at_ms <= clock::ms_ago(CONFIRM_WITHIN) {
            return Err(AccountError::SecondFactorNotBegun);
        }
        let counted = self.inner().throttle.count_second_factor(from, user).await?;
        let step = match code {
            FactorCode::App(code) => self.unsealed(user, &factor)?.matching_step(*code, now_secs(), factor.used_step),
            FactorCode::Recovery(_) => None,
        };
        let step = step.ok_or(AccountError::WrongSecondFactor)?;
        self.inner().throttle.succeeded(&counted).await;
        let codes = draw_recovery_codes()?;
        let notice = self.notice_to(user, &stored_address(&record.email)?, EmailPurpose::SecondFactorOn).await;
        store.confirm_second_factor(user, (&factor.sealed, step), digests_of(user, &codes), notice).await?;
        tracing::info!(%user, "second factor confirmed");
        Ok(codes)
    }

    /// Replaces the recovery codes. Returns the new ones.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn renew_recovery_codes(
        &self,
        user: &UserId,
        (current, code): (&PasswordAttempt, &FactorCode),
        from: IpAddr,
    ) -> Result<Vec<Secret>, AccountError> {
        let record = self.verify_password(user, current).await?;
        self.verify_second_factor(&record, code, from).await?;
        let codes = draw_recovery_codes()?;
        let notice = self.notice_to(user, &stored_address(&record.email)?, EmailPurpose::RecoveryCodesRenewed).await;
        self.inner().store.replace_recovery_codes(user, digests_of(user, &codes), notice).await?;
        tracing::info!(%user, "recovery codes renewed");
        Ok(codes)
    }

    /// Removes the second factor.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn remove_second_factor(
        &self,
        user: &UserId,
        (current, code): (&PasswordAttempt, &FactorCode),
        from: IpAddr,
    ) -> Result<(), AccountError> {
        let record = self.verify_password(user, current).await?;
        self.verify_second_factor(&record, code, from).await?;
        let notice = self.notice_to(user, &stored_address(&record.email)?, EmailPurpose::SecondFactorOff).await;
        self.inner().store.remove_second_factor(user, None, notice).await?;
        tracing::info!(%user, "second factor removed");
        Ok(())
    }

    /// Removes the second factor of the user with that address, who has lost it and all recovery codes: for the command line.
    ///
    /// # Errors
    /// [`AccountError::Gone`] where there is no such user; [`AccountError::NoSecondFactor`]; or [`AccountError::Store`].
    pub async fn reset_second_factor(&self, email: &EmailAddress) -> Result<UserId, AccountError> {
        let record = self.inner().store.find_user_by_email(&email.key()).await?.ok_or(AccountError::Gone)?;
        let notice = self.notice_to(&record.user, email, EmailPurpose::SecondFactorReset).await;
        self.inner().store.remove_second_factor(&record.user, Some(Actor::CommandLine), notice).await?;
        tracing::info!(user = %record.user, "second factor reset on the command line");
        Ok(record.user)
    }

    /// The challenge of a sign-in whose password was right; nothing where the account has no second factor.
    pub(super) async fn second_step(
        &self,
        record: &UserRecord,
        client: &SessionClient,
    ) -> Result<Option<SignInChallenge>, AccountError> {
        let factor = self.inner().store.find_second_factor(&record.user).await?;
        if factor.is_none_or(|factor| factor.since_ms.is_none()) {
            return Ok(None);
        }
        let expires_at_ms = clock::now_ms().saturating_add(clock::ms(FINISH_WITHIN));
        let pending = PendingSignIn {
            id: uuid::Uuid::new_v4().simple().to_string(),
            user: record.user.as_str().to_owned(),
            epoch: record.epoch,
            cookie: client.cookie,
            agent: agent_digest(&client.agent),
            expires_at_ms,
        };
        let text = serde_json::to_string(&pending).map_err(|error| AccountError::internal("a challenge", error))?;
        let challenge = Secret::new(self.inner().sealer.seal(CHALLENGE, &text)?);
        tracing::info!(user = %record.user, address = %client.address, "password right, second factor asked for");
        Ok(Some(SignInChallenge { challenge, expires_at_ms }))
    }

    /// Whether the session of a challenge is to be a cookie.
    ///
    /// # Errors
    /// [`AccountError::ChallengeNotValid`].
    pub fn is_for_cookie(&self, challenge: &Secret) -> Result<bool, AccountError> {
        Ok(self.pending(challenge)?.cookie)
    }

    fn pending(&self, challenge: &Secret) -> Result<PendingSignIn, AccountError> {
        let text = match self.inner().sealer.open(CHALLENGE, challenge.expose()) {
            Err(SealingError::Broken) => return Err(AccountError::ChallengeNotValid),
            opened => opened?,
        };
        let pending: PendingSignIn = serde_json::from_str(&text).map_err(|_| AccountError::ChallengeNotValid)?;
        if pending.expires_at_ms <= clock::now_ms() { Err(AccountError::ChallengeNotValid) } else { Ok(pending) }
    }

    /// Finishes a sign-in with a code.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn finish_sign_in(
        &self,
        challenge: &Secret,
        code: &FactorCode,
        client: SessionClient,
    ) -> Result<IssuedSession, AccountError> {
        let pending = self.pending(challenge)?;
        let record = self.inner().store.find_user(&UserId::stored(&pending.user)).await?;
        let is_same =
            |record: &UserRecord| record.epoch == pending.epoch && agent_digest(&client.agent) == pending.agent;
        let record = record.filter(is_same).ok_or(AccountError::ChallengeNotValid)?;
        self.verify_second_factor(&record, code, client.address).await?;
        if !self.inner().throttle.is_first_use(token::digest(&pending.id), FINISH_WITHIN).await {
            return Err(AccountError::ChallengeNotValid);
        }
        self.open_session(record, SessionClient { cookie: pending.cookie, ..client }).await
    }

    /// Checks a code against the second factor of a user, and uses it up.
    async fn verify_second_factor(
        &self,
        record: &UserRecord,
        code: &FactorCode,
        from: IpAddr,
    ) -> Result<(), AccountError> {
        let (store, user) = (&self.inner().store, &record.user);
        let factor = store.find_second_factor(user).await?.filter(|factor| factor.since_ms.is_some());
        let factor = factor.ok_or(AccountError::NoSecondFactor)?;
        let counted = self.inner().throttle.count_second_factor(from, user).await?;
        let is_right = match code {
            FactorCode::App(code) => {
                match self.unsealed(user, &factor)?.matching_step(*code, now_secs(), factor.used_step) {
                    Some(step) => store.use_step(user, step).await?,
                    None => false,
                }
            }
            FactorCode::Recovery(symbols) => {
                let notice =
                    self.notice_to(user, &stored_address(&record.email)?, EmailPurpose::RecoveryCodeUsed).await;
                store.use_recovery_code(user, digest_of(user, symbols.expose()), notice).await?
            }
        };
        if !is_right {
            tracing::info!(%user, %from, "wrong code of a second factor");
            return Err(AccountError::WrongSecondFactor);
        }
        self.inner().throttle.succeeded(&counted).await;
        Ok(())
    }

    fn unsealed(&self, user: &UserId, factor: &StoredFactor) -> Result<TotpSecret, AccountError> {
        let secret = self.inner().sealer.open(&sealed_for(user), &factor.sealed)?;
        TotpSecret::from_base32(&secret).ok_or_else(|| AccountError::internal("reading a second factor", "no base 32"))
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
