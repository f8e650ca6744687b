//! The SQL of questions: one statement for the traces, one for what has gone. TraceWorlds are looked for in an index, so many in
//! each scope and of each kind, and only those that are shown are read whole.

use entity::tenant::{
    traces::trace,
    worlds::{change, world},
};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult,
    sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement, UnionType},
};

use super::{BEST, Store};
use crate::{
    platform::error::StoreError,
    traces::{
        meeting::query::{Beside, GONE, Position, Question},
        rules::TraceKind,
    },
    worlds::{ChangeReason, ScopeKey, WorldKey},
};

/// TraceWorlds that are looked at to find the nearest: as many in each scope, kind and direction. Beyond that, those that are
/// nearest along one axis.
const LOOKED_AT: u64 = 16_384;

/// Ghosts that are looked at on each side of a rank, for each that is wanted; and some more. Players have few in one scope.
const LOOKED_AT_FOR_ONE: u64 = 10;

/// How a part of a statement is called whose rows are chosen from.
const FOUND: &str = "found";

/// How the traces of the same author are called.
const OTHER: &str = "other";

/// The square of a distance.
const SQUARE: &str = "square";

/// What is to be seen of a world, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// The world.
    pub world: WorldKey,
    /// Of this content and newer.
    pub version_min: i32,
    /// What is over by then is not to be seen.
    pub now_ms: i64,
}

/// What has gone.
#[derive(Debug)]
pub struct Gone {
    /// The traces.
    pub ids: Vec<i64>,
    /// All that happened up to this is known then.
    pub seq: i64,
    /// Whether more has.
    pub more: bool,
}

#[derive(FromQueryResult)]
struct ChangeRow {
    seq: i64,
    trace: i64,
    reason: i16,
}

/// One of the rows that a statement chooses from.
fn found<C: sea_orm::sea_query::Iden + 'static>(column: C) -> Expr {
    Expr::col((Alias::new(FOUND), column))
}

/// All rows of these statements, which each have an order and a limit of their own.
fn together(parts: impl IntoIterator<Item = SelectStatement>) -> Option<SelectStatement> {
    let mut parts =
        parts.into_iter().map(|part| Query::select().expr(Expr::cust("*")).from_subquery(part, "part").to_owned());
    let mut all = parts.next()?;
    for part in parts {
        all.union(UnionType::All, part);
    }
    Some(all)
}

impl Store {
    /// What has gone from these scopes, from any where none is named, after that; where nothing is said, nothing: then only
    /// how far the world is. Nothing at all when that is not known any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn gone(
        &self,
        world: WorldKey,
        scopes: &[ScopeKey],
        after: Option<i64>,
        counts: impl Fn(ChangeReason) -> bool,
    ) -> Result<Option<Gone>, StoreError> {
        let head = Query::select()
            .column(world::Column::Seq)
            .expr_as(Expr::col(world::Column::Forgotten), "trace")
            .expr_as(Expr::cust("CAST(0 AS smallint)"), "reason")
            .from(self.0.table(world::Entity))
            .and_where(world::Column::Id.eq(world.world()))
            .to_owned();
        let most = u64::try_from(GONE).unwrap_or(u64::MAX) + 1;
        let changes = |scope: Option<&ScopeKey>, after: i64| {
            Query::select()
                .columns([change::Column::Seq, change::Column::Trace, change::Column::Reason])
                .from(self.0.table(change::Entity))
                .and_where(change::Column::World.eq(world.world()))
                .and_where_option(scope.map(|scope| change::Column::Scope.eq(scope.as_str())))
                .and_where(change::Column::Seq.gt(after))
                .order_by(change::Column::Seq, Order::Asc)
                .limit(most)
                .to_owned()
        };
        let mut parts = vec![head];
        if let Some(after) = after {
            parts.extend(scopes.iter().map(|scope| changes(Some(scope), after)));
            parts.extend(scopes.is_empty().then(|| changes(None, after)));
        }
        let Some(all) = together(parts) else { return Ok(None) };
        let mut rows: Vec<ChangeRow> = self.0.all(&all).await?;
        let Some(head) = rows.iter().position(|row| row.reason == 0).map(|at| rows.swap_remove(at)) else {
            return Ok(None);
        };
        if after.is_some_and(|after| after < head.trace || after > head.seq) {
            return Ok(None);
        }
        rows.sort_unstable_by_key(|row| row.seq);
        let more = rows.len() > GONE;
        rows.truncate(GONE);
        let seq = if more { rows.last().map_or(head.seq, |row| row.seq) } else { head.seq };
        // What became of a trace last counts.
        let last: std::collections::BTreeMap<i64, i16> = rows.into_iter().map(|row| (row.trace, row.reason)).collect();
        let has_gone = |reason: ChangeReason| !reason.leaves_it() && counts(reason);
        let ids = last.into_iter().filter(|(_, code)| ChangeReason::of_code(*code).is_some_and(has_gone));
        Ok(Some(Gone { ids: ids.map(|(id, _)| id).collect(), seq, more }))
    }

    /// A trace of a question, in one scope and of one kind.
    fn looked_for(&self, sight: Sight, scope: &ScopeKey, kind: TraceKind) -> SelectStatement {
        Query::select()
            .column(trace::Column::Id)
            .from(self.0.table(trace::Entity))
            .and_where(trace::Column::World.eq(sight.world.world()))
            .and_where(trace::Column::Scope.eq(scope.as_str()))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .to_owned()
    }

    /// For each scope and kind that a question is about, what `part` makes of it.
    fn parts(&self, sight: Sight, question: &Question, part: impl Fn(&mut SelectStatement)) -> Option<SelectStatement> {
        together(question.scopes.iter().flat_map(|scope| question.kinds.iter().map(move |kind| (scope, *kind))).map(
            |(scope, kind)| {
                let mut select = self.looked_for(sight, scope, kind);
                part(&mut select);
                select
            },
        ))
    }

    /// The traces whose ids a statement chooses.
    async fn chosen(&self, sight: Sight, ids: SelectStatement) -> Result<Vec<trace::Model>, StoreError> {
        let select = self
            .0
            .select::<trace::Entity>()
            .and_where(trace::Column::World.eq(sight.world.world()))
            .and_where(self.0.among_those(Expr::col(trace::Column::Id), ids))
            .to_owned();
        self.0.all(&select).await
    }

    /// Those with the highest places, of what `narrow` leaves of each part, which has the columns of a place; at most `limit`,
    /// in no order.
    async fn foremost<const N: usize>(
        &self,
        sight: Sight,
        question: &Question,
        place: [trace::Column; N],
        narrow: impl Fn(&mut SelectStatement),
        limit: u64,
    ) -> Result<Vec<trace::Model>, StoreError> {
        let highest_first = |select: &mut SelectStatement| {
            for column in place {
                select.order_by(column, Order::Desc);
            }
            select.limit(limit);
        };
        let parts = self.parts(sight, question, |part| {
            narrow(part);
            part.and_where_option(question.group.as_ref().map(|group| trace::Column::GroupKey.eq(group.as_str())));
            highest_first(part);
        });
        let Some(parts) = parts else { return Ok(Vec::new()) };
        let mut ids = Query::select().column(trace::Column::Id).from_subquery(parts, FOUND).to_owned();
        highest_first(&mut ids);
        self.chosen(sight, ids).await
    }

    /// The newest, whether they are to be seen or not, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest(
        &self,
        sight: Sight,
        question: &Question,
        after: Option<Position>,
        limit: u64,
    ) -> Result<Vec<trace::Model>, StoreError> {
        let narrow = |part: &mut SelectStatement| {
            part.and_where_option(after.map(|after| trace::Column::Id.lt(after.id)));
        };
        let mut rows = self.foremost(sight, question, [trace::Column::Id], narrow, limit).await?;
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        Ok(rows)
    }

    /// Those with the highest scores, whether they are to be seen or not, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn highest(
        &self,
        sight: Sight,
        question: &Question,
        after: Option<Position>,
        limit: u64,
    ) -> Result<Vec<trace::Model>, StoreError> {
        let place = [trace::Column::Score, trace::Column::Id];
        let behind = |after: Position| {
            Expr::tuple(place.map(Expr::col)).lt(Expr::tuple([Expr::val(after.key), Expr::val(after.id)]))
        };
        let narrow = |part: &mut SelectStatement| {
            part.column(trace::Column::Score).and_where(Expr::cust(BEST)).and_where_option(after.map(behind));
        };
        let mut rows = self.foremost(sight, question, place, narrow, limit).await?;
        rows.sort_unstable_by(|one, other| other.score.total_cmp(&one.score).then(other.id.cmp(&one.id)));
        Ok(rows)
    }

    /// Of the traces called `of`, those that are to be seen.
    fn to_be_seen(of: &'static str, sight: Sight, question: &Question) -> Condition {
        let column = |column: trace::Column| Expr::col((Alias::new(of), column));
        let over = column(trace::Column::ExpiresAtMs);
        Condition::all()
            .add(column(trace::Column::Hidden).eq(false))
            .add(column(trace::Column::ContentVersion).gte(sight.version_min))
            .add(over.clone().is_null().or(over.gt(sight.now_ms)))
            .add(match &question.group {
                Some(group) => column(trace::Column::GroupKey).eq(group.as_str()),
                None => column(trace::Column::GroupKey).is_null(),
            })
    }

    /// The nearest that are to be seen, at most `limit`: in no order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn nearest(
        &self,
        sight: Sight,
        question: &Question,
        (to, radius): ([f64; 3], f64),
        after: Option<Position>,
        limit: u64,
    ) -> Result<Vec<trace::Model>, StoreError> {
        let directions = u64::try_from(question.scopes.len() * question.kinds.len() * 2).unwrap_or(u64::MAX);
        let each = LOOKED_AT / Ord::max(directions, 1);
        let [x, y, z] = to;
        let side = |part: &mut SelectStatement, up: bool| {
            part.columns([trace::Column::X, trace::Column::Y, trace::Column::Z])
                .columns([trace::Column::Hidden, trace::Column::GroupKey])
                .columns([trace::Column::ContentVersion, trace::Column::ExpiresAtMs])
                // A little more than the radius: what is just within it must not be lost to rounding.
                .and_where(if up { trace::Column::X.gte(x) } else { trace::Column::X.lt(x) })
                .and_where(if up {
                    trace::Column::X.lte((x + radius).next_up())
                } else {
                    trace::Column::X.gte((x - radius).next_down())
                })
                .order_by(trace::Column::X, if up { Order::Asc } else { Order::Desc })
                .limit(each);
        };
        let sides = [true, false].map(|up| self.parts(sight, question, |part| side(part, up)));
        let Some(sides) = together(sides.into_iter().flatten()) else { return Ok(Vec::new()) };
        let along = |column, to: f64| found(column).sub(to);
        let squared = |column, to| along(column, to).mul(along(column, to));
        let square = squared(trace::Column::X, x).add(squared(trace::Column::Y, y)).add(squared(trace::Column::Z, z));
        let measured = Query::select()
            .column(trace::Column::Id)
            .expr_as(square, SQUARE)
            .from_subquery(sides, FOUND)
            .cond_where(Self::to_be_seen(FOUND, sight, question))
            .to_owned();
        let behind = |after: Position| {
            let place = Expr::tuple([Expr::col(SQUARE), Expr::col(trace::Column::Id)]);
            place.gt(Expr::tuple([Expr::val(after.key), Expr::val(after.id)]))
        };
        let ids = Query::select()
            .column(trace::Column::Id)
            .from_subquery(measured, "measured")
            .and_where(Expr::col(SQUARE).lte(radius * radius))
            .and_where_option(after.map(behind))
            .order_by(SQUARE, Order::Asc)
            .order_by(trace::Column::Id, Order::Asc)
            .limit(limit)
            .to_owned();
        self.chosen(sight, ids).await
    }

    /// The ghosts beside a rank that are to be seen, the best first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn beside(
        &self,
        sight: Sight,
        question: &Question,
        beside: Beside,
    ) -> Result<Vec<trace::Model>, StoreError> {
        let sides = [(true, beside.ahead), (false, beside.behind)].into_iter().filter(|(_, wanted)| *wanted > 0);
        let sides = sides.filter_map(|(better, wanted)| self.on_one_side(sight, question, beside, better, wanted));
        let Some(sides) = together(sides) else { return Ok(Vec::new()) };
        let ids = Query::select().column(trace::Column::Id).from_subquery(sides, FOUND).to_owned();
        let mut rows = self.chosen(sight, ids).await?;
        let rank = |row: &trace::Model| row.rank_value.unwrap_or_default();
        rows.sort_unstable_by(|one, other| rank(one).total_cmp(&rank(other)).then(one.id.cmp(&other.id)));
        Ok(rows)
    }

    fn on_one_side(
        &self,
        sight: Sight,
        question: &Question,
        beside: Beside,
        better: bool,
        wanted: u16,
    ) -> Option<SelectStatement> {
        let order = if better { Order::Desc } else { Order::Asc };
        let rank = trace::Column::RankValue;
        let looked_at = self.parts(sight, question, |part| {
            part.columns([trace::Column::Kind, trace::Column::Scope, trace::Column::Author, rank])
                .columns([trace::Column::Hidden, trace::Column::GroupKey])
                .columns([trace::Column::ContentVersion, trace::Column::ExpiresAtMs])
                .and_where(if better { rank.lt(beside.rank_value) } else { rank.gte(beside.rank_value) })
                .order_by(rank, order.clone())
                .order_by(trace::Column::Id, order.clone())
                .limit(u64::from(wanted) * LOOKED_AT_FOR_ONE + LOOKED_AT_FOR_ONE * 10);
        })?;
        let mut chosen = Query::select()
            .column((Alias::new(FOUND), trace::Column::Id))
            .from_subquery(looked_at, FOUND)
            .cond_where(Self::to_be_seen(FOUND, sight, question))
            .order_by((Alias::new(FOUND), rank), order.clone())
            .order_by((Alias::new(FOUND), trace::Column::Id), order)
            .limit(u64::from(wanted))
            .to_owned();
        if beside.best_per_author {
            chosen.and_where(Expr::exists(self.better_of_author(sight, question)).not());
        }
        Some(chosen)
    }

    /// Of the author of a ghost that was found, a better one in the same scope.
    fn better_of_author(&self, sight: Sight, question: &Question) -> SelectStatement {
        let other = |column: trace::Column| Expr::col((Alias::new(OTHER), column));
        let same = [trace::Column::Author, trace::Column::Kind, trace::Column::Scope];
        let place = [trace::Column::RankValue, trace::Column::Id];
        let mut select = Query::select()
            .expr(Expr::cust("1"))
            .from_as(self.0.table(trace::Entity), OTHER)
            .and_where(other(trace::Column::World).eq(sight.world.world()))
            // In these words, since the index of authors' own is made of what is so.
            .and_where(other(trace::Column::Minted))
            .cond_where(Self::to_be_seen(OTHER, sight, question))
            .and_where(Expr::tuple(place.map(other)).lt(Expr::tuple(place.map(found))))
            .to_owned();
        for column in same {
            select.and_where(other(column).eq(found(column)));
        }
        select
    }
}
