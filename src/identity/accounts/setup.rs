//! The first run: how an installation gets its administrator. There is no password and no key that it comes with; who may
//! read what the program prints, or run it, makes the administrator.

use std::net::IpAddr;

use super::{
    model::{Account, AccountError, Code, Password, Purpose},
    service::{Accounts, CODE_BYTES},
};
use crate::{
    identity::access::UserId,
    platform::{clock, mail::EmailAddress, token},
};

impl Accounts {
    /// A code for whoever makes the administrator; nothing where there is a user already. Those that were given before are
    /// good no longer.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn offer_setup(&self) -> Result<Option<Code>, AccountError> {
        let code = Code::new(token::draw::<CODE_BYTES>()?.expose());
        let digest = token::digest(code.secret().expose());
        let kept = self.inner().store.keep_setup_code(digest, clock::now_ms()).await?;
        Ok(kept.then_some(code))
    }

    /// Makes the administrator with the code that was printed at the start. The address counts as proven: nobody else can
    /// have the code.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn set_up(
        &self,
        code: &Code,
        email: &EmailAddress,
        password: Password,
        from: IpAddr,
    ) -> Result<Account, AccountError> {
        let (digest, _) = self.look_up(code, Purpose::Setup, from).await?;
        let hash = self.inner().hasher.hash(&password.for_address(email)?).await?;
        let account = self.inner().store.set_up(digest, email, hash, clock::now_ms()).await?;
        tracing::info!(user = %account.user, %from, "the administrator was made");
        Ok(account)
    }

    /// Makes somebody an administrator, at the word of whoever runs the program. Who has an account keeps it, with this
    /// password.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn make_administrator(&self, email: &EmailAddress, password: Password) -> Result<UserId, AccountError> {
        let hash = self.inner().hasher.hash(&password.for_address(email)?).await?;
        let user = self.inner().store.administer(email, hash, clock::now_ms()).await?;
        tracing::info!(%user, "somebody was made an administrator on the command line");
        Ok(user)
    }

    /// Whether a user administers the installation.
    ///
    /// # Errors
    /// The database is away.
    pub async fn is_administrator(&self, user: &UserId) -> Result<bool, AccountError> {
        Ok(self.inner().store.user(user).await?.is_some_and(|known| known.administrator))
    }
}
