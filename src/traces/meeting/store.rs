//! The SQL of meeting. Candidates are read through indexes, so many of each: a scope may hold any number.

mod query;

use entity::tenant::{
    traces::trace,
    worlds::{change, world},
};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, UnionType},
};

pub use self::query::{Gone, Sight};
use super::model::{DeckKey, Happening, Happenings};
use crate::{
    platform::{db::Tenant, error::StoreError, page::Page},
    traces::{
        rules::{Rules, TraceKind},
        trace::TraceResponse,
    },
    worlds::{ChangeReason, ScopeKey, WorldKey},
};

/// Of what is neither new nor among the best, samples begin at so many places.
const SAMPLES: u64 = 8;

/// The unit of a place where a sample begins.
const UNIT: i64 = 65_536;

/// What the partial index of the best is made of.
const BEST: &str = "score > 0 AND NOT legacy AND NOT hidden";

/// A world by its names.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Named {
    /// The game.
    pub game: String,
    /// The environment.
    pub environment: String,
}

/// How many traces of a kind there are in a scope, however they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct InScope {
    /// All of them.
    pub there: i64,
    /// Those that nobody is shown.
    pub hidden: i64,
    /// Those whose time is over, and that are removed soon.
    pub over: i64,
    /// Those for content that the game no longer shows.
    pub too_old: i64,
    /// Those to which none of these applies,
    pub eligible: i64,
    /// and of them, those that are history.
    pub legacy: i64,
}

#[derive(FromQueryResult)]
struct CountRow {
    kind: i16,
    #[sea_orm(nested)]
    in_scope: InScope,
}

#[derive(FromQueryResult)]
struct WorldRow {
    seq: i64,
    forgotten: i64,
}

/// What was read of one kind.
#[derive(Debug)]
pub struct Pool {
    /// The kind.
    pub kind: TraceKind,
    /// The candidates, each once.
    pub rows: Vec<trace::Model>,
}

/// Reads of one studio's tables.
#[derive(Clone, Debug)]
pub struct Store(pub Tenant);

impl Store {
    /// What a world is called.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn named(&self, world: WorldKey) -> Result<Option<Named>, StoreError> {
        let select = self.0.select::<world::Entity>().and_where(world::Column::Id.eq(world.world())).to_owned();
        Ok(self.0.all(&select).await?.into_iter().next())
    }

    /// The candidates for the decks of a scope, in at most two statements: the newest of each kind, and where those are not
    /// all, the best, and samples from places that `chance` names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn candidates(
        &self,
        key: &DeckKey,
        rules: &Rules,
        mut chance: impl FnMut() -> u16,
    ) -> Result<Vec<Pool>, StoreError> {
        let kinds = rules.kinds.iter().filter(|kind| kind.deck_size > 0);
        let newest = kinds.clone().map(|kind| self.of_kind(key, kind.kind, Part::Newest, kind.pool.into()));
        let mut pools: Vec<Pool> = kinds.clone().map(|kind| Pool { kind: kind.kind, rows: Vec::new() }).collect();
        self.pour(newest, &mut pools).await?;
        let mut more = Vec::new();
        for (kind, pool) in kinds.zip(&pools) {
            if pool.rows.len() < usize::from(kind.pool) {
                continue;
            }
            let oldest = pool.rows.iter().map(|row| row.id).min().unwrap_or_default();
            more.push(self.of_kind(key, kind.kind, Part::Best, kind.pool.into()));
            let each = Ord::max(u64::from(kind.pool) / SAMPLES, 1);
            for _ in 0..SAMPLES {
                let from = Part::From { oldest, at: i64::from(chance()) };
                more.push(self.of_kind(key, kind.kind, from, each));
            }
        }
        self.pour(more.into_iter(), &mut pools).await?;
        Ok(pools)
    }

    /// How many traces there are in a scope of each kind, in the order of [`TraceKind::ALL`]. Looks at all of them, so it is
    /// nothing for a request.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counted(
        &self,
        key: &DeckKey,
        rules: &Rules,
        now_ms: i64,
    ) -> Result<[InScope; TraceKind::ALL.len()], StoreError> {
        let hidden = || trace::Column::Hidden.eq(true);
        let over = || trace::Column::ExpiresAtMs.is_not_null().and(Expr::col(trace::Column::ExpiresAtMs).lte(now_ms));
        let too_old = || Expr::col(trace::Column::ContentVersion).lt(rules.content_version_min);
        let eligible = || {
            let lasts = trace::Column::ExpiresAtMs.is_null().or(trace::Column::ExpiresAtMs.gt(now_ms));
            hidden().not().and(too_old().not()).and(lasts)
        };
        let number = |of: Expr| Expr::Case(Box::new(Expr::case(of, Expr::val(1)).finally(Expr::val(0)))).sum();
        let count = Query::select()
            .column(trace::Column::Kind)
            .expr_as(Expr::cust("count(*)"), "there")
            .expr_as(number(hidden()), "hidden")
            .expr_as(number(over()), "over")
            .expr_as(number(too_old()), "too_old")
            .expr_as(number(eligible()), "eligible")
            .expr_as(number(eligible().and(trace::Column::Legacy.eq(true))), "legacy")
            .from(self.0.table(trace::Entity))
            .and_where(trace::Column::World.eq(key.world.world()))
            .and_where(trace::Column::Scope.eq(key.scope.as_str()))
            .cond_where(of_group(key))
            .group_by_col(trace::Column::Kind)
            .to_owned();
        let rows: Vec<CountRow> = self.0.all(&count).await?;
        let of_kind = |kind: TraceKind| rows.iter().find(|row| row.kind == kind.code()).map(|row| row.in_scope);
        Ok(TraceKind::ALL.map(|kind| of_kind(kind).unwrap_or_default()))
    }

    /// Reads these in one statement, each row once.
    async fn pour(&self, parts: impl Iterator<Item = SelectStatement>, pools: &mut [Pool]) -> Result<(), StoreError> {
        let mut parts = parts.map(|part| Query::select().expr(Expr::cust("*")).from_subquery(part, "part").to_owned());
        let Some(mut all) = parts.next() else { return Ok(()) };
        for part in parts {
            all.union(UnionType::All, part);
        }
        let rows: Vec<trace::Model> = self.0.all(&all).await?;
        for pool in pools {
            let mut met: std::collections::HashSet<i64> = pool.rows.iter().map(|row| row.id).collect();
            pool.rows.extend(rows.iter().filter(|row| row.kind == pool.kind.code() && met.insert(row.id)).cloned());
        }
        Ok(())
    }

    fn of_kind(&self, key: &DeckKey, kind: TraceKind, part: Part, limit: u64) -> SelectStatement {
        let there = Condition::all()
            .add(trace::Column::World.eq(key.world.world()))
            .add(trace::Column::Scope.eq(key.scope.as_str()))
            .add(trace::Column::Kind.eq(kind.code()))
            .add(of_group(key));
        let mut select = self.0.select::<trace::Entity>();
        select.cond_where(there.clone()).limit(limit);
        match part {
            Part::Newest => {
                select.and_where(trace::Column::Hidden.eq(false)).order_by(trace::Column::Id, Order::Desc);
            }
            Part::Best => {
                select.and_where(Expr::cust(BEST)).order_by(trace::Column::Score, Order::Desc);
            }
            Part::From { oldest, at } => {
                // Between the first that there is and those that were read as the newest.
                let first = Query::select()
                    .expr(Expr::col(trace::Column::Id).min())
                    .from(self.0.table(trace::Entity))
                    .cond_where(there)
                    .to_owned();
                let first = Expr::from(first);
                let place = first.clone().add(Expr::val(oldest).sub(first).mul(at).div(UNIT));
                select
                    .and_where(trace::Column::Hidden.eq(false))
                    .and_where(Expr::col(trace::Column::Id).gte(place))
                    .and_where(trace::Column::Id.lt(oldest))
                    .order_by(trace::Column::Id, Order::Asc);
            }
        }
        select
    }

    /// One trace, if it is to be seen.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn one(&self, world: WorldKey, id: i64, now_ms: i64) -> Result<Option<trace::Model>, StoreError> {
        let select = self
            .0
            .select::<trace::Entity>()
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Id.eq(id))
            .and_where(trace::Column::Hidden.eq(false))
            .and_where(trace::Column::GroupKey.is_null())
            .and_where(trace::Column::ExpiresAtMs.is_null().or(trace::Column::ExpiresAtMs.gt(now_ms)))
            .to_owned();
        Ok(self.0.all(&select).await?.into_iter().next())
    }

    /// What has happened in a world, or a scope of it, after that; nothing when that is not known any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn happenings(
        &self,
        world: WorldKey,
        scope: Option<&ScopeKey>,
        after: i64,
        limit: u64,
    ) -> Result<Option<Happenings>, StoreError> {
        // All of one moment: ids follow the order of commits, so what is not there now will have a higher one.
        let transaction = self.0.begin_reading().await?;
        let select = self.0.select::<world::Entity>().and_where(world::Column::Id.eq(world.world())).to_owned();
        let rows: Vec<WorldRow> = self.0.returned(&transaction, &select).await?;
        let Some(WorldRow { seq, forgotten }) = rows.into_iter().next() else { return Ok(None) };
        if after < forgotten || after > seq {
            return Ok(None);
        }
        let mut left = self
            .0
            .select::<trace::Entity>()
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Id.gt(after))
            .and_where(trace::Column::Hidden.eq(false))
            .and_where(trace::Column::GroupKey.is_null())
            .order_by(trace::Column::Id, Order::Asc)
            .limit(limit + 1)
            .to_owned();
        let mut became = self
            .0
            .select::<change::Entity>()
            .and_where(change::Column::World.eq(world.world()))
            .and_where(change::Column::Seq.gt(after))
            .order_by(change::Column::Seq, Order::Asc)
            .limit(limit + 1)
            .to_owned();
        if let Some(scope) = scope {
            left.and_where(trace::Column::Scope.eq(scope.as_str()));
            became.and_where(change::Column::Scope.eq(scope.as_str()));
        }
        let left: Vec<trace::Model> = self.0.returned(&transaction, &left).await?;
        let became: Vec<change::Model> = self.0.returned(&transaction, &became).await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut order: Vec<(i64, i64, Option<ChangeReason>)> = left.iter().map(|row| (row.id, row.id, None)).collect();
        order.extend(became.iter().map(|line| (line.seq, line.trace, ChangeReason::of_code(line.reason))));
        order.sort_unstable_by_key(|(seq, ..)| *seq);
        let Page { items: order, more } = Page::cut(order, most);
        let next = if more { order.last().map_or(seq, |(last, ..)| *last) } else { seq };
        let mut shown: std::collections::HashMap<i64, trace::Model> =
            left.into_iter().map(|row| (row.id, row)).collect();
        let changed: Vec<i64> = order
            .iter()
            .filter(|(_, id, reason)| reason.is_some_and(ChangeReason::leaves_it) && !shown.contains_key(id))
            .map(|(_, id, _)| *id)
            .collect();
        if !changed.is_empty() {
            let select = self
                .0
                .select::<trace::Entity>()
                .and_where(trace::Column::World.eq(world.world()))
                .and_where(self.0.among(trace::Column::Id, &changed))
                .and_where(trace::Column::Hidden.eq(false))
                .and_where(trace::Column::GroupKey.is_null())
                .to_owned();
            let rows: Vec<trace::Model> = self.0.returned(&transaction, &select).await?;
            shown.extend(rows.into_iter().map(|row| (row.id, row)));
        }
        let item = |(seq, id, reason): (i64, i64, Option<ChangeReason>)| {
            let to_be_seen = reason.is_none_or(ChangeReason::leaves_it);
            let trace = shown.get(&id).filter(|_| to_be_seen).cloned().map(|row| Box::new(TraceResponse::of(row)));
            Happening { seq, id, reason, trace }
        };
        Ok(Some(Happenings { items: order.into_iter().map(item).collect(), next, more }))
    }
}

fn of_group(key: &DeckKey) -> Condition {
    Condition::all().add(match &key.group {
        Some(group) => trace::Column::GroupKey.eq(group.as_str()),
        None => trace::Column::GroupKey.is_null(),
    })
}

/// A part of a pool.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// The newest.
    Newest,
    /// Those with the highest scores.
    Best,
    /// Those that follow a place, in 65,536ths of the way from the first to `oldest`.
    From { oldest: i64, at: i64 },
}
