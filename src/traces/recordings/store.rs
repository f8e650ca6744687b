//! All SQL of recordings.

use entity::tenant::traces::{recording, upload};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};

use super::model::{Brought, CODEC, Kept, Ready, RecordingId, Stored};
use crate::{
    identity::access::Player,
    platform::{
        db::{Database, StudioId, Tenant},
        error::StoreError,
    },
};

/// Recordings of a studio's players. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

/// What became of a recording that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is kept, now or since before under the same key.
    Kept(Kept),
    /// The key stands for another one.
    OtherRecording,
}

#[derive(FromQueryResult)]
struct KeptRow {
    id: String,
    frames: i32,
    duration_ms: i32,
    size_bytes: i32,
    sha256: Vec<u8>,
}

#[derive(FromQueryResult)]
struct BytesRow {
    bytes: Vec<u8>,
    sha256: Option<Vec<u8>>,
}

fn stored_digest(bytes: Vec<u8>) -> [u8; 32] {
    bytes.try_into().unwrap_or_default()
}

impl Store {
    /// On that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Whether looking at a studio's data costs no more than the look.
    #[must_use]
    pub fn is_open(&self, studio: StudioId) -> bool {
        self.database.is_open(studio)
    }

    /// Keeps a recording for its player until a trace takes it; of those that wait the newest `most`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put(
        &self,
        player: &Player,
        ready: Ready,
        key: Option<&str>,
        now_ms: i64,
        most: u64,
    ) -> Result<Put, StoreError> {
        let tenant = self.database.tenant(player.studio).await?;
        let kept = Kept {
            id: RecordingId::mint(),
            frames: ready.frames,
            duration_ms: ready.duration_ms,
            size_bytes: i32::try_from(ready.bytes.len()).unwrap_or(i32::MAX),
            sha256: ready.sha256,
        };
        let own = upload::Column::World.eq(player.world).and(upload::Column::Player.eq(player.id.to_string()));
        let transaction = tenant.begin().await?;
        let row = upload::ActiveModel {
            world: Set(player.world),
            id: Set(kept.id.to_string()),
            player: Set(player.id.to_string()),
            idempotency_key: Set(key.map(str::to_owned)),
            frames: Set(kept.frames),
            duration_ms: Set(kept.duration_ms),
            size_bytes: Set(kept.size_bytes),
            sha256: Set(ready.sha256.to_vec()),
            content_version: Set(ready.content_version),
            complete: Set(ready.complete),
            look: Set(ready.look),
            bytes: Set(ready.bytes),
            created_at_ms: Set(now_ms),
        };
        let mut insert = upload::Entity::insert(row).into_query();
        insert.into_table(tenant.table(upload::Entity)).on_conflict(OnConflict::new().do_nothing().to_owned());
        if tenant.execute(&transaction, &insert).await? == 0 {
            tenant.commit(transaction).await?;
            let find = Query::select()
                .columns([
                    upload::Column::Id,
                    upload::Column::Frames,
                    upload::Column::DurationMs,
                    upload::Column::SizeBytes,
                    upload::Column::Sha256,
                ])
                .from(tenant.table(upload::Entity))
                .and_where(own)
                .and_where(upload::Column::IdempotencyKey.eq(key))
                .to_owned();
            let rows: Vec<KeptRow> = tenant.all(&find).await?;
            let before = rows.into_iter().find(|row| row.sha256 == ready.sha256);
            return Ok(before.and_then(kept_before).map_or(Put::OtherRecording, Put::Kept));
        }
        // Ids are in the order of time.
        let newest = Query::select()
            .column(upload::Column::Id)
            .from(tenant.table(upload::Entity))
            .and_where(own.clone())
            .order_by(upload::Column::Id, Order::Desc)
            .limit(most)
            .to_owned();
        tenant.delete(&transaction, upload::Entity, own.and(upload::Column::Id.not_in_subquery(newest))).await?;
        tenant.commit(transaction).await?;
        Ok(Put::Kept(kept))
    }

    /// A recording of a world, whether a trace has it already or it waits for one since `since_ms` at the earliest.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(
        &self,
        (studio, world): (StudioId, i32),
        id: RecordingId,
        since_ms: i64,
    ) -> Result<Option<Stored>, StoreError> {
        let tenant = self.database.tenant(studio).await?;
        let waits = Query::select()
            .columns([upload::Column::Bytes, upload::Column::Sha256])
            .from(tenant.table(upload::Entity))
            .and_where(upload::Column::World.eq(world))
            .and_where(upload::Column::Id.eq(id.to_string()))
            .and_where(upload::Column::CreatedAtMs.gte(since_ms))
            .to_owned();
        let taken = Query::select()
            .columns([recording::Column::Bytes, recording::Column::Sha256])
            .from(tenant.table(recording::Entity))
            .and_where(recording::Column::World.eq(world))
            .and_where(recording::Column::RecordingId.eq(id.to_string()))
            .to_owned();
        // In this order: in between a trace may take it, not give it back.
        for select in [waits, taken] {
            let rows: Vec<BytesRow> = tenant.all(&select).await?;
            if let Some(BytesRow { bytes, sha256 }) = rows.into_iter().next() {
                return Ok(Some(Stored { bytes: bytes.into(), sha256: stored_digest(sha256.unwrap_or_default()) }));
            }
        }
        Ok(None)
    }

    /// Removes recordings of a studio that no trace has taken before `until_ms`, the oldest first, `limit` at most; returns
    /// how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep(&self, studio: StudioId, until_ms: i64, limit: u64) -> Result<u64, StoreError> {
        let tenant = self.database.tenant(studio).await?;
        let oldest = Query::select()
            .columns([upload::Column::World, upload::Column::Id])
            .from(tenant.table(upload::Entity))
            .and_where(upload::Column::CreatedAtMs.lt(until_ms))
            .order_by(upload::Column::CreatedAtMs, Order::Asc)
            .limit(limit)
            .to_owned();
        let these = Expr::tuple([Expr::col(upload::Column::World), Expr::col(upload::Column::Id)]);
        let transaction = tenant.begin().await?;
        let gone = tenant.delete(&transaction, upload::Entity, these.in_subquery(oldest)).await?;
        tenant.commit(transaction).await?;
        Ok(gone)
    }
}

fn kept_before(row: KeptRow) -> Option<Kept> {
    Some(Kept {
        id: RecordingId::of_text(&row.id)?,
        frames: row.frames,
        duration_ms: row.duration_ms,
        size_bytes: row.size_bytes,
        sha256: stored_digest(row.sha256),
    })
}

/// A recording that a trace has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attached {
    /// From the first frame to the last.
    pub duration_ms: i32,
    /// As it is stored.
    pub size_bytes: i32,
}

/// Stores a recording with the trace that a player leaves in the same transaction.
///
/// # Errors
/// [`StoreError`].
pub async fn bring(
    tenant: &Tenant,
    transaction: &DatabaseTransaction,
    world: i32,
    trace: i64,
    Brought { id, ready }: &Brought,
) -> Result<Attached, StoreError> {
    let of_trace = recording::ActiveModel {
        world: Set(world),
        id: Set(trace),
        codec: Set(CODEC),
        frames: Set(ready.frames),
        bytes: Set(ready.bytes.clone()),
        recording_id: Set(Some(id.to_string())),
        duration_ms: Set(Some(ready.duration_ms)),
        sha256: Set(Some(ready.sha256.to_vec())),
        content_version: Set(Some(ready.content_version)),
        complete: Set(Some(ready.complete)),
        look: Set(Some(ready.look.clone())),
    };
    tenant.insert(transaction, vec![of_trace]).await?;
    let size_bytes = i32::try_from(ready.bytes.len()).unwrap_or(i32::MAX);
    Ok(Attached { duration_ms: ready.duration_ms, size_bytes })
}

/// Gives a recording that waits since `since_ms` at the earliest to a trace that its uploader leaves in the same
/// transaction; what it is, if there is one of that id. Of two traces that want it the second finds none.
///
/// # Errors
/// [`StoreError`].
pub async fn attach(
    tenant: &Tenant,
    transaction: &DatabaseTransaction,
    player: &Player,
    id: RecordingId,
    trace: i64,
    since_ms: i64,
) -> Result<Option<Attached>, StoreError> {
    let mut take = Query::delete();
    take.from_table(tenant.table(upload::Entity))
        .and_where(upload::Column::World.eq(player.world))
        .and_where(upload::Column::Id.eq(id.to_string()))
        .and_where(upload::Column::Player.eq(player.id.to_string()))
        .and_where(upload::Column::CreatedAtMs.gte(since_ms))
        .returning_all();
    let taken: Vec<upload::Model> = tenant.returned(transaction, &take).await?;
    let Some(row) = taken.into_iter().next() else { return Ok(None) };
    let size_bytes = i32::try_from(row.bytes.len()).unwrap_or(i32::MAX);
    let attached = Attached { duration_ms: row.duration_ms, size_bytes };
    let of_trace = recording::ActiveModel {
        world: Set(player.world),
        id: Set(trace),
        codec: Set(CODEC),
        frames: Set(row.frames),
        bytes: Set(row.bytes),
        recording_id: Set(Some(row.id)),
        duration_ms: Set(Some(row.duration_ms)),
        sha256: Set(Some(row.sha256)),
        content_version: Set(Some(row.content_version)),
        complete: Set(Some(row.complete)),
        look: Set(Some(row.look)),
    };
    tenant.insert(transaction, vec![of_trace]).await?;
    Ok(Some(attached))
}
