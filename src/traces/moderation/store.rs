//! All SQL of moderation: reports and their queue in [`reports`], what moderators do in [`deeds`], whom players do not want to
//! see in [`authors`]; who is banned, and what a player may do to a trace, here.

mod authors;
mod deeds;
mod reports;

use entity::tenant::{identity::player, traces::ban};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

pub use self::{
    authors::{HideAuthor, ShowAuthor},
    deeds::{Ban, Decide, Unban, Wipe},
    reports::{File, forget_settled},
};
use super::model::{Banned, Meeting, Refused};
use crate::{
    platform::{db::Database, error::StoreError},
    traces::trace::TraceCounters,
    worlds::{WorldKey, WorldTx},
};

/// What is read of moderation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

#[derive(FromQueryResult)]
struct BanRow {
    until_ms: Option<i64>,
}

#[derive(FromQueryResult)]
struct There {
    #[expect(dead_code, reason = "that there is a row says it")]
    there: i32,
}

/// Whether a player may not leave, vote or report now: to be asked in the act itself.
///
/// # Errors
/// [`StoreError`].
pub async fn banned(world: &WorldTx<'_>, player: Uuid) -> Result<Option<Banned>, StoreError> {
    let find = Query::select()
        .column(ban::Column::UntilMs)
        .from(world.tables().table(ban::Entity))
        .and_where(ban::Column::World.eq(world.world()))
        .and_where(ban::Column::Player.eq(player.to_string()))
        .to_owned();
    let rows: Vec<BanRow> = world.tables().returned(world.transaction(), &find).await?;
    let lasts = |row: &BanRow| row.until_ms.is_none_or(|until_ms| until_ms > world.now_ms());
    Ok(rows.into_iter().find(lasts).map(|row| Banned { until_ms: row.until_ms }))
}

/// The trace that a player has met, if he may do something about it: he is not banned, can have met it, and it is not his own.
///
/// # Errors
/// [`StoreError`].
pub async fn meet(world: &WorldTx<'_>, meeting: &Meeting) -> Result<Result<TraceCounters, Refused>, StoreError> {
    if let Some(banned) = banned(world, meeting.player).await? {
        return Ok(Err(Refused::Banned(banned)));
    }
    let Some(trace) = world.find_visible(meeting.trace, meeting.group.as_ref()).await? else {
        return Ok(Err(Refused::NotFound));
    };
    if trace.minted && trace.author == meeting.player.to_string() {
        return Ok(Err(Refused::Own));
    }
    Ok(Ok(trace))
}

impl Store {
    /// On that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Whether there is a player of that id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn knows(&self, world: WorldKey, id: Uuid) -> Result<bool, StoreError> {
        let tenant = self.database.tenant(world.studio()).await?;
        let find = Query::select()
            .expr_as(Expr::val(1).cast_as("integer"), "there")
            .from(tenant.table(player::Entity))
            .and_where(player::Column::World.eq(world.world()))
            .and_where(player::Column::Id.eq(id.to_string()))
            .to_owned();
        let rows: Vec<There> = tenant.all(&find).await?;
        Ok(!rows.is_empty())
    }
}
