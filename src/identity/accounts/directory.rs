//! What other features use of accounts: finding a user by address, preparing invitations, and throttling the codes that users
//! enter.

use std::net::IpAddr;

use super::{
    model::{Account, AccountError, Code},
    service::Accounts,
    throttle::CountedAttempt,
};
use crate::{
    identity::access::UserId,
    platform::{mail::EmailAddress, token},
};

/// An invitation that was counted, and may be sent.
#[derive(Debug)]
pub struct PreparedInvitation {
    /// Its id, a UUID.
    pub id: String,
    /// The digest of its code, which is what to store.
    pub digest: [u8; 32],
}

fn digest(code: &Code) -> [u8; 32] {
    token::digest(code.secret().expose())
}

impl Accounts {
    /// Finds the user with this address.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn find_user_by_email(&self, email: &EmailAddress) -> Result<Option<UserId>, AccountError> {
        Ok(self.inner().store.find_user_by_email(&email.key()).await?.map(|found| found.user))
    }

    /// The account of a user.
    ///
    /// # Errors
    /// [`AccountError::Gone`], [`AccountError::Store`].
    pub async fn account(&self, user: &UserId) -> Result<Account, AccountError> {
        self.inner().store.account(user).await
    }

    /// Prepares an invitation, which jobs of that kind send. It counts as an email to this address, from this client.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`], [`AccountError::MailQueueFull`], [`AccountError::SecretKeyMissing`].
    pub async fn prepare_invitation(
        &self,
        to: &EmailAddress,
        from: IpAddr,
        kind: &'static str,
    ) -> Result<PreparedInvitation, AccountError> {
        self.inner().throttle.count_email(from, to).await?;
        self.check_email_room(kind).await?;
        let id = uuid::Uuid::now_v7().simple().to_string();
        let code = self.code_of(&id)?;
        Ok(PreparedInvitation { id, digest: digest(&code) })
    }

    /// Counts an attempt to use a code from an email, by the client's network. Returns the code's digest.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_code(&self, code: &Code, from: IpAddr) -> Result<[u8; 32], AccountError> {
        self.inner().throttle.count_code(from).await?;
        Ok(digest(code))
    }

    /// Counts an attempt to use a short code that a user types, by the user and the client's network.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_typed_code(&self, user: &UserId, from: IpAddr) -> Result<CountedAttempt, AccountError> {
        self.inner().throttle.count_typed_code(from, user).await
    }

    /// Counts an app password that is wrong.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`].
    pub async fn count_wrong_app_password(&self, from: IpAddr) -> Result<(), AccountError> {
        self.inner().throttle.count_app_password(from).await
    }

    /// Tells the throttle that a counted attempt was right.
    pub async fn attempt_succeeded(&self, attempt: &CountedAttempt) {
        self.inner().throttle.succeeded(attempt).await;
    }
}
