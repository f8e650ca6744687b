//! The SQL of the audit log.

use entity::control::identity::audit;
use sea_orm::{ColumnTrait, DatabaseTransaction, Set, sea_query::Order};

use super::Store;
use crate::{
    identity::studios::model::{Actor, AuditEntry},
    platform::{clock, db::StudioId, error::StoreError},
};

impl Store {
    /// At most `limit` entries of a studio, the newest first; only older ones than `before` if that is given.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_entries(
        &self,
        studio: StudioId,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let control = self.database.control();
        let select = control
            .select::<audit::Entity>()
            .and_where(audit::Column::Studio.eq(studio.0))
            .and_where_option(before.map(|before| audit::Column::Id.lt(before)))
            .order_by(audit::Column::Id, Order::Desc)
            .limit(limit)
            .to_owned();
        let rows: Vec<audit::Model> = control.all(&select).await?;
        let entry = |row: audit::Model| AuditEntry {
            id: row.id,
            at_ms: row.at_ms,
            actor: row.actor,
            action: row.action,
            object: row.object,
            detail: row.detail,
        };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// Inserts an entry about what was done elsewhere.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn record_audit(
        &self,
        studio: StudioId,
        actor: Actor<'_>,
        action: &str,
        object: String,
        detail: String,
    ) -> Result<(), StoreError> {
        let transaction = self.database.control().begin().await?;
        self.insert_audit_entry(&transaction, studio, actor, action, object, detail).await?;
        self.database.control().commit(transaction).await
    }

    /// Inserts an entry in the transaction of what was done.
    pub(super) async fn insert_audit_entry(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
        actor: Actor<'_>,
        action: &str,
        object: String,
        detail: String,
    ) -> Result<(), StoreError> {
        let entry = audit::ActiveModel {
            at_ms: Set(clock::now_ms()),
            studio: Set(Some(studio.0)),
            actor: Set(actor.to_string()),
            action: Set(action.to_owned()),
            object: Set(object),
            detail: Set(detail),
            ..audit::ActiveModel::default()
        };
        self.database.control().insert(transaction, vec![entry]).await
    }
}
