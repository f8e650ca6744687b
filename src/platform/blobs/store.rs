//! All SQL of blobs: a row for each, and how much there is of each bucket.

use entity::control::platform::{blob, blob_usage};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Func, Order, Query},
};

use super::{
    config::Quotas,
    model::{Blob, BlobError, BlobKey, Bucket, Digest, MAX_EXPECTED, MAX_OF_OWNER},
};
use crate::platform::{clock, db::Control, error::StoreError};

/// The numbers of the first and the last bucket.
const BUCKETS: (i16, i16) = (0, 4);

/// Rows that are removed at once.
const REMOVED_AT_ONCE: u64 = 100;

/// A blob whose bytes are expected.
#[derive(Clone, Debug)]
pub(super) struct Expectation {
    pub blob: Blob,
    /// What makes it an upload that is made once.
    pub nonce: String,
    /// Until when it may begin.
    pub expires_ms: i64,
}

/// A blob as it is stored.
#[derive(Debug)]
pub(super) struct StoredBlob {
    pub blob: Blob,
    /// That of the upload that is expected; none where the bytes are there.
    pub nonce: Option<String>,
    /// The turn of the links that work.
    pub turn: i16,
    /// When it is to be removed.
    pub due_ms: Option<i64>,
}

/// How much there is of a bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    pub bucket: Bucket,
    pub blobs: i64,
    pub bytes: i64,
}

#[derive(Default, FromQueryResult)]
struct CountsRow {
    blobs: i64,
    bytes: i64,
    expected: i64,
}

#[derive(FromQueryResult)]
struct BytesRow {
    bytes: i64,
}

#[derive(FromQueryResult)]
struct KeyRow {
    key: String,
}

/// All SQL of blobs. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Store {
    control: Control,
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Whether a bound leaves no room; 0: there is none.
fn exceeds(bytes: i64, bound: u64) -> bool {
    bound != 0 && u64::try_from(bytes).is_ok_and(|bytes| bytes > bound)
}

impl StoredBlob {
    fn of(row: blob::Model) -> Option<Self> {
        let blob = Blob {
            key: BlobKey::parse(&row.key)?,
            bucket: Bucket::stored(row.bucket)?,
            media_type: row.media_type,
            bytes: u64::try_from(row.bytes).ok()?,
            digest: Digest::of_hex(&row.digest)?,
        };
        Some(Self { blob, nonce: row.nonce, turn: row.turn, due_ms: row.due_ms })
    }
}

impl Store {
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Adds to what there is of a bucket.
    async fn add(
        &self,
        transaction: &DatabaseTransaction,
        bucket: Bucket,
        (blobs, bytes): (i64, i64),
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(blob_usage::Entity))
            .value(blob_usage::Column::Blobs, Expr::col(blob_usage::Column::Blobs).add(blobs))
            .value(blob_usage::Column::Bytes, Expr::col(blob_usage::Column::Bytes).add(bytes))
            .and_where(blob_usage::Column::Bucket.eq(bucket.number()))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Writes the row of a blob whose bytes are expected, if there is room for it.
    pub async fn insert(
        &self,
        transaction: &DatabaseTransaction,
        expectation: &Expectation,
        owner: Option<&str>,
        due_ms: i64,
        quotas: Quotas,
    ) -> Result<(), BlobError> {
        let Expectation { blob, nonce, .. } = expectation;
        self.take_room(transaction, blob, owner, quotas).await?;
        self.write(transaction, blob, owner, Some(nonce), Some(due_ms)).await
    }

    /// Counts a blob that is about to be written, if there is room for it.
    async fn take_room(
        &self,
        transaction: &DatabaseTransaction,
        blob: &Blob,
        owner: Option<&str>,
        quotas: Quotas,
    ) -> Result<(), BlobError> {
        let bytes = signed(blob.bytes);
        // First: others of this bucket wait here, and count this one.
        self.add(transaction, blob.bucket, (1, bytes)).await?;
        let all = Query::select()
            .expr_as(Expr::cust("CAST(coalesce(sum(bytes), 0) AS BIGINT)"), "bytes")
            .from(self.control.table(blob_usage::Entity))
            .and_where(blob_usage::Column::Bucket.between(BUCKETS.0, BUCKETS.1))
            .to_owned();
        let all: Vec<BytesRow> = self.control.returned(transaction, &all).await?;
        if all.iter().any(|all| exceeds(all.bytes, quotas.all)) {
            return Err(BlobError::Full);
        }
        if let Some(owner) = owner.filter(|_| blob.bucket.counts_for_owner()) {
            let counts = self.counts(transaction, owner).await?;
            match counts {
                _ if counts.blobs >= MAX_OF_OWNER => return Err(BlobError::TooMany),
                _ if counts.expected >= MAX_EXPECTED => return Err(BlobError::TooManyExpected),
                _ if exceeds(counts.bytes.saturating_add(bytes), quotas.owner) => {
                    return Err(BlobError::OwnerFull(quotas.owner));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes the row of a blob whose bytes lie in their place.
    pub async fn record(
        &self,
        transaction: &DatabaseTransaction,
        blob: &Blob,
        owner: Option<&str>,
        quotas: Quotas,
    ) -> Result<(), BlobError> {
        self.take_room(transaction, blob, owner, quotas).await?;
        self.write(transaction, blob, owner, None, None).await
    }

    async fn write(
        &self,
        transaction: &DatabaseTransaction,
        blob: &Blob,
        owner: Option<&str>,
        nonce: Option<&str>,
        due_ms: Option<i64>,
    ) -> Result<(), BlobError> {
        let insert = Query::insert()
            .into_table(self.control.table(blob::Entity))
            .columns([
                blob::Column::Key,
                blob::Column::Bucket,
                blob::Column::UserId,
                blob::Column::Owned,
                blob::Column::MediaType,
                blob::Column::Bytes,
                blob::Column::Digest,
                blob::Column::Nonce,
                blob::Column::DueMs,
            ])
            .values([
                Expr::val(blob.key.as_str()),
                Expr::val(blob.bucket.number()),
                Expr::val(owner.map(str::to_owned)),
                Expr::val(owner.is_some()),
                Expr::val(blob.media_type.as_str()),
                Expr::val(signed(blob.bytes)),
                Expr::val(blob.digest.to_hex()),
                Expr::val(nonce.map(str::to_owned)),
                Expr::val(due_ms),
            ])
            .map_err(|error| StoreError::Statement(sea_orm::DbErr::Type(error.to_string())))?
            .to_owned();
        self.control.execute(transaction, &insert).await?;
        Ok(())
    }

    /// What an owner has in the buckets that count for owners: those before [`Bucket::Saves`].
    async fn counts(&self, transaction: &DatabaseTransaction, owner: &str) -> Result<CountsRow, StoreError> {
        let select = Query::select()
            .expr_as(Expr::cust("count(*)"), "blobs")
            .expr_as(Expr::cust("CAST(coalesce(sum(bytes), 0) AS BIGINT)"), "bytes")
            .expr_as(Func::count(Expr::col(blob::Column::Nonce)), "expected")
            .from(self.control.table(blob::Entity))
            .and_where(blob::Column::UserId.eq(owner))
            .and_where(blob::Column::Bucket.lt(Bucket::Saves.number()))
            .to_owned();
        let rows: Vec<CountsRow> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next().unwrap_or_default())
    }

    /// The blob of that key.
    pub async fn find(&self, key: &BlobKey) -> Result<Option<StoredBlob>, StoreError> {
        let select = self.control.select::<blob::Entity>().and_where(blob::Column::Key.eq(key.as_str())).to_owned();
        let rows: Vec<blob::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().and_then(StoredBlob::of))
    }

    /// Blobs whose bytes have come, after that key.
    pub async fn stored_after(&self, key: &str, limit: u64) -> Result<Vec<Blob>, StoreError> {
        let select = self
            .control
            .select::<blob::Entity>()
            .and_where(blob::Column::Key.gt(key))
            .and_where(blob::Column::Nonce.is_null())
            .order_by(blob::Column::Key, Order::Asc)
            .limit(limit)
            .to_owned();
        let rows: Vec<blob::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().filter_map(StoredBlob::of).map(|stored| stored.blob).collect())
    }

    /// Notes that the bytes of a blob are there, if they were expected still: under that nonce, or under any. It ends at `ends_ms`.
    pub async fn burn(
        &self,
        transaction: &DatabaseTransaction,
        blob: &Blob,
        nonce: Option<&str>,
        ends_ms: Option<i64>,
    ) -> Result<bool, StoreError> {
        let is_expected = match nonce {
            Some(nonce) => blob::Column::Nonce.eq(nonce),
            None => blob::Column::Nonce.is_not_null(),
        };
        let update = Query::update()
            .table(self.control.table(blob::Entity))
            .value(blob::Column::Nonce, None::<String>)
            .value(blob::Column::DueMs, ends_ms)
            .and_where(blob::Column::Key.eq(blob.key.as_str()))
            .and_where(is_expected)
            .to_owned();
        Ok(self.control.execute(transaction, &update).await? == 1)
    }

    /// Gives a blob up: it is removed, and not uploaded any more.
    pub async fn release(
        &self,
        transaction: &DatabaseTransaction,
        key: &BlobKey,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(blob::Entity))
            .value(blob::Column::Nonce, None::<String>)
            .value(blob::Column::DueMs, now_ms)
            .and_where(blob::Column::Key.eq(key.as_str()))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Has the links to a blob that were given out work no longer: those of this turn do.
    pub async fn set_turn(
        &self,
        transaction: &DatabaseTransaction,
        key: &BlobKey,
        turn: i16,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(blob::Entity))
            .value(blob::Column::Turn, turn)
            .and_where(blob::Column::Key.eq(key.as_str()))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Keeps a blob until it is given up.
    pub async fn adopt(&self, transaction: &DatabaseTransaction, key: &BlobKey) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(blob::Entity))
            .value(blob::Column::DueMs, None::<i64>)
            .and_where(blob::Column::Key.eq(key.as_str()))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Some blobs that are to be removed: those whose time is over, and those whose owner has gone.
    pub async fn due(&self) -> Result<Vec<Blob>, StoreError> {
        let now_ms = clock::now_ms();
        let over = self
            .control
            .select::<blob::Entity>()
            .and_where(blob::Column::DueMs.lte(now_ms))
            .order_by(blob::Column::DueMs, Order::Asc)
            .limit(REMOVED_AT_ONCE)
            .to_owned();
        let left = self
            .control
            .select::<blob::Entity>()
            .and_where(blob::Column::UserId.is_null())
            .and_where(Expr::cust("owned"))
            .order_by(blob::Column::Key, Order::Asc)
            .limit(REMOVED_AT_ONCE)
            .to_owned();
        let mut rows: Vec<blob::Model> = self.control.all(&over).await?;
        rows.extend(self.control.all::<blob::Model>(&left).await?);
        Ok(rows.into_iter().filter_map(StoredBlob::of).map(|stored| stored.blob).collect())
    }

    /// Removes the row of a blob whose bytes are gone.
    pub async fn remove(&self, removed: &Blob) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let this = blob::Column::Key.eq(removed.key.as_str());
        if self.control.delete(&transaction, blob::Entity, this).await? == 1 {
            self.add(&transaction, removed.bucket, (-1, -signed(removed.bytes))).await?;
        }
        self.control.commit(transaction).await
    }

    /// Those of these keys that have no row.
    pub async fn without_row(&self, keys: Vec<BlobKey>) -> Result<Vec<BlobKey>, StoreError> {
        if keys.is_empty() {
            return Ok(keys);
        }
        let select = Query::select()
            .column(blob::Column::Key)
            .from(self.control.table(blob::Entity))
            .and_where(blob::Column::Key.is_in(keys.iter().map(BlobKey::as_str)))
            .to_owned();
        let known: Vec<KeyRow> = self.control.all(&select).await?;
        Ok(keys.into_iter().filter(|key| known.iter().all(|row| row.key != key.as_str())).collect())
    }

    /// How much there is of each bucket.
    pub async fn usage(&self) -> Result<Vec<Usage>, StoreError> {
        let of_buckets = blob_usage::Column::Bucket.between(BUCKETS.0, BUCKETS.1);
        let select = self.control.select::<blob_usage::Entity>().and_where(of_buckets).to_owned();
        let rows: Vec<blob_usage::Model> = self.control.all(&select).await?;
        let usage = |row: blob_usage::Model| {
            Some(Usage { bucket: Bucket::stored(row.bucket)?, blobs: row.blobs, bytes: row.bytes })
        };
        Ok(rows.into_iter().filter_map(usage).collect())
    }
}
