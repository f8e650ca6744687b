//! Storing a batch. PostgreSQL stores it in one round trip, by a constant statement over arrays; SQLite, which has no round trips,
//! in one transaction of a few statements.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::LazyLock,
};

use entity::tenant::traces::idempotency;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement, Value,
    sea_query::{ArrayType, OnConflict},
};

use super::{
    Store,
    one::{demand, rows},
};
use crate::{
    platform::{
        clock,
        db::{Dialect, union_all},
        error::StoreError,
    },
    traces::{
        trace::NewTrace,
        v0::model::{Idempotency, NewTraces},
    },
    worlds::{Admission, InsertOutcome, RAISE_SEQ, Revision, WorldStore, storage::StorageBounds},
};

/// The result of a batch.
#[derive(Debug)]
pub struct InsertedTraces {
    /// The outcome of each request, in order.
    pub outcomes: Vec<InsertOutcome>,
    /// The id before the first trace of each request, in order; `None` where the request was not stored now.
    pub first_ids: Vec<Option<i64>>,
    /// The batch's ids are greater than this,
    pub after: i64,
    /// up to and including those of this revision.
    pub upto: Revision,
}

/// The key of an idempotency row, within its world.
type Key = (String, String);

/// The idempotency keys that a batch has stored, the id before its first trace, and the stamp of the new revision.
type Stored = (HashSet<Key>, i64, i64);

/// Stores a batch in one round trip. All of it depends on raising the world's sequence, which locks the world and is done only if the
/// [`Admission`] holds. Rows whose idempotency key is taken are left out. Recordings have arrays of their own, so that traces without
/// one carry no bytes. The arrays hold no NULL: a missing position is NaN, a missing key is empty, a missing network is 0.
pub const POSTGRES: &str = r"
WITH raised AS (
    {raise_seq}
), kept AS (
    INSERT INTO {schema}.idempotency (world, caller, key, digest, created_at_ms)
    SELECT $1, k.caller, k.key, k.digest, $24
    FROM raised, unnest($4::text[], $5::text[], $6::bytea[]) AS k(caller, key, digest)
    ON CONFLICT DO NOTHING
    RETURNING caller, key
), traces AS (
    INSERT INTO {schema}.trace (world, id, kind, scope, author, x, y, z, body, network, created_at_ms)
    SELECT $1, raised.base + r.at, r.kind, r.scope, r.author, nullif(r.x, 'NaN'), nullif(r.y, 'NaN'), nullif(r.z, 'NaN'),
        r.body, nullif(r.network, 0), $24
    FROM raised, unnest($7::int8[], $8::text[], $9::text[], $10::int2[], $11::text[], $12::text[], $13::float8[],
        $14::float8[], $15::float8[], $16::text[], $17::int8[])
        AS r(at, caller, key, kind, scope, author, x, y, z, body, network)
    WHERE r.key = '' OR EXISTS (SELECT 1 FROM kept WHERE kept.caller = r.caller AND kept.key = r.key)
), recordings AS (
    INSERT INTO {schema}.recording (world, id, codec, frames, bytes)
    SELECT $1, raised.base + r.at, r.codec, r.frames, r.bytes
    FROM raised, unnest($18::int8[], $19::text[], $20::text[], $21::int2[], $22::int4[], $23::bytea[])
        AS r(at, caller, key, codec, frames, bytes)
    WHERE r.key = '' OR EXISTS (SELECT 1 FROM kept WHERE kept.caller = r.caller AND kept.key = r.key)
)
SELECT base, NULL AS caller, NULL AS key FROM raised
UNION ALL
SELECT NULL, caller, key FROM kept";

/// [`POSTGRES`] with its first part.
static WHOLE: LazyLock<String> = LazyLock::new(|| POSTGRES.replace("{raise_seq}", RAISE_SEQ).replace("{stamp}", "$25"));

/// A row that [`POSTGRES`] returns: the id before the first new one, or an idempotency key that was stored.
#[derive(FromQueryResult)]
struct Raised {
    base: Option<i64>,
    caller: Option<String>,
    key: Option<String>,
}

impl Store {
    /// Stores a batch in one transaction; each request in it entirely or not at all. Stores nothing, and returns nothing, if the
    /// world's guard is not `guard`, or if the batch does not fit into the bounds.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was stored, except that after [`StoreError::Unavailable`] it is unknown.
    pub async fn insert(
        &self,
        batch: &[&NewTraces],
        guard: i64,
        bounds: StorageBounds,
    ) -> Result<Option<InsertedTraces>, StoreError> {
        // Where two requests of a batch have the same key, the later one is answered as if it were in the next batch.
        let mut keys = HashSet::new();
        let mut count = 0;
        let offsets: Vec<Option<i64>> = batch
            .iter()
            .map(|job| {
                let is_first = job.idempotency.as_ref().is_none_or(|given| keys.insert(key_of(given)));
                is_first.then(|| {
                    let before = count;
                    count += i64::try_from(job.traces.len()).unwrap_or(i64::MAX);
                    before
                })
            })
            .collect();
        let to_store: Vec<(i64, &NewTraces)> =
            offsets.iter().zip(batch).filter_map(|(offset, job)| Some(((*offset)?, *job))).collect();
        let admission = Admission { guard, demand: demand(batch), bounds: bounds.of_traces() };
        let inserted = match self.tables.dialect() {
            Dialect::Postgres => self.insert_postgres(count, &to_store, admission).await?,
            Dialect::Sqlite => self.insert_sqlite(count, &to_store, admission).await?,
        };
        let Some((kept, after, stamp)) = inserted else { return Ok(None) };
        let is_kept = |job: &NewTraces| job.idempotency.as_ref().is_none_or(|given| kept.contains(&key_of(given)));
        let first_ids: Vec<Option<i64>> = offsets
            .iter()
            .zip(batch)
            .map(|(offset, job)| offset.filter(|_| is_kept(job)).map(|offset| after + offset))
            .collect();
        let not_stored = || first_ids.iter().zip(batch).filter(|(first_id, _)| first_id.is_none());
        let taken: Vec<Key> = not_stored().filter_map(|(_, job)| job.idempotency.as_ref().map(key_of)).collect();
        let digests = self.digests(&taken).await.map_err(after_commit)?;
        let outcomes = first_ids.iter().zip(batch).map(|(first_id, job)| match &job.idempotency {
            Some(given) if first_id.is_none() => {
                let same = digests.get(&key_of(given)).is_some_and(|digest| *digest == given.digest);
                if same { InsertOutcome::AlreadyStored } else { InsertOutcome::OtherRequest }
            }
            _ => InsertOutcome::Stored,
        });
        let outcomes = outcomes.collect();
        Ok(Some(InsertedTraces { outcomes, first_ids, after, upto: Revision { seq: after + count, stamp } }))
    }

    /// Stores jobs whose traces are `count`; nothing if the admission does not hold.
    async fn insert_postgres(
        &self,
        count: i64,
        jobs: &[(i64, &NewTraces)],
        admission: Admission,
    ) -> Result<Option<Stored>, StoreError> {
        let mut columns = Columns::default();
        for (before, job) in jobs {
            if let Some(idempotency) = &job.idempotency {
                columns.key(idempotency);
            }
            for (at, trace) in (before + 1..).zip(&job.traces) {
                columns.trace(job, at, trace);
            }
        }
        let mut values = vec![self.tables.world().into(), count.into(), admission.guard.into()];
        values.extend(columns.into_values());
        let stamp = Revision::new_stamp();
        values.extend([clock::now_ms().into(), stamp.into()]);
        values.extend(admission.values().map(Value::from));
        let statement = self.tables.tenant().qualify(&WHOLE);
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, statement, values);
        let rows: Vec<Raised> = self.tables.tenant().write_once(statement).await?;
        let Some(base) = rows.iter().find_map(|row| row.base) else { return Ok(None) };
        Ok(Some((rows.into_iter().filter_map(|row| row.caller.zip(row.key)).collect(), base, stamp)))
    }

    /// As [`Self::insert_postgres`].
    async fn insert_sqlite(
        &self,
        count: i64,
        jobs: &[(i64, &NewTraces)],
        admission: Admission,
    ) -> Result<Option<Stored>, StoreError> {
        let now = clock::now_ms();
        let transaction = self.tables.begin().await?;
        let tenant = self.tables.tenant();
        let raised = WorldStore::raise_seq_if(tenant, &transaction, self.world, count, admission).await?;
        let Some(upto) = raised else { return Ok(None) };
        let base = upto.seq - count;
        let mut kept = HashSet::new();
        let (mut traces, mut recordings) = (Vec::new(), Vec::new());
        let (mut scopes, mut bytes) = (BTreeSet::new(), 0);
        for (before, job) in jobs {
            if let Some(idempotency) = &job.idempotency {
                if !self.insert_idempotency(&transaction, idempotency, now).await? {
                    continue;
                }
                kept.insert(key_of(idempotency));
            }
            scopes.insert(&job.scope);
            bytes += job.stored_bytes();
            for (id, trace) in (base + before + 1..).zip(&job.traces) {
                let (trace, recording) = rows(self.tables.world(), id, job, trace, now);
                traces.push(trace);
                recordings.extend(recording);
            }
        }
        WorldStore::count_batch(tenant, &transaction, self.world, scopes, bytes, upto.seq).await?;
        self.tables.insert(&transaction, traces).await?;
        self.tables.insert(&transaction, recordings).await?;
        self.tables.commit(transaction).await?;
        Ok(Some((kept, base, upto.stamp)))
    }

    /// Stores an idempotency key; returns false when it is taken.
    pub(super) async fn insert_idempotency(
        &self,
        transaction: &DatabaseTransaction,
        idempotency: &Idempotency,
        now: i64,
    ) -> Result<bool, StoreError> {
        let insert = self
            .tables
            .insert_into::<idempotency::Entity>()
            .columns([
                idempotency::Column::World,
                idempotency::Column::Caller,
                idempotency::Column::Key,
                idempotency::Column::Digest,
                idempotency::Column::CreatedAtMs,
            ])
            .values_panic([
                self.tables.world().into(),
                idempotency.caller.clone().into(),
                idempotency.key.clone().into(),
                idempotency.digest.to_vec().into(),
                now.into(),
            ])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        Ok(self.tables.execute(transaction, &insert).await? == 1)
    }

    /// The digests that are stored under these idempotency keys.
    async fn digests(&self, keys: &[Key]) -> Result<HashMap<Key, Vec<u8>>, StoreError> {
        let mut found = HashMap::new();
        for keys in keys.chunks(100) {
            // A part for each: SQLite would look for several together among all keys of the world.
            let select = |(caller, key): &Key| {
                self.tables
                    .select::<idempotency::Entity>()
                    .and_where(idempotency::Column::Caller.eq(caller))
                    .and_where(idempotency::Column::Key.eq(key))
                    .take()
            };
            let Some(all) = union_all(keys.iter().map(select)) else { continue };
            let rows: Vec<idempotency::Model> = self.tables.all(&all).await?;
            found.extend(rows.into_iter().map(|row| ((row.caller, row.key), row.digest)));
        }
        Ok(found)
    }
}

/// Turns an error after the commit into one that does not make the caller store the batch again.
fn after_commit(error: StoreError) -> StoreError {
    match error {
        StoreError::Conflict(error) => StoreError::Unavailable(error.to_string()),
        other => other,
    }
}

fn key_of(idempotency: &Idempotency) -> Key {
    (idempotency.caller.clone(), idempotency.key.clone())
}

/// An array as one value of a statement.
fn array(of: ArrayType, values: Vec<Value>) -> Value {
    Value::Array(of, Some(Box::new(values)))
}

/// The arrays of [`POSTGRES`], in the order of its parameters from `$4` on.
#[derive(Default)]
struct Columns {
    keys: [Vec<Value>; 3],
    traces: [Vec<Value>; 11],
    recordings: [Vec<Value>; 6],
}

/// A row's place among the new ones, and the idempotency key of its request.
const REQUEST_TYPES: [ArrayType; 3] = [ArrayType::BigInt, ArrayType::String, ArrayType::String];

impl Columns {
    const KEY_TYPES: [ArrayType; 3] = [ArrayType::String, ArrayType::String, ArrayType::Bytes];
    const TRACE_TYPES: [ArrayType; 8] = [
        ArrayType::SmallInt,
        ArrayType::String,
        ArrayType::String,
        ArrayType::Double,
        ArrayType::Double,
        ArrayType::Double,
        ArrayType::String,
        ArrayType::BigInt,
    ];
    const RECORDING_TYPES: [ArrayType; 3] = [ArrayType::SmallInt, ArrayType::Int, ArrayType::Bytes];

    fn key(&mut self, idempotency: &Idempotency) {
        let row: [Value; 3] =
            [idempotency.caller.clone().into(), idempotency.key.clone().into(), idempotency.digest.to_vec().into()];
        push(&mut self.keys, row);
    }

    fn trace(&mut self, job: &NewTraces, at: i64, trace: &NewTrace) {
        let (caller, key) = job.idempotency.as_ref().map_or(("", ""), |given| (&given.caller, &given.key));
        let request = || -> [Value; 3] { [at.into(), caller.into(), key.into()] };
        let [x, y, z] = trace.position.unwrap_or([f64::NAN; 3]);
        let row: [Value; 8] = [
            trace.kind.code().into(),
            job.scope.as_str().into(),
            trace.author.as_str().into(),
            x.into(),
            y.into(),
            z.into(),
            trace.body.as_str().into(),
            job.network.unwrap_or_default().into(),
        ];
        push(&mut self.traces, request().into_iter().chain(row));
        if let Some(packed) = &trace.recording {
            let row: [Value; 3] = [packed.codec.into(), packed.frames.into(), packed.bytes.to_vec().into()];
            push(&mut self.recordings, request().into_iter().chain(row));
        }
    }

    fn into_values(self) -> impl Iterator<Item = Value> {
        let keys = Self::KEY_TYPES.into_iter().zip(self.keys);
        let traces = REQUEST_TYPES.into_iter().chain(Self::TRACE_TYPES).zip(self.traces);
        let recordings = REQUEST_TYPES.into_iter().chain(Self::RECORDING_TYPES).zip(self.recordings);
        keys.chain(traces).chain(recordings).map(|(of, values)| array(of, values))
    }
}

fn push(columns: &mut [Vec<Value>], row: impl IntoIterator<Item = Value>) {
    columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
}
