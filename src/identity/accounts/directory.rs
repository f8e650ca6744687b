//! What other features ask of accounts: whose an address is, a letter with a code, and to count the codes that are tried.

use std::{net::IpAddr, time::Duration};

use super::{
    model::{AccountError, Code},
    service::{Accounts, CODE_BYTES},
    throttle::Counted,
};
use crate::{
    identity::access::{Role, UserId},
    platform::{
        mail::{EmailAddress, Place},
        token,
    },
};

/// An invitation that may be sent: it was counted, and there is room for its letter.
#[derive(Debug)]
pub struct Invite {
    place: Place,
    code: Code,
}

impl Invite {
    /// What is kept of its code.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        digest(&self.code)
    }
}

fn digest(code: &Code) -> [u8; 32] {
    token::digest(code.secret().expose())
}

impl Accounts {
    /// The user with that address.
    ///
    /// # Errors
    /// The database is away.
    pub async fn user_at(&self, email: &EmailAddress) -> Result<Option<UserId>, AccountError> {
        Ok(self.inner().store.user_at(&email.key()).await?.map(|known| known.user))
    }

    /// An invitation to an address, with a new code in it; counted as every letter to it and from there is.
    ///
    /// # Errors
    /// [`AccountError::TooMany`], [`AccountError::MailFull`].
    pub async fn invite(&self, to: &EmailAddress, from: IpAddr) -> Result<Invite, AccountError> {
        self.inner().throttle.letter(from, to).await?;
        let place = self.inner().post.place()?;
        Ok(Invite { place, code: Code::new(token::draw::<CODE_BYTES>()?.expose()) })
    }

    /// Sends an invitation into a studio, whose code is good for so long.
    pub fn send_invite(&self, invite: Invite, to: &EmailAddress, studio: &str, role: Role, lasts: Duration) {
        let letter = self.inner().emails.invitation(to, studio, role, &invite.code, lasts);
        invite.place.send(letter);
    }

    /// Counts a code from a letter that somebody offers; gives what is kept of such a code.
    ///
    /// # Errors
    /// [`AccountError::TooMany`].
    pub async fn offered(&self, code: &Code, from: IpAddr) -> Result<[u8; 32], AccountError> {
        self.inner().throttle.code(from).await?;
        Ok(digest(code))
    }

    /// Counts a short code that a user types, by the user and the network.
    ///
    /// # Errors
    /// [`AccountError::TooMany`].
    pub async fn count_typed(&self, user: &UserId, from: IpAddr) -> Result<Counted, AccountError> {
        self.inner().throttle.typed(from, user).await
    }

    /// The code that was counted was right.
    pub async fn typed_right(&self, counted: &Counted) {
        self.inner().throttle.right(counted).await;
    }
}
