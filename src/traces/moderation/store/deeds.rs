//! The SQL of what moderators do.

use entity::tenant::traces::{ban, report, trace};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Condition, Expr, ExprTrait, OnConflict, Order, Query},
};
use uuid::Uuid;

use crate::{
    platform::{db::Tenant, error::StoreError},
    traces::{
        moderation::model::{Banned, Wiped},
        trace::{InboxEvent, TraceCounters},
    },
    worlds::{ChangeReason, Command, TraceLocation, WorldTx},
};

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

/// Decides whether traces are hidden; what comes of it is of how many that was news, or settles reports.
#[derive(Debug)]
pub struct Decide {
    /// Which; those that are not there are passed over.
    pub traces: Vec<i64>,
    /// Hidden, or shown.
    pub hidden: bool,
}

impl Command for Decide {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let mut traces = world.counters(&self.traces).await?;
        traces.retain(|trace| trace.hidden != self.hidden || trace.reports > 0);
        let ids: Vec<i64> = traces.iter().map(|trace| trace.id).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        world.set_hidden(&ids, self.hidden).await?;
        let settle = Query::update()
            .table(world.tables().table(report::Entity))
            .value(report::Column::Settled, true)
            .and_where(report::Column::World.eq(world.world()))
            .and_where(world.tables().among(report::Column::Trace, &ids))
            .to_owned();
        world.tables().execute(world.transaction(), &settle).await?;
        traces.retain(|trace| trace.hidden != self.hidden);
        let reason = if self.hidden { ChangeReason::Hidden } else { ChangeReason::Restored };
        for trace in &traces {
            world.log_change(&trace.location(), reason);
        }
        if self.hidden {
            world.notify_author(InboxEvent::Hidden, &traces).await?;
        }
        Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
    }

    fn size_bytes(&self) -> usize {
        256 + self.traces.len() * size_of::<i64>()
    }
}

/// From now on a player may not leave, vote or report.
#[derive(Debug)]
pub struct Ban {
    /// Who.
    pub player: Uuid,
    /// Until when.
    pub banned: Banned,
    /// Why.
    pub reason: String,
}

impl Command for Ban {
    type Output = ();

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<(), StoreError> {
        let anew = OnConflict::columns([ban::Column::World, ban::Column::Player])
            .update_columns([ban::Column::UntilMs, ban::Column::Reason, ban::Column::AtMs])
            .to_owned();
        let insert = Query::insert()
            .into_table(world.tables().table(ban::Entity))
            .columns([
                ban::Column::World,
                ban::Column::Player,
                ban::Column::UntilMs,
                ban::Column::Reason,
                ban::Column::AtMs,
            ])
            .values_panic([
                world.world().into(),
                self.player.to_string().into(),
                self.banned.until_ms.into(),
                self.reason.as_str().into(),
                world.now_ms().into(),
            ])
            .on_conflict(anew)
            .to_owned();
        world.tables().execute(world.transaction(), &insert).await?;
        Ok(())
    }
}

/// A player may leave, vote and report again; what comes of it is 1 where he was banned.
#[derive(Debug)]
pub struct Unban {
    /// Who.
    pub player: Uuid,
}

impl Command for Unban {
    type Output = u64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<u64, StoreError> {
        let it = ban::Column::World.eq(world.world()).and(ban::Column::Player.eq(self.player.to_string()));
        world.tables().delete(world.transaction(), ban::Entity, it).await
    }
}

/// Removes some hundreds of traces.
#[derive(Debug)]
pub struct Wipe {
    /// Which.
    pub wiped: Wiped,
    /// Those with ids up to this one; nothing: all that there are now.
    pub upto: Option<i64>,
}

/// What a [`Wipe`] has done.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    /// How many traces went.
    pub gone: u64,
    /// The bound that was kept to.
    pub upto: i64,
}

impl Command for Wipe {
    type Output = Gone;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Gone, StoreError> {
        let upto = self.upto.unwrap_or_else(|| world.seq());
        let mut find = Query::select();
        find.column(trace::Column::Id)
            .from(world.tables().table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Id.lte(upto))
            .cond_where(self.wiped.condition(world.tables()))
            .limit(WorldTx::ROWS);
        if self.wiped == Wiped::Everything {
            // By the key: else each act might look again through what those before it removed.
            find.order_by(trace::Column::Id, Order::Asc);
        }
        let rows: Vec<IdRow> = world.tables().returned(world.transaction(), &find).await?;
        let ids: Vec<i64> = rows.into_iter().map(|row| row.id).collect();
        let traces = world.counters(&ids).await?;
        let lying: Vec<TraceLocation> = traces.iter().map(TraceCounters::location).collect();
        world.remove(&lying, ChangeReason::Removed).await?;
        // At the end of a season nothing was wrong with anybody's.
        if self.wiped != Wiped::Everything {
            world.notify_author(InboxEvent::Removed, &traces).await?;
        }
        Ok(Gone { gone: u64::try_from(lying.len()).unwrap_or(u64::MAX), upto })
    }

    fn size_bytes(&self) -> usize {
        match &self.wiped {
            Wiped::These(ids) => 256 + ids.len() * size_of::<i64>(),
            Wiped::OfPlayer(..) | Wiped::InScope(_) | Wiped::Everything => 256,
        }
    }
}

impl Wiped {
    fn condition(&self, tables: &Tenant) -> Condition {
        let all = Condition::all();
        match self {
            Self::These(ids) => all.add(tables.among(trace::Column::Id, ids)),
            // As the index of players' own traces has it.
            Self::OfPlayer(player, scope) => all
                .add(Expr::cust("minted"))
                .add(trace::Column::Author.eq(player.to_string()))
                .add_option(scope.as_ref().map(|scope| trace::Column::Scope.eq(scope.as_str()))),
            Self::InScope(scope) => all.add(trace::Column::Scope.eq(scope.as_str())),
            Self::Everything => all,
        }
    }
}
