//! The audit log of a studio: who did what. Entries are written in the transaction of what was done, and never changed.

use super::Studios;
use crate::{
    identity::studios::model::{Actor, AuditEntry, StudioError},
    platform::{
        db::StudioId,
        page::{self, Page},
    },
};

/// Entries that the command line lists at most.
const LISTED_ENTRIES: u64 = 1000;

impl Studios {
    /// Records what another feature has done.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn record_audit(
        &self,
        studio: StudioId,
        actor: Actor<'_>,
        action: &str,
        object: String,
        detail: String,
    ) -> Result<(), StudioError> {
        Ok(self.store.record_audit(studio, actor, action, object, detail).await?)
    }

    /// The newest entries of a studio, the newest first.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn audit_entries(&self, studio: StudioId) -> Result<Vec<AuditEntry>, StudioError> {
        Ok(self.store.audit_entries(studio, None, LISTED_ENTRIES).await?)
    }

    /// At most `limit` entries of a studio, the newest first, only older ones than `before` if that is given.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn audit_page(
        &self,
        studio: StudioId,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Page<AuditEntry>, StudioError> {
        let rows = self.store.audit_entries(studio, before, page::rows_for(limit)).await?;
        Ok(Page::cut(rows, limit))
    }
}
