//! The first administrator. Whoever makes one holds the installation's row meanwhile, so that of several who try at once,
//! on whichever instances, the others see what the first has done.

use entity::control::{
    identity::{user, user_code},
    platform::installation,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{LockType, Query},
};

use super::Store;
use crate::{
    identity::{
        access::UserId,
        accounts::model::{Account, AccountError, Purpose},
    },
    platform::{error::StoreError, mail::EmailAddress},
};

#[derive(FromQueryResult)]
struct IdRow {
    id: String,
}

impl Store {
    /// Keeps a code for whoever makes the administrator, if there is no user at all; an older one is good no longer. Says
    /// whether it was kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_setup_code(&self, digest: [u8; 32], now_ms: i64) -> Result<bool, StoreError> {
        let transaction = self.begin_setup().await?;
        self.forget_setup_codes(&transaction).await?;
        let anybody =
            Query::select().column(user::Column::Id).from(self.control.table(user::Entity)).limit(1).to_owned();
        let nobody = self.control.returned::<IdRow>(&transaction, &anybody).await?.is_empty();
        if nobody {
            let row = user_code::ActiveModel {
                digest: Set(digest.to_vec()),
                purpose: Set(Purpose::Setup.number()),
                email: Set(String::new()),
                email_key: Set(String::new()),
                user: Set(String::new()),
                created_at_ms: Set(now_ms),
                // Until it is used, or the next start.
                expires_at_ms: Set(i64::MAX),
            };
            self.control.insert(&transaction, vec![row]).await?;
        }
        self.control.commit(transaction).await?;
        Ok(nobody)
    }

    /// Makes the administrator for whom the code was printed.
    ///
    /// # Errors
    /// [`AccountError::CodeNotValid`], also where there is one already; [`AccountError::AddressTaken`]; or [`StoreError`].
    pub async fn set_up(
        &self,
        code: [u8; 32],
        email: &EmailAddress,
        password: String,
        now_ms: i64,
    ) -> Result<Account, AccountError> {
        let transaction = self.begin_setup().await?;
        self.take_code(&transaction, code, Purpose::Setup, now_ms).await?;
        let is_one = user::Column::Administrator.eq(true);
        let find = self.control.select::<user::Entity>().and_where(is_one).limit(1).to_owned();
        if !self.control.returned::<user::Model>(&transaction, &find).await?.is_empty() {
            return Err(AccountError::CodeNotValid);
        }
        let account = self.insert_user(&transaction, email, password, true, now_ms).await?;
        self.control.commit(transaction).await?;
        Ok(account)
    }

    /// Makes the user with that address an administrator with that password: a new one, or the one that has the address,
    /// whose sessions then end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn administer(
        &self,
        email: &EmailAddress,
        password: String,
        now_ms: i64,
    ) -> Result<UserId, AccountError> {
        let transaction = self.begin_setup().await?;
        self.forget_setup_codes(&transaction).await?;
        let update = Query::update()
            .table(self.control.table(user::Entity))
            .value(user::Column::Administrator, true)
            .value(user::Column::Password, password.as_str())
            .value(user::Column::PasswordAtMs, now_ms)
            .and_where(user::Column::EmailKey.eq(email.key()))
            .returning_col(user::Column::Id)
            .to_owned();
        let there: Vec<IdRow> = self.control.returned(&transaction, &update).await?;
        let user = if let Some(row) = there.first() {
            let user = UserId::stored(&row.id);
            self.control.delete(&transaction, user_code::Entity, user_code::Column::User.eq(user.as_str())).await?;
            self.void_sessions(&transaction, &user).await?;
            user
        } else {
            self.insert_user(&transaction, email, password, true, now_ms).await?.user
        };
        self.control.commit(transaction).await?;
        Ok(user)
    }

    async fn begin_setup(&self) -> Result<DatabaseTransaction, StoreError> {
        let transaction = self.control.begin().await?;
        let hold = Query::select()
            .column(installation::Column::Id)
            .from(self.control.table(installation::Entity))
            .lock(LockType::Update)
            .to_owned();
        let _held: Vec<IdRow> = self.control.returned(&transaction, &hold).await?;
        Ok(transaction)
    }

    async fn forget_setup_codes(&self, transaction: &DatabaseTransaction) -> Result<(), StoreError> {
        let all = user_code::Column::Purpose.eq(Purpose::Setup.number());
        self.control.delete(transaction, user_code::Entity, all).await?;
        Ok(())
    }
}
