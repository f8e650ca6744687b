//! The SQL of jobs. The same statements run on the control tables and on a studio's.

mod crossing;

use entity::{control::platform::job, tenant};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Alias, Expr, ExprTrait, LockBehavior, LockType, OnConflict, Order, Query},
};

pub(super) use self::crossing::{arrive, forget_arrivals};
use super::model::{ListedJob, NewJob};
use crate::platform::{
    clock,
    db::{MovableTable, StudioId, Tables, union_all},
    error::StoreError,
};

/// Characters of an error that are stored.
const ERROR_CHARACTERS: usize = 300;

/// Rows that are listed, replayed or discarded at once.
const AT_ONCE: u64 = 1000;

/// The table of a studio's jobs.
#[must_use]
pub fn tenant_tables() -> Vec<MovableTable> {
    vec![MovableTable::of::<tenant::platform::job::Entity>().with_sequence("id")]
}

/// A job that was taken.
#[derive(FromQueryResult)]
pub(super) struct TakenJob {
    pub id: i64,
    pub payload: String,
    pub attempts: i32,
    pub created_at_ms: i64,
}

/// When the first job of a kind is due, in the tables of a studio (0: control).
#[derive(FromQueryResult)]
pub(super) struct Earliest {
    pub studio: i32,
    pub kind: String,
    pub due_ms: i64,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct UncertainRow {
    uncertain: i32,
}

/// How many jobs of a kind there are.
#[derive(FromQueryResult)]
pub(super) struct Count {
    pub kind: String,
    pub dead: bool,
    pub jobs: i64,
}

impl From<job::Model> for ListedJob {
    fn from(row: job::Model) -> Self {
        let job::Model { id, kind, dead, due_ms, lease, attempts, error, created_at_ms, .. } = row;
        Self { id, kind, is_dead: dead, is_leased: lease.is_some(), attempts, error, created_at_ms, due_ms }
    }
}

/// Inserts a job; `None` where one with the same key waits already.
pub(super) async fn insert(
    tables: &Tables,
    transaction: &DatabaseTransaction,
    new: NewJob,
) -> Result<Option<i64>, StoreError> {
    let row = job::ActiveModel {
        kind: Set(new.kind.to_owned()),
        payload: Set(new.payload),
        unique_key: Set(new.key),
        dead: Set(false),
        due_ms: Set(new.due_ms),
        lease: Set(None),
        attempts: Set(0),
        uncertain: Set(0),
        error: Set(String::new()),
        created_at_ms: Set(clock::now_ms()),
        ..job::ActiveModel::default()
    };
    let mut insert = job::Entity::insert_many([row]).into_query();
    insert
        .into_table(tables.table(job::Entity))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .returning_col(job::Column::Id);
    let rows: Vec<IdRow> = tables.returned(transaction, &insert).await?;
    Ok(rows.first().map(|row| row.id))
}

/// When the first job of each of these kinds is due, in each of these tables. One statement, which reads one entry of an index for
/// each. All tables must be in one database.
pub(super) async fn earliest(
    queues: &[(Option<StudioId>, Tables)],
    kinds: &[&'static str],
) -> Result<Vec<Earliest>, StoreError> {
    let Some((_, connection)) = queues.first() else { return Ok(Vec::new()) };
    let part = |studio: Option<StudioId>, tables: &Tables, kind: &str| {
        Query::select()
            .expr_as(Expr::cust(studio.map_or(0, |studio| studio.0).to_string()), Alias::new("studio"))
            .columns([job::Column::Kind, job::Column::DueMs])
            .from(tables.table(job::Entity))
            .and_where(job::Column::Kind.eq(kind))
            .and_where(job::Column::Dead.eq(false))
            .order_by(job::Column::DueMs, Order::Asc)
            .limit(1)
            .to_owned()
    };
    let parts = queues.iter().flat_map(|(studio, tables)| kinds.iter().map(move |kind| part(*studio, tables, kind)));
    match union_all(parts) {
        Some(select) => connection.all(&select).await,
        None => Ok(Vec::new()),
    }
}

/// Leases jobs of a kind that are due, those that have waited longest first.
pub(super) async fn take(
    tables: &Tables,
    kind: &str,
    limit: usize,
    lease: &str,
    (now_ms, until_ms): (i64, i64),
) -> Result<Vec<TakenJob>, StoreError> {
    let due = Query::select()
        .column(job::Column::Id)
        .from(tables.table(job::Entity))
        .and_where(job::Column::Kind.eq(kind))
        .and_where(job::Column::Dead.eq(false))
        .and_where(job::Column::DueMs.lte(now_ms))
        .order_by(job::Column::DueMs, Order::Asc)
        .limit(u64::try_from(limit).unwrap_or(1))
        // What another instance takes at this moment is not waited for.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .to_owned();
    let update = Query::update()
        .table(tables.table(job::Entity))
        .value(job::Column::Lease, lease)
        .value(job::Column::DueMs, until_ms)
        .value(job::Column::Attempts, Expr::col(job::Column::Attempts).add(1))
        .and_where(tables.among_those(Expr::col(job::Column::Id), due))
        .returning(Query::returning().columns([
            job::Column::Id,
            job::Column::Payload,
            job::Column::Attempts,
            job::Column::CreatedAtMs,
        ]))
        .to_owned();
    let transaction = tables.begin().await?;
    let taken = tables.returned(&transaction, &update).await?;
    tables.commit(transaction).await?;
    Ok(taken)
}

fn is_leased(id: i64, lease: &str) -> Expr {
    job::Column::Id.eq(id).and(job::Column::Lease.eq(lease))
}

/// Whether the lease was still held.
async fn update_leased(
    tables: &Tables,
    id: i64,
    lease: &str,
    values: impl IntoIterator<Item = (job::Column, Expr)>,
) -> Result<bool, StoreError> {
    let update =
        Query::update().table(tables.table(job::Entity)).values(values).and_where(is_leased(id, lease)).to_owned();
    let transaction = tables.begin().await?;
    let rows = tables.execute(&transaction, &update).await?;
    tables.commit(transaction).await?;
    Ok(rows == 1)
}

/// Prolongs a lease; returns whether it was still held.
pub(super) async fn renew(tables: &Tables, id: i64, lease: &str, until_ms: i64) -> Result<bool, StoreError> {
    update_leased(tables, id, lease, [(job::Column::DueMs, until_ms.into())]).await
}

/// Removes a job that is done; returns whether the lease was still held.
pub(super) async fn finish(
    tables: &Tables,
    transaction: &DatabaseTransaction,
    id: i64,
    lease: &str,
) -> Result<bool, StoreError> {
    Ok(tables.delete(transaction, job::Entity, is_leased(id, lease)).await? == 1)
}

/// As [`finish`], in a transaction of its own.
pub(super) async fn finish_now(tables: &Tables, id: i64, lease: &str) -> Result<bool, StoreError> {
    let transaction = tables.begin().await?;
    let finished = finish(tables, &transaction, id, lease).await?;
    tables.commit(transaction).await?;
    Ok(finished)
}

/// Removes the jobs of a kind with these keys.
pub(super) async fn withdraw(tables: &Tables, kind: &str, keys: &[String]) -> Result<(), StoreError> {
    let transaction = tables.begin().await?;
    let of_keys = job::Column::UniqueKey.is_in(keys.iter().map(String::as_str));
    tables.delete(&transaction, job::Entity, job::Column::Kind.eq(kind).and(of_keys)).await?;
    tables.commit(transaction).await
}

/// How an attempt leaves a job that stays.
pub(super) struct Left<'a> {
    /// When it is to be done again.
    pub due_ms: i64,
    /// Attempts that have begun.
    pub attempts: i32,
    /// Whether it was done, and is to be done again as if it were new.
    pub begins_anew: bool,
    /// Whether the attempt was counted as uncertain, and is known now to have had no effect.
    pub is_uncounted: bool,
    /// Why it failed.
    pub error: &'a str,
}

/// Gives a job back, to be done again.
pub(super) async fn give_back(tables: &Tables, id: i64, lease: &str, left: Left<'_>) -> Result<bool, StoreError> {
    let mut values = vec![
        (job::Column::Lease, None::<String>.into()),
        (job::Column::DueMs, left.due_ms.into()),
        (job::Column::Attempts, left.attempts.into()),
        (job::Column::Error, shortened(left.error).into()),
    ];
    if left.begins_anew {
        // It may be tried as long as a new one.
        values.push((job::Column::CreatedAtMs, clock::now_ms().into()));
    }
    if left.is_uncounted {
        values.push((job::Column::Uncertain, Expr::col(job::Column::Uncertain).sub(1)));
    }
    update_leased(tables, id, lease, values).await
}

/// Makes a job a dead letter.
pub(super) async fn bury(tables: &Tables, id: i64, lease: &str, error: &str) -> Result<bool, StoreError> {
    let values = [
        (job::Column::Lease, None::<String>.into()),
        (job::Column::Dead, true.into()),
        (job::Column::DueMs, clock::now_ms().into()),
        // The next one of the same need not wait for an operator.
        (job::Column::UniqueKey, None::<String>.into()),
        (job::Column::Error, shortened(error).into()),
    ];
    update_leased(tables, id, lease, values).await
}

/// Counts an attempt of which nobody may learn how it ended; returns how many there are with it, `None` where the lease is lost.
pub(super) async fn begin_uncertain(tables: &Tables, id: i64, lease: &str) -> Result<Option<i32>, StoreError> {
    let update = Query::update()
        .table(tables.table(job::Entity))
        .value(job::Column::Uncertain, Expr::col(job::Column::Uncertain).add(1))
        .and_where(is_leased(id, lease))
        .returning_col(job::Column::Uncertain)
        .to_owned();
    let transaction = tables.begin().await?;
    let rows: Vec<UncertainRow> = tables.returned(&transaction, &update).await?;
    tables.commit(transaction).await?;
    Ok(rows.first().map(|row| row.uncertain))
}

fn shortened(error: &str) -> String {
    error.chars().take(ERROR_CHARACTERS).collect()
}

/// Takes all leases back: nobody else can hold one where one server has the database to itself.
pub(super) async fn void_leases(tables: &Tables) -> Result<u64, StoreError> {
    let update = Query::update()
        .table(tables.table(job::Entity))
        .value(job::Column::Lease, None::<String>)
        .value(job::Column::DueMs, clock::now_ms())
        .and_where(job::Column::Lease.is_not_null())
        .to_owned();
    let transaction = tables.begin().await?;
    let rows = tables.execute(&transaction, &update).await?;
    tables.commit(transaction).await?;
    Ok(rows)
}

/// How many jobs of that kind wait, up to a limit.
pub(super) async fn waiting(tables: &Tables, kind: &str, limit: u64) -> Result<u64, StoreError> {
    let some = Query::select()
        .column(job::Column::Kind)
        .from(tables.table(job::Entity))
        .and_where(job::Column::Kind.eq(kind))
        .and_where(job::Column::Dead.eq(false))
        .limit(limit)
        .to_owned();
    let count = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("jobs"))
        .expr_as(Expr::cust("''"), Alias::new("kind"))
        .expr_as(Expr::cust("FALSE"), Alias::new("dead"))
        .from_subquery(some, "some")
        .to_owned();
    let rows: Vec<Count> = tables.all(&count).await?;
    Ok(rows.first().and_then(|row| u64::try_from(row.jobs).ok()).unwrap_or_default())
}

/// How many jobs of each kind wait, and how many were given up.
pub(super) async fn counts(tables: &Tables) -> Result<Vec<Count>, StoreError> {
    let select = Query::select()
        .columns([job::Column::Kind, job::Column::Dead])
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("jobs"))
        .from(tables.table(job::Entity))
        .group_by_columns([job::Column::Kind, job::Column::Dead])
        .to_owned();
    tables.all(&select).await
}

/// Which jobs an operator means.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// This job.
    pub id: Option<i64>,
    /// Jobs of this kind.
    pub kind: Option<String>,
    /// Dead letters.
    pub only_dead: bool,
}

impl Filter {
    fn condition(&self) -> Expr {
        let mut condition = Expr::cust("1 = 1");
        if let Some(id) = self.id {
            condition = condition.and(job::Column::Id.eq(id));
        }
        if let Some(kind) = &self.kind {
            condition = condition.and(job::Column::Kind.eq(kind.as_str()));
        }
        if self.only_dead {
            condition = condition.and(job::Column::Dead.eq(true));
        }
        condition
    }
}

/// The first thousand jobs that an operator means, the oldest first.
pub(super) async fn list(tables: &Tables, filter: &Filter) -> Result<Vec<ListedJob>, StoreError> {
    let select = tables
        .select::<job::Entity>()
        .and_where(filter.condition())
        .order_by(job::Column::Id, Order::Asc)
        .limit(AT_ONCE)
        .to_owned();
    let rows: Vec<job::Model> = tables.all(&select).await?;
    Ok(rows.into_iter().map(ListedJob::from).collect())
}

/// Gives dead letters another life; returns how many.
pub(super) async fn replay(tables: &Tables, filter: &Filter) -> Result<u64, StoreError> {
    let now_ms = clock::now_ms();
    let update = Query::update()
        .table(tables.table(job::Entity))
        .value(job::Column::Dead, false)
        .value(job::Column::DueMs, now_ms)
        // From now on it is tried as long as a new one.
        .value(job::Column::CreatedAtMs, now_ms)
        .value(job::Column::Attempts, 0)
        .value(job::Column::Uncertain, 0)
        .and_where(filter.condition())
        .and_where(job::Column::Dead.eq(true))
        .to_owned();
    let transaction = tables.begin().await?;
    let rows = tables.execute(&transaction, &update).await?;
    tables.commit(transaction).await?;
    Ok(rows)
}

/// Deletes dead letters that were given up before that time; returns how many.
pub(super) async fn discard(tables: &Tables, filter: &Filter, before_ms: i64) -> Result<u64, StoreError> {
    let condition = filter.condition().and(job::Column::Dead.eq(true)).and(job::Column::DueMs.lte(before_ms));
    let transaction = tables.begin().await?;
    let rows = tables.delete(&transaction, job::Entity, condition).await?;
    tables.commit(transaction).await?;
    Ok(rows)
}
