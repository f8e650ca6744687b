//! All SQL of accounts: users and codes here, sessions in [`sessions`].

mod sessions;
mod setup;

use entity::control::identity::{user, user_code, user_session};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, Set, SqlErr,
    sea_query::{Expr, ExprTrait, Order, Query},
};

pub use self::sessions::NewSession;
use super::model::{Account, AccountError, Everything, OpenSession, PendingCode, Purpose};
use crate::{
    identity::access::user_id::UserId,
    platform::{db::Control, error::StoreError, mail::EmailAddress},
};

/// Accounts, sessions and codes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

/// What the service needs to know of a user.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who it is.
    pub user: UserId,
    /// The address, as given.
    pub email: String,
    /// What all spellings of the address have in common.
    pub email_key: String,
    /// The password's hash.
    pub password: String,
    /// SessionVerifier of an older epoch are void.
    pub epoch: i64,
    /// Whether it administers the installation.
    pub administrator: bool,
}

/// A code that was sent and is still good.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The address that it was sent to, as given.
    pub email: String,
    /// Whose account it is about, where there is one.
    pub user: Option<UserId>,
}

impl From<user::Model> for Known {
    fn from(row: user::Model) -> Self {
        let user::Model { id, email, email_key, password, epoch, administrator, .. } = row;
        Self { user: UserId::stored(&id), email, email_key, password, epoch, administrator }
    }
}

impl From<user_code::Model> for Sent {
    fn from(row: user_code::Model) -> Self {
        let user = Some(row.user).filter(|user| !user.is_empty());
        Self { email: row.email, user: user.map(|user| UserId::stored(&user)) }
    }
}

/// A row that is there already is another account's address.
fn taken(error: StoreError) -> AccountError {
    match &error {
        StoreError::InvalidRow(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            AccountError::AddressTaken
        }
        _ => error.into(),
    }
}

/// A row that another names: the user has become a member of a studio at this moment.
fn held(error: StoreError) -> AccountError {
    match &error {
        StoreError::InvalidRow(cause) if matches!(cause.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))) => {
            AccountError::Busy
        }
        _ => error.into(),
    }
}

impl Store {
    /// The accounts of an installation.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// The user with that address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn user_at(&self, email_key: &str) -> Result<Option<Known>, StoreError> {
        self.user_where(user::Column::EmailKey.eq(email_key)).await.map(|found| found.map(Known::from))
    }

    /// That user.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn user(&self, user: &UserId) -> Result<Option<Known>, StoreError> {
        self.user_where(user::Column::Id.eq(user.as_str())).await.map(|found| found.map(Known::from))
    }

    async fn user_where(&self, condition: Expr) -> Result<Option<user::Model>, StoreError> {
        let select = self.control.select::<user::Entity>().and_where(condition).to_owned();
        Ok(self.control.all(&select).await?.pop())
    }

    /// Keeps a code that is to be sent. Only the newest for a purpose and address is good.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_code(
        &self,
        digest: [u8; 32],
        purpose: Purpose,
        to: &EmailAddress,
        user: Option<&UserId>,
        (created_at_ms, expires_at_ms): (i64, i64),
    ) -> Result<(), StoreError> {
        let row = user_code::ActiveModel {
            digest: Set(digest.to_vec()),
            purpose: Set(purpose.number()),
            email: Set(to.as_str().to_owned()),
            email_key: Set(to.key()),
            user: Set(user.map_or_else(String::new, |user| user.as_str().to_owned())),
            created_at_ms: Set(created_at_ms),
            expires_at_ms: Set(expires_at_ms),
        };
        // A change of address is the account's own: two accounts may ask for one address, and the first to prove it has
        // it.
        let older = match user {
            Some(user) if purpose == Purpose::ChangeEmail => user_code::Column::User.eq(user.as_str()),
            _ => user_code::Column::EmailKey.eq(to.key()),
        };
        let transaction = self.control.begin().await?;
        let older = older.and(user_code::Column::Purpose.eq(purpose.number()));
        self.control.delete(&transaction, user_code::Entity, older).await?;
        self.control.insert(&transaction, vec![row]).await?;
        self.control.commit(transaction).await
    }

    /// A code that is still good, without using it.
    ///
    /// # Errors
    /// [`AccountError::CodeNotValid`], or [`StoreError`].
    pub async fn code(&self, digest: [u8; 32], purpose: Purpose, now_ms: i64) -> Result<Sent, AccountError> {
        let select = self.control.select::<user_code::Entity>().and_where(is_good(digest, purpose, now_ms)).to_owned();
        let mut found: Vec<user_code::Model> = self.control.all(&select).await?;
        found.pop().map(Sent::from).ok_or(AccountError::CodeNotValid)
    }

    /// Uses a code up.
    async fn take_code(
        &self,
        transaction: &DatabaseTransaction,
        digest: [u8; 32],
        purpose: Purpose,
        now_ms: i64,
    ) -> Result<(), AccountError> {
        // Of two who come at once one deletes it.
        let good = is_good(digest, purpose, now_ms);
        let deleted = self.control.delete(transaction, user_code::Entity, good).await?;
        if deleted == 1 { Ok(()) } else { Err(AccountError::CodeNotValid) }
    }

    /// Makes an account for the address that a code was sent to.
    ///
    /// # Errors
    /// [`AccountError::CodeNotValid`], [`AccountError::AddressTaken`], or [`StoreError`].
    pub async fn make_account(
        &self,
        code: [u8; 32],
        email: &EmailAddress,
        password: String,
        now_ms: i64,
    ) -> Result<Account, AccountError> {
        let transaction = self.control.begin().await?;
        self.take_code(&transaction, code, Purpose::Register, now_ms).await?;
        let account = self.insert_user(&transaction, email, password, false, now_ms).await?;
        self.control.commit(transaction).await?;
        Ok(account)
    }

    async fn insert_user(
        &self,
        transaction: &DatabaseTransaction,
        email: &EmailAddress,
        password: String,
        administrator: bool,
        now_ms: i64,
    ) -> Result<Account, AccountError> {
        let user = UserId::make();
        let row = user::ActiveModel {
            id: Set(user.as_str().to_owned()),
            email: Set(email.as_str().to_owned()),
            email_key: Set(email.key()),
            password: Set(password),
            epoch: Set(0),
            administrator: Set(administrator),
            created_at_ms: Set(now_ms),
            password_at_ms: Set(now_ms),
        };
        self.control.insert(transaction, vec![row]).await.map_err(taken)?;
        let email = email.as_str().to_owned();
        Ok(Account { user, email, created_at_ms: now_ms, password_at_ms: now_ms, administrator })
    }

    /// Sets a password, for which a code was sent or not. All sessions and codes of the user end.
    ///
    /// # Errors
    /// [`AccountError::CodeNotValid`], [`AccountError::Gone`], or [`StoreError`].
    pub async fn set_password(
        &self,
        user: &UserId,
        code: Option<[u8; 32]>,
        password: String,
        now_ms: i64,
    ) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        if let Some(digest) = code {
            self.take_code(&transaction, digest, Purpose::Reset, now_ms).await?;
        }
        let update = Query::update()
            .table(self.control.table(user::Entity))
            .value(user::Column::Password, password)
            .value(user::Column::PasswordAtMs, now_ms)
            .and_where(user::Column::Id.eq(user.as_str()))
            .to_owned();
        if self.control.execute(&transaction, &update).await? == 0 {
            return Err(AccountError::Gone);
        }
        self.control.delete(&transaction, user_code::Entity, user_code::Column::User.eq(user.as_str())).await?;
        self.void_sessions(&transaction, user).await?;
        Ok(self.control.commit(transaction).await?)
    }

    /// Puts a new hash of the same password in the place of an old one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rehash(&self, known: &Known, password: String) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let update = Query::update()
            .table(self.control.table(user::Entity))
            .value(user::Column::Password, password)
            .and_where(user::Column::Id.eq(known.user.as_str()))
            // Another password may have been set meanwhile.
            .and_where(user::Column::Password.eq(known.password.as_str()))
            .to_owned();
        self.control.execute(&transaction, &update).await?;
        self.control.commit(transaction).await
    }

    /// Makes the address that a code was sent to the user's. Codes that were sent to the old one end.
    ///
    /// # Errors
    /// [`AccountError::CodeNotValid`], [`AccountError::AddressTaken`], or [`StoreError`].
    pub async fn change_email(
        &self,
        user: &UserId,
        code: [u8; 32],
        email: &EmailAddress,
        now_ms: i64,
    ) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        self.take_code(&transaction, code, Purpose::ChangeEmail, now_ms).await?;
        let update = Query::update()
            .table(self.control.table(user::Entity))
            .value(user::Column::Email, email.as_str())
            .value(user::Column::EmailKey, email.key())
            .and_where(user::Column::Id.eq(user.as_str()))
            .to_owned();
        self.control.execute(&transaction, &update).await.map_err(taken)?;
        self.control.delete(&transaction, user_code::Entity, user_code::Column::User.eq(user.as_str())).await?;
        Ok(self.control.commit(transaction).await?)
    }

    /// All that is kept of a user: the newest sessions first.
    ///
    /// # Errors
    /// [`AccountError::Gone`], or [`StoreError`].
    pub async fn everything(&self, user: &UserId, idle_ms: i64, now_ms: i64) -> Result<Everything, AccountError> {
        let found = self.user_where(user::Column::Id.eq(user.as_str())).await?.ok_or(AccountError::Gone)?;
        let select = self
            .control
            .select::<user_session::Entity>()
            .and_where(user_session::Column::User.eq(user.as_str()))
            .and_where(user_session::Column::Epoch.eq(found.epoch))
            .and_where(user_session::Column::UsedAtMs.gt(idle_ms))
            .and_where(user_session::Column::ExpiresAtMs.gt(now_ms))
            .order_by(user_session::Column::Id, Order::Desc)
            .to_owned();
        let sessions: Vec<user_session::Model> = self.control.all(&select).await?;
        let select = self
            .control
            .select::<user_code::Entity>()
            .and_where(user_code::Column::User.eq(user.as_str()))
            .and_where(user_code::Column::ExpiresAtMs.gt(now_ms))
            .order_by(user_code::Column::CreatedAtMs, Order::Desc)
            .to_owned();
        let codes: Vec<user_code::Model> = self.control.all(&select).await?;
        let pending = |code: user_code::Model| {
            let user_code::Model { purpose, email, created_at_ms, expires_at_ms, .. } = code;
            PendingCode { purpose: Purpose::name(purpose), email, created_at_ms, expires_at_ms }
        };
        let user::Model { email, created_at_ms, password_at_ms, administrator, .. } = found;
        Ok(Everything {
            account: Account { user: user.clone(), email, created_at_ms, password_at_ms, administrator },
            sessions: sessions.into_iter().map(OpenSession::from).collect(),
            codes: codes.into_iter().map(pending).collect(),
        })
    }

    async fn void_sessions(&self, transaction: &DatabaseTransaction, user: &UserId) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(user::Entity))
            .value(user::Column::Epoch, Expr::col(user::Column::Epoch).add(1))
            .and_where(user::Column::Id.eq(user.as_str()))
            .to_owned();
        self.control.execute(transaction, &update).await?;
        let theirs = user_session::Column::User.eq(user.as_str());
        self.control.delete(transaction, user_session::Entity, theirs).await?;
        Ok(())
    }

    /// Deletes a user with all that hangs on it here.
    ///
    /// # Errors
    /// [`AccountError::Busy`], or [`StoreError`].
    pub async fn delete(&self, user: &UserId) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        let id = user.as_str();
        self.control.delete(&transaction, user_session::Entity, user_session::Column::User.eq(id)).await?;
        self.control.delete(&transaction, user_code::Entity, user_code::Column::User.eq(id)).await?;
        self.control.delete(&transaction, user::Entity, user::Column::Id.eq(id)).await.map_err(held)?;
        Ok(self.control.commit(transaction).await?)
    }

    /// Forgets the sessions and codes that have ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_ended(&self, idle_ms: i64, now_ms: i64) -> Result<u64, StoreError> {
        let transaction = self.control.begin().await?;
        let sessions = user_session::Column::ExpiresAtMs.lte(now_ms).or(user_session::Column::UsedAtMs.lte(idle_ms));
        let codes = user_code::Column::ExpiresAtMs.lte(now_ms);
        let mut forgotten = self.control.delete(&transaction, user_session::Entity, sessions).await?;
        forgotten += self.control.delete(&transaction, user_code::Entity, codes).await?;
        self.control.commit(transaction).await?;
        Ok(forgotten)
    }
}

fn is_good(digest: [u8; 32], purpose: Purpose, now_ms: i64) -> Expr {
    user_code::Column::Digest
        .eq(digest.to_vec())
        .and(user_code::Column::Purpose.eq(purpose.number()))
        .and(user_code::Column::ExpiresAtMs.gt(now_ms))
}
