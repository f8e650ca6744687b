//! The SQL of leaving: acts, and what is read beside them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entity::tenant::{change, trace, trace_ref};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::model::{Change, Changed, Item, Outcome, Refusal, Standing, Synced};
use crate::{
    features::{
        moderation::{self, Refused},
        traces::{Act, Acting, Detail, Lying, Reason, ScopeKey, ShownTrace},
        voting,
    },
    platform::{
        db::Tenant,
        error::{Fault, StoreError},
        rules::{OnQuota, Rules, TraceKind},
    },
};

/// A trace of an author's, as quotas count it.
#[derive(FromQueryResult)]
struct OwnRow {
    id: i64,
    kind: i16,
    scope: String,
}

#[derive(FromQueryResult)]
struct StandingRow {
    id: i64,
    revision: i32,
    base_good: i32,
    good: i32,
    poor: i32,
    uses: i32,
}

#[derive(FromQueryResult)]
struct GoneRow {
    trace: i64,
    reason: i16,
}

/// A player leaves traces.
#[derive(Debug)]
pub struct LeaveItems {
    /// Who.
    pub author: String,
    /// What.
    pub items: Vec<Item>,
    /// What the game decides.
    pub rules: Arc<Rules>,
}

impl Act for LeaveItems {
    type Done = Vec<Outcome>;

    fn size_bytes(&self) -> usize {
        self.items.iter().map(|item| 512 + item.detail.data.as_ref().map_or(0, String::len)).sum()
    }

    async fn act(&self, world: &mut Acting<'_>) -> Result<Vec<Outcome>, StoreError> {
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
                    None => self.leave(item, world, &mut own),
                },
            };
            if let Outcome::Left { id, .. } = outcome {
                traces.push(self.row(item, id, world));
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
        // One that was left and evicted by the same request was never there.
        let never: HashSet<i64> = traces.iter().filter_map(|row| row.id.try_as_ref().copied()).collect();
        let (never, gone): (Vec<Lying>, Vec<Lying>) = own.evicted.into_iter().partition(|one| never.contains(&one.id));
        traces.retain(|row| !never.iter().any(|one| row.id.try_as_ref() == Some(&one.id)));
        let (tables, transaction) = (world.tables(), world.transaction());
        tables.insert(transaction, traces).await?;
        tables.insert(transaction, refs).await?;
        world.remove(&gone, Reason::Evicted).await?;
        Ok(outcomes)
    }
}

impl LeaveItems {
    /// What the names of the items stand for already.
    async fn left_before(&self, world: &Acting<'_>) -> Result<HashMap<String, (i64, [u8; 32])>, StoreError> {
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

    fn leave(&self, item: &Item, world: &mut Acting<'_>, own: &mut Own) -> Outcome {
        let rules = self.rules.of(item.kind);
        if !rules.enabled {
            return Outcome::Refused(Refusal::KindDisabled);
        }
        if item.content_version < self.rules.content_version_min {
            return Outcome::Refused(Refusal::TooOld(self.rules.content_version_min));
        }
        let bounds = [(Some(&item.scope), rules.quota_scope), (None, rules.quota_total)];
        let full = |(scope, most): &(Option<&ScopeKey>, u32)| own.count(item.kind, *scope) >= *most;
        // Where none is allowed there is none that could go for it.
        let refuses = |(_, most): &(Option<&ScopeKey>, u32)| rules.on_quota == OnQuota::Reject || *most == 0;
        if let Some((_, most)) = bounds.into_iter().find(|bound| refuses(bound) && full(bound)) {
            return Outcome::Refused(Refusal::QuotaFull(most));
        }
        let id = world.next_id(&item.scope);
        own.traces.push((id, item.kind, item.scope.clone()));
        let mut evicted = Vec::new();
        for (scope, most) in bounds {
            evicted.extend(own.evict(item.kind, scope, most));
        }
        Outcome::Left { id, evicted }
    }

    fn row(&self, item: &Item, id: i64, world: &Acting<'_>) -> trace::ActiveModel {
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
            body: Set(seed_body(item.kind, &item.detail, item.position, item.rotation)),
            created_at_ms: Set(created_at_ms),
            qx: Set(qx),
            qy: Set(qy),
            qz: Set(qz),
            qw: Set(qw),
            minted: Set(true),
            detail: Set(Some(item.detail.to_text())),
            group_key: Set(item.group_key.clone()),
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
    evicted: Vec<Lying>,
}

impl Own {
    async fn read(leaving: &LeaveItems, world: &Acting<'_>) -> Result<Self, StoreError> {
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
        Ok(Self { traces: rows.into_iter().filter_map(own).collect(), evicted: Vec::new() })
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
            self.evicted.push(Lying { id, scope });
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

/// What the seed's clients are shown of a trace; nothing where they could not read it.
fn seed_body(kind: TraceKind, detail: &Detail, position: Option<[f64; 3]>, rotation: Option<[f64; 4]>) -> String {
    let text = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    let body = match kind {
        TraceKind::Object => {
            let sort = detail.sort.as_ref().and_then(|sort| sort.parse::<i64>().ok());
            let (o_pos, o_rot) = (position.map(|all| text(&all)), rotation.map(|all| text(&all)));
            sort.map(|o_type| {
                serde_json::json!({
                    "o_type": o_type, "o_pos": o_pos.unwrap_or_default(), "o_rot": o_rot.unwrap_or_default()
                })
            })
        }
        TraceKind::Message if (1..=3).contains(&detail.text.len()) => {
            let part = |at: usize| detail.text.get(at).map_or("", String::as_str);
            let mut body = serde_json::json!({"part1": part(0), "part2": part(1), "part3": part(2)});
            if let (Some(body), Some(position)) = (body.as_object_mut(), position) {
                body.insert("m_pos".to_owned(), text(&position).into());
            }
            Some(body)
        }
        // Without frames there is nothing to see.
        TraceKind::Message | TraceKind::Phantom | TraceKind::Bloodstain => None,
    };
    body.map_or_else(String::new, |body| body.to_string())
}

async fn one(world: &Acting<'_>, id: i64) -> Result<Option<trace::Model>, StoreError> {
    let select = world
        .tables()
        .select::<trace::Entity>()
        .and_where(trace::Column::World.eq(world.world()))
        .and_where(trace::Column::Id.eq(id))
        .to_owned();
    Ok(world.tables().returned(world.transaction(), &select).await?.into_iter().next())
}

/// Whether a player may do something with a trace as its author.
enum Authored {
    Yes(Box<trace::Model>),
    NotThere,
    NotYours,
}

async fn authored(world: &Acting<'_>, id: i64, author: &str) -> Result<Authored, StoreError> {
    Ok(match one(world, id).await? {
        None => Authored::NotThere,
        Some(row) if row.minted && row.author == author => Authored::Yes(Box::new(row)),
        // A group's trace is there only for the group.
        Some(row) if row.hidden || row.group_key.is_some() => Authored::NotThere,
        Some(_) => Authored::NotYours,
    })
}

/// A player changes a trace.
#[derive(Debug)]
pub struct ChangeTrace {
    /// Who.
    pub author: String,
    /// Which.
    pub id: i64,
    /// What.
    pub change: Change,
}

impl Act for ChangeTrace {
    type Done = Changed;

    fn size_bytes(&self) -> usize {
        8 * 1024
    }

    async fn act(&self, world: &mut Acting<'_>) -> Result<Changed, StoreError> {
        let mut row = match authored(world, self.id, &self.author).await? {
            Authored::Yes(row) => *row,
            Authored::NotThere => return Ok(Changed::NotThere),
            Authored::NotYours => return Ok(Changed::NotYours),
        };
        if row.revision != self.change.revision {
            return Ok(Changed::Old(Box::new(ShownTrace::of(row))));
        }
        let Some(kind) = TraceKind::of_code(row.kind) else { return Ok(Changed::NotThere) };
        let mut detail = Detail::of(&row);
        let Change { text, data, position, rotation, sort, .. } = &self.change;
        if text.is_some() && kind != TraceKind::Message {
            return Ok(Changed::Unfit(Fault::new("/text", format!("is there; a {} has none", kind.name()))));
        }
        let other_words = text.as_ref().is_some_and(|text| *text != detail.text);
        detail.text = text.clone().unwrap_or(detail.text);
        detail.data = data.clone().or(detail.data);
        detail.sort = sort.clone().or(detail.sort);
        if let Some([x, y, z]) = *position {
            (row.x, row.y, row.z) = (Some(x), Some(y), Some(z));
        }
        if let Some([qx, qy, qz, qw]) = *rotation {
            (row.qx, row.qy, row.qz, row.qw) = (Some(qx), Some(qy), Some(qz), Some(qw));
        }
        if other_words {
            // The votes were for what it said.
            voting::set_back(world, self.id).await?;
            (row.good, row.poor, row.good_weight, row.poor_weight, row.score) = (0, 0, 0, 0, 0.0);
        }
        row.revision += 1;
        let position = (|| Some([row.x?, row.y?, row.z?]))();
        let rotation = (|| Some([row.qx?, row.qy?, row.qz?, row.qw?]))();
        row.body = seed_body(kind, &detail, position, rotation);
        row.detail = Some(detail.to_text());
        let update = Query::update()
            .table(world.tables().table(trace::Entity))
            .values([
                (trace::Column::Body, row.body.clone().into()),
                (trace::Column::Detail, row.detail.clone().into()),
                (trace::Column::X, row.x.into()),
                (trace::Column::Y, row.y.into()),
                (trace::Column::Z, row.z.into()),
                (trace::Column::Qx, row.qx.into()),
                (trace::Column::Qy, row.qy.into()),
                (trace::Column::Qz, row.qz.into()),
                (trace::Column::Qw, row.qw.into()),
                (trace::Column::Good, row.good.into()),
                (trace::Column::Poor, row.poor.into()),
                (trace::Column::GoodWeight, row.good_weight.into()),
                (trace::Column::PoorWeight, row.poor_weight.into()),
                (trace::Column::Score, row.score.into()),
                (trace::Column::Revision, row.revision.into()),
            ])
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Id.eq(self.id))
            .to_owned();
        world.tables().execute(world.transaction(), &update).await?;
        world.note(&Lying { id: row.id, scope: ScopeKey::stored(&row.scope) }, Reason::Changed);
        Ok(Changed::Done(Box::new(ShownTrace::of(row))))
    }
}

/// A player takes a trace back.
#[derive(Debug)]
pub struct Withdraw {
    /// Who.
    pub author: String,
    /// Which.
    pub id: i64,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// It is gone.
    Done,
    /// There is no such trace.
    NotThere,
    /// It is another player's.
    NotYours,
}

impl Act for Withdraw {
    type Done = Withdrawn;

    async fn act(&self, world: &mut Acting<'_>) -> Result<Withdrawn, StoreError> {
        let row = match authored(world, self.id, &self.author).await? {
            Authored::Yes(row) => row,
            Authored::NotThere => return Ok(Withdrawn::NotThere),
            Authored::NotYours => return Ok(Withdrawn::NotYours),
        };
        world.remove(&[Lying { id: row.id, scope: ScopeKey::stored(&row.scope) }], Reason::Withdrawn).await?;
        Ok(Withdrawn::Done)
    }
}

/// What a player has left, with ids after `after`, in order.
///
/// # Errors
/// [`StoreError`].
pub async fn own(
    tables: &Tenant,
    world: i32,
    author: &str,
    after: i64,
    limit: u64,
) -> Result<Vec<trace::Model>, StoreError> {
    let select = tables
        .select::<trace::Entity>()
        .cond_where(of_author(world, author))
        .and_where(trace::Column::Id.gt(after))
        .order_by(trace::Column::Id, Order::Asc)
        .limit(limit)
        .to_owned();
    tables.all(&select).await
}

/// How traces stand that a client knows; hidden ones have gone, but for their author.
///
/// # Errors
/// [`StoreError`].
pub async fn sync(tables: &Tenant, world: i32, author: &str, ids: &[i64]) -> Result<Synced, StoreError> {
    let own = trace::Column::Author.eq(author).and(trace::Column::Minted.eq(true));
    let select = Query::select()
        .columns([trace::Column::Id, trace::Column::Revision, trace::Column::BaseGood])
        .columns([trace::Column::Good, trace::Column::Poor, trace::Column::Uses])
        .from(tables.table(trace::Entity))
        .and_where(trace::Column::World.eq(world))
        .and_where(trace::Column::Id.is_in(ids.iter().copied()))
        .and_where(trace::Column::Hidden.eq(false).or(own))
        .order_by(trace::Column::Id, Order::Asc)
        .to_owned();
    let there: Vec<StandingRow> = tables.all(&select).await?;
    let met: HashSet<i64> = there.iter().map(|row| row.id).collect();
    let missing: Vec<i64> = ids.iter().copied().filter(|id| !met.contains(id)).collect();
    let reasons: Vec<GoneRow> =
        if missing.is_empty() { Vec::new() } else { tables.all(&last_changes(tables, world, &missing)).await? };
    // The last one counts.
    let reasons: HashMap<i64, i16> = reasons.into_iter().map(|row| (row.trace, row.reason)).collect();
    let gone = missing.into_iter().map(|id| (id, reasons.get(&id).and_then(|code| Reason::of_code(*code)))).collect();
    let standing = |row: StandingRow| Standing {
        id: row.id,
        revision: row.revision,
        good: row.base_good.saturating_add(row.good),
        poor: row.poor,
        uses: row.uses,
    };
    Ok(Synced { gone, there: there.into_iter().map(standing).collect() })
}

fn last_changes(tables: &Tenant, world: i32, ids: &[i64]) -> SelectStatement {
    Query::select()
        .columns([change::Column::Trace, change::Column::Reason])
        .from(tables.table(change::Entity))
        .and_where(Expr::col(change::Column::World).eq(world))
        .and_where(change::Column::Trace.is_in(ids.iter().copied()))
        .order_by(change::Column::Seq, Order::Asc)
        .to_owned()
}
