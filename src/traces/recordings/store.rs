//! All SQL of recordings. Table `upload` holds recordings that no trace has taken, `recording` those of traces.

use entity::tenant::traces::{recording, trace, upload};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};

use super::model::{CODEC, IncomingRecording, PackedRecording, RecordingId, StoredRecording, UploadedRecording};
use crate::{
    identity::access::Player,
    platform::{
        db::{Database, StudioId, Tenant, WorldTables},
        error::StoreError,
    },
    worlds::{WorldKey, WorldStore, storage::StorageUse},
};

/// Reads recordings and stores uploads. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

/// The result of storing an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadOutcome {
    /// The recording is stored, by this request or by an earlier one with the same idempotency key.
    Stored(UploadedRecording),
    /// The idempotency key was used with another recording.
    KeyReused,
}

#[derive(FromQueryResult)]
struct UploadRow {
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

fn digest(bytes: Vec<u8>) -> [u8; 32] {
    bytes.try_into().unwrap_or_default()
}

impl UploadRow {
    /// `None` if the stored id is no UUID.
    fn into_uploaded(self) -> Option<UploadedRecording> {
        Some(UploadedRecording {
            id: RecordingId::of_text(&self.id)?,
            frames: self.frames,
            duration_ms: self.duration_ms,
            size_bytes: self.size_bytes,
            sha256: digest(self.sha256),
        })
    }
}

impl Store {
    /// A store in that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Whether the studio's database is open already.
    #[must_use]
    pub fn is_open(&self, studio: StudioId) -> bool {
        self.database.is_open(studio)
    }

    /// The rows of a player's world.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tables(&self, player: &Player) -> Result<WorldTables, StoreError> {
        Ok(self.database.tenant(player.studio).await?.world(player.world))
    }

    /// What the player's world and its studio store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn storage(&self, player: &Player) -> Result<StorageUse, StoreError> {
        WorldStore::new(self.database.tenant(player.studio).await?).storage(WorldKey::of_player(player)).await
    }

    /// Stores an upload, and deletes the player's oldest uploads beyond the newest `most`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_upload(
        &self,
        player: &Player,
        packed: PackedRecording,
        idempotency_key: Option<&str>,
        now_ms: i64,
        most: u64,
    ) -> Result<UploadOutcome, StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let uploaded = UploadedRecording {
            id: RecordingId::mint(),
            frames: packed.frames,
            duration_ms: packed.duration_ms,
            size_bytes: packed.size_bytes(),
            sha256: packed.sha256,
        };
        let of_player = upload::Column::Player.eq(player.id.to_string());
        let transaction = tables.begin().await?;
        let row = upload::ActiveModel {
            world: Set(tables.world()),
            id: Set(uploaded.id.to_string()),
            player: Set(player.id.to_string()),
            idempotency_key: Set(idempotency_key.map(str::to_owned)),
            frames: Set(uploaded.frames),
            duration_ms: Set(uploaded.duration_ms),
            size_bytes: Set(uploaded.size_bytes),
            sha256: Set(uploaded.sha256.to_vec()),
            content_version: Set(packed.content_version),
            complete: Set(packed.complete),
            look: Set(packed.look),
            bytes: Set(packed.bytes),
            created_at_ms: Set(now_ms),
        };
        let mut insert = upload::Entity::insert(row).into_query();
        insert.into_table(tables.table(upload::Entity)).on_conflict(OnConflict::new().do_nothing().to_owned());
        if tables.execute(&transaction, &insert).await? == 0 {
            tables.commit(transaction).await?;
            let find = tables
                .select_from::<upload::Entity>()
                .columns([
                    upload::Column::Id,
                    upload::Column::Frames,
                    upload::Column::DurationMs,
                    upload::Column::SizeBytes,
                    upload::Column::Sha256,
                ])
                .and_where(of_player)
                .and_where(upload::Column::IdempotencyKey.eq(idempotency_key))
                .to_owned();
            let rows: Vec<UploadRow> = tables.all(&find).await?;
            let earlier = rows.into_iter().find(|row| row.sha256 == uploaded.sha256);
            let earlier = earlier.and_then(UploadRow::into_uploaded);
            return Ok(earlier.map_or(UploadOutcome::KeyReused, UploadOutcome::Stored));
        }
        // Ids ascend with time.
        let newest = tables
            .select_from::<upload::Entity>()
            .column(upload::Column::Id)
            .and_where(of_player.clone())
            .order_by(upload::Column::Id, Order::Desc)
            .limit(most)
            .to_owned();
        let too_many = of_player.and(upload::Column::Id.not_in_subquery(newest));
        tables.delete(&transaction, upload::Entity, too_many).await?;
        tables.commit(transaction).await?;
        Ok(UploadOutcome::Stored(uploaded))
    }

    /// A recording of a world: that of a trace, which is not hidden unless `even_hidden`, or an upload from `oldest_upload_ms` or
    /// later.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(
        &self,
        (studio, world): (StudioId, i32),
        id: RecordingId,
        even_hidden: bool,
        oldest_upload_ms: i64,
    ) -> Result<Option<StoredRecording>, StoreError> {
        let tables = self.database.tenant(studio).await?.world(world);
        let uploaded = tables
            .select_from::<upload::Entity>()
            .columns([upload::Column::Bytes, upload::Column::Sha256])
            .and_where(upload::Column::Id.eq(id.to_string()))
            .and_where(upload::Column::CreatedAtMs.gte(oldest_upload_ms))
            .to_owned();
        let hidden = tables
            .select_from::<trace::Entity>()
            .expr(Expr::val(1))
            .and_where(Expr::col(("trace", trace::Column::Id)).equals(("recording", recording::Column::Id)))
            .and_where(trace::Column::Hidden.eq(true))
            .to_owned();
        let attached = tables
            .select_from::<recording::Entity>()
            .columns([recording::Column::Bytes, recording::Column::Sha256])
            .and_where(recording::Column::RecordingId.eq(id.to_string()))
            .and_where_option((!even_hidden).then(|| Expr::exists(hidden).not()))
            .to_owned();
        // In this order: between the two statements a trace may take an upload, and never gives it back.
        for select in [uploaded, attached] {
            let rows: Vec<BytesRow> = tables.all(&select).await?;
            if let Some(BytesRow { bytes, sha256 }) = rows.into_iter().next() {
                let sha256 = digest(sha256.unwrap_or_default());
                return Ok(Some(StoredRecording { bytes: bytes.into(), sha256 }));
            }
        }
        Ok(None)
    }

    /// Deletes a studio's uploads from before `before_ms`, the oldest first and at most `limit`; returns how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_uploads_before(&self, studio: StudioId, before_ms: i64, limit: u64) -> Result<u64, StoreError> {
        // Without the predicate of a world: uploads of all the studio's worlds expire together.
        let tenant = self.database.tenant(studio).await?;
        let oldest = Query::select()
            .columns([upload::Column::World, upload::Column::Id])
            .from(tenant.table(upload::Entity))
            .and_where(upload::Column::CreatedAtMs.lt(before_ms))
            .order_by(upload::Column::CreatedAtMs, Order::Asc)
            .limit(limit)
            .to_owned();
        let key = Expr::tuple([Expr::col(upload::Column::World), Expr::col(upload::Column::Id)]);
        let transaction = tenant.begin().await?;
        let deleted = tenant.delete(&transaction, upload::Entity, key.in_subquery(oldest)).await?;
        tenant.commit(transaction).await?;
        Ok(deleted)
    }
}

/// What a trace stores of its recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachedRecording {
    /// From the first frame to the last.
    pub duration_ms: i32,
    /// Size of the packed bytes.
    pub size_bytes: i32,
}

/// Stores the recording of a trace that is left in the same transaction.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_recording(
    tenant: &Tenant,
    transaction: &DatabaseTransaction,
    world: i32,
    trace: i64,
    IncomingRecording { id, packed }: &IncomingRecording,
) -> Result<AttachedRecording, StoreError> {
    insert(&tenant.world(world), transaction, trace, id.to_string(), packed.clone()).await
}

/// Moves a player's upload from `oldest_upload_ms` or later to a trace that they leave in the same transaction. `None` if they
/// have no such upload, for example because another trace has taken it.
///
/// # Errors
/// [`StoreError`].
pub async fn attach_upload(
    tenant: &Tenant,
    transaction: &DatabaseTransaction,
    player: &Player,
    id: RecordingId,
    trace: i64,
    oldest_upload_ms: i64,
) -> Result<Option<AttachedRecording>, StoreError> {
    let tables = tenant.world(player.world);
    let mut take = tables.delete_from::<upload::Entity>();
    take.and_where(upload::Column::Id.eq(id.to_string()))
        .and_where(upload::Column::Player.eq(player.id.to_string()))
        .and_where(upload::Column::CreatedAtMs.gte(oldest_upload_ms))
        .returning_all();
    let taken: Vec<upload::Model> = tables.returned(transaction, &take).await?;
    let Some(row) = taken.into_iter().next() else { return Ok(None) };
    let packed = PackedRecording {
        bytes: row.bytes,
        frames: row.frames,
        duration_ms: row.duration_ms,
        sha256: digest(row.sha256),
        content_version: row.content_version,
        complete: row.complete,
        look: row.look,
    };
    insert(&tables, transaction, trace, row.id, packed).await.map(Some)
}

async fn insert(
    tables: &WorldTables,
    transaction: &DatabaseTransaction,
    trace: i64,
    id: String,
    packed: PackedRecording,
) -> Result<AttachedRecording, StoreError> {
    let attached = AttachedRecording { duration_ms: packed.duration_ms, size_bytes: packed.size_bytes() };
    let row = recording::ActiveModel {
        world: Set(tables.world()),
        id: Set(trace),
        codec: Set(CODEC),
        frames: Set(packed.frames),
        bytes: Set(packed.bytes),
        recording_id: Set(Some(id)),
        duration_ms: Set(Some(packed.duration_ms)),
        sha256: Set(Some(packed.sha256.to_vec())),
        content_version: Set(Some(packed.content_version)),
        complete: Set(Some(packed.complete)),
        look: Set(Some(packed.look)),
    };
    tables.insert(transaction, vec![row]).await?;
    Ok(attached)
}
