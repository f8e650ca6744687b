//! The SQL of reports and of the moderation queue.

use std::collections::{BTreeMap, HashMap};

use entity::tenant::traces::{report, reporter, trace};
use sea_orm::{
    ColumnTrait, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};
use uuid::Uuid;

use super::Store;
use crate::{
    platform::error::StoreError,
    traces::{
        TraceKind,
        gate::{Record, Voter},
        moderation::model::{QueueCursor, QueueItem, Report, ReportReason, Verdict},
        trace::AuthorKind,
    },
    worlds::{WorldKey, WorldTx},
};

/// Most notes that the queue shows of one trace.
const NOTES_PER_TRACE: i64 = 5;

/// The predicate of the partial index on the queue.
const IN_QUEUE: &str = "reports > 0 OR hidden";

/// How many reporters one statement counts verdicts for.
const REPORTERS_AT_ONCE: usize = 500;

#[derive(FromQueryResult)]
struct ReporterRow {
    player: String,
}

#[derive(FromQueryResult)]
struct WeightRow {
    weight: Option<i64>,
}

#[derive(FromQueryResult)]
struct RecordRow {
    upheld: i32,
    dismissed: i32,
}

#[derive(FromQueryResult)]
struct ReportRow {
    #[expect(dead_code, reason = "only its existence matters")]
    reason: i16,
}

/// Whether a player has reported a trace.
///
/// # Errors
/// [`StoreError`].
pub async fn report_exists(world: &WorldTx<'_>, trace: i64, player: Uuid) -> Result<bool, StoreError> {
    let tables = world.world_tables();
    let find = tables
        .select_from::<report::Entity>()
        .column(report::Column::Reason)
        .and_where(report::Column::Trace.eq(trace))
        .and_where(report::Column::Player.eq(player.to_string()))
        .to_owned();
    let rows: Vec<ReportRow> = tables.returned(world.transaction(), &find).await?;
    Ok(!rows.is_empty())
}

/// Stores a player's first report of a trace.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_report(
    world: &WorldTx<'_>,
    trace: i64,
    voter: &Voter,
    weight: i32,
    report: &Report,
) -> Result<(), StoreError> {
    let row = report::ActiveModel {
        world: Set(world.world()),
        trace: Set(trace),
        player: Set(voter.player.to_string()),
        reason: Set(report.reason.code()),
        note: Set(report.note.clone()),
        settled: Set(false),
        weight: Set(weight),
        network: Set(voter.network),
        at_ms: Set(world.now_ms()),
    };
    world.world_tables().insert(world.transaction(), vec![row]).await
}

/// Stores a player's report of a trace in place of the one before, which keeps its weight and stays settled if it was.
///
/// # Errors
/// [`StoreError`].
pub async fn replace_report(world: &WorldTx<'_>, trace: i64, player: Uuid, report: &Report) -> Result<(), StoreError> {
    let tables = world.world_tables();
    let replace = tables
        .update::<report::Entity>()
        .value(report::Column::Reason, report.reason.code())
        .value(report::Column::Note, report.note.clone())
        .value(report::Column::AtMs, world.now_ms())
        .and_where(report::Column::Trace.eq(trace))
        .and_where(report::Column::Player.eq(player.to_string()))
        .to_owned();
    tables.execute(world.transaction(), &replace).await?;
    Ok(())
}

/// What the unsettled reports of a trace by a voter's network weigh.
///
/// # Errors
/// [`StoreError`].
pub async fn report_weight_of_network(world: &WorldTx<'_>, voter: &Voter, trace: i64) -> Result<i32, StoreError> {
    let Some(network) = voter.network else { return Ok(0) };
    let tables = world.world_tables();
    let find = tables
        .select_from::<report::Entity>()
        .expr_as(Expr::col(report::Column::Weight).sum(), "weight")
        .and_where(report::Column::Trace.eq(trace))
        .and_where(report::Column::Network.eq(network))
        .and_where(report::Column::Settled.eq(false))
        .to_owned();
    let rows: Vec<WeightRow> = tables.returned(world.transaction(), &find).await?;
    let weight = rows.first().and_then(|row| row.weight).unwrap_or_default();
    Ok(i32::try_from(weight).unwrap_or(i32::MAX))
}

/// What moderators thought of a player's reports.
///
/// # Errors
/// [`StoreError`].
pub async fn record(world: &WorldTx<'_>, player: Uuid) -> Result<Record, StoreError> {
    let tables = world.world_tables();
    let find = tables
        .select_from::<reporter::Entity>()
        .columns([reporter::Column::Upheld, reporter::Column::Dismissed])
        .and_where(reporter::Column::Player.eq(player.to_string()))
        .to_owned();
    let rows: Vec<RecordRow> = tables.returned(world.transaction(), &find).await?;
    Ok(rows.first().map_or_else(Record::default, |row| Record { upheld: row.upheld, dismissed: row.dismissed }))
}

/// Adds a verdict to the records of those who have unsettled reports of these traces.
///
/// # Errors
/// [`StoreError`].
pub async fn record_verdict(world: &WorldTx<'_>, traces: &[i64], verdict: Verdict) -> Result<(), StoreError> {
    if traces.is_empty() {
        return Ok(());
    }
    let tables = world.world_tables();
    let unsettled = tables
        .select_from::<report::Entity>()
        .column(report::Column::Player)
        .and_where(tables.among(report::Column::Trace, traces))
        .and_where(report::Column::Settled.eq(false))
        .take();
    // Counted here: to group them SQLite would walk through all reports of the world, in the order of players.
    let unsettled: Vec<ReporterRow> = tables.returned(world.transaction(), &unsettled).await?;
    let mut counts: BTreeMap<&str, i32> = BTreeMap::new();
    for row in &unsettled {
        *counts.entry(&row.player).or_default() += 1;
    }
    let counts: Vec<(&str, i32)> = counts.into_iter().collect();
    for counts in counts.chunks(REPORTERS_AT_ONCE) {
        add_verdicts(world, counts, verdict).await?;
    }
    Ok(())
}

async fn add_verdicts(world: &WorldTx<'_>, counts: &[(&str, i32)], verdict: Verdict) -> Result<(), StoreError> {
    let sum = |column: reporter::Column| Expr::col((reporter::Entity, column)).add(Expr::col(("excluded", column)));
    let add = OnConflict::columns([reporter::Column::World, reporter::Column::Player])
        .value(reporter::Column::Upheld, sum(reporter::Column::Upheld))
        .value(reporter::Column::Dismissed, sum(reporter::Column::Dismissed))
        .to_owned();
    let tables = world.world_tables();
    let mut insert = tables.insert_into::<reporter::Entity>();
    insert
        .columns([
            reporter::Column::World,
            reporter::Column::Player,
            reporter::Column::Upheld,
            reporter::Column::Dismissed,
        ])
        .on_conflict(add);
    for (player, count) in counts {
        let (upheld, dismissed) = if verdict == Verdict::Upheld { (*count, 0) } else { (0, *count) };
        insert.values_panic([tables.world().into(), (*player).into(), upheld.into(), dismissed.into()]);
    }
    tables.execute(world.transaction(), &insert).await?;
    Ok(())
}

/// Marks all reports of these traces as settled.
///
/// # Errors
/// [`StoreError`].
pub async fn settle_reports(world: &WorldTx<'_>, traces: &[i64]) -> Result<(), StoreError> {
    let tables = world.world_tables();
    let settle = tables
        .update::<report::Entity>()
        .value(report::Column::Settled, true)
        .and_where(tables.among(report::Column::Trace, traces))
        .to_owned();
    tables.execute(world.transaction(), &settle).await?;
    Ok(())
}

/// Deletes the reports of a trace.
///
/// # Errors
/// [`StoreError`].
pub async fn delete_reports(world: &WorldTx<'_>, trace: i64) -> Result<(), StoreError> {
    world.world_tables().delete(world.transaction(), report::Entity, report::Column::Trace.eq(trace)).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct TraceRow {
    id: i64,
    kind: i16,
    scope: String,
    author: String,
    minted: bool,
    body: String,
    detail: Option<String>,
    base_good: i32,
    good: i32,
    poor: i32,
    created_at_ms: i64,
    hidden: bool,
    reports: i32,
    x: Option<f64>,
    y: Option<f64>,
    z: Option<f64>,
    content_version: i32,
}

#[derive(FromQueryResult)]
struct ReasonRow {
    trace: i64,
    reason: i16,
}

#[derive(FromQueryResult)]
struct NoteRow {
    trace: i64,
    note: String,
}

/// The reasons and notes of the reports of one trace.
#[derive(Default)]
struct ReportSummary {
    reasons: Vec<ReportReason>,
    notes: Vec<String>,
}

impl TraceRow {
    fn into_item(self, reports: ReportSummary) -> QueueItem {
        QueueItem {
            id: self.id,
            kind: TraceKind::of_code(self.kind),
            scope: self.scope,
            author: self.author,
            author_kind: AuthorKind::of(self.minted),
            content: self.detail.unwrap_or(self.body),
            good: self.base_good.saturating_add(self.good),
            poor: self.poor,
            created_at_ms: self.created_at_ms,
            hidden: self.hidden,
            reports: self.reports,
            reasons: reports.reasons,
            notes: reports.notes,
            position: (|| Some([self.x?, self.y?, self.z?]))(),
            content_version: self.content_version,
        }
    }
}

impl Store {
    /// The moderation queue after a cursor: traces with the most reports first, then the newest.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue(
        &self,
        world: WorldKey,
        after: Option<QueueCursor>,
        limit: usize,
    ) -> Result<Vec<QueueItem>, StoreError> {
        let tables = self.database.tenant(world.studio()).await?.world(world.world());
        let is_after = after.map(|cursor| {
            let columns = Expr::tuple([trace::Column::Reports, trace::Column::Id].map(Expr::col));
            columns.lt(Expr::tuple([Expr::val(cursor.reports), Expr::val(cursor.trace)]))
        });
        let mut find = tables.select_from::<trace::Entity>();
        find.columns([trace::Column::Id, trace::Column::Kind, trace::Column::Scope, trace::Column::Author])
            .column(trace::Column::Minted)
            .columns([trace::Column::Body, trace::Column::Detail, trace::Column::BaseGood, trace::Column::Good])
            .columns([trace::Column::Poor, trace::Column::CreatedAtMs, trace::Column::Hidden, trace::Column::Reports])
            .columns([trace::Column::X, trace::Column::Y, trace::Column::Z, trace::Column::ContentVersion])
            .and_where(Expr::cust(IN_QUEUE))
            .and_where_option(is_after)
            .order_by(trace::Column::Reports, Order::Desc)
            .order_by(trace::Column::Id, Order::Desc)
            .limit(u64::try_from(limit).unwrap_or(u64::MAX));
        let rows: Vec<TraceRow> = tables.all(&find).await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut summaries = self.report_summaries(world, &ids).await?;
        let item = |row: TraceRow| {
            let summary = summaries.remove(&row.id).unwrap_or_default();
            row.into_item(summary)
        };
        Ok(rows.into_iter().map(item).collect())
    }

    /// For each of these traces the different reasons of its reports, and the newest notes.
    async fn report_summaries(
        &self,
        world: WorldKey,
        traces: &[i64],
    ) -> Result<HashMap<i64, ReportSummary>, StoreError> {
        if traces.is_empty() {
            return Ok(HashMap::new());
        }
        let tables = self.database.tenant(world.studio()).await?.world(world.world());
        let of_traces = tables.among(report::Column::Trace, traces);
        let reasons = tables
            .select_from::<report::Entity>()
            .distinct()
            .columns([report::Column::Trace, report::Column::Reason])
            .and_where(of_traces.clone())
            .order_by(report::Column::Reason, Order::Asc)
            .to_owned();
        let ranked = tables
            .select_from::<report::Entity>()
            .columns([report::Column::Trace, report::Column::Note])
            .expr_as(Expr::cust("row_number() OVER (PARTITION BY trace ORDER BY at_ms DESC, player)"), "nth")
            .and_where(of_traces.and(report::Column::Note.is_not_null()))
            .to_owned();
        let notes = Query::select()
            .columns([report::Column::Trace, report::Column::Note])
            .from_subquery(ranked, "ranked")
            .and_where(Expr::col("nth").lte(NOTES_PER_TRACE))
            .order_by("nth", Order::Asc)
            .to_owned();
        let mut summaries = HashMap::<i64, ReportSummary>::new();
        let reasons: Vec<ReasonRow> = tables.all(&reasons).await?;
        for row in reasons {
            summaries.entry(row.trace).or_default().reasons.extend(ReportReason::of_code(row.reason));
        }
        let notes: Vec<NoteRow> = tables.all(&notes).await?;
        for row in notes {
            summaries.entry(row.trace).or_default().notes.push(row.note);
        }
        Ok(summaries)
    }
}
