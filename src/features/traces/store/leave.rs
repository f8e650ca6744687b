//! Storing a batch: the one place where the dialects differ. PostgreSQL takes it in one round trip, a constant statement
//! over arrays; SQLite, which has no round trips, in one transaction of a few statements.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::tenant::{idempotency, recording, trace, world};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbBackend, FromQueryResult, Set, Statement, Value,
    sea_query::{ArrayType, Expr, ExprTrait, OnConflict, Query},
};

use super::{Revision, Store};
use crate::{
    features::traces::model::{Idempotency, Leave, Left, NewTrace, WorldKey},
    platform::{clock, db::Dialect, error::StoreError},
};

/// What a batch has done.
#[derive(Debug, Default)]
pub struct Stored {
    /// What became of each job, in order.
    pub outcomes: Vec<Left>,
    /// The ids that each world's share took: more than the first, up to and with the second.
    pub ranges: BTreeMap<WorldKey, (i64, i64)>,
}

/// The key of an idempotency row, within its world.
type Key = (i32, String, String);

/// One round trip for a batch. Locking the worlds in the order of their ids comes first and everything else depends on
/// it, so that two instances can't wait for each other. A row whose idempotency key is taken is left out. Recordings come
/// in arrays of their own, so that their bytes are not carried along with every trace. Arrays hold no NULL: a position that
/// is not there is not a number, a key is empty.
pub const POSTGRES: &str = r"
WITH asked AS (
    SELECT * FROM unnest($1::int4[], $2::int8[]) AS t(world, n)
), locked AS (
    SELECT w.id, asked.n FROM {schema}.world w JOIN asked ON asked.world = w.id ORDER BY w.id FOR UPDATE OF w
), raised AS (
    UPDATE {schema}.world w SET seq = w.seq + locked.n FROM locked WHERE w.id = locked.id
    RETURNING w.id AS world, w.seq - locked.n AS base
), kept AS (
    INSERT INTO {schema}.idempotency (world, caller, key, digest, created_at_ms)
    SELECT k.world, k.caller, k.key, k.digest, $3
    FROM unnest($4::int4[], $5::text[], $6::text[], $7::bytea[]) AS k(world, caller, key, digest)
    JOIN raised ON raised.world = k.world
    ON CONFLICT DO NOTHING
    RETURNING world, caller, key
), incoming AS (
    SELECT r.world, raised.base + r.at AS id, r.kind, r.scope, r.author, nullif(r.x, 'NaN') AS x, nullif(r.y, 'NaN') AS y,
        nullif(r.z, 'NaN') AS z, r.body
    FROM unnest($8::int4[], $9::int8[], $10::text[], $11::text[], $12::int2[], $13::text[], $14::text[], $15::float8[],
        $16::float8[], $17::float8[], $18::text[]) AS r(world, at, caller, key, kind, scope, author, x, y, z, body)
    JOIN raised ON raised.world = r.world
    WHERE r.key = '' OR EXISTS (
        SELECT 1 FROM kept WHERE kept.world = r.world AND kept.caller = r.caller AND kept.key = r.key)
), traces AS (
    INSERT INTO {schema}.trace (world, id, kind, scope, author, x, y, z, body, created_at_ms)
    SELECT world, id, kind, scope, author, x, y, z, body, $3 FROM incoming
), recordings AS (
    INSERT INTO {schema}.recording (world, id, codec, frames, bytes)
    SELECT r.world, raised.base + r.at, r.codec, r.frames, r.bytes
    FROM unnest($19::int4[], $20::int8[], $21::text[], $22::text[], $23::int2[], $24::int4[], $25::bytea[])
        AS r(world, at, caller, key, codec, frames, bytes)
    JOIN raised ON raised.world = r.world
    WHERE r.key = '' OR EXISTS (
        SELECT 1 FROM kept WHERE kept.world = r.world AND kept.caller = r.caller AND kept.key = r.key)
)
SELECT world, base, NULL AS caller, NULL AS key FROM raised
UNION ALL
SELECT world, NULL, caller, key FROM kept";

/// A row that [`POSTGRES`] returns: a world with the id before its first new one, or a key that was kept.
#[derive(FromQueryResult)]
struct Raised {
    world: i32,
    base: Option<i64>,
    caller: Option<String>,
    key: Option<String>,
}

impl Store {
    /// Stores a batch for worlds of this studio: every job together or not at all, all jobs in one transaction.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was stored, unless it is [`StoreError::Away`], which can't know.
    pub async fn leave(&self, batch: &[&Leave]) -> Result<Stored, StoreError> {
        // A key that is there twice in one batch: the later one finds the first one's row, as it would in the next.
        let mut keys = HashSet::new();
        let (first, again): (Vec<&Leave>, Vec<&Leave>) = batch.iter().partition(|job| {
            job.idempotency.as_ref().is_none_or(|idempotency| keys.insert(key_of(job.world, idempotency)))
        });
        let (kept, ranges) = match self.tenant.dialect() {
            Dialect::Postgres => self.leave_postgres(&first).await?,
            Dialect::Sqlite => self.leave_sqlite(&first).await?,
        };
        let taken: Vec<Key> = first
            .iter()
            .filter_map(|job| Some(key_of(job.world, job.idempotency.as_ref()?)))
            .filter(|key| !kept.contains(key))
            .chain(again.iter().filter_map(|job| Some(key_of(job.world, job.idempotency.as_ref()?))))
            .collect();
        let digests = self.digests(&taken).await?;
        let mut unspent = kept;
        let outcomes = batch.iter().map(|job| {
            let Some(idempotency) = &job.idempotency else {
                return Left::Stored;
            };
            let key = key_of(job.world, idempotency);
            if unspent.remove(&key) {
                return Left::Stored;
            }
            let same = digests.get(&key).is_some_and(|digest| *digest == idempotency.digest);
            if same { Left::Before } else { Left::OtherBody }
        });
        Ok(Stored { outcomes: outcomes.collect(), ranges })
    }

    async fn leave_postgres(
        &self,
        jobs: &[&Leave],
    ) -> Result<(HashSet<Key>, BTreeMap<WorldKey, (i64, i64)>), StoreError> {
        let asked = counts(jobs);
        let mut columns = Columns::default();
        let mut at = HashMap::<WorldKey, i64>::new();
        for job in jobs {
            if let Some(idempotency) = &job.idempotency {
                columns.key(job.world, idempotency);
            }
            for trace in &job.traces {
                let at = at.entry(job.world).or_default();
                *at += 1;
                columns.trace(job, *at, trace);
            }
        }
        let worlds = asked.keys().map(|world| world.world().into()).collect();
        let counts = asked.values().map(|count| (*count).into()).collect();
        let mut values = vec![array(ArrayType::Int, worlds), array(ArrayType::BigInt, counts), clock::now_ms().into()];
        values.extend(columns.into_values());
        let statement = self.tenant.qualify(POSTGRES);
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, statement, values);
        let rows: Vec<Raised> = self.tenant.write_once(statement).await?;
        let mut kept = HashSet::new();
        let mut ranges = BTreeMap::new();
        for row in rows {
            if let (Some(caller), Some(key)) = (row.caller, row.key) {
                kept.insert((row.world, caller, key));
            } else if let Some(base) = row.base {
                let world = WorldKey::new(self.tenant.studio(), row.world);
                ranges.insert(world, (base, base + asked.get(&world).copied().unwrap_or_default()));
            }
        }
        Ok((kept, ranges))
    }

    async fn leave_sqlite(
        &self,
        jobs: &[&Leave],
    ) -> Result<(HashSet<Key>, BTreeMap<WorldKey, (i64, i64)>), StoreError> {
        let now = clock::now_ms();
        let transaction = self.tenant.begin().await?;
        let mut ranges = BTreeMap::new();
        for (world, count) in counts(jobs) {
            let last = self.raise(&transaction, world, count).await?;
            ranges.insert(world, (last - count, last));
        }
        let mut kept = HashSet::new();
        let (mut traces, mut recordings) = (Vec::new(), Vec::new());
        let mut next: HashMap<WorldKey, i64> = ranges.iter().map(|(world, (base, _))| (*world, *base)).collect();
        for job in jobs {
            if let Some(idempotency) = &job.idempotency {
                if !self.keep(&transaction, job.world, idempotency, now).await? {
                    continue;
                }
                kept.insert(key_of(job.world, idempotency));
            }
            for trace in &job.traces {
                let id = next.entry(job.world).or_default();
                *id += 1;
                let [x, y, z] = trace.position.map_or([None; 3], |position| position.map(Some));
                traces.push(trace::ActiveModel {
                    world: Set(job.world.world()),
                    id: Set(*id),
                    kind: Set(trace.kind.code()),
                    scope: Set(job.scope.as_str().to_owned()),
                    author: Set(trace.author.clone()),
                    x: Set(x),
                    y: Set(y),
                    z: Set(z),
                    body: Set(trace.body.clone()),
                    created_at_ms: Set(now),
                    ..trace::ActiveModel::default()
                });
                recordings.extend(trace.recording.as_ref().map(|packed| recording::ActiveModel {
                    world: Set(job.world.world()),
                    id: Set(*id),
                    codec: Set(packed.codec),
                    frames: Set(packed.frames),
                    bytes: Set(packed.bytes.to_vec()),
                    ..recording::ActiveModel::default()
                }));
            }
        }
        self.tenant.insert(&transaction, traces).await?;
        self.tenant.insert(&transaction, recordings).await?;
        self.tenant.commit(transaction).await?;
        Ok((kept, ranges))
    }

    /// Raises a world's sequence by `count` and returns the last id.
    pub(super) async fn raise(
        &self,
        transaction: &DatabaseTransaction,
        world: WorldKey,
        count: i64,
    ) -> Result<i64, StoreError> {
        let update = Query::update()
            .table(self.tenant.table(world::Entity))
            .value(world::Column::Seq, Expr::col(world::Column::Seq).add(count))
            .and_where(world::Column::Id.eq(world.world()))
            .returning_col(world::Column::Seq)
            .to_owned();
        let rows: Vec<Revision> = self.tenant.returned(transaction, &update).await?;
        rows.first().map(|row| row.seq).ok_or_else(|| super::no_world(world))
    }

    /// Keeps an idempotency key; false when it is taken.
    async fn keep(
        &self,
        transaction: &DatabaseTransaction,
        world: WorldKey,
        idempotency: &Idempotency,
        now: i64,
    ) -> Result<bool, StoreError> {
        let insert = Query::insert()
            .into_table(self.tenant.table(idempotency::Entity))
            .columns([
                idempotency::Column::World,
                idempotency::Column::Caller,
                idempotency::Column::Key,
                idempotency::Column::Digest,
                idempotency::Column::CreatedAtMs,
            ])
            .values_panic([
                world.world().into(),
                idempotency.caller.clone().into(),
                idempotency.key.clone().into(),
                idempotency.digest.to_vec().into(),
                now.into(),
            ])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        Ok(self.tenant.execute(transaction, &insert).await? == 1)
    }

    async fn digests(&self, keys: &[Key]) -> Result<HashMap<Key, Vec<u8>>, StoreError> {
        let mut found = HashMap::new();
        for keys in keys.chunks(100) {
            let any = keys.iter().fold(Condition::any(), |any, (world, caller, key)| {
                any.add(
                    idempotency::Column::World
                        .eq(*world)
                        .and(idempotency::Column::Caller.eq(caller))
                        .and(idempotency::Column::Key.eq(key)),
                )
            });
            let select = self.tenant.select::<idempotency::Entity>().cond_where(any).to_owned();
            let rows: Vec<idempotency::Model> = self.tenant.all(&select).await?;
            found.extend(rows.into_iter().map(|row| ((row.world, row.caller, row.key), row.digest)));
        }
        Ok(found)
    }
}

fn key_of(world: WorldKey, idempotency: &Idempotency) -> Key {
    (world.world(), idempotency.caller.clone(), idempotency.key.clone())
}

/// How many ids each world's share takes.
fn counts(jobs: &[&Leave]) -> BTreeMap<WorldKey, i64> {
    let mut counts = BTreeMap::new();
    for job in jobs {
        *counts.entry(job.world).or_default() += i64::try_from(job.traces.len()).unwrap_or_default();
    }
    counts
}

/// An array as one value of a statement.
fn array(of: ArrayType, values: Vec<Value>) -> Value {
    Value::Array(of, Some(Box::new(values)))
}

/// The arrays that [`POSTGRES`] takes, in the order of its parameters from `$4` on.
#[derive(Default)]
struct Columns {
    keys: [Vec<Value>; 4],
    traces: [Vec<Value>; 11],
    recordings: [Vec<Value>; 7],
}

/// Which job a row is of: its world, its place among the world's new ones, its key.
const OF_JOB: [ArrayType; 4] = [ArrayType::Int, ArrayType::BigInt, ArrayType::String, ArrayType::String];

impl Columns {
    const KEY_TYPES: [ArrayType; 4] = [ArrayType::Int, ArrayType::String, ArrayType::String, ArrayType::Bytes];
    const TRACE_TYPES: [ArrayType; 7] = [
        ArrayType::SmallInt,
        ArrayType::String,
        ArrayType::String,
        ArrayType::Double,
        ArrayType::Double,
        ArrayType::Double,
        ArrayType::String,
    ];
    const RECORDING_TYPES: [ArrayType; 3] = [ArrayType::SmallInt, ArrayType::Int, ArrayType::Bytes];

    fn key(&mut self, world: WorldKey, idempotency: &Idempotency) {
        let row: [Value; 4] = [
            world.world().into(),
            idempotency.caller.clone().into(),
            idempotency.key.clone().into(),
            idempotency.digest.to_vec().into(),
        ];
        push(&mut self.keys, row);
    }

    fn trace(&mut self, job: &Leave, at: i64, trace: &NewTrace) {
        let (caller, key) = job.idempotency.as_ref().map_or(("", ""), |given| (&given.caller, &given.key));
        let of_job = || -> [Value; 4] { [job.world.world().into(), at.into(), caller.into(), key.into()] };
        let [x, y, z] = trace.position.unwrap_or([f64::NAN; 3]);
        let row: [Value; 7] = [
            trace.kind.code().into(),
            job.scope.as_str().into(),
            trace.author.as_str().into(),
            x.into(),
            y.into(),
            z.into(),
            trace.body.as_str().into(),
        ];
        push(&mut self.traces, of_job().into_iter().chain(row));
        if let Some(packed) = &trace.recording {
            let row: [Value; 3] = [packed.codec.into(), packed.frames.into(), packed.bytes.to_vec().into()];
            push(&mut self.recordings, of_job().into_iter().chain(row));
        }
    }

    fn into_values(self) -> impl Iterator<Item = Value> {
        let keys = Self::KEY_TYPES.into_iter().zip(self.keys);
        let traces = OF_JOB.into_iter().chain(Self::TRACE_TYPES).zip(self.traces);
        let recordings = OF_JOB.into_iter().chain(Self::RECORDING_TYPES).zip(self.recordings);
        keys.chain(traces).chain(recordings).map(|(of, values)| array(of, values))
    }
}

fn push(columns: &mut [Vec<Value>], row: impl IntoIterator<Item = Value>) {
    columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
}
