//! Identities: accounts at issuers that the operator trusts, with which users sign in. What an issuer says is proven before it comes
//! here (`identity::oidc`).
//!
//! - An identity is known by issuer and subject, never by its address: addresses change hands.
//! - Somebody new gets an account without a password, with the address that the issuer has verified. If there is an account with that
//!   address, they have to sign in to it and link the identity: an issuer must not be able to take accounts over.
//! - The second factor of an account is asked for all the same.
//! - An account keeps a way to sign in: the last identity of one without a password stays.

use std::net::IpAddr;

use super::{
    email_jobs::EmailPurpose,
    model::{AccountError, LinkedIdentity, PasswordAttempt, ProvenIdentity},
    service::{Accounts, stored_address},
    session::{SessionClient, SignIn},
};
use crate::{identity::access::UserId, platform::mail::EmailAddress};

impl Accounts {
    /// The identities of a user, in the order in which they were linked.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn identities(&self, user: &UserId) -> Result<Vec<LinkedIdentity>, AccountError> {
        Ok(self.inner().store.identities(user).await?)
    }

    /// Signs in with an identity, or takes the first of two steps. Whoever is new gets an account.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn sign_in_by_identity(
        &self,
        identity: &ProvenIdentity,
        client: SessionClient,
    ) -> Result<SignIn, AccountError> {
        let record = if let Some(record) = self.inner().store.use_identity(identity).await? {
            record
        } else {
            let email = identity.email.as_ref().filter(|_| identity.is_email_verified);
            let email = email.ok_or(AccountError::EmailNotVerified)?;
            self.check_is_new(email, client.address).await?;
            let record = self.inner().store.create_account_of_identity(email, identity).await?;
            tracing::info!(user = %record.user, provider = identity.provider, "account created by a provider");
            record
        };
        if let Some(challenge) = self.second_step(&record, &client).await? {
            return Ok(SignIn::SecondFactor(challenge));
        }
        Ok(SignIn::Session(self.open_session(record, client).await?))
    }

    async fn check_is_new(&self, email: &EmailAddress, from: IpAddr) -> Result<(), AccountError> {
        self.inner().throttle.count_new_account(from).await?;
        match self.inner().store.find_user_by_email(&email.key()).await? {
            Some(_) => Err(AccountError::EmailTaken),
            None => Ok(()),
        }
    }

    /// Checks the password of a user who wants to link an identity, and that they have none of that provider.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn check_can_link(
        &self,
        user: &UserId,
        current: &PasswordAttempt,
        provider: &str,
    ) -> Result<(), AccountError> {
        self.verify_password(user, current).await?;
        let has_one = self.identities(user).await?.iter().any(|identity| identity.provider == provider);
        if has_one { Err(AccountError::IdentityLinked) } else { Ok(()) }
    }

    /// Links an identity to the account of a user, and tells them by email.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn link_identity(&self, user: &UserId, identity: &ProvenIdentity) -> Result<(), AccountError> {
        let notice = EmailPurpose::IdentityLinked { provider: identity.provider.clone() };
        let notice = self.notice_of(user, notice).await?;
        self.inner().store.link_identity(user, identity, notice).await?;
        tracing::info!(%user, provider = identity.provider, "identity linked");
        Ok(())
    }

    /// Unlinks an identity, and tells the user by email.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn unlink_identity(&self, user: &UserId, id: &str) -> Result<(), AccountError> {
        let found = self.identities(user).await?.into_iter().find(|identity| identity.id == id);
        let provider = found.ok_or(AccountError::IdentityNotFound)?.provider;
        let notice = self.notice_of(user, EmailPurpose::IdentityUnlinked { provider: provider.clone() }).await?;
        self.inner().store.unlink_identity(user, id, notice).await?;
        tracing::info!(%user, provider, "identity unlinked");
        Ok(())
    }

    async fn notice_of(
        &self,
        user: &UserId,
        purpose: EmailPurpose,
    ) -> Result<Option<crate::platform::jobs::NewJob>, AccountError> {
        let record = self.inner().store.find_user(user).await?.ok_or(AccountError::Gone)?;
        Ok(self.notice_to(user, &stored_address(&record.email)?, purpose).await)
    }
}
