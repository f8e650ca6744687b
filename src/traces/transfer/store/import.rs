//! Storing batches of an import.
//!
//! The dialects differ: PostgreSQL takes a batch by COPY, SQLite by INSERT. Both do it in one transaction that locks the world first
//! and raises its sequence by the number of new traces, so that ids follow commit order here too, and no other import can store the
//! same traces meanwhile.

use std::collections::HashSet;

use entity::tenant::traces::{import, recording, trace};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{ExprTrait, OnConflict, Query},
};

use super::Store;
use crate::{
    platform::{
        db::{CopyField, CopyRows, CopyTransaction, Dialect},
        error::StoreError,
    },
    traces::{
        recordings::{self, CODEC, IncomingRecording},
        trace::score,
        transfer::model::{Progress, TransferredTrace},
    },
    worlds::{LOCK, SET_SEQ, WorldKey, WorldStore, world_not_found},
};

/// Which of these source ids the world knows. The LIMIT has each looked up in the index: left to itself PostgreSQL reads
/// the world's whole table for a long list.
const KNOWN: &str = r"
SELECT asked.id FROM unnest($2) AS asked(id) CROSS JOIN LATERAL (
    SELECT FROM {schema}.trace t WHERE t.world = $1 AND t.source_id = asked.id LIMIT 1) AS there";

const TRACES: &str = "{schema}.trace (world, id, kind, scope, author, x, y, z, body, created_at_ms, qx, qy, qz, qw, \
    base_good, source_id, legacy, score, minted, detail, group_key, content_version, rank_value, hidden, expires_at_ms)";

const RECORDINGS: &str = "{schema}.recording (world, id, codec, frames, bytes, recording_id, duration_ms, sha256, \
    content_version, complete, look)";

/// Raises the world's sequence, and keeps how far the import has come.
const DONE: &str = r"
WITH raised AS (
{set_seq}
)
INSERT INTO {schema}.import (world, input, lines, digest) VALUES ($1, $3, $4, $5)
ON CONFLICT (world, input) DO UPDATE SET lines = excluded.lines, digest = excluded.digest";

/// What a batch has done.
#[derive(Debug)]
pub struct Imported {
    /// The world's revision after it.
    pub seq: i64,
    /// How many traces were new.
    pub taken: i64,
}

#[derive(FromQueryResult)]
struct SourceRow {
    source_id: String,
}

#[derive(FromQueryResult)]
struct ProgressRow {
    lines: i64,
    digest: String,
}

impl Store {
    /// Stores traces from elsewhere, but those whose source id the world knows, and how far the import has come.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was stored, unless it is [`StoreError::Unavailable`], which can't know.
    pub async fn import(
        &self,
        world: WorldKey,
        batch: &[TransferredTrace],
        input: &str,
        progress: &Progress,
    ) -> Result<Imported, StoreError> {
        let mut met = HashSet::new();
        let batch: Vec<&TransferredTrace> =
            batch.iter().filter(|one| one.source_id.as_deref().is_none_or(|id| met.insert(id))).collect();
        match self.tenant.dialect() {
            Dialect::Postgres => self.import_postgres(world, &batch, input, progress).await,
            Dialect::Sqlite => self.import_sqlite(world, &batch, input, progress).await,
        }
    }

    async fn import_postgres(
        &self,
        world: WorldKey,
        batch: &[&TransferredTrace],
        input: &str,
        progress: &Progress,
    ) -> Result<Imported, StoreError> {
        let mut copy = CopyTransaction::begin(&self.tenant).await?;
        let lock = copy.statement(LOCK).bind(world.world());
        let before: Option<i64> = copy.column(lock).await?.first().copied();
        let before = before.ok_or_else(|| world_not_found(world))?;
        // Each statement sees what was committed before it began: this one all that others have brought.
        let known = copy.statement(KNOWN).bind(world.world()).bind(asked(batch));
        let known: HashSet<String> = copy.column(known).await?.into_iter().collect();
        let (mut traces, mut recordings) = (CopyRows::default(), CopyRows::default());
        let mut seq = before;
        for one in new(batch, &known) {
            seq += 1;
            let [x, y, z] = fields(one.trace.position);
            let [qx, qy, qz, qw] = fields(one.rotation);
            traces.push([
                CopyField::Int4(world.world()),
                CopyField::Int8(seq),
                CopyField::Int2(one.trace.kind.code()),
                CopyField::Text(one.scope.as_str()),
                CopyField::Text(&one.trace.author),
                x,
                y,
                z,
                CopyField::Text(&one.trace.body),
                CopyField::Int8(one.created_at_ms),
                qx,
                qy,
                qz,
                qw,
                CopyField::Int4(one.good),
                one.source_id.as_deref().map_or(CopyField::Null, CopyField::Text),
                CopyField::Bool(one.legacy),
                CopyField::Float8(score(f64::from(one.good), 0.0)),
                CopyField::Bool(is_minted(one)),
                detail_of(one).as_deref().map_or(CopyField::Null, CopyField::Text),
                one.group.as_ref().map_or(CopyField::Null, |group| CopyField::Text(group.as_str())),
                CopyField::Int4(one.content_version),
                one.rank_value.map_or(CopyField::Null, CopyField::Float8),
                CopyField::Bool(one.hidden),
                one.expires_at_ms.map_or(CopyField::Null, CopyField::Int8),
            ]);
            if let Some(packed) = &one.trace.recording {
                let (codec, frames) = (CopyField::Int2(packed.codec), CopyField::Int4(packed.frames));
                let (of, bytes, no) =
                    (CopyField::Int4(world.world()), CopyField::Bytes(&packed.bytes), CopyField::Null);
                recordings.push([of, CopyField::Int8(seq), codec, frames, bytes, no, no, no, no, no, no]);
            }
            if let Some(IncomingRecording { id, packed }) = brought(one) {
                recordings.push([
                    CopyField::Int4(world.world()),
                    CopyField::Int8(seq),
                    CopyField::Int2(CODEC),
                    CopyField::Int4(packed.frames),
                    CopyField::Bytes(&packed.bytes),
                    CopyField::Text(&id.to_string()),
                    CopyField::Int4(packed.duration_ms),
                    CopyField::Bytes(&packed.sha256),
                    CopyField::Int4(packed.content_version),
                    CopyField::Bool(packed.complete),
                    CopyField::Text(&packed.look),
                ]);
            }
        }
        for (into, rows) in [(TRACES, traces), (RECORDINGS, recordings)] {
            if !rows.is_empty() {
                copy.copy(into, rows).await?;
            }
        }
        let done = copy.statement(&DONE.replace("{set_seq}", SET_SEQ)).bind(world.world()).bind(seq);
        let done = done.bind(input.to_owned()).bind(lines_of(progress)).bind(progress.digest.clone());
        copy.execute(done).await?;
        copy.commit().await?;
        Ok(Imported { seq, taken: seq - before })
    }

    async fn import_sqlite(
        &self,
        world: WorldKey,
        batch: &[&TransferredTrace],
        input: &str,
        progress: &Progress,
    ) -> Result<Imported, StoreError> {
        let transaction = self.tenant.begin().await?;
        let known = self.known(&transaction, world, &asked(batch)).await?;
        let new: Vec<&TransferredTrace> = new(batch, &known).collect();
        let taken = i64::try_from(new.len()).unwrap_or_default();
        let seq = WorldStore::raise_seq(&self.tenant, &transaction, world, taken).await?;
        let (mut traces, mut recordings) = (Vec::with_capacity(new.len()), Vec::new());
        let mut with_recordings = Vec::new();
        for (id, one) in (seq - taken + 1..).zip(new) {
            let [x, y, z] = one.trace.position.map_or([None; 3], |position| position.map(Some));
            let [qx, qy, qz, qw] = one.rotation.map_or([None; 4], |rotation| rotation.map(Some));
            traces.push(trace::ActiveModel {
                world: Set(world.world()),
                id: Set(id),
                kind: Set(one.trace.kind.code()),
                scope: Set(one.scope.as_str().to_owned()),
                author: Set(one.trace.author.clone()),
                x: Set(x),
                y: Set(y),
                z: Set(z),
                body: Set(one.trace.body.clone()),
                created_at_ms: Set(one.created_at_ms),
                qx: Set(qx),
                qy: Set(qy),
                qz: Set(qz),
                qw: Set(qw),
                base_good: Set(one.good),
                source_id: Set(one.source_id.clone()),
                legacy: Set(one.legacy),
                score: Set(score(f64::from(one.good), 0.0)),
                minted: Set(is_minted(one)),
                detail: Set(detail_of(one)),
                group_key: Set(one.group.as_ref().map(|group| group.as_str().to_owned())),
                content_version: Set(one.content_version),
                rank_value: Set(one.rank_value),
                hidden: Set(one.hidden),
                expires_at_ms: Set(one.expires_at_ms),
                ..trace::ActiveModel::default()
            });
            with_recordings.extend(brought(one).map(|brought| (id, brought)));
            recordings.extend(one.trace.recording.as_ref().map(|packed| recording::ActiveModel {
                world: Set(world.world()),
                id: Set(id),
                codec: Set(packed.codec),
                frames: Set(packed.frames),
                bytes: Set(packed.bytes.to_vec()),
                ..recording::ActiveModel::default()
            }));
        }
        self.tenant.insert(&transaction, traces).await?;
        self.tenant.insert(&transaction, recordings).await?;
        for (id, brought) in with_recordings {
            recordings::insert_recording(&self.tenant, &transaction, world.world(), id, brought).await?;
        }
        let upsert = Query::insert()
            .into_table(self.tenant.table(import::Entity))
            .columns([import::Column::World, import::Column::Input, import::Column::Lines, import::Column::Digest])
            .values_panic([
                world.world().into(),
                input.into(),
                lines_of(progress).into(),
                progress.digest.as_str().into(),
            ])
            .on_conflict(
                OnConflict::columns([import::Column::World, import::Column::Input])
                    .update_columns([import::Column::Lines, import::Column::Digest])
                    .to_owned(),
            )
            .to_owned();
        self.tenant.execute(&transaction, &upsert).await?;
        self.tenant.commit(transaction).await?;
        Ok(Imported { seq, taken })
    }

    /// Which of these source ids the world knows.
    async fn known(
        &self,
        transaction: &DatabaseTransaction,
        world: WorldKey,
        ids: &[&str],
    ) -> Result<HashSet<String>, StoreError> {
        let select = Query::select()
            .column(trace::Column::SourceId)
            .from(self.tenant.table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::SourceId.is_in(ids.iter().copied()))
            // Without it SQLite doesn't see that the partial index will do.
            .and_where(trace::Column::SourceId.is_not_null())
            .to_owned();
        let rows: Vec<SourceRow> = self.tenant.returned(transaction, &select).await?;
        Ok(rows.into_iter().map(|row| row.source_id).collect())
    }

    /// How far an import of an input has come that was cut short.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn import_progress(&self, world: WorldKey, input: &str) -> Result<Option<Progress>, StoreError> {
        let select = self
            .tenant
            .select::<import::Entity>()
            .and_where(import::Column::World.eq(world.world()))
            .and_where(import::Column::Input.eq(input))
            .to_owned();
        let row = self.tenant.all::<ProgressRow>(&select).await?.into_iter().next();
        Ok(row.map(|row| Progress { lines: u64::try_from(row.lines).unwrap_or_default(), digest: row.digest }))
    }

    /// Forgets how far an import has come: it is done.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_import(&self, world: WorldKey, input: &str) -> Result<(), StoreError> {
        let transaction = self.tenant.begin().await?;
        let done = import::Column::World.eq(world.world()).and(import::Column::Input.eq(input));
        self.tenant.delete(&transaction, import::Entity, done).await?;
        self.tenant.commit(transaction).await
    }
}

/// The source ids of a batch.
fn asked<'a>(batch: &[&'a TransferredTrace]) -> Vec<&'a str> {
    batch.iter().filter_map(|one| one.source_id.as_deref()).collect()
}

/// What of a batch the world does not know.
fn new<'a>(batch: &[&'a TransferredTrace], known: &HashSet<String>) -> impl Iterator<Item = &'a TransferredTrace> {
    batch.iter().copied().filter(|one| one.source_id.as_deref().is_none_or(|id| !known.contains(id)))
}

fn is_minted(one: &TransferredTrace) -> bool {
    one.said.as_ref().is_some_and(|said| said.minted)
}

fn detail_of(one: &TransferredTrace) -> Option<String> {
    one.said.as_ref().map(|said| said.stored().to_text())
}

fn brought(one: &TransferredTrace) -> Option<&IncomingRecording> {
    one.said.as_ref()?.recording.as_ref()
}

fn fields<const N: usize>(numbers: Option<[f64; N]>) -> [CopyField<'static>; N] {
    numbers.map_or([CopyField::Null; N], |numbers| numbers.map(CopyField::Float8))
}

fn lines_of(progress: &Progress) -> i64 {
    i64::try_from(progress.lines).unwrap_or(i64::MAX)
}
