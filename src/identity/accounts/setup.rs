//! The first run: how an installation gets its first administrator. It comes with no default password or key: whoever can
//! read what the program prints, or run it, creates the administrator.

use std::net::IpAddr;

use super::{
    model::{Account, AccountError, Code, CodePurpose, Password},
    password::HashTurn,
    service::{Accounts, draw_code},
};
use crate::{
    identity::access::UserId,
    platform::{clock, mail::EmailAddress, token},
};

impl Accounts {
    /// Issues a code with which the first administrator can be created; nothing where there is a user already. Earlier
    /// setup codes become invalid.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn issue_setup_code(&self) -> Result<Option<Code>, AccountError> {
        let code = draw_code()?;
        let digest = token::digest(code.secret().expose());
        let stored = self.inner().store.replace_setup_code(digest, clock::now_ms()).await?;
        Ok(stored.then_some(code))
    }

    /// Creates the first administrator with a setup code. The address needs no confirmation: only those who run the server
    /// can have the code.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn create_first_administrator(
        &self,
        code: &Code,
        email: &EmailAddress,
        password: Password,
        from: IpAddr,
    ) -> Result<Account, AccountError> {
        let valid = self.find_code(code, CodePurpose::Setup, from).await?;
        let hash = self.inner().hasher.hash(&password.for_address(email)?, HashTurn::of(from)).await?;
        let account = self.inner().store.create_first_administrator(valid.digest, email, hash, clock::now_ms()).await?;
        tracing::info!(user = %account.user, %from, "first administrator created");
        Ok(account)
    }

    /// Makes the user with this address an administrator with this password, and creates the user if there is none: for
    /// the command line.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn make_administrator(&self, email: &EmailAddress, password: Password) -> Result<UserId, AccountError> {
        let hash = self.inner().hasher.hash(&password.for_address(email)?, HashTurn::Operator).await?;
        let user = self.inner().store.upsert_administrator(email, hash, clock::now_ms()).await?;
        tracing::info!(%user, "administrator set on the command line");
        Ok(user)
    }

    /// Whether a user administers the installation.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn is_administrator(&self, user: &UserId) -> Result<bool, AccountError> {
        Ok(self.inner().store.find_user(user).await?.is_some_and(|found| found.administrator))
    }
}
