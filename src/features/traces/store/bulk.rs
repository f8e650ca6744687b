//! Traces from and for other stores, many at a time.
//!
//! As in [`super::leave`] the dialects differ: PostgreSQL takes a batch in one round trip, SQLite in one transaction. Both
//! raise the world's sequence by what is new in the transaction that stores it, so that ids follow commit order here too.

use std::collections::HashSet;

use bytes::Bytes;
use entity::tenant::{import, recording, trace};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbBackend, FromQueryResult, Set, Statement, Value,
    sea_query::{ArrayType, Expr, ExprTrait, OnConflict, Order, Query},
};

use super::{Store, leave::array};
use crate::{
    features::traces::model::{NewTrace, Packed, Progress, ScopeKey, TraceKind, Transferred, WorldKey},
    platform::{db::Dialect, error::StoreError},
};

/// One round trip for a batch. What has a source id that the world knows is left out; ids are given in the order of the
/// arrays. Arrays hold no NULL: a number that is not there is not a number, a recording has codec 0, a source id is empty.
const POSTGRES: &str = r"
WITH locked AS (
    SELECT id FROM {schema}.world WHERE id = $1 FOR UPDATE
), asked AS (
    SELECT r.*, row_number() OVER (ORDER BY r.at) AS nth
    FROM unnest($2::int8[], $3::int2[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::float8[], $9::float8[],
        $10::float8[], $11::float8[], $12::float8[], $13::text[], $14::int4[], $15::bool[], $16::text[], $17::int8[],
        $18::int2[], $19::int4[], $20::bytea[])
        AS r(at, kind, scope, author, x, y, z, qx, qy, qz, qw, body, good, legacy, source_id, created_at_ms,
            codec, frames, bytes)
    WHERE r.source_id = '' OR NOT EXISTS (
        SELECT 1 FROM {schema}.trace t WHERE t.world = $1 AND t.source_id = r.source_id)
), raised AS (
    UPDATE {schema}.world w SET seq = w.seq + (SELECT count(*) FROM asked) FROM locked WHERE w.id = locked.id
    RETURNING w.seq
), incoming AS (
    SELECT asked.*, (SELECT seq FROM raised) - (SELECT count(*) FROM asked) + nth AS id FROM asked
), traces AS (
    INSERT INTO {schema}.trace (world, id, kind, scope, author, x, y, z, qx, qy, qz, qw, body, base_good, legacy,
        source_id, created_at_ms)
    SELECT $1, id, kind, scope, author, nullif(x, 'NaN'), nullif(y, 'NaN'), nullif(z, 'NaN'), nullif(qx, 'NaN'),
        nullif(qy, 'NaN'), nullif(qz, 'NaN'), nullif(qw, 'NaN'), body, good, legacy, nullif(source_id, ''),
        created_at_ms FROM incoming
), recordings AS (
    INSERT INTO {schema}.recording (world, id, codec, frames, bytes)
    SELECT $1, id, codec, frames, bytes FROM incoming WHERE codec > 0
), progress AS (
    INSERT INTO {schema}.import (world, input, lines, digest) VALUES ($1, $21, $22, $23)
    ON CONFLICT (world, input) DO UPDATE SET lines = excluded.lines, digest = excluded.digest
)
SELECT raised.seq, (SELECT count(*) FROM asked) AS taken FROM raised";

/// What a batch has done.
#[derive(Debug, FromQueryResult)]
pub struct Imported {
    /// The world's revision after it.
    pub seq: i64,
    /// How many traces were new.
    pub taken: i64,
}

/// A trace with all that is stored of it.
#[derive(FromQueryResult)]
struct Whole {
    id: i64,
    kind: i16,
    scope: String,
    author: String,
    x: Option<f64>,
    y: Option<f64>,
    z: Option<f64>,
    qx: Option<f64>,
    qy: Option<f64>,
    qz: Option<f64>,
    qw: Option<f64>,
    body: String,
    base_good: i32,
    legacy: bool,
    source_id: Option<String>,
    created_at_ms: i64,
    codec: Option<i16>,
    frames: Option<i32>,
    bytes: Option<Vec<u8>>,
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
    /// [`StoreError`]; then nothing was stored, unless it is [`StoreError::Away`], which can't know.
    pub async fn import(
        &self,
        world: WorldKey,
        batch: &[Transferred],
        input: &str,
        progress: &Progress,
    ) -> Result<Imported, StoreError> {
        let mut met = HashSet::new();
        let batch: Vec<&Transferred> =
            batch.iter().filter(|one| one.source_id.as_deref().is_none_or(|id| met.insert(id))).collect();
        let outcome = match self.tenant.dialect() {
            Dialect::Postgres => self.import_postgres(world, &batch, input, progress).await,
            Dialect::Sqlite => self.import_sqlite(world, &batch, input, progress).await,
        };
        outcome.map_err(|error| match error {
            // Nothing but a source id can be taken twice: another import has just brought it.
            StoreError::Row(error) => StoreError::Race(error),
            other => other,
        })
    }

    async fn import_postgres(
        &self,
        world: WorldKey,
        batch: &[&Transferred],
        input: &str,
        progress: &Progress,
    ) -> Result<Imported, StoreError> {
        let mut columns: [Vec<Value>; 19] = Default::default();
        for (at, one) in (0_i64..).zip(batch) {
            let NewTrace { kind, author, position, body, recording } = &one.trace;
            let [x, y, z] = position.unwrap_or([f64::NAN; 3]);
            let [qx, qy, qz, qw] = one.rotation.unwrap_or([f64::NAN; 4]);
            let packed = recording.as_ref();
            let row: [Value; 19] = [
                at.into(),
                kind.code().into(),
                one.scope.as_str().into(),
                author.as_str().into(),
                x.into(),
                y.into(),
                z.into(),
                qx.into(),
                qy.into(),
                qz.into(),
                qw.into(),
                body.as_str().into(),
                one.good.into(),
                one.legacy.into(),
                one.source_id.as_deref().unwrap_or_default().into(),
                one.created_at_ms.into(),
                packed.map_or(0, |packed| packed.codec).into(),
                packed.map_or(0, |packed| packed.frames).into(),
                packed.map_or_else(Vec::new, |packed| packed.bytes.to_vec()).into(),
            ];
            columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        }
        let types = [
            ArrayType::BigInt,
            ArrayType::SmallInt,
            ArrayType::String,
            ArrayType::String,
            ArrayType::Double,
            ArrayType::Double,
            ArrayType::Double,
            ArrayType::Double,
            ArrayType::Double,
            ArrayType::Double,
            ArrayType::Double,
            ArrayType::String,
            ArrayType::Int,
            ArrayType::Bool,
            ArrayType::String,
            ArrayType::BigInt,
            ArrayType::SmallInt,
            ArrayType::Int,
            ArrayType::Bytes,
        ];
        let mut values: Vec<Value> = vec![world.world().into()];
        values.extend(types.into_iter().zip(columns).map(|(of, values)| array(of, values)));
        values.extend([input.into(), lines_of(progress).into(), progress.digest.as_str().into()]);
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, self.tenant.qualify(POSTGRES), values);
        let done: Vec<Imported> = self.tenant.write_once(statement).await?;
        done.into_iter().next().ok_or_else(|| super::no_world(world))
    }

    async fn import_sqlite(
        &self,
        world: WorldKey,
        batch: &[&Transferred],
        input: &str,
        progress: &Progress,
    ) -> Result<Imported, StoreError> {
        let transaction = self.tenant.begin().await?;
        let asked: Vec<&str> = batch.iter().filter_map(|one| one.source_id.as_deref()).collect();
        let known = self.known(&transaction, world, &asked).await?;
        let is_new = |one: &&&Transferred| one.source_id.as_deref().is_none_or(|id| !known.contains(id));
        let new: Vec<&Transferred> = batch.iter().filter(is_new).copied().collect();
        let taken = i64::try_from(new.len()).unwrap_or_default();
        let seq = self.raise(&transaction, world, taken).await?;
        let (mut traces, mut recordings) = (Vec::with_capacity(new.len()), Vec::new());
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
            });
            recordings.extend(one.trace.recording.as_ref().map(|packed| recording::ActiveModel {
                world: Set(world.world()),
                id: Set(id),
                codec: Set(packed.codec),
                frames: Set(packed.frames),
                bytes: Set(packed.bytes.to_vec()),
            }));
        }
        self.tenant.insert(&transaction, traces).await?;
        self.tenant.insert(&transaction, recordings).await?;
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

    /// Traces with ids after `after`, up to and with `upto`, in order, at most `limit`; each with its id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn page(
        &self,
        world: WorldKey,
        after: i64,
        upto: i64,
        limit: u64,
    ) -> Result<Vec<(i64, Transferred)>, StoreError> {
        let on_recording = Expr::col(("recording", recording::Column::World))
            .equals(("trace", trace::Column::World))
            .and(Expr::col(("recording", recording::Column::Id)).equals(("trace", trace::Column::Id)));
        let select = self
            .tenant
            .select::<trace::Entity>()
            .columns([
                ("recording", recording::Column::Codec),
                ("recording", recording::Column::Frames),
                ("recording", recording::Column::Bytes),
            ])
            .left_join(self.tenant.table(recording::Entity), on_recording)
            .and_where(Expr::col(("trace", trace::Column::World)).eq(world.world()))
            .and_where(Expr::col(("trace", trace::Column::Id)).gt(after))
            .and_where(Expr::col(("trace", trace::Column::Id)).lte(upto))
            .order_by(("trace", trace::Column::Id), Order::Asc)
            .limit(limit)
            .to_owned();
        let rows: Vec<Whole> = self.tenant.all(&select).await?;
        rows.into_iter().map(|row| Ok((row.id, row.transferred()?))).collect()
    }
}

fn lines_of(progress: &Progress) -> i64 {
    i64::try_from(progress.lines).unwrap_or(i64::MAX)
}

impl Whole {
    fn transferred(self) -> Result<Transferred, StoreError> {
        let unknown =
            || StoreError::Refused(sea_orm::DbErr::Type(format!("trace {} is of kind {}", self.id, self.kind)));
        let kind = TraceKind::of_code(self.kind).ok_or_else(unknown)?;
        let recording = match (self.codec, self.frames, self.bytes) {
            (Some(codec), Some(frames), Some(bytes)) => Some(Packed { codec, frames, bytes: Bytes::from(bytes) }),
            _ => None,
        };
        let position = (|| Some([self.x?, self.y?, self.z?]))();
        Ok(Transferred {
            scope: ScopeKey::stored(&self.scope),
            trace: NewTrace { kind, author: self.author, position, body: self.body, recording },
            rotation: (|| Some([self.qx?, self.qy?, self.qz?, self.qw?]))(),
            good: self.base_good,
            legacy: self.legacy,
            source_id: self.source_id,
            created_at_ms: self.created_at_ms,
        })
    }
}
