//! The use cases of signing in by a provider, and of linking an identity.

use std::sync::Arc;

use subtle::ConstantTimeEq;

use super::{
    model::{Answered, Begun, LocalPath, OidcError, ProviderCard, ProviderSettings},
    pending::{LIFETIME, Pending},
    provider::Provider,
};
use crate::{
    identity::{
        access::UserId,
        accounts::{Accounts, PasswordAttempt, ProvenIdentity, SessionClient, SignIn},
    },
    platform::{
        cache::Cache, codec::hex, mail::EmailAddress, outbound::Outbound, sealing::Sealer, secret::Secret, token,
    },
};

/// Signing in by providers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Oidc(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    providers: Vec<Provider>,
    accounts: Accounts,
    sealer: Sealer,
    cache: Cache,
}

/// How it ended.
#[derive(Clone, Debug)]
pub enum Finished {
    /// Somebody is signed in, or has to take the second step.
    SignedIn(SignIn),
    /// An identity was linked.
    Linked,
}

/// How it ended, and where the browser goes.
#[derive(Debug)]
pub struct Outcome {
    /// Where it was to go.
    pub return_to: Option<LocalPath>,
    /// Whether an identity was to be linked.
    pub is_link: bool,
    /// How it ended.
    pub finished: Result<Finished, OidcError>,
}

impl Oidc {
    /// The feature with these providers, for a server that users reach at that URL.
    #[must_use]
    pub fn new(
        providers: Vec<ProviderSettings>,
        server: &str,
        accounts: Accounts,
        (sealer, cache, outbound): (Sealer, Cache, Outbound),
    ) -> Self {
        let provider = |settings| Provider::new(settings, server, outbound.clone());
        Self(Arc::new(Inner { providers: providers.into_iter().map(provider).collect(), accounts, sealer, cache }))
    }

    /// The providers that people can choose, in the operator's order.
    #[must_use]
    pub fn providers(&self) -> Vec<ProviderCard> {
        let card = |provider: &Provider| ProviderCard {
            id: provider.settings.id.clone(),
            display_name: provider.settings.display_name.clone(),
        };
        self.0.providers.iter().map(card).collect()
    }

    /// Accounts, which know whose an identity is.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    fn provider(&self, id: &str) -> Result<&Provider, OidcError> {
        self.0.providers.iter().find(|provider| provider.settings.id == id).ok_or(OidcError::ProviderNotFound)
    }

    /// Begins to sign somebody in.
    ///
    /// # Errors
    /// What prevents it.
    pub async fn begin(&self, provider: &str, return_to: Option<&LocalPath>) -> Result<Begun, OidcError> {
        self.begin_for(self.provider(provider)?, return_to, None).await
    }

    /// Begins to link an identity to the account of a user, who has shown the password.
    ///
    /// # Errors
    /// What prevents it.
    pub async fn begin_link(
        &self,
        user: &UserId,
        current: &PasswordAttempt,
        provider: &str,
        return_to: Option<&LocalPath>,
    ) -> Result<Begun, OidcError> {
        let provider = self.provider(provider)?;
        self.0.accounts.check_can_link(user, current, &provider.settings.id).await?;
        self.begin_for(provider, return_to, Some(user)).await
    }

    async fn begin_for(
        &self,
        provider: &Provider,
        return_to: Option<&LocalPath>,
        link_to: Option<&UserId>,
    ) -> Result<Begun, OidcError> {
        let pending = Pending::new(&provider.settings.id, return_to, link_to)?;
        let cookie = pending.seal(&self.0.sealer)?;
        Ok(Begun { url: provider.authorization_url(&pending).await?, cookie })
    }

    /// Finishes what a browser has begun, whose cookie that is, and in which that user is signed in.
    pub async fn finish(
        &self,
        provider: &str,
        answered: Answered,
        cookie: Option<&Secret>,
        (user, client): (Option<&UserId>, SessionClient),
    ) -> Outcome {
        let opened = cookie.ok_or(OidcError::StateNotValid);
        let pending = match opened.and_then(|cookie| Pending::open(&self.0.sealer, cookie)) {
            Ok(pending) => pending,
            Err(error) => return Outcome { return_to: None, is_link: false, finished: Err(error) },
        };
        let return_to = pending.return_to.as_deref().and_then(|path| LocalPath::parse(path).ok());
        let is_link = pending.link_to.is_some();
        let finished = self.finish_pending(provider, answered, pending, (user, client)).await;
        if let Err(error) = &finished {
            tracing::info!(provider, %error, "signing in by a provider failed");
        }
        Outcome { return_to, is_link, finished }
    }

    async fn finish_pending(
        &self,
        provider: &str,
        answered: Answered,
        pending: Pending,
        (user, client): (Option<&UserId>, SessionClient),
    ) -> Result<Finished, OidcError> {
        let provider = self.provider(provider)?;
        let state = answered.state.unwrap_or_default();
        let is_same = bool::from(state.as_bytes().ct_eq(pending.state.as_bytes()));
        if !is_same || pending.provider != provider.settings.id {
            return Err(OidcError::StateNotValid);
        }
        // Once, whatever comes of it.
        let claim = format!("oidc-state:{}", hex::of_bytes(&token::digest(&pending.state)));
        self.0.cache.claim(&claim, LIFETIME).await.map_err(|_| OidcError::StateNotValid)?;
        if answered.issuer.is_some_and(|issuer| issuer != provider.settings.issuer) {
            return Err(OidcError::invalid("the answer is of another issuer"));
        }
        match answered.error.as_deref() {
            None => {}
            Some("access_denied") => return Err(OidcError::Denied),
            // What stands there anybody can have written.
            Some(_) => return Err(OidcError::invalid("it answered with an error")),
        }
        let code = answered.code.ok_or_else(|| OidcError::invalid("the answer has no code"))?;
        if let Some(linked) = &pending.link_to
            && user.is_none_or(|user| user.as_str() != linked)
        {
            return Err(OidcError::SignedOut);
        }
        let person = provider.person(&code, &pending).await?;
        let is_email_verified = person.is_email_verified();
        let email = person.email.as_deref().and_then(|email| EmailAddress::parse(email).ok());
        let identity = ProvenIdentity {
            provider: provider.settings.id.clone(),
            issuer: provider.settings.issuer.clone(),
            subject: person.sub,
            email,
            is_email_verified,
        };
        match user.filter(|_| pending.link_to.is_some()) {
            Some(user) => {
                self.0.accounts.link_identity(user, &identity).await?;
                Ok(Finished::Linked)
            }
            None => Ok(Finished::SignedIn(self.0.accounts.sign_in_by_identity(&identity, client).await?)),
        }
    }
}
