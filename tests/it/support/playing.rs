//! Players who leave and meet traces, for tests: what a player leaves is put there by an act, whose routes are another
//! feature's.

use cairn::{
    platform::error::StoreError,
    traces::{rules::TraceKind, voting},
    worlds::{ChangeReason, Command, ScopeKey, TraceLocation, WorldKey, WorldTx},
};
use entity::tenant::traces::trace;
use reqwest::Method;
use sea_orm::{
    ColumnTrait, Set,
    sea_query::{Order, Query},
};
use serde_json::{Value, json};

use super::{Cairn, Place, keys::names};

/// A player of a world, signed in.
#[derive(Clone)]
pub struct Player<'a> {
    pub cairn: &'a Cairn,
    pub id: String,
    pub token: String,
}

/// A problem's status and code.
pub fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["code"].as_str().unwrap())
}

impl<'a> Player<'a> {
    pub async fn sign_in(cairn: &'a Cairn, key: &str) -> Self {
        let request = cairn.http.post(format!("{}/v1/players", cairn.base)).header("X-API-Key", key);
        let answer = request.header("Content-Type", "application/json").body("{}").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let answer: Value = answer.json().await.unwrap();
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Self { cairn, id: text("player_id"), token: text("token") }
    }

    /// What is answered, `null` where that has no body.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.cairn.http.request(method, format!("{}/v1{path}", self.cairn.base));
        answered(request.bearer_auth(&self.token), body).await
    }

    pub async fn vote(&self, trace: i64, vote: &str) -> (u16, Value) {
        self.send(Method::PUT, &format!("/traces/{trace}/vote"), Some(json!({"vote": vote}))).await
    }

    pub async fn take_back(&self, trace: i64) -> (u16, Value) {
        self.send(Method::DELETE, &format!("/traces/{trace}/vote"), None).await
    }

    pub async fn use_trace(&self, trace: i64) -> (u16, Value) {
        self.send(Method::POST, &format!("/traces/{trace}/uses"), None).await
    }

    pub async fn report(&self, trace: i64, reason: &str) -> (u16, Value) {
        self.send(Method::PUT, &format!("/traces/{trace}/report"), Some(json!({"reason": reason}))).await
    }

    /// The items of the inbox behind one of them, and `next`.
    pub async fn inbox(&self, after: &str) -> (Vec<Value>, String) {
        let (status, page) = self.send(Method::GET, &format!("/inbox?after={after}"), None).await;
        assert_eq!((status, &page["more"]), (200, &json!(false)), "{page}");
        (page["items"].as_array().unwrap().clone(), page["next"].as_str().unwrap().to_owned())
    }
}

/// Sends a request, with a body where there is one.
pub async fn answered(mut request: reqwest::RequestBuilder, body: Option<Value>) -> (u16, Value) {
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    assert_eq!(
        answer.headers().get("cache-control").map(|value| value.to_str().unwrap()),
        (status != 204).then_some("no-store")
    );
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
}

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
        world.tables().insert(world.transaction(), vec![row]).await?;
        Ok(id)
    }
}

/// Its author has changed what a trace says.
pub struct Change(pub i64);

impl Command for Change {
    type Output = ();

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<(), StoreError> {
        for trace in world.counters(&[self.0]).await? {
            voting::set_back(world, self.0).await?;
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
        let studios = &self.server.core().studios;
        let [studio, game, environment] = names(world);
        let studio = studios.studio(&cairn::identity::studios::Slug::parse(studio).unwrap()).await.unwrap();
        let game = studios.game(studio, game).await.unwrap();
        WorldKey::new(studio, if environment == "live" { game.live_world } else { game.dev_world })
    }

    pub async fn run_command<C: Command>(&self, world: WorldKey, command: C) -> C::Output {
        self.server.core().traces.run(world, command).await.unwrap()
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

/// Rows of the first game's studio that hang on traces which are not there, and traces whose counts are not the ledger's: how
/// many of each. The games of the tests are the second studio's.
pub async fn contradictions(place: &Place) -> Vec<i64> {
    let orphans = |table: &str| {
        format!(
            "(SELECT count(*) FROM {table} h WHERE NOT EXISTS (SELECT 1 FROM trace t WHERE t.world = h.world AND t.id = h.trace))"
        )
    };
    let ledger =
        |what: &str| format!("coalesce((SELECT {what} FROM vote v WHERE v.world = t.world AND v.trace = t.id), 0)");
    let (good, poor) = ("CASE WHEN v.good THEN 1 ELSE 0 END", "CASE WHEN v.good THEN 0 ELSE 1 END");
    let wrong = [
        ("good", ledger(&format!("sum({good})"))),
        ("poor", ledger(&format!("sum({poor})"))),
        ("good_weight", ledger(&format!("sum({good} * v.weight)"))),
        ("poor_weight", ledger(&format!("sum({poor} * v.weight)"))),
        (
            "reports",
            "(SELECT count(*) FROM report r WHERE r.world = t.world AND r.trace = t.id AND NOT r.settled)".to_owned(),
        ),
    ]
    .map(|(column, is)| format!("t.{column} <> {is}"))
    .join(" OR ");
    let mut found = Vec::new();
    for sql in ["vote", "trace_use", "report"].map(orphans) {
        found.extend(place.numbers_on(2, &format!("SELECT {sql}")).await);
    }
    found.extend(place.numbers_on(2, &format!("SELECT count(*) FROM trace t WHERE {wrong}")).await);
    found
}
