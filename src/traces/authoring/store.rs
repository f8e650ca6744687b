//! The SQL of leaving. Leaving itself stands here, what authors do later in [`changing`], what they ask in [`standing`].

mod changing;
mod standing;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entity::tenant::traces::{trace, trace_ref};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult, Set,
    sea_query::{Order, Query},
};

pub use self::{
    changing::{ChangeTrace, Withdraw, Withdrawn},
    standing::{own, sync},
};
use super::model::{Item, Outcome, RecordingInput, Refusal};
use crate::{
    identity::access::model::Player,
    platform::error::StoreError,
    traces::{
        moderation::{self, Refused},
        recordings::{self, Attached, Recordings},
        rules::{OnQuota, Rules, TraceKind},
        trace::{Detail, Recorded},
    },
    worlds::{ChangeReason, Command, ScopeKey, TraceLocation, WorldTx},
};

/// A trace of an author's, as quotas count it.
#[derive(FromQueryResult)]
struct OwnRow {
    id: i64,
    kind: i16,
    scope: String,
}

/// A player leaves traces.
#[derive(Debug)]
pub struct LeaveItems {
    /// Who,
    pub player: Player,
    /// as it is stored.
    pub author: String,
    /// What.
    pub items: Vec<Item>,
    /// What the game decides.
    pub rules: Arc<Rules>,
}

impl Command for LeaveItems {
    type Output = Vec<Outcome>;

    fn size_bytes(&self) -> usize {
        let brought = |item: &Item| match &item.recording {
            Some(RecordingInput::Brought(brought)) => brought.size_bytes(),
            _ => 0,
        };
        let size = |item: &Item| 512 + item.detail.data.as_ref().map_or(0, String::len) + brought(item);
        self.items.iter().map(size).sum()
    }

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Vec<Outcome>, StoreError> {
        let before = self.left_before(world).await?;
        let banned = match self.author.parse() {
            Ok(player) => moderation::banned(world, player).await?,
            Err(_) => None,
        };
        let mut own = Own::read(self, world).await?;
        let mut outcomes = Vec::with_capacity(self.items.len());
        let (mut named, mut traces, mut refs) = (HashMap::new(), Vec::new(), Vec::new());
        for item in &self.items {
            let known = item.name.as_ref().and_then(|name| named.get(name).or_else(|| before.get(name)));
            let outcome = match known {
                Some((id, digest)) if *digest == item.digest => Outcome::Before(*id),
                Some(_) => Outcome::Refused(Refusal::RefReused),
                None => match banned {
                    Some(banned) => Outcome::Refused(Refused::Banned(banned).into()),
                    None => self.leave(item, world, &mut own).await?,
                },
            };
            if let Outcome::Left { id, .. } = outcome {
                traces.push(self.row(item, id, own.recorded.take(), world));
                if let Some(name) = &item.name {
                    named.insert(name.clone(), (id, item.digest));
                    refs.push(trace_ref::ActiveModel {
                        world: Set(world.world()),
                        author: Set(self.author.clone()),
                        name: Set(name.clone()),
                        trace: Set(id),
                        digest: Set(item.digest.to_vec()),
                        created_at_ms: Set(world.now_ms()),
                    });
                }
            }
            outcomes.push(outcome);
        }
        let (tables, transaction) = (world.tables(), world.transaction());
        tables.insert(transaction, traces).await?;
        tables.insert(transaction, refs).await?;
        world.remove(&own.evicted, ChangeReason::Evicted).await?;
        Ok(outcomes)
    }
}

impl LeaveItems {
    /// What the names of the items stand for already.
    async fn left_before(&self, world: &WorldTx<'_>) -> Result<HashMap<String, (i64, [u8; 32])>, StoreError> {
        let names: Vec<&str> = self.items.iter().filter_map(|item| item.name.as_deref()).collect();
        if names.is_empty() {
            return Ok(HashMap::new());
        }
        let select = world
            .tables()
            .select::<trace_ref::Entity>()
            .and_where(trace_ref::Column::World.eq(world.world()))
            .and_where(trace_ref::Column::Author.eq(&self.author))
            .and_where(trace_ref::Column::Name.is_in(names))
            .to_owned();
        let rows: Vec<RefRow> = world.tables().returned(world.transaction(), &select).await?;
        let stands_for = |row: RefRow| Some((row.name, (row.trace, row.digest.try_into().ok()?)));
        Ok(rows.into_iter().filter_map(stands_for).collect())
    }

    async fn leave(&self, item: &Item, world: &mut WorldTx<'_>, own: &mut Own) -> Result<Outcome, StoreError> {
        let rules = self.rules.of(item.kind);
        if !rules.enabled {
            return Ok(Outcome::Refused(Refusal::KindDisabled));
        }
        if item.content_version < self.rules.content_version_min {
            return Ok(Outcome::Refused(Refusal::TooOld(self.rules.content_version_min)));
        }
        let bounds = [(Some(&item.scope), rules.quota_scope), (None, rules.quota_total)];
        let full = |(scope, most): &(Option<&ScopeKey>, u32)| own.count(item.kind, *scope) >= *most;
        // Where none is allowed there is none that could go for it.
        let refuses = |(_, most): &(Option<&ScopeKey>, u32)| rules.on_quota == OnQuota::Reject || *most == 0;
        if let Some((_, most)) = bounds.into_iter().find(|bound| refuses(bound) && full(bound)) {
            return Ok(Outcome::Refused(Refusal::QuotaFull(most)));
        }
        let id = world.next_trace_id(&item.scope, item.kind);
        if let Some(recording) = &item.recording {
            let (tables, transaction) = (world.tables(), world.transaction());
            let (recording, attached) = match recording {
                RecordingInput::Waiting(waiting) => {
                    let since_ms = Recordings::waiting_since_ms();
                    let found = recordings::attach(tables, transaction, &self.player, *waiting, id, since_ms).await?;
                    (*waiting, found)
                }
                RecordingInput::Brought(brought) => {
                    let stored = recordings::bring(tables, transaction, world.world(), id, brought).await?;
                    (brought.id, Some(stored))
                }
            };
            let Some(Attached { duration_ms, size_bytes }) = attached else {
                return Ok(Outcome::Refused(Refusal::NoRecording));
            };
            own.recorded = Some(Recorded { id: recording.to_string(), duration_ms, size_bytes });
        }
        own.traces.push((id, item.kind, item.scope.clone()));
        let mut evicted = Vec::new();
        for (scope, most) in bounds {
            evicted.extend(own.evict(item.kind, scope, most));
        }
        Ok(Outcome::Left { id, evicted })
    }

    fn row(&self, item: &Item, id: i64, recording: Option<Recorded>, world: &WorldTx<'_>) -> trace::ActiveModel {
        let detail = Detail { recording, ..item.detail.clone() };
        let [x, y, z] = item.position.map_or([None; 3], |position| position.map(Some));
        let [qx, qy, qz, qw] = item.rotation.map_or([None; 4], |rotation| rotation.map(Some));
        let created_at_ms = item.left_at_ms.unwrap_or(world.now_ms());
        let lasts_s = [item.expires_in_s, self.rules.of(item.kind).expires_s].into_iter().flatten().min();
        trace::ActiveModel {
            world: Set(world.world()),
            id: Set(id),
            kind: Set(item.kind.code()),
            scope: Set(item.scope.as_str().to_owned()),
            author: Set(self.author.clone()),
            x: Set(x),
            y: Set(y),
            z: Set(z),
            body: Set(detail.v0_body(item.kind, item.position, item.rotation)),
            created_at_ms: Set(created_at_ms),
            qx: Set(qx),
            qy: Set(qy),
            qz: Set(qz),
            qw: Set(qw),
            minted: Set(true),
            detail: Set(Some(detail.to_text())),
            group_key: Set(item.group_key.as_ref().map(|group| group.as_str().to_owned())),
            content_version: Set(item.content_version),
            rank_value: Set(item.rank_value),
            expires_at_ms: Set(lasts_s.map(|lasts_s| created_at_ms + i64::from(lasts_s) * 1000)),
            ..trace::ActiveModel::default()
        }
    }
}

#[derive(FromQueryResult)]
struct RefRow {
    #[sea_orm(from_alias = "ref")]
    name: String,
    trace: i64,
    digest: Vec<u8>,
}

/// What an author has of some kinds, the oldest first, and what had to go of it.
struct Own {
    traces: Vec<(i64, TraceKind, ScopeKey)>,
    evicted: Vec<TraceLocation>,
    /// The recording that was given to the last.
    recorded: Option<Recorded>,
}

impl Own {
    async fn read(leaving: &LeaveItems, world: &WorldTx<'_>) -> Result<Self, StoreError> {
        let kinds: HashSet<i16> = leaving.items.iter().map(|item| item.kind.code()).collect();
        let select = Query::select()
            .columns([trace::Column::Id, trace::Column::Kind, trace::Column::Scope])
            .from(world.tables().table(trace::Entity))
            .cond_where(of_author(world.world(), &leaving.author))
            .and_where(trace::Column::Kind.is_in(kinds))
            .order_by(trace::Column::Id, Order::Asc)
            .to_owned();
        let rows: Vec<OwnRow> = world.tables().returned(world.transaction(), &select).await?;
        let own = |row: OwnRow| Some((row.id, TraceKind::of_code(row.kind)?, ScopeKey::stored(&row.scope)));
        Ok(Self { traces: rows.into_iter().filter_map(own).collect(), evicted: Vec::new(), recorded: None })
    }

    fn count(&self, kind: TraceKind, scope: Option<&ScopeKey>) -> u32 {
        let is = |(_, of, at): &&(i64, TraceKind, ScopeKey)| *of == kind && scope.is_none_or(|scope| scope == at);
        u32::try_from(self.traces.iter().filter(is).count()).unwrap_or(u32::MAX)
    }

    /// Takes away the oldest until there are no more than `most`.
    fn evict(&mut self, kind: TraceKind, scope: Option<&ScopeKey>, most: u32) -> Vec<i64> {
        let mut ids = Vec::new();
        while self.count(kind, scope) > most {
            let oldest =
                self.traces.iter().position(|(_, of, at)| *of == kind && scope.is_none_or(|scope| scope == at));
            let Some(oldest) = oldest else { break };
            let (id, _, scope) = self.traces.remove(oldest);
            ids.push(id);
            self.evicted.push(TraceLocation { id, scope });
        }
        ids
    }
}

fn of_author(world: i32, author: &str) -> Condition {
    Condition::all()
        .add(trace::Column::World.eq(world))
        .add(trace::Column::Author.eq(author))
        .add(trace::Column::Minted.eq(true))
}
