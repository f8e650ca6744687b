//! Identities: found by issuer and subject, linked, and unlinked.

use entity::control::identity::user_identity;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, Set, SqlErr,
    sea_query::{ExprTrait, Order, Query},
};

use super::Store;
use crate::{
    identity::{
        access::UserId,
        accounts::model::{AccountError, LinkedIdentity, ProvenIdentity, UserRecord},
    },
    platform::{clock, error::StoreError, jobs::NewJob, mail::EmailAddress},
};

impl From<user_identity::Model> for LinkedIdentity {
    fn from(row: user_identity::Model) -> Self {
        let user_identity::Model { id, provider, issuer, subject, email, linked_at_ms, used_at_ms, .. } = row;
        Self { id, provider, issuer, subject, email, linked_at_ms, used_at_ms }
    }
}

/// Maps a violated unique constraint: the identity is another account's, or the account has one of the provider.
fn identity_taken(error: StoreError) -> AccountError {
    match &error {
        StoreError::InvalidRow(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            AccountError::IdentityTaken
        }
        _ => error.into(),
    }
}

fn email_of(identity: &ProvenIdentity) -> String {
    identity.email.as_ref().map_or_else(String::new, ToString::to_string)
}

impl Store {
    /// The user of an identity, whose use is recorded.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn use_identity(&self, identity: &ProvenIdentity) -> Result<Option<UserRecord>, StoreError> {
        let is_it = user_identity::Column::Issuer
            .eq(identity.issuer.as_str())
            .and(user_identity::Column::Subject.eq(identity.subject.as_str()));
        let select = self.control.select::<user_identity::Entity>().and_where(is_it).to_owned();
        let mut rows: Vec<user_identity::Model> = self.control.all(&select).await?;
        let Some(row) = rows.pop() else { return Ok(None) };
        let update = Query::update()
            .table(self.control.table(user_identity::Entity))
            .value(user_identity::Column::UsedAtMs, clock::now_ms())
            .value(user_identity::Column::Email, email_of(identity))
            .and_where(user_identity::Column::Id.eq(row.id.as_str()))
            .to_owned();
        let transaction = self.control.begin().await?;
        self.control.execute(&transaction, &update).await?;
        self.control.commit(transaction).await?;
        self.find_user(&UserId::stored(&row.user_id)).await
    }

    /// Creates an account without a password, which has that identity.
    ///
    /// # Errors
    /// [`AccountError::EmailTaken`], [`AccountError::IdentityTaken`], or [`StoreError`].
    pub async fn create_account_of_identity(
        &self,
        email: &EmailAddress,
        identity: &ProvenIdentity,
    ) -> Result<UserRecord, AccountError> {
        let now_ms = clock::now_ms();
        let transaction = self.control.begin().await?;
        let account = self.insert_user(&transaction, email, String::new(), false, now_ms).await?;
        self.insert_identity(&transaction, &account.user, identity, Some(now_ms)).await?;
        self.control.commit(transaction).await?;
        self.find_user(&account.user).await?.ok_or(AccountError::Gone)
    }

    /// Links an identity to the account of a user.
    ///
    /// # Errors
    /// [`AccountError::IdentityTaken`], [`AccountError::Gone`], or [`StoreError`].
    pub async fn link_identity(
        &self,
        user: &UserId,
        identity: &ProvenIdentity,
        notice: Option<NewJob>,
    ) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        self.lock_user(&transaction, user).await?.ok_or(AccountError::Gone)?;
        self.insert_identity(&transaction, user, identity, None).await?;
        Ok(self.commit_and_tell(transaction, notice).await?)
    }

    async fn insert_identity(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        identity: &ProvenIdentity,
        used_at_ms: Option<i64>,
    ) -> Result<(), AccountError> {
        let row = user_identity::ActiveModel {
            id: Set(uuid::Uuid::now_v7().simple().to_string()),
            user_id: Set(user.as_str().to_owned()),
            provider: Set(identity.provider.clone()),
            issuer: Set(identity.issuer.clone()),
            subject: Set(identity.subject.clone()),
            email: Set(email_of(identity)),
            linked_at_ms: Set(clock::now_ms()),
            used_at_ms: Set(used_at_ms),
        };
        self.control.insert(transaction, vec![row]).await.map_err(identity_taken)
    }

    /// The identities of a user, in the order in which they were linked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn identities(&self, user: &UserId) -> Result<Vec<LinkedIdentity>, StoreError> {
        let select = self
            .control
            .select::<user_identity::Entity>()
            .and_where(user_identity::Column::UserId.eq(user.as_str()))
            .order_by(user_identity::Column::Id, Order::Asc)
            .to_owned();
        let rows: Vec<user_identity::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(LinkedIdentity::from).collect())
    }

    /// Unlinks an identity of a user, unless it is their last way to sign in.
    ///
    /// # Errors
    /// [`AccountError::IdentityNotFound`], [`AccountError::LastWayIn`], [`AccountError::Gone`], or [`StoreError`].
    pub async fn unlink_identity(&self, user: &UserId, id: &str, notice: Option<NewJob>) -> Result<(), AccountError> {
        let transaction = self.control.begin().await?;
        // Of two requests at once the second finds what the first has left.
        let record = self.lock_user(&transaction, user).await?.ok_or(AccountError::Gone)?;
        let of_user = user_identity::Column::UserId.eq(user.as_str());
        let select = self.control.select::<user_identity::Entity>().and_where(of_user).to_owned();
        let rows: Vec<user_identity::Model> = self.control.returned(&transaction, &select).await?;
        if !rows.iter().any(|row| row.id == id) {
            return Err(AccountError::IdentityNotFound);
        }
        if rows.len() == 1 && record.password_hash.is_empty() {
            return Err(AccountError::LastWayIn);
        }
        self.control.delete(&transaction, user_identity::Entity, user_identity::Column::Id.eq(id)).await?;
        Ok(self.commit_and_tell(transaction, notice).await?)
    }
}
