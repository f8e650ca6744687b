//! Signing in and out.

use std::{net::IpAddr, time::Duration};

use super::{
    model::{AccountError, ActiveSession, NewSession, OpenSession, PasswordAttempt, SignInChallenge, UserRecord},
    password::HashTurn,
    service::Accounts,
    throttle::Origin,
};
use crate::{
    identity::access::UserId,
    platform::{clock, mail::EmailAddress, network::Network, secret::Secret, token},
};

/// Random bytes of a session's token.
const TOKEN_BYTES: usize = 32;

/// The use of a session is recorded if the last record is older than this, or than a tenth of the allowed idle time.
const RECORD_USE_EVERY: Duration = Duration::from_mins(1);

/// A session that was just opened.
#[derive(Clone, Debug)]
pub struct IssuedSession {
    /// The token that opens the session; the server keeps only its digest.
    pub token: Secret,
    /// The user.
    pub user: UserId,
    /// What the user sees of the session.
    pub session: OpenSession,
    /// How long it lasts at most.
    pub lifetime: Duration,
}

/// What a right password gives.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// A session.
    Session(IssuedSession),
    /// What is to be sent with a code of the account's second factor.
    SecondFactor(SignInChallenge),
}

/// The client that opens a session.
#[derive(Clone, Debug)]
pub struct SessionClient {
    /// Its IP address.
    pub address: IpAddr,
    /// Its user agent.
    pub agent: String,
    /// Whether it is a browser that gets the token as a cookie.
    pub cookie: bool,
    /// The `Idempotency-Key` of its request.
    pub idempotency_key: Option<String>,
}

impl Accounts {
    /// Signs in, or takes the first of two steps. An address without an account takes as long and fails with the same error as a wrong password. With the same
    /// idempotency key the same client gets a session in place of the first, whose token it may not have got.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn sign_in(
        &self,
        email: &EmailAddress,
        attempt: &PasswordAttempt,
        client: SessionClient,
    ) -> Result<SignIn, AccountError> {
        let inner = self.inner();
        // The same queries for all addresses, before the attempt is counted.
        let record = inner.store.find_user_by_email(&email.key()).await?;
        let origin = self.origin(record.as_ref(), client.address).await?;
        let counted = inner.throttle.count_sign_in(origin, &email.key()).await?;
        let turn = HashTurn::of(client.address);
        let stored_hash = record.as_ref().map(|record| record.password_hash.as_str()).filter(|hash| !hash.is_empty());
        let check = match inner.hasher.check(attempt, stored_hash, turn.clone()).await {
            Ok(check) => check,
            Err(error) => {
                inner.throttle.undo(&counted).await;
                return Err(error);
            }
        };
        let Some(record) = record.filter(|_| check.matches) else {
            tracing::info!(address = %client.address, "sign-in refused: wrong address or password");
            return Err(AccountError::WrongCredentials);
        };
        inner.throttle.succeeded(&counted).await;
        if check.needs_rehash {
            let hash = inner.hasher.rehash(attempt, turn).await?;
            inner.store.replace_hash(&record, hash).await?;
        }
        if let Some(challenge) = self.second_step(&record, &client).await? {
            return Ok(SignIn::SecondFactor(challenge));
        }
        Ok(SignIn::Session(self.open_session(record, client).await?))
    }

    /// Opens a session of a user who has shown who they are.
    pub(super) async fn open_session(
        &self,
        record: UserRecord,
        client: SessionClient,
    ) -> Result<IssuedSession, AccountError> {
        let inner = self.inner();
        let (token, now_ms, lifetime) =
            (token::draw::<TOKEN_BYTES>()?, clock::now_ms(), inner.settings.session_lifetime);
        let SessionClient { address, agent, cookie, idempotency_key } = client;
        let network = Network::subscriber(address).to_string();
        let request = idempotency_key
            .map(|key| token::digest_of_parts(&[b"session", network.as_bytes(), agent.as_bytes(), key.as_bytes()]));
        let session = OpenSession {
            id: uuid::Uuid::now_v7().simple().to_string(),
            cookie,
            address: address.to_string(),
            agent,
            created_at_ms: now_ms,
            used_at_ms: now_ms,
            expires_at_ms: now_ms.saturating_add(clock::ms(lifetime)),
        };
        let (user, epoch, digest) = (record.user, record.epoch, token::digest(token.expose()));
        let new = NewSession { digest, user: user.clone(), epoch, session: session.clone(), request };
        inner.store.insert_session(new, now_ms.saturating_sub(clock::ms(inner.settings.requests_kept))).await?;
        tracing::info!(%user, session = session.id, %address, "signed in");
        Ok(IssuedSession { token, user, session, lifetime })
    }

    /// Where a sign-in comes from: whether the user, if there is one, has a session in the same network.
    async fn origin(&self, record: Option<&UserRecord>, from: IpAddr) -> Result<Origin, AccountError> {
        let (user, epoch) = record.map_or(("", 0), |record| (record.user.as_str(), record.epoch));
        let now_ms = clock::now_ms();
        let addresses = self.inner().store.session_addresses(user, epoch, self.idle_since_ms(now_ms), now_ms).await?;
        let is_near = |address: &String| {
            address.parse().is_ok_and(|address| Network::subscriber(address) == Network::subscriber(from))
        };
        Ok(if addresses.iter().any(is_near) { Origin::Known(from) } else { Origin::Unknown(from) })
    }

    /// Finds the session that a token opens, if it has not ended, and records its use.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn session(&self, token: &Secret) -> Result<Option<ActiveSession>, AccountError> {
        let (inner, now_ms) = (self.inner(), clock::now_ms());
        let digest = token::digest(token.expose());
        let Some(session) = inner.store.find_session(digest, self.idle_since_ms(now_ms), now_ms).await? else {
            return Ok(None);
        };
        let record_every = RECORD_USE_EVERY.min(inner.settings.session_idle / 10);
        if now_ms.saturating_sub(session.used_at_ms) > clock::ms(record_every)
            && let Err(error) = inner.store.update_session_use(&session.id, now_ms).await
        {
            // The session is still valid, and its next use tries again.
            tracing::warn!(%error, "recording the use of a session failed");
        }
        Ok(Some(session))
    }

    /// Ends one session.
    ///
    /// # Errors
    /// [`AccountError::SessionNotFound`], or [`AccountError::Store`].
    pub async fn sign_out(&self, user: &UserId, session: &str) -> Result<(), AccountError> {
        if !self.inner().store.delete_session(user, session).await? {
            return Err(AccountError::SessionNotFound);
        }
        tracing::info!(%user, session, "signed out");
        Ok(())
    }

    /// Ends all sessions of a user.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn sign_out_everywhere(&self, user: &UserId) -> Result<(), AccountError> {
        self.inner().store.delete_sessions(user).await?;
        tracing::info!(%user, "signed out everywhere");
        Ok(())
    }
}
