//! The SQL of requests for keys that are repeated under their `Idempotency-Key`: the key of the first gets a new secret in place
//! of the one whose answer was lost.

use entity::control::identity::api_key;
use sea_orm::{
    ColumnTrait, DatabaseTransaction,
    sea_query::{Expr, ExprTrait, Query},
};

use super::Store;
use crate::{
    identity::{
        access::Role,
        studios::model::{Actor, IssueRequest, IssuedKey, StudioError, digest},
    },
    platform::{db::StudioId, error::StoreError},
};

/// A key that was issued to a request.
#[derive(Clone, Debug)]
pub struct RequestedKey {
    /// Its id.
    pub id: String,
    /// What was asked.
    pub content: Vec<u8>,
    /// Whether it was used, or is revoked.
    pub is_settled: bool,
}

fn of_request(request: &IssueRequest) -> Expr {
    api_key::Column::Request.eq(request.request.to_vec())
}

impl Store {
    /// The key that was issued to the same request, since `since_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_requested_key(
        &self,
        request: &IssueRequest,
        since_ms: i64,
    ) -> Result<Option<RequestedKey>, StoreError> {
        let control = self.database.control();
        let select = control
            .select::<api_key::Entity>()
            .and_where(of_request(request))
            .and_where(api_key::Column::CreatedAtMs.gt(since_ms))
            .to_owned();
        let rows: Vec<api_key::Model> = control.all(&select).await?;
        let requested = |row: api_key::Model| RequestedKey {
            id: row.id,
            content: row.content.unwrap_or_default(),
            is_settled: row.last_used_at_ms.is_some() || row.revoked_at_ms.is_some(),
        };
        Ok(rows.into_iter().next().map(requested))
    }

    /// Whether a key was issued to a request. Nobody else changes keys until the transaction ends.
    pub(super) async fn has_key_request(
        &self,
        transaction: &DatabaseTransaction,
        request: Option<IssueRequest>,
    ) -> Result<bool, StoreError> {
        let Some(request) = request else { return Ok(false) };
        Ok(self.count(transaction, api_key::Entity, of_request(&request)).await? > 0)
    }

    /// Frees the idempotency key of a request that was made at `since_ms` or before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release_key_request(&self, request: &IssueRequest, since_ms: i64) -> Result<(), StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let release = Query::update()
            .table(control.table(api_key::Entity))
            .value(api_key::Column::Request, None::<Vec<u8>>)
            .and_where(of_request(request).and(api_key::Column::CreatedAtMs.lte(since_ms)))
            .to_owned();
        control.execute(&transaction, &release).await?;
        control.commit(transaction).await
    }

    /// Gives a key that nobody has used a new secret: the old one opens nothing any more.
    ///
    /// # Errors
    /// [`StudioError::KeyReused`], [`StudioError::RoleMissing`], or [`StoreError`].
    pub async fn replace_secret(&self, studio: StudioId, key: &IssuedKey, actor: Actor<'_>) -> Result<(), StudioError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let revision = self.raise_key_revision(&transaction).await?;
        self.lock_studio_for(&transaction, studio, actor, Role::Developer).await?;
        let update = Query::update()
            .table(control.table(api_key::Entity))
            .value(api_key::Column::Digest, digest(key.text.expose()).to_vec())
            .value(api_key::Column::Revision, revision)
            .and_where(api_key::Column::Id.eq(key.id.as_str()))
            .and_where(api_key::Column::Studio.eq(studio.0))
            .and_where(api_key::Column::LastUsedAtMs.is_null())
            .and_where(api_key::Column::RevokedAtMs.is_null())
            .to_owned();
        if control.execute(&transaction, &update).await? == 0 {
            return Err(StudioError::KeyReused);
        }
        let object = format!("key:{}", key.id);
        self.insert_audit_entry(&transaction, studio, actor, "key.reissued", object, String::new()).await?;
        Ok(control.commit(transaction).await?)
    }
}
