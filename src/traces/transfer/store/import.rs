//! Storing batches of an import.
//!
//! A batch is stored by COPY on PostgreSQL and by INSERT on SQLite. Both use one transaction that first locks the world and then raises
//! its sequence by the number of new traces, so that ids follow commit order and no other import stores the same traces meanwhile.

use std::collections::HashSet;

use entity::tenant::traces::{import, recording, trace};
use sea_orm::{ColumnTrait, DatabaseTransaction, FromQueryResult, Set, sea_query::OnConflict};

use super::Store;
use crate::{
    platform::{
        db::{CopyField, CopyRows, CopyTransaction, Dialect},
        error::StoreError,
    },
    traces::{
        recordings::{self, CODEC, IncomingRecording},
        trace::{ADD_OWN_COUNTS, OwnCountChanges, change_own_counts, score},
        transfer::model::{Progress, TransferredTrace},
    },
    worlds::{LOCK, Revision, SET_SEQ, WorldStore, world_not_found},
};

/// The source ids of a list that the world has. The LIMIT makes PostgreSQL look up each in the index; without it, a long list makes
/// it read all traces of the world.
const KNOWN: &str = r"
SELECT asked.id FROM unnest($2) AS asked(id) CROSS JOIN LATERAL (
    SELECT FROM {schema}.trace t WHERE t.world = $1 AND t.source_id = asked.id LIMIT 1) AS there";

const TRACES: &str = "{schema}.trace (world, id, kind, scope, author, x, y, z, body, created_at_ms, qx, qy, qz, qw, \
    base_good, source_id, legacy, score, minted, detail, group_key, content_version, rank_value, hidden, expires_at_ms)";

const RECORDINGS: &str = "{schema}.recording (world, id, codec, frames, bytes, recording_id, duration_ms, sha256, \
    content_version, complete, look)";

/// Sets the world's sequence and saves the progress of the import.
const DONE: &str = r"
WITH raised AS (
{set_seq}
)
INSERT INTO {schema}.import (world, input, lines, digest) VALUES ($1, $3, $4, $5)
ON CONFLICT (world, input) DO UPDATE SET lines = excluded.lines, digest = excluded.digest";

/// The result of a batch.
#[derive(Debug)]
pub struct ImportedBatch {
    /// The world's revision after it.
    pub revision: Revision,
    /// The number of new traces: their ids are the last ones up to the revision.
    pub count: i64,
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
    /// Stores the traces whose source id the world does not have yet, and the progress of the import of `input`.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was stored, except that after [`StoreError::Unavailable`] it is unknown.
    pub async fn import(
        &self,
        batch: &[TransferredTrace],
        input: &str,
        progress: &Progress,
    ) -> Result<ImportedBatch, StoreError> {
        let mut seen = HashSet::new();
        let batch: Vec<&TransferredTrace> =
            batch.iter().filter(|trace| trace.source_id.as_deref().is_none_or(|id| seen.insert(id))).collect();
        match self.tables.dialect() {
            Dialect::Postgres => self.import_postgres(&batch, input, progress).await,
            Dialect::Sqlite => self.import_sqlite(&batch, input, progress).await,
        }
    }

    async fn import_postgres(
        &self,
        batch: &[&TransferredTrace],
        input: &str,
        progress: &Progress,
    ) -> Result<ImportedBatch, StoreError> {
        let mut copy = CopyTransaction::begin(self.tables.tenant()).await?;
        let world = self.tables.world();
        let lock = copy.statement(LOCK).bind(world);
        let before: Option<i64> = copy.column(lock).await?.first().copied();
        let before = before.ok_or_else(|| world_not_found(self.world))?;
        // A statement sees what was committed before it began: this trace, after the lock, all traces of other imports.
        let known = copy.statement(KNOWN).bind(world).bind(source_ids(batch));
        let known: HashSet<String> = copy.column(known).await?.into_iter().collect();
        let (mut traces, mut recordings) = (CopyRows::default(), CopyRows::default());
        let mut seq = before;
        for trace in new(batch, &known) {
            seq += 1;
            let [x, y, z] = fields(trace.trace.position);
            let [qx, qy, qz, qw] = fields(trace.rotation);
            traces.push([
                CopyField::Int4(world),
                CopyField::Int8(seq),
                CopyField::Int2(trace.trace.kind.code()),
                CopyField::Text(trace.scope.as_str()),
                CopyField::Text(&trace.trace.author),
                x,
                y,
                z,
                CopyField::Text(&trace.trace.body),
                CopyField::Int8(trace.created_at_ms),
                qx,
                qy,
                qz,
                qw,
                CopyField::Int4(trace.good),
                trace.source_id.as_deref().map_or(CopyField::Null, CopyField::Text),
                CopyField::Bool(trace.legacy),
                CopyField::Float8(score(f64::from(trace.good), 0.0)),
                CopyField::Bool(is_minted(trace)),
                detail_of(trace).as_deref().map_or(CopyField::Null, CopyField::Text),
                trace.group.as_ref().map_or(CopyField::Null, |group| CopyField::Text(group.as_str())),
                CopyField::Int4(trace.content_version),
                trace.rank_value.map_or(CopyField::Null, CopyField::Float8),
                CopyField::Bool(trace.hidden),
                trace.expires_at_ms.map_or(CopyField::Null, CopyField::Int8),
            ]);
            if let Some(packed) = &trace.trace.recording {
                let (codec, frames) = (CopyField::Int2(packed.codec), CopyField::Int4(packed.frames));
                let (world, bytes, null) = (CopyField::Int4(world), CopyField::Bytes(&packed.bytes), CopyField::Null);
                recordings.push([
                    world,
                    CopyField::Int8(seq),
                    codec,
                    frames,
                    bytes,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                ]);
            }
            if let Some(IncomingRecording { id, packed }) = v1_recording(trace) {
                recordings.push([
                    CopyField::Int4(world),
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
        for (table, rows) in [(TRACES, traces), (RECORDINGS, recordings)] {
            if !rows.is_empty() {
                copy.copy(table, rows).await?;
            }
        }
        let counts = own_counts(new(batch, &known)).into_entries();
        if !counts.is_empty() {
            let authors: Vec<&str> = counts.iter().map(|(own, _)| own.author.as_str()).collect();
            let kinds: Vec<i16> = counts.iter().map(|(own, _)| own.kind).collect();
            let scopes: Vec<&str> = counts.iter().map(|(own, _)| own.stored_scope()).collect();
            let added: Vec<i32> = counts.iter().map(|(_, added)| *added).collect();
            let add = copy.statement(ADD_OWN_COUNTS).bind(world).bind(authors).bind(kinds).bind(scopes).bind(added);
            copy.execute(add).await?;
        }
        let stamp = Revision::new_stamp();
        let done = DONE.replace("{set_seq}", SET_SEQ).replace("{stamp}", "$6");
        let done = copy.statement(&done).bind(world).bind(seq).bind(input.to_owned());
        let done = done.bind(lines_of(progress)).bind(progress.digest.clone()).bind(stamp);
        copy.execute(done).await?;
        copy.commit().await?;
        Ok(ImportedBatch { revision: Revision { seq, stamp }, count: seq - before })
    }

    async fn import_sqlite(
        &self,
        batch: &[&TransferredTrace],
        input: &str,
        progress: &Progress,
    ) -> Result<ImportedBatch, StoreError> {
        let transaction = self.tables.begin().await?;
        let known = self.known(&transaction, &source_ids(batch)).await?;
        let new: Vec<&TransferredTrace> = new(batch, &known).collect();
        let count = i64::try_from(new.len()).unwrap_or_default();
        let revision = WorldStore::raise_seq(self.tables.tenant(), &transaction, self.world, count).await?;
        let (mut traces, mut recordings) = (Vec::with_capacity(new.len()), Vec::new());
        let mut v1_recordings = Vec::new();
        let counts = own_counts(new.iter().copied());
        for (id, trace) in (revision.seq - count + 1..).zip(new) {
            let [x, y, z] = trace.trace.position.map_or([None; 3], |position| position.map(Some));
            let [qx, qy, qz, qw] = trace.rotation.map_or([None; 4], |rotation| rotation.map(Some));
            traces.push(trace::ActiveModel {
                world: Set(self.tables.world()),
                id: Set(id),
                kind: Set(trace.trace.kind.code()),
                scope: Set(trace.scope.as_str().to_owned()),
                author: Set(trace.trace.author.clone()),
                x: Set(x),
                y: Set(y),
                z: Set(z),
                body: Set(trace.trace.body.clone()),
                created_at_ms: Set(trace.created_at_ms),
                qx: Set(qx),
                qy: Set(qy),
                qz: Set(qz),
                qw: Set(qw),
                base_good: Set(trace.good),
                source_id: Set(trace.source_id.clone()),
                legacy: Set(trace.legacy),
                score: Set(score(f64::from(trace.good), 0.0)),
                minted: Set(is_minted(trace)),
                detail: Set(detail_of(trace)),
                group_key: Set(trace.group.as_ref().map(|group| group.as_str().to_owned())),
                content_version: Set(trace.content_version),
                rank_value: Set(trace.rank_value),
                hidden: Set(trace.hidden),
                expires_at_ms: Set(trace.expires_at_ms),
                ..trace::ActiveModel::default()
            });
            v1_recordings.extend(v1_recording(trace).map(|recording| (id, recording)));
            recordings.extend(trace.trace.recording.as_ref().map(|packed| recording::ActiveModel {
                world: Set(self.tables.world()),
                id: Set(id),
                codec: Set(packed.codec),
                frames: Set(packed.frames),
                bytes: Set(packed.bytes.to_vec()),
                ..recording::ActiveModel::default()
            }));
        }
        self.tables.insert(&transaction, traces).await?;
        self.tables.insert(&transaction, recordings).await?;
        change_own_counts(&self.tables, &transaction, counts).await?;
        for (id, recording) in v1_recordings {
            recordings::insert_recording(self.tables.tenant(), &transaction, self.tables.world(), id, recording)
                .await?;
        }
        let upsert = self
            .tables
            .insert_into::<import::Entity>()
            .columns([import::Column::World, import::Column::Input, import::Column::Lines, import::Column::Digest])
            .values_panic([
                self.tables.world().into(),
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
        self.tables.execute(&transaction, &upsert).await?;
        self.tables.commit(transaction).await?;
        Ok(ImportedBatch { revision, count })
    }

    /// Those of these source ids that the world has.
    async fn known(&self, transaction: &DatabaseTransaction, ids: &[&str]) -> Result<HashSet<String>, StoreError> {
        let select = self
            .tables
            .select_from::<trace::Entity>()
            .column(trace::Column::SourceId)
            .and_where(trace::Column::SourceId.is_in(ids.iter().copied()))
            // Without this condition SQLite does not use the partial index.
            .and_where(trace::Column::SourceId.is_not_null())
            .to_owned();
        let rows: Vec<SourceRow> = self.tables.returned(transaction, &select).await?;
        Ok(rows.into_iter().map(|row| row.source_id).collect())
    }

    /// The progress of an interrupted import of `input`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn import_progress(&self, input: &str) -> Result<Option<Progress>, StoreError> {
        let select = self.tables.select::<import::Entity>().and_where(import::Column::Input.eq(input)).take();
        let row = self.tables.all::<ProgressRow>(&select).await?.into_iter().next();
        Ok(row.map(|row| Progress { lines: u64::try_from(row.lines).unwrap_or_default(), digest: row.digest }))
    }

    /// Deletes the progress of an import that is done.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_progress(&self, input: &str) -> Result<(), StoreError> {
        let transaction = self.tables.begin().await?;
        self.tables.delete(&transaction, import::Entity, import::Column::Input.eq(input)).await?;
        self.tables.commit(transaction).await
    }
}

/// The source ids of a batch.
fn source_ids<'a>(batch: &[&'a TransferredTrace]) -> Vec<&'a str> {
    batch.iter().filter_map(|trace| trace.source_id.as_deref()).collect()
}

/// The traces of a batch whose source id the world does not have.
fn new<'a>(batch: &[&'a TransferredTrace], known: &HashSet<String>) -> impl Iterator<Item = &'a TransferredTrace> {
    batch.iter().copied().filter(|trace| trace.source_id.as_deref().is_none_or(|id| !known.contains(id)))
}

fn is_minted(trace: &TransferredTrace) -> bool {
    trace.v1.as_ref().is_some_and(|v1| v1.minted)
}

/// What new traces add to the counts of their authors.
fn own_counts<'a>(new: impl Iterator<Item = &'a TransferredTrace>) -> OwnCountChanges {
    let mut added = OwnCountChanges::default();
    for trace in new.filter(|trace| is_minted(trace)) {
        added.add(&trace.trace.author, trace.trace.kind.code(), &trace.scope, 1);
    }
    added
}

fn detail_of(trace: &TransferredTrace) -> Option<String> {
    trace.v1.as_ref().map(|v1| v1.stored_detail().to_text())
}

fn v1_recording(trace: &TransferredTrace) -> Option<&IncomingRecording> {
    trace.v1.as_ref()?.recording.as_ref()
}

fn fields<const N: usize>(numbers: Option<[f64; N]>) -> [CopyField<'static>; N] {
    numbers.map_or([CopyField::Null; N], |numbers| numbers.map(CopyField::Float8))
}

fn lines_of(progress: &Progress) -> i64 {
    i64::try_from(progress.lines).unwrap_or(i64::MAX)
}
