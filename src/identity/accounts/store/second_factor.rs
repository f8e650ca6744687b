//! Second factors and their recovery codes.

use entity::control::identity::{audit, recovery_code, second_factor};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{ExprTrait, Func, Query},
};

use super::Store;
use crate::{
    identity::{
        access::{Actor, UserId},
        accounts::model::{AccountError, SecondFactor, StoredFactor, UserRecord},
    },
    platform::{clock, error::StoreError, jobs::NewJob},
};

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

impl From<second_factor::Model> for StoredFactor {
    fn from(row: second_factor::Model) -> Self {
        let second_factor::Model { secret: sealed, begun_at_ms, since_ms, used_step, .. } = row;
        Self { sealed, begun_at_ms, since_ms, used_step }
    }
}

impl Store {
    /// The second factor of a user, also one that is not confirmed yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_second_factor(&self, user: &UserId) -> Result<Option<StoredFactor>, StoreError> {
        let of_user = second_factor::Column::UserId.eq(user.as_str());
        let select = self.control.select::<second_factor::Entity>().and_where(of_user).to_owned();
        let mut rows: Vec<second_factor::Model> = self.control.all(&select).await?;
        Ok(rows.pop().map(StoredFactor::from))
    }

    /// The second factor of a user, as they see it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn second_factor(&self, user: &UserId) -> Result<SecondFactor, StoreError> {
        let Some(since_ms) = self.find_second_factor(user).await?.and_then(|factor| factor.since_ms) else {
            return Ok(SecondFactor::default());
        };
        let select = Query::select()
            .expr_as(Func::count(recovery_code::Column::Digest.into_expr()), "count")
            .from(self.control.table(recovery_code::Entity))
            .and_where(recovery_code::Column::UserId.eq(user.as_str()))
            .to_owned();
        let left: Vec<CountRow> = self.control.all(&select).await?;
        let recovery_codes_left = left.first().and_then(|row| u64::try_from(row.count).ok()).unwrap_or_default();
        Ok(SecondFactor { since_ms: Some(since_ms), recovery_codes_left })
    }

    /// Stores a second factor that is to be confirmed, in place of another such one.
    ///
    /// # Errors
    /// [`AccountError::SecondFactorExists`], [`AccountError::SessionEnded`], [`AccountError::Gone`], or [`StoreError`].
    pub async fn begin_second_factor(
        &self,
        user: &UserRecord,
        sealed: String,
        now_ms: i64,
    ) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        if self.lock_user(&transaction, &user.user).await?.is_none_or(|now| now.epoch != user.epoch) {
            return Err(self.lost_race(&transaction, &user.user).await?);
        }
        let of_user = || second_factor::Column::UserId.eq(user.user.as_str());
        let unconfirmed = of_user().and(second_factor::Column::SinceMs.is_null());
        self.control.delete(&transaction, second_factor::Entity, unconfirmed).await?;
        let select = self.control.select::<second_factor::Entity>().and_where(of_user()).to_owned();
        if !self.control.returned::<second_factor::Model>(&transaction, &select).await?.is_empty() {
            return Err(AccountError::SecondFactorExists);
        }
        let row = second_factor::ActiveModel {
            user_id: Set(user.user.as_str().to_owned()),
            secret: Set(sealed),
            begun_at_ms: Set(now_ms),
            since_ms: Set(None),
            used_step: Set(0),
        };
        self.control.insert(&transaction, vec![row]).await?;
        Ok(self.control.commit(transaction).await?)
    }

    /// Confirms the second factor with that sealed secret by the code of a step, and stores the digests of its recovery codes.
    ///
    /// # Errors
    /// [`AccountError::SecondFactorNotBegun`]: another request has confirmed it, or begun another; or [`StoreError`].
    pub async fn confirm_second_factor(
        &self,
        user: &UserId,
        (sealed, step): (&str, i64),
        digests: Vec<[u8; 32]>,
        notice: Option<NewJob>,
    ) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        let update = Query::update()
            .table(self.control.table(second_factor::Entity))
            .value(second_factor::Column::SinceMs, clock::now_ms())
            .value(second_factor::Column::UsedStep, step)
            .and_where(second_factor::Column::UserId.eq(user.as_str()))
            .and_where(second_factor::Column::Secret.eq(sealed))
            .and_where(second_factor::Column::SinceMs.is_null())
            .to_owned();
        if self.control.execute(&transaction, &update).await? == 0 {
            return Err(AccountError::SecondFactorNotBegun);
        }
        self.insert_recovery_codes(&transaction, user, digests).await?;
        Ok(self.commit_and_tell(transaction, notice).await?)
    }

    /// Uses the code of a step up. Returns whether neither it nor a later one was used before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn use_step(&self, user: &UserId, step: i64) -> Result<bool, StoreError> {
        let transaction = self.control.begin().await?;
        let update = Query::update()
            .table(self.control.table(second_factor::Entity))
            .value(second_factor::Column::UsedStep, step)
            .and_where(second_factor::Column::UserId.eq(user.as_str()))
            .and_where(second_factor::Column::SinceMs.is_not_null())
            .and_where(second_factor::Column::UsedStep.lt(step))
            .to_owned();
        let is_first = self.control.execute(&transaction, &update).await? > 0;
        self.control.commit(transaction).await?;
        Ok(is_first)
    }

    /// Uses a recovery code up. Returns whether there was one with that digest.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn use_recovery_code(
        &self,
        user: &UserId,
        digest: [u8; 32],
        notice: Option<NewJob>,
    ) -> Result<bool, StoreError> {
        let transaction = self.control.begin().await?;
        let code =
            recovery_code::Column::UserId.eq(user.as_str()).and(recovery_code::Column::Digest.eq(digest.to_vec()));
        if self.control.delete(&transaction, recovery_code::Entity, code).await? == 0 {
            return Ok(false);
        }
        self.commit_and_tell(transaction, notice).await?;
        Ok(true)
    }

    /// Replaces the recovery codes of a second factor that is on.
    ///
    /// # Errors
    /// [`AccountError::NoSecondFactor`], or [`StoreError`].
    pub async fn replace_recovery_codes(
        &self,
        user: &UserId,
        digests: Vec<[u8; 32]>,
        notice: Option<NewJob>,
    ) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        // So that of two requests at once the codes of one are left.
        self.lock_user(&transaction, user).await?;
        let is_on = second_factor::Column::UserId.eq(user.as_str()).and(second_factor::Column::SinceMs.is_not_null());
        let select = self.control.select::<second_factor::Entity>().and_where(is_on).to_owned();
        if self.control.returned::<second_factor::Model>(&transaction, &select).await?.is_empty() {
            return Err(AccountError::NoSecondFactor);
        }
        let of_user = recovery_code::Column::UserId.eq(user.as_str());
        self.control.delete(&transaction, recovery_code::Entity, of_user).await?;
        self.insert_recovery_codes(&transaction, user, digests).await?;
        Ok(self.commit_and_tell(transaction, notice).await?)
    }

    async fn insert_recovery_codes(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        digests: Vec<[u8; 32]>,
    ) -> Result<(), StoreError> {
        let row = |digest: [u8; 32]| recovery_code::ActiveModel {
            user_id: Set(user.as_str().to_owned()),
            digest: Set(digest.to_vec()),
        };
        self.control.insert(transaction, digests.into_iter().map(row).collect()).await
    }

    /// Removes the second factor of a user, with its recovery codes; an actor who is not the user is recorded in the audit log.
    ///
    /// # Errors
    /// [`AccountError::NoSecondFactor`], or [`StoreError`].
    pub async fn remove_second_factor(
        &self,
        user: &UserId,
        by: Option<Actor<'_>>,
        notice: Option<NewJob>,
    ) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        let of_user = second_factor::Column::UserId.eq(user.as_str());
        if self.control.delete(&transaction, second_factor::Entity, of_user).await? == 0 {
            return Err(AccountError::NoSecondFactor);
        }
        if let Some(actor) = by {
            let entry = audit::ActiveModel {
                at_ms: Set(clock::now_ms()),
                studio: Set(None),
                actor: Set(actor.to_string()),
                action: Set("account.second_factor_reset".to_owned()),
                object: Set(format!("user:{user}")),
                detail: Set(String::new()),
                ..audit::ActiveModel::default()
            };
            self.control.insert(&transaction, vec![entry]).await?;
        }
        Ok(self.commit_and_tell(transaction, notice).await?)
    }
}
