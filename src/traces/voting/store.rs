//! All SQL of voting: the ledger of votes, uses, and what authors are told.

use std::time::Duration;

use entity::tenant::{
    identity::player,
    traces::{inbox, trace_use, vote},
};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};

use super::model::{self, Cast, Count, News, Vote};
use crate::{
    identity::access::model::Player,
    platform::{clock, db::Database, error::StoreError},
    traces::{
        moderation::{self, Meeting, Refused},
        trace::{InboxEvent, USE_WINDOW},
    },
    worlds::{Command, WorldTx},
};

/// What is read of voting. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

#[derive(FromQueryResult)]
struct CastRow {
    good: bool,
    weight: i32,
}

#[derive(FromQueryResult)]
struct MintedRow {
    created_at_ms: i64,
}

/// A player votes, or takes the vote back.
#[derive(Debug)]
pub struct Rate {
    /// Who has met what.
    pub meeting: Meeting,
    /// The vote; nothing: it is taken back.
    pub vote: Option<Vote>,
}

impl Command for Rate {
    type Output = Result<Count, Refused>;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Self::Output, StoreError> {
        let mut trace = match moderation::meet(world, &self.meeting).await? {
            Ok(trace) => trace,
            Err(refused) => return Ok(Err(refused)),
        };
        let before = self.before(world).await?;
        // The same again changes nothing: what it weighs was fixed when it was cast.
        if before.map(|cast| cast.vote) != self.vote {
            if let Some(before) = before {
                model::count(&mut trace, before, -1);
            }
            match self.vote {
                Some(vote) => {
                    let cast = Cast { vote, weight: self.weight(world).await? };
                    model::count(&mut trace, cast, 1);
                    self.keep(world, cast).await?;
                }
                None => self.forget(world).await?,
            }
            world.save_counters(&trace).await?;
            if self.vote.is_some() {
                world.notify_author(InboxEvent::Rated, std::slice::from_ref(&trace)).await?;
            }
        }
        Ok(Ok(Count { trace: trace.id, vote: self.vote, good: trace.all_good(), poor: trace.poor }))
    }
}

impl Rate {
    fn its_row(&self, world: &WorldTx<'_>) -> Expr {
        vote::Column::World
            .eq(world.world())
            .and(vote::Column::Trace.eq(self.meeting.trace))
            .and(vote::Column::Player.eq(self.meeting.player.to_string()))
    }

    async fn before(&self, world: &WorldTx<'_>) -> Result<Option<Cast>, StoreError> {
        let find = Query::select()
            .columns([vote::Column::Good, vote::Column::Weight])
            .from(world.tables().table(vote::Entity))
            .and_where(self.its_row(world))
            .to_owned();
        let rows: Vec<CastRow> = world.tables().returned(world.transaction(), &find).await?;
        let cast = |row: &CastRow| {
            let vote = if row.good { Vote::Good } else { Vote::Poor };
            Cast { vote, weight: row.weight }
        };
        Ok(rows.first().map(cast))
    }

    /// What the vote weighs now.
    async fn weight(&self, world: &WorldTx<'_>) -> Result<i32, StoreError> {
        let find = Query::select()
            .column(player::Column::CreatedAtMs)
            .from(world.tables().table(player::Entity))
            .and_where(player::Column::World.eq(world.world()))
            .and_where(player::Column::Id.eq(self.meeting.player.to_string()))
            .to_owned();
        let rows: Vec<MintedRow> = world.tables().returned(world.transaction(), &find).await?;
        // Of whom nothing is known is as young as can be.
        let age_ms = rows.first().map_or(0, |row| world.now_ms().saturating_sub(row.created_at_ms));
        Ok(model::weight(Duration::from_millis(u64::try_from(age_ms).unwrap_or_default())))
    }

    async fn keep(&self, world: &WorldTx<'_>, cast: Cast) -> Result<(), StoreError> {
        let changed = OnConflict::columns([vote::Column::World, vote::Column::Trace, vote::Column::Player])
            .update_columns([vote::Column::Good, vote::Column::Weight, vote::Column::AtMs])
            .to_owned();
        let insert = Query::insert()
            .into_table(world.tables().table(vote::Entity))
            .columns([
                vote::Column::World,
                vote::Column::Trace,
                vote::Column::Player,
                vote::Column::Good,
                vote::Column::Weight,
                vote::Column::AtMs,
            ])
            .values_panic([
                world.world().into(),
                self.meeting.trace.into(),
                self.meeting.player.to_string().into(),
                (cast.vote == Vote::Good).into(),
                cast.weight.into(),
                world.now_ms().into(),
            ])
            .on_conflict(changed)
            .to_owned();
        world.tables().execute(world.transaction(), &insert).await?;
        Ok(())
    }

    async fn forget(&self, world: &WorldTx<'_>) -> Result<(), StoreError> {
        world.tables().delete(world.transaction(), vote::Entity, self.its_row(world)).await?;
        Ok(())
    }
}

/// Takes all votes of a trace back: it says something else now. Who had reported what it said before, and was answered, may
/// report it again.
///
/// # Errors
/// [`StoreError`].
pub async fn set_back(world: &WorldTx<'_>, trace: i64) -> Result<(), StoreError> {
    let votes = vote::Column::World.eq(world.world()).and(vote::Column::Trace.eq(trace));
    world.tables().delete(world.transaction(), vote::Entity, votes).await?;
    for mut standing in world.counters(&[trace]).await? {
        (standing.good, standing.poor, standing.good_weight, standing.poor_weight) = (0, 0, 0, 0);
        world.save_counters(&standing).await?;
    }
    moderation::forget_settled(world, trace).await
}

/// A player has used a trace.
#[derive(Debug)]
pub struct Use {
    /// Who has met what.
    pub meeting: Meeting,
}

impl Command for Use {
    type Output = Result<(), Refused>;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Self::Output, StoreError> {
        let mut trace = match moderation::meet(world, &self.meeting).await? {
            Ok(trace) => trace,
            Err(refused) => return Ok(Err(refused)),
        };
        if self.counts(world).await? {
            trace.uses = trace.uses.saturating_add(1);
            world.save_counters(&trace).await?;
            world.notify_author(InboxEvent::Used, &[trace]).await?;
        }
        Ok(Ok(()))
    }
}

impl Use {
    /// Whether it does: the last one that did was long ago.
    async fn counts(&self, world: &WorldTx<'_>) -> Result<bool, StoreError> {
        let counts_ms = clock::ms(USE_WINDOW);
        let long_ago = Expr::col((trace_use::Entity, trace_use::Column::AtMs)).lte(world.now_ms() - counts_ms);
        let again =
            OnConflict::columns([trace_use::Column::World, trace_use::Column::Trace, trace_use::Column::Player])
                .update_column(trace_use::Column::AtMs)
                .action_and_where(long_ago)
                .to_owned();
        let insert = Query::insert()
            .into_table(world.tables().table(trace_use::Entity))
            .columns([
                trace_use::Column::World,
                trace_use::Column::Trace,
                trace_use::Column::Player,
                trace_use::Column::AtMs,
            ])
            .values_panic([
                world.world().into(),
                self.meeting.trace.into(),
                self.meeting.player.to_string().into(),
                world.now_ms().into(),
            ])
            .on_conflict(again)
            .to_owned();
        Ok(world.tables().execute(world.transaction(), &insert).await? > 0)
    }
}

impl Store {
    /// On that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// What an author is told after an id, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn news(&self, of: &Player, after: i64, limit: usize) -> Result<Vec<News>, StoreError> {
        let tenant = self.database.tenant(of.studio).await?;
        let find = tenant
            .select::<inbox::Entity>()
            .and_where(inbox::Column::World.eq(of.world))
            .and_where(inbox::Column::Player.eq(of.id.to_string()))
            .and_where(inbox::Column::Id.gt(after))
            .order_by(inbox::Column::Id, Order::Asc)
            .limit(u64::try_from(limit).unwrap_or(u64::MAX))
            .to_owned();
        let rows: Vec<inbox::Model> = tenant.all(&find).await?;
        let news = |row: inbox::Model| {
            Some(News {
                id: row.id,
                // A kind of news that a newer program has written is passed over.
                what: InboxEvent::of_code(row.what)?,
                trace: row.trace,
                good: row.good,
                poor: row.poor,
                uses: row.uses,
                count: row.count,
                at_ms: row.at_ms,
            })
        };
        Ok(rows.into_iter().filter_map(news).collect())
    }
}
