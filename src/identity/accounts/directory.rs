//! What other features use of accounts: finding a user by address, sending invitations, and throttling the codes that users
//! enter.

use std::{net::IpAddr, time::Duration};

use super::{
    model::{AccountError, Code},
    service::{Accounts, draw_code},
    throttle::CountedAttempt,
};
use crate::{
    identity::access::{Role, UserId},
    platform::{
        mail::{EmailAddress, Reservation},
        token,
    },
};

/// An invitation that was counted, has a place in the mail queue, and is not sent yet.
#[derive(Debug)]
pub struct PreparedInvitation {
    reservation: Reservation,
    code: Code,
}

impl PreparedInvitation {
    /// The digest of its code, which is what to store.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        digest(&self.code)
    }
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

    /// Prepares an invitation with a new code. It counts as an email to this address, from this client.
    ///
    /// # Errors
    /// [`AccountError::TooManyAttempts`], [`AccountError::MailQueueFull`].
    pub async fn prepare_invitation(
        &self,
        to: &EmailAddress,
        from: IpAddr,
    ) -> Result<PreparedInvitation, AccountError> {
        self.inner().throttle.count_email(from, to).await?;
        let reservation = self.reserve_email()?;
        Ok(PreparedInvitation { reservation, code: draw_code()? })
    }

    /// Sends an invitation into a studio, whose code is valid for `lifetime`.
    pub fn send_invitation(
        &self,
        invitation: PreparedInvitation,
        to: &EmailAddress,
        studio: &str,
        role: Role,
        lifetime: Duration,
    ) {
        let PreparedInvitation { reservation, code } = invitation;
        reservation.send(self.inner().emails.invitation(to, studio, role, &code, lifetime));
    }

    /// Tells an owner that their studio comes near a bound of what it may store. Where the mail queue is full no email is sent.
    pub fn send_storage_notice(&self, to: &str, name: &str, object: &str, detail: &str) {
        let (Ok(to), Ok(reservation)) = (EmailAddress::parse(to), self.inner().mailer.reserve()) else { return };
        reservation.send(self.inner().emails.storage_notice(&to, name, object, detail));
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

    /// Tells the throttle that a counted attempt was right.
    pub async fn attempt_succeeded(&self, attempt: &CountedAttempt) {
        self.inner().throttle.succeeded(attempt).await;
    }
}
