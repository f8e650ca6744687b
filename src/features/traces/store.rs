//! All SQL of traces.
//!
//! Storing is the one place where the dialects differ: PostgreSQL takes a batch in one round trip, a constant statement
//! over arrays; SQLite, which has no round trips, in one transaction of a few statements.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use entity::tenant::{idempotency, recording, trace, world};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbBackend, FromQueryResult, Set, Statement, Value,
    sea_query::{ArrayType, Expr, ExprTrait, OnConflict, Order, Query, SelectStatement, UnionType},
};

use super::model::{Idempotency, Leave, Left, NewTrace, ScopeKey, TraceKind, WorldKey};
use crate::platform::{
    clock,
    db::{Dialect, Tenant},
    error::StoreError,
};

/// The traces of one studio. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    tenant: Tenant,
    leave_statement: String,
}

/// What a batch has done.
#[derive(Debug)]
pub struct Stored {
    /// What became of each job, in order.
    pub outcomes: Vec<Left>,
    /// The ids that each world's share took: more than the first, up to and with the second.
    pub ranges: BTreeMap<WorldKey, (i64, i64)>,
}

/// A trace as it stands in a view, or the world's revision.
#[derive(Debug, FromQueryResult)]
pub struct Shown {
    /// The trace's kind; 0 in the one row that holds the world's revision.
    pub kind: i16,
    /// The trace's id, or the revision.
    pub id: i64,
    /// Who left it.
    pub author: String,
    /// What its kind adds.
    pub body: String,
    /// The codec of its recording, where it has one.
    pub codec: Option<i16>,
    /// Its recording.
    pub bytes: Option<Vec<u8>>,
}

/// The key of an idempotency row, within its world.
type Key = (i32, String, String);

const REVISION_ROW: i16 = 0;

/// Rows that one trimming transaction removes: few enough to stall no writer.
const TRIM_ROWS: u64 = 500;

/// One round trip for a batch. Locking the worlds in the order of their ids comes first and everything else depends on
/// it, so that two instances can't wait for each other. A row whose idempotency key is taken is left out.
const LEAVE_POSTGRES: &str = r"
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
    SELECT r.world, raised.base + r.at AS id, r.kind, r.scope, r.author, r.x, r.y, r.z, r.body, r.codec, r.frames, r.bytes
    FROM unnest($8::int4[], $9::int8[], $10::int2[], $11::text[], $12::text[], $13::float8[], $14::float8[],
        $15::float8[], $16::text[], $17::int2[], $18::int4[], $19::bytea[], $20::text[], $21::text[])
        AS r(world, at, kind, scope, author, x, y, z, body, codec, frames, bytes, caller, key)
    JOIN raised ON raised.world = r.world
    WHERE r.key IS NULL OR EXISTS (
        SELECT 1 FROM kept WHERE kept.world = r.world AND kept.caller = r.caller AND kept.key = r.key)
), traces AS (
    INSERT INTO {schema}.trace (world, id, kind, scope, author, x, y, z, body, created_at_ms)
    SELECT world, id, kind, scope, author, x, y, z, body, $3 FROM incoming
), recordings AS (
    INSERT INTO {schema}.recording (world, id, codec, frames, bytes)
    SELECT world, id, codec, frames, bytes FROM incoming WHERE bytes IS NOT NULL
)
SELECT world, base, NULL AS caller, NULL AS key FROM raised
UNION ALL
SELECT world, NULL, caller, key FROM kept";

/// A row that [`LEAVE_POSTGRES`] returns: a world with the id before its first new one, or a key that was kept.
#[derive(FromQueryResult)]
struct Raised {
    world: i32,
    base: Option<i64>,
    caller: Option<String>,
    key: Option<String>,
}

#[derive(FromQueryResult)]
struct Revision {
    seq: i64,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct ScopeRow {
    scope: String,
}

impl Store {
    /// The traces of that studio.
    #[must_use]
    pub fn new(tenant: Tenant) -> Self {
        let leave_statement = tenant.qualify(LEAVE_POSTGRES);
        Self { tenant, leave_statement }
    }

    /// The world of a game in an environment, made when it is not there yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_world(&self, game: &str, environment: &str) -> Result<WorldKey, StoreError> {
        let find = self
            .tenant
            .select::<world::Entity>()
            .and_where(world::Column::Game.eq(game))
            .and_where(world::Column::Environment.eq(environment))
            .to_owned();
        let found = async || -> Result<Option<WorldKey>, StoreError> {
            let rows: Vec<world::Model> = self.tenant.all(&find).await?;
            Ok(rows.first().map(|row| WorldKey::new(self.tenant.studio(), row.id)))
        };
        if let Some(world) = found().await? {
            return Ok(world);
        }
        let transaction = self.tenant.begin().await?;
        let insert = Query::insert()
            .into_table(self.tenant.table(world::Entity))
            .columns([world::Column::Game, world::Column::Environment])
            .values_panic([game.into(), environment.into()])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        self.tenant.execute(&transaction, &insert).await?;
        self.tenant.commit(transaction).await?;
        let gone = || StoreError::Refused(sea_orm::DbErr::RecordNotFound("the world that was just made".to_owned()));
        found().await?.ok_or_else(gone)
    }

    /// The world's durable revision.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revision(&self, world: WorldKey) -> Result<i64, StoreError> {
        let select = self.tenant.select::<world::Entity>().and_where(world::Column::Id.eq(world.world())).to_owned();
        let rows: Vec<Revision> = self.tenant.all(&select).await?;
        Ok(rows.first().map_or(0, |row| row.seq))
    }

    /// Stores a batch: every job together or not at all, all jobs in one transaction.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was stored, unless it is [`StoreError::Away`], which can't know.
    pub async fn leave(&self, batch: &[Leave]) -> Result<Stored, StoreError> {
        // A key that is there twice in one batch: the later one finds the first one's row, as it would in the next.
        let mut keys = HashSet::new();
        let (first, again): (Vec<_>, Vec<_>) = batch.iter().partition(|job| {
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
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, &self.leave_statement, values);
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
                });
                recordings.extend(trace.recording.as_ref().map(|packed| recording::ActiveModel {
                    world: Set(job.world.world()),
                    id: Set(*id),
                    codec: Set(packed.codec),
                    frames: Set(packed.frames),
                    bytes: Set(packed.bytes.to_vec()),
                }));
            }
        }
        self.tenant.insert(&transaction, traces).await?;
        self.tenant.insert(&transaction, recordings).await?;
        self.tenant.commit(transaction).await?;
        Ok((kept, ranges))
    }

    /// Raises a world's sequence by `count` and returns the last id.
    async fn raise(&self, transaction: &DatabaseTransaction, world: WorldKey, count: i64) -> Result<i64, StoreError> {
        let update = Query::update()
            .table(self.tenant.table(world::Entity))
            .value(world::Column::Seq, Expr::col(world::Column::Seq).add(count))
            .and_where(world::Column::Id.eq(world.world()))
            .returning_col(world::Column::Seq)
            .to_owned();
        let rows: Vec<Revision> = self.tenant.returned(transaction, &update).await?;
        let gone = || StoreError::Refused(sea_orm::DbErr::RecordNotFound(format!("world {world}")));
        rows.first().map(|row| row.seq).ok_or_else(gone)
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

    /// The world's revision, and the newest traces of a scope with ids after `after`: at most `limit(kind)` of each kind,
    /// newest first. One statement, so that revision and rows are of one moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest(
        &self,
        world: WorldKey,
        scope: &ScopeKey,
        after: i64,
        limit: impl Fn(TraceKind) -> u64,
    ) -> Result<(i64, Vec<Shown>), StoreError> {
        let mut all = Query::select()
            .expr_as(Expr::val(REVISION_ROW).cast_as("smallint"), "kind")
            .expr_as(Expr::col(world::Column::Seq), "id")
            .expr_as(Expr::val(""), "author")
            .expr_as(Expr::val(""), "body")
            .expr_as(Expr::val(None::<i16>).cast_as("smallint"), "codec")
            .expr_as(Expr::val(None::<Vec<u8>>).cast_as(self.bytes_type()), "bytes")
            .from(self.tenant.table(world::Entity))
            .and_where(world::Column::Id.eq(world.world()))
            .to_owned();
        for kind in TraceKind::ALL {
            let newest = self.newest_of(world, scope, kind, after, limit(kind));
            let members = Query::select().expr(Expr::cust("*")).from_subquery(newest, "newest").to_owned();
            all.union(UnionType::All, members);
        }
        let mut rows: Vec<Shown> = self.tenant.all(&all).await?;
        let gone = || StoreError::Refused(sea_orm::DbErr::RecordNotFound(format!("world {world}")));
        let revision = rows.iter().position(|row| row.kind == REVISION_ROW).map(|at| rows.swap_remove(at).id);
        // A union promises no order.
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        Ok((revision.ok_or_else(gone)?, rows))
    }

    fn newest_of(&self, world: WorldKey, scope: &ScopeKey, kind: TraceKind, after: i64, limit: u64) -> SelectStatement {
        let on_recording = Expr::col(("recording", recording::Column::World))
            .equals(("trace", trace::Column::World))
            .and(Expr::col(("recording", recording::Column::Id)).equals(("trace", trace::Column::Id)));
        Query::select()
            .columns([("trace", trace::Column::Kind), ("trace", trace::Column::Id)])
            .columns([("trace", trace::Column::Author), ("trace", trace::Column::Body)])
            .columns([("recording", recording::Column::Codec), ("recording", recording::Column::Bytes)])
            .from(self.tenant.table(trace::Entity))
            .left_join(self.tenant.table(recording::Entity), on_recording)
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Scope.eq(scope.as_str()))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .and_where(trace::Column::Id.gt(after))
            .order_by(("trace", trace::Column::Id), Order::Desc)
            .limit(limit)
            .to_owned()
    }

    fn bytes_type(&self) -> &'static str {
        match self.tenant.dialect() {
            Dialect::Postgres => "bytea",
            Dialect::Sqlite => "blob",
        }
    }

    /// The scopes with traces after one id, up to and with another; at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn scopes_between(
        &self,
        world: WorldKey,
        after: i64,
        upto: i64,
        limit: u64,
    ) -> Result<BTreeSet<ScopeKey>, StoreError> {
        let select = Query::select()
            .distinct()
            .column(trace::Column::Scope)
            .from(self.tenant.table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Id.gt(after))
            .and_where(trace::Column::Id.lte(upto))
            .limit(limit)
            .to_owned();
        let rows: Vec<ScopeRow> = self.tenant.all(&select).await?;
        Ok(rows.iter().map(|row| ScopeKey::stored(&row.scope)).collect())
    }

    /// Removes the oldest traces of a kind in a scope beyond the newest `keep`, some hundreds at a time. Returns how many
    /// went; call again until none does.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn trim(
        &self,
        world: WorldKey,
        scope: &ScopeKey,
        kind: TraceKind,
        keep: u64,
    ) -> Result<usize, StoreError> {
        let beyond = Query::select()
            .column(trace::Column::Id)
            .from(self.tenant.table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Scope.eq(scope.as_str()))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .order_by(trace::Column::Id, Order::Desc)
            .offset(keep)
            .limit(TRIM_ROWS)
            .to_owned();
        let ids: Vec<i64> = self.tenant.all::<IdRow>(&beyond).await?.iter().map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        let transaction = self.tenant.begin().await?;
        let recordings = recording::Column::World.eq(world.world()).and(recording::Column::Id.is_in(ids.clone()));
        let traces = trace::Column::World.eq(world.world()).and(trace::Column::Id.is_in(ids.clone()));
        self.tenant.delete(&transaction, recording::Entity, recordings).await?;
        self.tenant.delete(&transaction, trace::Entity, traces).await?;
        self.tenant.commit(transaction).await?;
        Ok(ids.len())
    }

    /// Forgets the idempotency keys that are older than `before_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_keys(&self, before_ms: i64) -> Result<u64, StoreError> {
        let transaction = self.tenant.begin().await?;
        let old = idempotency::Column::CreatedAtMs.lt(before_ms);
        let gone = self.tenant.delete(&transaction, idempotency::Entity, old).await?;
        self.tenant.commit(transaction).await?;
        Ok(gone)
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

fn array(of: ArrayType, values: Vec<Value>) -> Value {
    Value::Array(of, Some(Box::new(values)))
}

/// The arrays that [`LEAVE_POSTGRES`] takes, in the order of its parameters from `$4` on.
#[derive(Default)]
struct Columns {
    keys: [Vec<Value>; 4],
    traces: [Vec<Value>; 14],
}

impl Columns {
    const KEY_TYPES: [ArrayType; 4] = [ArrayType::Int, ArrayType::String, ArrayType::String, ArrayType::Bytes];
    const TRACE_TYPES: [ArrayType; 14] = [
        ArrayType::Int,
        ArrayType::BigInt,
        ArrayType::SmallInt,
        ArrayType::String,
        ArrayType::String,
        ArrayType::Double,
        ArrayType::Double,
        ArrayType::Double,
        ArrayType::String,
        ArrayType::SmallInt,
        ArrayType::Int,
        ArrayType::Bytes,
        ArrayType::String,
        ArrayType::String,
    ];

    fn key(&mut self, world: WorldKey, idempotency: &Idempotency) {
        let row: [Value; 4] = [
            world.world().into(),
            idempotency.caller.clone().into(),
            idempotency.key.clone().into(),
            idempotency.digest.to_vec().into(),
        ];
        self.keys.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
    }

    fn trace(&mut self, job: &Leave, at: i64, trace: &NewTrace) {
        let [x, y, z] = trace.position.map_or([None; 3], |position| position.map(Some));
        let packed = trace.recording.as_ref();
        let idempotency = job.idempotency.as_ref();
        let row: [Value; 14] = [
            job.world.world().into(),
            at.into(),
            trace.kind.code().into(),
            job.scope.as_str().into(),
            trace.author.clone().into(),
            x.into(),
            y.into(),
            z.into(),
            trace.body.clone().into(),
            packed.map(|packed| packed.codec).into(),
            packed.map(|packed| packed.frames).into(),
            packed.map(|packed| packed.bytes.to_vec()).into(),
            idempotency.map(|idempotency| idempotency.caller.clone()).into(),
            idempotency.map(|idempotency| idempotency.key.clone()).into(),
        ];
        self.traces.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
    }

    fn into_values(self) -> impl Iterator<Item = Value> {
        let keys = Self::KEY_TYPES.into_iter().zip(self.keys);
        let traces = Self::TRACE_TYPES.into_iter().zip(self.traces);
        keys.chain(traces).map(|(of, values)| array(of, values))
    }
}
