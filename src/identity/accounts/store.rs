//! All SQL of accounts: users here, [`codes`], [`sessions`], the [`second_factor`], [`identities`], and the [`setup`] of the first administrator.

mod codes;
mod identities;
mod second_factor;
mod sessions;
mod setup;

use entity::control::identity::{profile, user, user_code, user_session};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set, SqlErr,
    sea_query::{Expr, ExprTrait, LockType, Query},
};

use super::model::{Account, AccountData, AccountError, CodePurpose, UserRecord};
use crate::{
    identity::{
        access::{Ban, UserId},
        profiles::{Username, insert_profile},
    },
    platform::{
        clock,
        db::Control,
        error::StoreError,
        jobs::{Jobs, NewJob},
        mail::{EmailAddress, Language},
    },
};

/// Reads and writes users, sessions and codes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
    jobs: Jobs,
}

#[derive(FromQueryResult)]
struct LanguageRow {
    language: String,
}

impl From<user::Model> for UserRecord {
    fn from(row: user::Model) -> Self {
        let user::Model { id, email, email_key, password: password_hash, epoch, administrator, .. } = row;
        Self { user: UserId::stored(&id), email, email_key, password_hash, epoch, administrator }
    }
}

impl From<user::Model> for Account {
    fn from(row: user::Model) -> Self {
        let ban = Ban::stored(row.banned_until_ms, row.ban_reason);
        let user::Model { id, email, password, created_at_ms, password_at_ms, administrator, moderator, .. } = row;
        let password_at_ms = Some(password_at_ms).filter(|_| !password.is_empty());
        Self { user: UserId::stored(&id), email, created_at_ms, password_at_ms, administrator, moderator, ban }
    }
}

/// Maps a violated unique constraint: another account has the email address.
fn email_taken(error: StoreError) -> AccountError {
    match &error {
        StoreError::InvalidRow(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            AccountError::EmailTaken
        }
        _ => error.into(),
    }
}

/// Maps a violated foreign key: the user became a member of a studio in the meantime.
fn still_referenced(error: StoreError) -> AccountError {
    match &error {
        StoreError::InvalidRow(cause) if matches!(cause.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))) => {
            AccountError::Busy
        }
        _ => error.into(),
    }
}

impl Store {
    /// A store over the control database.
    #[must_use]
    pub fn new(control: Control, jobs: Jobs) -> Self {
        Self { control, jobs }
    }

    /// Commits a transaction, and with it the email that tells of it.
    async fn commit_and_tell(
        &self,
        transaction: DatabaseTransaction,
        notice: Option<NewJob>,
    ) -> Result<(), StoreError> {
        let queued = match notice {
            Some(job) => Some(self.jobs.enqueue(&transaction, job).await?),
            None => None,
        };
        self.control.commit(transaction).await?;
        if let Some(queued) = queued {
            queued.wake().await;
        }
        Ok(())
    }

    /// Refuses to promise an email whose code could not be stored.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`].
    pub fn check_room(&self) -> Result<(), StoreError> {
        self.control.check_room()
    }

    /// Finds a user by their email address in lower case.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_user_by_email(&self, email_key: &str) -> Result<Option<UserRecord>, StoreError> {
        Ok(self.find_user_where(user::Column::EmailKey.eq(email_key)).await?.map(UserRecord::from))
    }

    /// Finds a user by id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_user(&self, user: &UserId) -> Result<Option<UserRecord>, StoreError> {
        Ok(self.find_user_where(user::Column::Id.eq(user.as_str())).await?.map(UserRecord::from))
    }

    /// The account of a user.
    ///
    /// # Errors
    /// [`AccountError::Gone`], or [`StoreError`].
    pub async fn account(&self, user: &UserId) -> Result<Account, AccountError> {
        let row = self.find_user_where(user::Column::Id.eq(user.as_str())).await?;
        row.map(Account::from).ok_or(AccountError::Gone)
    }

    /// The language in which a user wants emails; nothing where they have not said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn language_of(&self, user: &UserId) -> Result<Option<Language>, StoreError> {
        let select = Query::select()
            .column(profile::Column::Language)
            .from(self.control.table(profile::Entity))
            .and_where(profile::Column::UserId.eq(user.as_str()))
            .to_owned();
        let row: Option<LanguageRow> = self.control.all(&select).await?.pop();
        let language = row.map(|row| row.language).filter(|language| !language.is_empty());
        Ok(language.map(|tag| Language::of(&tag)))
    }

    async fn find_user_where(&self, condition: Expr) -> Result<Option<user::Model>, StoreError> {
        let select = self.control.select::<user::Entity>().and_where(condition).to_owned();
        Ok(self.control.all(&select).await?.pop())
    }

    /// Creates the account that a registration code is for, with that username if one is given, and uses the code up.
    ///
    /// # Errors
    /// [`AccountError::InvalidCode`], [`AccountError::EmailTaken`], [`AccountError::UsernameTaken`], or [`StoreError`].
    pub async fn create_account(
        &self,
        code_digest: [u8; 32],
        email: &EmailAddress,
        password_hash: String,
        username: Option<&Username>,
        now_ms: i64,
    ) -> Result<Account, AccountError> {
        let transaction = self.control.begin().await?;
        self.use_code(&transaction, code_digest, CodePurpose::Register, now_ms).await?;
        let account = self.insert_user(&transaction, email, password_hash, false, now_ms).await?;
        if let Some(username) = username
            && !insert_profile(&self.control, &transaction, &account.user, username, now_ms).await?
        {
            return Err(AccountError::UsernameTaken);
        }
        self.control.commit(transaction).await?;
        Ok(account)
    }

    async fn insert_user(
        &self,
        transaction: &DatabaseTransaction,
        email: &EmailAddress,
        password_hash: String,
        administrator: bool,
        now_ms: i64,
    ) -> Result<Account, AccountError> {
        let user = UserId::generate();
        let row = user::ActiveModel {
            id: Set(user.as_str().to_owned()),
            email: Set(email.as_str().to_owned()),
            email_key: Set(email.key()),
            password: Set(password_hash.clone()),
            epoch: Set(0),
            administrator: Set(administrator),
            moderator: Set(false),
            banned_until_ms: Set(None),
            ban_reason: Set(None),
            created_at_ms: Set(now_ms),
            password_at_ms: Set(now_ms),
        };
        self.control.insert(transaction, vec![row]).await.map_err(email_taken)?;
        let email = email.as_str().to_owned();
        let (created_at_ms, password_at_ms) = (now_ms, Some(now_ms).filter(|_| !password_hash.is_empty()));
        Ok(Account { user, email, created_at_ms, password_at_ms, administrator, moderator: false, ban: None })
    }

    /// Sets a password, if no other request has set one, or has ended the sessions, since the user was read. Ends the user's
    /// sessions, and deletes their codes.
    ///
    /// # Errors
    /// [`AccountError::SessionEnded`], [`AccountError::Gone`], or [`StoreError`].
    pub async fn change_password(
        &self,
        user: &UserRecord,
        password_hash: String,
        notice: Option<NewJob>,
    ) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        let same_epoch = user::Column::Epoch.eq(user.epoch);
        if !self.update_password(&transaction, &user.user, same_epoch, password_hash).await? {
            return Err(self.lost_race(&transaction, &user.user).await?);
        }
        Ok(self.commit_and_tell(transaction, notice).await?)
    }

    /// Sets a password, and uses up the code for it. Ends the user's sessions, and deletes their codes. The address that the
    /// code was sent to must still be the account's.
    ///
    /// # Errors
    /// [`AccountError::InvalidCode`], or [`StoreError`].
    pub async fn reset_password(
        &self,
        user: &UserId,
        email: &EmailAddress,
        code_digest: [u8; 32],
        password_hash: String,
        notice: Option<NewJob>,
    ) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        self.use_code(&transaction, code_digest, CodePurpose::ResetPassword, clock::now_ms()).await?;
        let same_address = user::Column::EmailKey.eq(email.key());
        if !self.update_password(&transaction, user, same_address, password_hash).await? {
            return Err(AccountError::InvalidCode);
        }
        Ok(self.commit_and_tell(transaction, notice).await?)
    }

    /// Returns whether the user is there and fulfils the condition.
    async fn update_password(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        condition: Expr,
        password_hash: String,
    ) -> Result<bool, StoreError> {
        let update = Query::update()
            .table(self.control.table(user::Entity))
            .value(user::Column::Password, password_hash)
            .value(user::Column::PasswordAtMs, clock::now_ms())
            .and_where(user::Column::Id.eq(user.as_str()))
            .and_where(condition)
            .to_owned();
        if self.control.execute(transaction, &update).await? == 0 {
            return Ok(false);
        }
        self.delete_codes_of(transaction, user).await?;
        self.void_sessions(transaction, user).await?;
        Ok(true)
    }

    /// Why a statement found no user of the epoch that was read.
    async fn lost_race(&self, transaction: &DatabaseTransaction, user: &UserId) -> Result<AccountError, StoreError> {
        let is_there = self.lock_user(transaction, user).await?.is_some();
        Ok(if is_there { AccountError::SessionEnded } else { AccountError::Gone })
    }

    /// Locks a user's row until the transaction ends, and reads it.
    pub(super) async fn lock_user(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
    ) -> Result<Option<UserRecord>, StoreError> {
        let select = self
            .control
            .select::<user::Entity>()
            .and_where(user::Column::Id.eq(user.as_str()))
            .lock(LockType::Update)
            .to_owned();
        let rows: Vec<user::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next().map(UserRecord::from))
    }

    /// Checks that nobody has set another password, or ended the sessions, since the user was read.
    ///
    /// # Errors
    /// [`AccountError::SessionEnded`], [`AccountError::Gone`], or [`StoreError`].
    pub async fn check_epoch(&self, user: &UserRecord) -> Result<(), AccountError> {
        match self.find_user(&user.user).await? {
            Some(now) if now.epoch == user.epoch => Ok(()),
            Some(_) => Err(AccountError::SessionEnded),
            None => Err(AccountError::Gone),
        }
    }

    /// Replaces the hash of an unchanged password, unless another password was set in the meantime.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replace_hash(&self, old: &UserRecord, password_hash: String) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let update = Query::update()
            .table(self.control.table(user::Entity))
            .value(user::Column::Password, password_hash)
            .and_where(user::Column::Id.eq(old.user.as_str()))
            .and_where(user::Column::Password.eq(old.password_hash.as_str()))
            .to_owned();
        self.control.execute(&transaction, &update).await?;
        self.control.commit(transaction).await
    }

    /// Changes a user's email address to the one that a code was sent to, and uses the code up. Deletes their other codes.
    ///
    /// # Errors
    /// [`AccountError::InvalidCode`], [`AccountError::EmailTaken`], or [`StoreError`].
    pub async fn change_email(
        &self,
        user: &UserId,
        code_digest: [u8; 32],
        email: &EmailAddress,
        notice: Option<NewJob>,
    ) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        self.use_code(&transaction, code_digest, CodePurpose::ChangeEmail, clock::now_ms()).await?;
        let update = Query::update()
            .table(self.control.table(user::Entity))
            .value(user::Column::Email, email.as_str())
            .value(user::Column::EmailKey, email.key())
            .and_where(user::Column::Id.eq(user.as_str()))
            .to_owned();
        self.control.execute(&transaction, &update).await.map_err(email_taken)?;
        self.delete_codes_of(&transaction, user).await?;
        Ok(self.commit_and_tell(transaction, notice).await?)
    }

    /// Reads all data of a user: sessions that were used after `idle_since_ms` and expire after `now_ms`, codes that expire
    /// after `now_ms`.
    ///
    /// # Errors
    /// [`AccountError::Gone`], or [`StoreError`].
    pub async fn account_data(
        &self,
        user: &UserId,
        idle_since_ms: i64,
        now_ms: i64,
    ) -> Result<AccountData, AccountError> {
        let row = self.find_user_where(user::Column::Id.eq(user.as_str())).await?.ok_or(AccountError::Gone)?;
        let sessions = self.list_sessions(user, row.epoch, idle_since_ms, now_ms).await?;
        let codes = self.list_codes(user, now_ms).await?;
        let second_factor = self.second_factor(user).await?;
        let identities = self.identities(user).await?;
        Ok(AccountData { account: row.into(), sessions, codes, second_factor, identities })
    }

    /// Deletes a user with their sessions and codes, if nobody has set another password since the user was read.
    ///
    /// # Errors
    /// [`AccountError::SessionEnded`], [`AccountError::Gone`], [`AccountError::Busy`], or [`StoreError`].
    pub async fn delete_user(&self, user: &UserRecord, notice: Option<NewJob>) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        let id = user.user.as_str();
        if self.lock_user(&transaction, &user.user).await?.is_none_or(|now| now.epoch != user.epoch) {
            return Err(self.lost_race(&transaction, &user.user).await?);
        }
        self.control.delete(&transaction, user_session::Entity, user_session::Column::User.eq(id)).await?;
        self.delete_codes_of(&transaction, &user.user).await?;
        self.control.delete(&transaction, user::Entity, user::Column::Id.eq(id)).await.map_err(still_referenced)?;
        Ok(self.commit_and_tell(transaction, notice).await?)
    }

    /// Deletes sessions that were last used at `idle_since_ms` or before, and sessions and codes that expired by `now_ms`.
    /// Returns how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_expired(&self, idle_since_ms: i64, now_ms: i64) -> Result<u64, StoreError> {
        let transaction = self.control.begin().await?;
        let sessions =
            user_session::Column::ExpiresAtMs.lte(now_ms).or(user_session::Column::UsedAtMs.lte(idle_since_ms));
        let codes = user_code::Column::ExpiresAtMs.lte(now_ms);
        let mut deleted = self.control.delete(&transaction, user_session::Entity, sessions).await?;
        deleted += self.control.delete(&transaction, user_code::Entity, codes).await?;
        self.control.commit(transaction).await?;
        Ok(deleted)
    }
}
