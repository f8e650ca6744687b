//! Traces that are put, changed and removed by commands, without the routes of authoring.

use cairn::{
    platform::error::StoreError,
    traces::{TraceKind, moderation, trace::OwnCountChanges, voting},
    worlds::{ChangeReason, Command, ScopeKey, TraceLocation, WorldKey, WorldTx},
};
use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, Set,
    sea_query::{Order, Query},
};

use crate::support::{Cairn, keys::names};

/// Puts a message there.
struct Put {
    author: String,
    scope: ScopeKey,
    group_key: Option<String>,
    expires_at_ms: Option<i64>,
}

impl Command for Put {
    type Output = i64;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<i64, StoreError> {
        let id = world.next_trace_id(&self.scope, TraceKind::Message);
        let row = trace::ActiveModel {
            world: Set(world.world()),
            id: Set(id),
            kind: Set(2),
            scope: Set(self.scope.as_str().to_owned()),
            author: Set(self.author.clone()),
            minted: Set(true),
            body: Set(r#"{"part1":"a","part2":"b","part3":"c"}"#.to_owned()),
            group_key: Set(self.group_key.clone()),
            expires_at_ms: Set(self.expires_at_ms),
            created_at_ms: Set(world.now_ms()),
            ..trace::ActiveModel::default()
        };
        world.world_tables().insert(world.transaction(), vec![row]).await?;
        let mut added = OwnCountChanges::default();
        added.add(&self.author, 2, &self.scope, 1);
        world.change_own_counts(added).await?;
        Ok(id)
    }
}

/// Its author has changed what a trace says.
pub struct Change(pub i64);

impl Command for Change {
    type Output = ();

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<(), StoreError> {
        for trace in world.counters(&[self.0]).await? {
            voting::reset_feedback(world, self.0).await?;
            moderation::reopen(world, self.0).await?;
            world.log_change(&trace.location(), ChangeReason::Changed);
        }
        Ok(())
    }
}

/// Its author has taken a trace back.
pub struct Withdraw(pub i64);

impl Command for Withdraw {
    type Output = ();

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<(), StoreError> {
        let gone: Vec<TraceLocation> =
            world.counters(&[self.0]).await?.iter().map(cairn::traces::trace::TraceCounters::location).collect();
        world.remove(&gone, ChangeReason::Withdrawn).await
    }
}

/// The oldest traces of the world go.
pub struct Trim(pub u64);

impl Command for Trim {
    type Output = ();

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<(), StoreError> {
        let oldest = Query::select()
            .columns([trace::Column::Id, trace::Column::Scope])
            .from(world.tables().table(trace::Entity))
            .and_where(trace::Column::World.eq(world.world()))
            .order_by(trace::Column::Id, Order::Asc)
            .limit(self.0)
            .to_owned();
        let rows: Vec<Row> = world.tables().returned(world.transaction(), &oldest).await?;
        let gone: Vec<TraceLocation> =
            rows.into_iter().map(|row| TraceLocation { id: row.id, scope: ScopeKey::stored(&row.scope) }).collect();
        world.remove(&gone, ChangeReason::Trimmed).await
    }
}

#[derive(sea_orm::FromQueryResult)]
struct Row {
    id: i64,
    scope: String,
}

impl Cairn {
    pub async fn world_key(&self, world: &str) -> WorldKey {
        let studios = &self.server.services().studios;
        let [studio, game, environment] = names(world);
        let studio = studios.studio(&cairn::identity::studios::Slug::parse(studio).unwrap()).await.unwrap();
        let game = studios.game(studio, game).await.unwrap();
        WorldKey::new(studio, if environment == "live" { game.live_world } else { game.dev_world })
    }

    pub async fn run_command<C: Command>(&self, world: WorldKey, command: C) -> C::Output {
        self.server.services().worlds.run(world, command).await.unwrap()
    }

    /// Messages of an author, in a scope.
    pub async fn put(&self, world: WorldKey, author: &str, scope: &str, count: usize) -> Vec<i64> {
        let mut ids = Vec::new();
        for _ in 0..count {
            ids.push(self.put_with(world, author, scope, None, None).await);
        }
        ids
    }

    pub async fn put_with(
        &self,
        world: WorldKey,
        author: &str,
        scope: &str,
        group_key: Option<&str>,
        expires_at_ms: Option<i64>,
    ) -> i64 {
        let (author, scope) = (author.to_owned(), ScopeKey::parse(scope, "").unwrap());
        let group_key = group_key.map(str::to_owned);
        self.run_command(world, Put { author, scope, group_key, expires_at_ms }).await
    }
}
