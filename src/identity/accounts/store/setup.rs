//! The first administrator. Each of these transactions locks the installation's row first, so that concurrent ones, on any
//! instance, run one after the other.

use entity::control::identity::{user, user_code};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{Expr, Query},
};

use super::{Store, codes::number};
use crate::{
    identity::{
        access::UserId,
        accounts::model::{Account, AccountError, CodePurpose},
    },
    platform::{error::StoreError, mail::EmailAddress},
};

#[derive(FromQueryResult)]
struct IdRow {
    id: String,
}

impl Store {
    /// Stores a setup code if there is no user at all, and deletes older ones. Returns whether it was stored.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replace_setup_code(&self, digest: [u8; 32], now_ms: i64) -> Result<bool, StoreError> {
        let transaction = self.control.begin_exclusive().await?;
        self.delete_setup_codes(&transaction).await?;
        let any_user =
            Query::select().column(user::Column::Id).from(self.control.table(user::Entity)).limit(1).to_owned();
        let no_users = self.control.returned::<IdRow>(&transaction, &any_user).await?.is_empty();
        if no_users {
            let row = user_code::ActiveModel {
                digest: Set(digest.to_vec()),
                purpose: Set(number(CodePurpose::Setup)),
                email: Set(String::new()),
                email_key: Set(String::new()),
                user: Set(String::new()),
                created_at_ms: Set(now_ms),
                // Valid until it is used, or until the next start.
                expires_at_ms: Set(i64::MAX),
            };
            self.control.insert(&transaction, vec![row]).await?;
        }
        self.control.commit(transaction).await?;
        Ok(no_users)
    }

    /// Creates the first administrator, and uses the setup code up.
    ///
    /// # Errors
    /// [`AccountError::InvalidCode`], also where there is an administrator already; [`AccountError::EmailTaken`]; or
    /// [`StoreError`].
    pub async fn create_first_administrator(
        &self,
        code_digest: [u8; 32],
        email: &EmailAddress,
        password_hash: String,
        now_ms: i64,
    ) -> Result<Account, AccountError> {
        let transaction = self.control.begin_exclusive().await?;
        self.use_code(&transaction, code_digest, CodePurpose::Setup, now_ms).await?;
        // As the index says it, which a comparison with a parameter would not use.
        let is_administrator = Expr::col((user::Entity, user::Column::Administrator));
        let select = self.control.select::<user::Entity>().and_where(is_administrator).limit(1).to_owned();
        if !self.control.returned::<user::Model>(&transaction, &select).await?.is_empty() {
            return Err(AccountError::InvalidCode);
        }
        let account = self.insert_user(&transaction, email, password_hash, true, now_ms).await?;
        self.control.commit(transaction).await?;
        Ok(account)
    }

    /// Makes the user with this address an administrator with this password. Creates the user, or ends the sessions of the
    /// existing one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn upsert_administrator(
        &self,
        email: &EmailAddress,
        password_hash: String,
        now_ms: i64,
    ) -> Result<UserId, AccountError> {
        let transaction = self.control.begin_exclusive().await?;
        self.delete_setup_codes(&transaction).await?;
        let update = Query::update()
            .table(self.control.table(user::Entity))
            .value(user::Column::Administrator, true)
            .value(user::Column::Password, password_hash.as_str())
            .value(user::Column::PasswordAtMs, now_ms)
            .and_where(user::Column::EmailKey.eq(email.key()))
            .returning_col(user::Column::Id)
            .to_owned();
        let updated: Vec<IdRow> = self.control.returned(&transaction, &update).await?;
        let user = if let Some(row) = updated.first() {
            let user = UserId::stored(&row.id);
            self.delete_codes_of(&transaction, &user).await?;
            self.void_sessions(&transaction, &user).await?;
            user
        } else {
            self.insert_user(&transaction, email, password_hash, true, now_ms).await?.user
        };
        self.control.commit(transaction).await?;
        Ok(user)
    }

    async fn delete_setup_codes(&self, transaction: &DatabaseTransaction) -> Result<(), StoreError> {
        let setup = user_code::Column::Purpose.eq(number(CodePurpose::Setup));
        self.control.delete(transaction, user_code::Entity, setup).await?;
        Ok(())
    }
}
