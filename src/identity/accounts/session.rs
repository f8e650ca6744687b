//! Signing in and out.

use std::{net::IpAddr, time::Duration};

use super::{
    model::{AccountError, Attempt, OpenSession, SessionOf},
    service::Accounts,
    store::NewSession,
};
use crate::{
    identity::access::user_id::UserId,
    platform::{clock, mail::EmailAddress, secret::Secret, token},
};

/// Random bytes of a session's token.
const TOKEN_BYTES: usize = 32;

/// The use of a session is noted when the last note is older than this, or than a tenth of what it may be idle.
const NOTE_EVERY: Duration = Duration::from_mins(1);

/// A session that was just opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What opens it, from now on known to nobody else.
    pub token: Secret,
    /// Whose it is.
    pub user: UserId,
    /// What its owner sees of it.
    pub shown: OpenSession,
    /// How long it lasts at most.
    pub lasts: Duration,
}

/// Who opens a session, and how.
#[derive(Clone, Debug)]
pub struct Opener {
    /// Whence.
    pub address: IpAddr,
    /// What the program calls itself.
    pub agent: String,
    /// Whether the session will be a browser's cookie.
    pub cookie: bool,
}

impl Accounts {
    /// Signs in. An address without an account costs and answers what a wrong password does.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn sign_in(
        &self,
        email: &EmailAddress,
        attempt: &Attempt,
        opener: Opener,
    ) -> Result<Opened, AccountError> {
        let inner = self.inner();
        let counted = inner.throttle.sign_in(opener.address, &email.key()).await?;
        let known = inner.store.user_at(&email.key()).await?;
        let verdict = match inner.hasher.check(attempt, known.as_ref().map(|known| known.password.as_str())).await {
            Ok(verdict) => verdict,
            Err(error) => {
                inner.throttle.not_made(&counted).await;
                return Err(error);
            }
        };
        let Some(known) = known.filter(|_| verdict.right) else {
            tracing::info!(address = %opener.address, "signing in was refused");
            return Err(AccountError::WrongCredentials);
        };
        inner.throttle.right(&counted).await;
        if verdict.outdated {
            let hash = inner.hasher.hash_again(attempt).await?;
            inner.store.rehash(&known, hash).await?;
        }
        let (token, now_ms) = (token::draw::<TOKEN_BYTES>()?, clock::now_ms());
        let (user, lasts) = (known.user.clone(), inner.settings.session_lasts);
        let Opener { address, agent, cookie } = opener;
        let shown = OpenSession {
            id: uuid::Uuid::now_v7().simple().to_string(),
            cookie,
            address: address.to_string(),
            agent,
            created_at_ms: now_ms,
            used_at_ms: now_ms,
            expires_at_ms: now_ms.saturating_add(clock::ms(lasts)),
        };
        let digest = token::digest(token.expose());
        inner.store.open_session(NewSession { digest, known, shown: shown.clone() }).await?;
        tracing::info!(%user, session = shown.id, %address, "signed in");
        Ok(Opened { token, user, shown, lasts })
    }

    /// The session that a token opens, if it has not ended.
    ///
    /// # Errors
    /// The database is away.
    pub async fn session(&self, token: &Secret) -> Result<Option<SessionOf>, AccountError> {
        let (inner, now_ms) = (self.inner(), clock::now_ms());
        let digest = token::digest(token.expose());
        let Some(found) = inner.store.session(digest, self.idle_ms(now_ms), now_ms).await? else { return Ok(None) };
        let note_every = NOTE_EVERY.min(inner.settings.session_idle / 10);
        if now_ms.saturating_sub(found.used_at_ms) > clock::ms(note_every)
            && let Err(error) = inner.store.use_session(&found.id, now_ms).await
        {
            // It is as good as it was; the next use tries again.
            tracing::warn!(%error, "the use of a session was not noted");
        }
        Ok(Some(SessionOf { user: UserId::stored(&found.user), id: found.id }))
    }

    /// Ends one session.
    ///
    /// # Errors
    /// [`AccountError::NoSession`], or the database is away.
    pub async fn sign_out(&self, user: &UserId, session: &str) -> Result<(), AccountError> {
        if !self.inner().store.end_session(user, session).await? {
            return Err(AccountError::NoSession);
        }
        tracing::info!(%user, session, "signed out");
        Ok(())
    }

    /// Ends all sessions.
    ///
    /// # Errors
    /// The database is away.
    pub async fn sign_out_everywhere(&self, user: &UserId) -> Result<(), AccountError> {
        self.inner().store.end_sessions(user).await?;
        tracing::info!(%user, "signed out everywhere");
        Ok(())
    }
}
