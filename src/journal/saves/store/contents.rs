//! Contents: the files of a user, each once.

use entity::control::journal::{save_change, save_content, save_entry};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

use super::{NumberRow, Store, signed, statement_error};
use crate::{
    identity::access::UserId,
    journal::saves::model::{Content, VersionId},
    platform::{
        blobs::{BlobKey, Digest},
        error::StoreError,
    },
};

/// Digests that are asked for with one statement.
const DIGESTS_AT_ONCE: usize = 500;

/// Contents that are removed with one transaction.
const REMOVED_AT_ONCE: u64 = 100;

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct FoundRow {
    id: i64,
    user_id: String,
}

#[derive(FromQueryResult)]
struct RemovedRow {
    bytes: i64,
    blob: Option<String>,
}

impl Store {
    /// The contents of a user with these digests.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contents(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        digests: &[Digest],
    ) -> Result<Vec<Content>, StoreError> {
        let mut found = Vec::new();
        for some in digests.chunks(DIGESTS_AT_ONCE) {
            let select = self
                .control
                .select::<save_content::Entity>()
                .and_where(save_content::Column::UserId.eq(user.as_str()))
                .and_where(save_content::Column::Digest.is_in(some.iter().map(|digest| digest.to_hex())))
                .to_owned();
            let rows: Vec<save_content::Model> = self.control.returned(transaction, &select).await?;
            found.extend(rows.iter().filter_map(Content::of));
        }
        Ok(found)
    }

    /// The content of a blob, and whose it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn content_of(&self, blob: &BlobKey) -> Result<Option<(UserId, i64)>, StoreError> {
        let select = Query::select()
            .columns([save_content::Column::Id, save_content::Column::UserId])
            .from(self.control.table(save_content::Entity))
            .and_where(save_content::Column::Blob.eq(blob.as_str()))
            .to_owned();
        let rows: Vec<FoundRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().map(|row| (UserId::stored(&row.user_id), row.id)))
    }

    /// Stores a content. `blob`: that which has arrived.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_content(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        (digest, bytes): (Digest, u64),
        blob: Option<&BlobKey>,
    ) -> Result<Content, StoreError> {
        let awaited = blob.is_none();
        let insert = Query::insert()
            .into_table(self.control.table(save_content::Entity))
            .columns([
                save_content::Column::UserId,
                save_content::Column::Digest,
                save_content::Column::Bytes,
                save_content::Column::Blob,
                save_content::Column::Awaited,
            ])
            .values([
                Expr::val(user.as_str()),
                Expr::val(digest.to_hex()),
                Expr::val(signed(bytes)),
                Expr::val(blob.map(|blob| blob.as_str().to_owned())),
                Expr::val(awaited),
            ])
            .map_err(|error| statement_error(&error))?
            .returning(Query::returning().column(save_content::Column::Id))
            .to_owned();
        let rows: Vec<IdRow> = self.control.returned(transaction, &insert).await?;
        let id = rows.into_iter().next().map(|row| row.id).unwrap_or_default();
        Ok(Content { id, digest, bytes, blob: blob.cloned(), awaited })
    }

    /// Has a content be that of another blob, which has arrived or is expected.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_blob(
        &self,
        transaction: &DatabaseTransaction,
        content: i64,
        blob: &BlobKey,
        awaited: bool,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(save_content::Entity))
            .value(save_content::Column::Blob, blob.as_str())
            .value(save_content::Column::Awaited, awaited)
            .and_where(save_content::Column::Id.eq(content))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Notes that a content has arrived in that blob; returns whether it was expected there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn arrive(
        &self,
        transaction: &DatabaseTransaction,
        content: i64,
        blob: &BlobKey,
    ) -> Result<bool, StoreError> {
        let update = Query::update()
            .table(self.control.table(save_content::Entity))
            .value(save_content::Column::Awaited, false)
            .and_where(save_content::Column::Id.eq(content))
            .and_where(save_content::Column::Blob.eq(blob.as_str()))
            .and_where(Expr::col(save_content::Column::Awaited))
            .to_owned();
        Ok(self.control.execute(transaction, &update).await? == 1)
    }

    /// How many contents of a user wait for an upload that was asked for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn expected(&self, transaction: &DatabaseTransaction, user: &UserId) -> Result<usize, StoreError> {
        let select = Query::select()
            .expr_as(Expr::cust("count(blob)"), "number")
            .from(self.control.table(save_content::Entity))
            .and_where(save_content::Column::UserId.eq(user.as_str()))
            .and_where(Expr::cust("awaited"))
            .to_owned();
        let rows: Vec<NumberRow> = self.control.returned(transaction, &select).await?;
        Ok(usize::try_from(rows.into_iter().next().unwrap_or_default().number).unwrap_or(usize::MAX))
    }

    /// The different contents of a version that have not arrived, in the order of their rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn missing(
        &self,
        transaction: &DatabaseTransaction,
        version: VersionId,
    ) -> Result<Vec<Content>, StoreError> {
        let ids = Query::select()
            .column(save_entry::Column::ContentId)
            .from(self.control.table(save_entry::Entity))
            .and_where(save_entry::Column::VersionId.eq(version.0))
            .and_where(save_entry::Column::ContentId.is_not_null())
            .to_owned();
        let select = self
            .control
            .select::<save_content::Entity>()
            .and_where(self.control.among_those(Expr::col(("save_content", save_content::Column::Id)), ids))
            .and_where(Expr::col(("save_content", save_content::Column::Awaited)))
            .to_owned();
        let mut rows: Vec<save_content::Model> = self.control.returned(transaction, &select).await?;
        rows.sort_unstable_by_key(|row| row.id);
        Ok(rows.iter().filter_map(Content::of).collect())
    }

    fn unneeded(&self, mut select: SelectStatement) -> SelectStatement {
        let is_of = |table: &'static str| Expr::col((table, "content_id")).equals(("save_content", "id"));
        let entries = Query::select()
            .expr(Expr::val(1))
            .from(self.control.table(save_entry::Entity))
            .and_where(is_of("save_entry"))
            .to_owned();
        let changes = Query::select()
            .expr(Expr::val(1))
            .from(self.control.table(save_change::Entity))
            .and_where(is_of("save_change"))
            .to_owned();
        select.and_where(Expr::exists(entries).not()).and_where(Expr::exists(changes).not());
        select
    }

    /// Some contents of a user that nothing has any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unneeded_contents(&self, user: &UserId) -> Result<Vec<i64>, StoreError> {
        let select = Query::select()
            .expr(Expr::col(("save_content", save_content::Column::Id)))
            .from(self.control.table(save_content::Entity))
            .and_where(Expr::col(("save_content", save_content::Column::UserId)).eq(user.as_str()))
            .limit(REMOVED_AT_ONCE)
            .to_owned();
        let rows: Vec<IdRow> = self.control.all(&self.unneeded(select)).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Removes those of these contents that nothing has; returns how many, their bytes, and their blobs. The transaction has locked
    /// the user's saves.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove_contents(
        &self,
        transaction: &DatabaseTransaction,
        ids: &[i64],
    ) -> Result<(i64, i64, Vec<BlobKey>), StoreError> {
        let still = Query::select()
            .expr(Expr::col(("save_content", save_content::Column::Id)))
            .from(self.control.table(save_content::Entity))
            .and_where(self.control.among(save_content::Column::Id, ids))
            .to_owned();
        let still: Vec<IdRow> = self.control.returned(transaction, &self.unneeded(still)).await?;
        if still.is_empty() {
            return Ok((0, 0, Vec::new()));
        }
        let still: Vec<i64> = still.into_iter().map(|row| row.id).collect();
        let delete = Query::delete()
            .from_table(self.control.table(save_content::Entity))
            .and_where(self.control.among(save_content::Column::Id, &still))
            .returning(Query::returning().columns([save_content::Column::Bytes, save_content::Column::Blob]))
            .to_owned();
        let rows: Vec<RemovedRow> = self.control.returned(transaction, &delete).await?;
        let bytes = rows.iter().map(|row| row.bytes).sum();
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        Ok((count, bytes, rows.iter().filter_map(|row| BlobKey::parse(row.blob.as_deref()?)).collect()))
    }
}
