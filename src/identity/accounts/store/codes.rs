//! One-time codes: stored by their digest, found, and used up.

use entity::control::identity::user_code;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, Set,
    sea_query::{Expr, ExprTrait, Order},
};

use super::Store;
use crate::{
    identity::{
        access::UserId,
        accounts::model::{AccountError, CodePurpose, NewCode, PendingCode, ValidCode},
    },
    platform::error::StoreError,
};

/// The number by which a purpose is stored. Never renumber: there are codes in databases.
pub(super) fn number(purpose: CodePurpose) -> i16 {
    match purpose {
        CodePurpose::Register => 1,
        CodePurpose::ResetPassword => 2,
        CodePurpose::ChangeEmail => 3,
        CodePurpose::Setup => 4,
    }
}

fn purpose(number: i16) -> CodePurpose {
    match number {
        1 => CodePurpose::Register,
        2 => CodePurpose::ResetPassword,
        4 => CodePurpose::Setup,
        _ => CodePurpose::ChangeEmail,
    }
}

impl From<user_code::Model> for PendingCode {
    fn from(row: user_code::Model) -> Self {
        let user_code::Model { email, created_at_ms, expires_at_ms, .. } = row;
        Self { purpose: purpose(row.purpose), email, created_at_ms, expires_at_ms }
    }
}

fn is_valid(digest: [u8; 32], purpose: CodePurpose, now_ms: i64) -> Expr {
    user_code::Column::Digest
        .eq(digest.to_vec())
        .and(user_code::Column::Purpose.eq(number(purpose)))
        .and(user_code::Column::ExpiresAtMs.gt(now_ms))
}

impl Store {
    /// Stores a code that is about to be sent. It replaces older ones: only the newest code for a purpose and an address is
    /// valid. A code for an account is stored only if the account's address, and for another address its password too, have
    /// not changed since it was asked for: setting either deletes the codes of before, and none may come after it.
    ///
    /// # Errors
    /// [`AccountError::Busy`], or [`StoreError`].
    pub async fn insert_code(&self, code: NewCode<'_>) -> Result<(), AccountError> {
        let row = user_code::ActiveModel {
            digest: Set(code.digest.to_vec()),
            purpose: Set(number(code.purpose)),
            email: Set(code.email.as_str().to_owned()),
            email_key: Set(code.email.key()),
            user: Set(code.user.map_or_else(String::new, |record| record.user.as_str().to_owned())),
            created_at_ms: Set(code.created_at_ms),
            expires_at_ms: Set(code.expires_at_ms),
        };
        // A change of address replaces the same account's only: two accounts may ask for one address, and the first to
        // confirm gets it.
        let older = match code.user {
            Some(record) if code.purpose == CodePurpose::ChangeEmail => {
                user_code::Column::User.eq(record.user.as_str())
            }
            _ => user_code::Column::EmailKey.eq(code.email.key()),
        };
        // Of two codes for the same at once, the second finds the first.
        let transaction = self.control.begin_exclusive().await?;
        if let Some(asked) = code.user {
            let now = self.lock_user(&transaction, &asked.user).await?;
            // A reset is for whoever reads the address; a change of address is for who knew the password.
            let is_reset = code.purpose == CodePurpose::ResetPassword;
            if now.is_none_or(|now| now.email_key != asked.email_key || (!is_reset && now.epoch != asked.epoch)) {
                return Err(AccountError::Busy);
            }
        }
        let older = older.and(user_code::Column::Purpose.eq(number(code.purpose)));
        self.control.delete(&transaction, user_code::Entity, older).await?;
        self.control.insert(&transaction, vec![row]).await?;
        Ok(self.control.commit(transaction).await?)
    }

    /// Finds a valid code without using it up.
    ///
    /// # Errors
    /// [`AccountError::InvalidCode`], or [`StoreError`].
    pub async fn find_code(
        &self,
        digest: [u8; 32],
        purpose: CodePurpose,
        now_ms: i64,
    ) -> Result<ValidCode, AccountError> {
        let select = self.control.select::<user_code::Entity>().and_where(is_valid(digest, purpose, now_ms)).to_owned();
        let mut rows: Vec<user_code::Model> = self.control.all(&select).await?;
        let row = rows.pop().ok_or(AccountError::InvalidCode)?;
        // Empty where there is no user.
        let user = Some(row.user).filter(|user| !user.is_empty()).map(|user| UserId::stored(&user));
        Ok(ValidCode { digest, email: row.email, user })
    }

    /// Deletes a valid code. Of two concurrent requests with the same code, one fails.
    pub(super) async fn use_code(
        &self,
        transaction: &DatabaseTransaction,
        digest: [u8; 32],
        purpose: CodePurpose,
        now_ms: i64,
    ) -> Result<(), AccountError> {
        let valid = is_valid(digest, purpose, now_ms);
        let deleted = self.control.delete(transaction, user_code::Entity, valid).await?;
        if deleted == 1 { Ok(()) } else { Err(AccountError::InvalidCode) }
    }

    /// The codes of a user that expire after `now_ms`, newest first.
    pub(super) async fn list_codes(&self, user: &UserId, now_ms: i64) -> Result<Vec<PendingCode>, StoreError> {
        let select = self
            .control
            .select::<user_code::Entity>()
            .and_where(user_code::Column::User.eq(user.as_str()))
            .and_where(user_code::Column::ExpiresAtMs.gt(now_ms))
            .order_by(user_code::Column::CreatedAtMs, Order::Desc)
            .to_owned();
        let rows: Vec<user_code::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(PendingCode::from).collect())
    }

    pub(super) async fn delete_codes_of(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
    ) -> Result<(), StoreError> {
        self.control.delete(transaction, user_code::Entity, user_code::Column::User.eq(user.as_str())).await?;
        Ok(())
    }
}
