//! The SQL of reports, and of the queue that they make.

use std::collections::HashMap;

use entity::tenant::traces::{report, trace};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};

use super::{Store, meet};
use crate::{
    platform::error::StoreError,
    traces::{
        moderation::model::{Complaint, Meeting, Place, Refused, Report, Waiting},
        trace::InboxEvent,
    },
    worlds::{ChangeReason, Command, WorldKey, WorldTx},
};

/// Notes of a trace that the queue shows.
const NOTES: i64 = 5;

/// As the queue's index has it.
const IN_QUEUE: &str = "reports > 0 OR hidden";

#[derive(FromQueryResult)]
struct Filed {
    #[expect(dead_code, reason = "that there is a row says it")]
    reason: i16,
}

/// A player reports a trace; at so many reports it is hidden, at 0 never.
#[derive(Debug)]
pub struct File {
    /// Who has met what.
    pub meeting: Meeting,
    /// What is wrong with it.
    pub report: Report,
    /// How many players hide a trace.
    pub hidden_at: u16,
}

impl Command for File {
    type Output = Result<(), Refused>;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Self::Output, StoreError> {
        let mut trace = match meet(world, &self.meeting).await? {
            Ok(trace) => trace,
            Err(refused) => return Ok(Err(refused)),
        };
        if !self.file(world).await? {
            return Ok(Ok(()));
        }
        trace.reports = trace.reports.saturating_add(1);
        trace.hidden = self.hidden_at > 0 && trace.reports >= i32::from(self.hidden_at);
        world.save_counters(&trace).await?;
        if trace.hidden {
            world.log_change(&trace.location(), ChangeReason::Hidden);
            world.notify_author(InboxEvent::Hidden, &[trace]).await?;
        }
        Ok(Ok(()))
    }

    fn size_bytes(&self) -> usize {
        256 + self.report.note.as_ref().map_or(0, String::len)
    }
}

impl File {
    /// Whether it is the player's first report of that trace.
    async fn file(&self, world: &WorldTx<'_>) -> Result<bool, StoreError> {
        let (tables, transaction) = (world.tables(), world.transaction());
        let player = self.meeting.player.to_string();
        let before = Query::select()
            .column(report::Column::Reason)
            .from(tables.table(report::Entity))
            .and_where(report::Column::World.eq(world.world()))
            .and_where(report::Column::Trace.eq(self.meeting.trace))
            .and_where(report::Column::Player.eq(player.as_str()))
            .to_owned();
        let before: Vec<Filed> = tables.returned(transaction, &before).await?;
        // Whether a decision has settled it stays as it is.
        let again = OnConflict::columns([report::Column::World, report::Column::Trace, report::Column::Player])
            .update_columns([report::Column::Reason, report::Column::Note, report::Column::AtMs])
            .to_owned();
        let file = Query::insert()
            .into_table(tables.table(report::Entity))
            .columns([
                report::Column::World,
                report::Column::Trace,
                report::Column::Player,
                report::Column::Reason,
                report::Column::Note,
                report::Column::Settled,
                report::Column::AtMs,
            ])
            .values_panic([
                world.world().into(),
                self.meeting.trace.into(),
                player.into(),
                self.report.complaint.code().into(),
                self.report.note.clone().into(),
                false.into(),
                world.now_ms().into(),
            ])
            .on_conflict(again)
            .to_owned();
        tables.execute(transaction, &file).await?;
        Ok(before.is_empty())
    }
}

/// Forgets the reports of a trace that a decision has settled: its author has changed it since, and who reported it before may
/// again.
///
/// # Errors
/// [`StoreError`].
pub async fn forget_settled(world: &WorldTx<'_>, trace: i64) -> Result<(), StoreError> {
    let settled = report::Column::World
        .eq(world.world())
        .and(report::Column::Trace.eq(trace))
        .and(report::Column::Settled.eq(true));
    world.tables().delete(world.transaction(), report::Entity, settled).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct TraceRow {
    id: i64,
    kind: i16,
    scope: String,
    author: String,
    body: String,
    detail: Option<String>,
    base_good: i32,
    good: i32,
    poor: i32,
    created_at_ms: i64,
    hidden: bool,
    reports: i32,
}

#[derive(FromQueryResult)]
struct ComplaintRow {
    trace: i64,
    reason: i16,
}

#[derive(FromQueryResult)]
struct NoteRow {
    trace: i64,
    note: String,
}

impl Store {
    /// The queue behind a place in it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue(&self, world: WorldKey, after: Option<Place>, limit: usize) -> Result<Vec<Waiting>, StoreError> {
        let tenant = self.database.tenant(world.studio()).await?;
        let behind = after.map(|place| {
            let columns = Expr::tuple([trace::Column::Reports, trace::Column::Id].map(Expr::col));
            columns.lt(Expr::tuple([Expr::val(place.reports), Expr::val(place.trace)]))
        });
        let mut find = Query::select();
        find.columns([trace::Column::Id, trace::Column::Kind, trace::Column::Scope, trace::Column::Author])
            .columns([trace::Column::Body, trace::Column::Detail, trace::Column::BaseGood, trace::Column::Good])
            .columns([trace::Column::Poor, trace::Column::CreatedAtMs, trace::Column::Hidden, trace::Column::Reports])
            .from(tenant.table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(Expr::cust(IN_QUEUE))
            .and_where_option(behind)
            .order_by(trace::Column::Reports, Order::Desc)
            .order_by(trace::Column::Id, Order::Desc)
            .limit(u64::try_from(limit).unwrap_or(u64::MAX));
        let rows: Vec<TraceRow> = tenant.all(&find).await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut said = self.said_of(world, &ids).await?;
        let waiting = |row: TraceRow| {
            let (complaints, notes) = said.remove(&row.id).unwrap_or_default();
            Waiting {
                id: row.id,
                kind: row.kind,
                scope: row.scope,
                author: row.author,
                content: row.detail.unwrap_or(row.body),
                good: row.base_good.saturating_add(row.good),
                poor: row.poor,
                created_at_ms: row.created_at_ms,
                hidden: row.hidden,
                reports: row.reports,
                complaints,
                notes,
            }
        };
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// What was said of these traces: each complaint once, and the newest notes.
    async fn said_of(
        &self,
        world: WorldKey,
        ids: &[i64],
    ) -> Result<HashMap<i64, (Vec<Complaint>, Vec<String>)>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let tenant = self.database.tenant(world.studio()).await?;
        let of_them = report::Column::World.eq(world.world()).and(tenant.among(report::Column::Trace, ids));
        let complaints = Query::select()
            .distinct()
            .columns([report::Column::Trace, report::Column::Reason])
            .from(tenant.table(report::Entity))
            .and_where(of_them.clone())
            .order_by(report::Column::Reason, Order::Asc)
            .to_owned();
        let ranked = Query::select()
            .columns([report::Column::Trace, report::Column::Note])
            .expr_as(Expr::cust("row_number() OVER (PARTITION BY trace ORDER BY at_ms DESC, player)"), "nth")
            .from(tenant.table(report::Entity))
            .and_where(of_them.and(report::Column::Note.is_not_null()))
            .to_owned();
        let notes = Query::select()
            .columns([report::Column::Trace, report::Column::Note])
            .from_subquery(ranked, "ranked")
            .and_where(Expr::col("nth").lte(NOTES))
            .order_by("nth", Order::Asc)
            .to_owned();
        let mut said = HashMap::<i64, (Vec<Complaint>, Vec<String>)>::new();
        let complaints: Vec<ComplaintRow> = tenant.all(&complaints).await?;
        for row in complaints {
            said.entry(row.trace).or_default().0.extend(Complaint::of_code(row.reason));
        }
        let notes: Vec<NoteRow> = tenant.all(&notes).await?;
        for row in notes {
            said.entry(row.trace).or_default().1.push(row.note);
        }
        Ok(said)
    }
}
