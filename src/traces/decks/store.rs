//! The SQL of decks and single traces. Candidates are read through indexes and in bounded numbers: a scope may hold any
//! number of traces.

use std::collections::HashSet;

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, SelectStatement},
};

use super::model::{Candidates, DeckKey, KindCounts, WorldName};
use crate::{
    platform::{
        db::{Tenant, WorldTables, union_all},
        error::StoreError,
    },
    traces::{
        TraceKind,
        settings::Rules,
        trace::{Trace, is_scored},
    },
    worlds::{self, WorldKey, WorldNames},
};

/// The number of samples of the traces that are neither among the newest nor among the best.
const SAMPLES: u64 = 8;

/// The number of ids, evenly spaced from the first trace to the oldest of the newest, at which a sample may begin: one for
/// each random `u16`.
const SAMPLE_STARTS: i64 = 65_536;

#[derive(FromQueryResult)]
struct CountRow {
    kind: i16,
    total: i64,
    hidden: i64,
    expired: i64,
    too_old: i64,
    eligible: i64,
    legacy: i64,
}

/// A part of the candidates of a kind.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// The newest.
    Newest,
    /// Those with the highest scores.
    Best,
    /// Those older than `oldest` that follow one of the [`SAMPLE_STARTS`]: `at` 65,536ths of the way from the id of the first
    /// trace to `oldest`.
    Sample { oldest: i64, at: i64 },
}

/// The rows of a world.
#[derive(Clone, Debug)]
pub struct Store(WorldTables);

impl Store {
    /// The rows of a world in its studio's tables.
    #[must_use]
    pub fn new(tenant: &Tenant, world: WorldKey) -> Self {
        Self(tenant.world(world.world()))
    }

    /// The names of the world.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn world_name(&self) -> Result<Option<WorldName>, StoreError> {
        let rows: Vec<WorldNames> = self.0.all(&worlds::select_names(&self.0)).await?;
        Ok(rows.into_iter().next().map(|WorldNames { game, environment }| WorldName { game, environment }))
    }

    /// The candidates for the decks of a scope, in at most two statements: the newest of each kind; and where there are more
    /// than those, the best, and samples from places given by `random`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn candidates(
        &self,
        key: &DeckKey,
        rules: &Rules,
        mut random: impl FnMut() -> u16,
    ) -> Result<Vec<Candidates>, StoreError> {
        let kinds = rules.kinds.iter().filter(|kind| kind.deck_size > 0);
        let newest = kinds.clone().map(|kind| self.part(key, kind.kind, Part::Newest, kind.pool.into()));
        let mut candidates: Vec<Candidates> =
            kinds.clone().map(|kind| Candidates { kind: kind.kind, traces: Vec::new() }).collect();
        self.read(newest, &mut candidates).await?;
        let mut more = Vec::new();
        for (kind, newest) in kinds.zip(&candidates) {
            if newest.traces.len() < usize::from(kind.pool) {
                continue;
            }
            let oldest = newest.traces.iter().map(|trace| trace.id).min().unwrap_or_default();
            more.push(self.part(key, kind.kind, Part::Best, kind.pool.into()));
            let each = Ord::max(u64::from(kind.pool) / SAMPLES, 1);
            for _ in 0..SAMPLES {
                let sample = Part::Sample { oldest, at: i64::from(random()) };
                more.push(self.part(key, kind.kind, sample, each));
            }
        }
        self.read(more.into_iter(), &mut candidates).await?;
        Ok(candidates)
    }

    /// The number of traces of each kind in a scope, in the order of [`TraceKind::ALL`]. Reads all of them: too slow for a
    /// request.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count(
        &self,
        key: &DeckKey,
        rules: &Rules,
        now_ms: i64,
    ) -> Result<[KindCounts; TraceKind::ALL.len()], StoreError> {
        let hidden = || trace::Column::Hidden.eq(true);
        let expired =
            || trace::Column::ExpiresAtMs.is_not_null().and(Expr::col(trace::Column::ExpiresAtMs).lte(now_ms));
        let too_old = || Expr::col(trace::Column::ContentVersion).lt(rules.content_version_min);
        let eligible = || {
            let lasting = trace::Column::ExpiresAtMs.is_null().or(trace::Column::ExpiresAtMs.gt(now_ms));
            hidden().not().and(too_old().not()).and(lasting)
        };
        let number =
            |condition: Expr| Expr::Case(Box::new(Expr::case(condition, Expr::val(1)).finally(Expr::val(0)))).sum();
        let count = self
            .0
            .select_from::<trace::Entity>()
            .column(trace::Column::Kind)
            .expr_as(Expr::cust("count(*)"), "total")
            .expr_as(number(hidden()), "hidden")
            .expr_as(number(expired()), "expired")
            .expr_as(number(too_old()), "too_old")
            .expr_as(number(eligible()), "eligible")
            .expr_as(number(eligible().and(trace::Column::Legacy.eq(true))), "legacy")
            .and_where(trace::Column::Scope.eq(key.scope.as_str()))
            .cond_where(of_group(key))
            .group_by_col(trace::Column::Kind)
            .take();
        let rows: Vec<CountRow> = self.0.all(&count).await?;
        let of_kind = |kind: TraceKind| {
            rows.iter().find(|row| row.kind == kind.code()).map(|row| KindCounts {
                total: row.total,
                hidden: row.hidden,
                expired: row.expired,
                too_old: row.too_old,
                eligible: row.eligible,
                legacy: row.legacy,
            })
        };
        Ok(TraceKind::ALL.map(|kind| of_kind(kind).unwrap_or_default()))
    }

    /// Reads parts of the candidates in one statement; adds each trace once.
    async fn read(
        &self,
        parts: impl Iterator<Item = SelectStatement>,
        candidates: &mut [Candidates],
    ) -> Result<(), StoreError> {
        let Some(all) = union_all(parts) else { return Ok(()) };
        let mut known: HashSet<i64> =
            candidates.iter().flat_map(|candidates| candidates.traces.iter().map(|trace| trace.id)).collect();
        for trace in Trace::from_rows(self.0.all(&all).await?) {
            if let Some(candidates) = candidates.iter_mut().find(|candidates| candidates.kind == trace.kind)
                && known.insert(trace.id)
            {
                candidates.traces.push(trace);
            }
        }
        Ok(())
    }

    /// Selects a part of the candidates of a kind.
    fn part(&self, key: &DeckKey, kind: TraceKind, part: Part, limit: u64) -> SelectStatement {
        let of_kind = Condition::all()
            .add(trace::Column::Scope.eq(key.scope.as_str()))
            .add(trace::Column::Kind.eq(kind.code()))
            .add(of_group(key));
        let mut select = self.0.select::<trace::Entity>();
        select.cond_where(of_kind.clone()).limit(limit);
        match part {
            Part::Newest => {
                select.and_where(trace::Column::Hidden.eq(false)).order_by(trace::Column::Id, Order::Desc);
            }
            Part::Best => {
                select.and_where(is_scored()).order_by(trace::Column::Score, Order::Desc);
            }
            Part::Sample { oldest, at } => {
                let first_id = self
                    .0
                    .select_from::<trace::Entity>()
                    .expr(Expr::col(trace::Column::Id).min())
                    .cond_where(of_kind)
                    .take();
                let first_id = Expr::from(first_id);
                let start = first_id.clone().add(Expr::val(oldest).sub(first_id).mul(at).div(SAMPLE_STARTS));
                select
                    .and_where(trace::Column::Hidden.eq(false))
                    .and_where(Expr::col(trace::Column::Id).gte(start))
                    .and_where(trace::Column::Id.lt(oldest))
                    .order_by(trace::Column::Id, Order::Asc);
            }
        }
        select
    }

    /// A trace of the world, if every player may see it: it is not hidden, not a group's, and not expired.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn visible(&self, id: i64, now_ms: i64) -> Result<Option<Trace>, StoreError> {
        let select = self
            .0
            .select::<trace::Entity>()
            .and_where(trace::Column::Id.eq(id))
            .and_where(trace::Column::Hidden.eq(false))
            .and_where(trace::Column::GroupKey.is_null())
            .and_where(trace::Column::ExpiresAtMs.is_null().or(trace::Column::ExpiresAtMs.gt(now_ms)))
            .take();
        Ok(Trace::from_rows(self.0.all(&select).await?).into_iter().next())
    }
}

fn of_group(key: &DeckKey) -> Condition {
    Condition::all().add(match &key.group {
        Some(group) => trace::Column::GroupKey.eq(group.as_str()),
        None => trace::Column::GroupKey.is_null(),
    })
}
