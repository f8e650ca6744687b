//! What those whom a user follows have done: the newest of each, read by an index of each, and nothing else.
//!
//! PostgreSQL joins each person with the newest rows of theirs (`LATERAL`). SQLite has no such join; there the newest rows of each
//! person are those whose `rowid` is in a subquery about that person.

use entity::control::identity::follow;
use sea_orm::{
    EntityName,
    sea_query::{Alias, Condition, Expr, ExprTrait, IntoTableRef, JoinType, Order, Query, SelectStatement},
};

use super::visible_to;
use crate::{
    identity::{access::UserId, profiles::model::Audience},
    platform::db::Dialect,
};

/// The name of the follows of the viewer in these statements.
const FOLLOWED: &str = "followed_by_viewer";

/// The name of the rows of one person.
const NEWEST: &str = "newest";

/// The name of follows that are news themselves.
const NEW_FOLLOW: &str = "new_follow";

/// Rows that belong to people, of which the newest are asked for.
pub struct NewestOf<'a> {
    /// Adds the table, and what is joined to it.
    pub from: &'a dyn Fn(&mut SelectStatement),
    /// The name of the table in the statement. It has a `rowid` on SQLite.
    pub table: &'static str,
    /// Its column with the owner.
    pub owner: &'static str,
    /// Its column with the time, which an index has after the owner.
    pub at: &'static str,
    /// The columns that order rows of one time; all of them downwards, as the time.
    pub ties: &'static [&'static str],
    /// Which rows.
    pub condition: Condition,
    /// Rows of each person at most.
    pub limit: u64,
    /// What is read, with its names.
    pub columns: Vec<(Expr, &'static str)>,
}

/// The newest rows of each person whom the viewer follows.
#[must_use]
pub fn newest_of_followed(dialect: Dialect, viewer: &UserId, rows: &NewestOf<'_>) -> SelectStatement {
    let column = |name: &'static str| Expr::col((rows.table, Alias::new(name)));
    let of_each = |mut select: SelectStatement| {
        (rows.from)(&mut select);
        select
            .and_where(column(rows.owner).eq(Expr::col((FOLLOWED, follow::Column::Followed))))
            .cond_where(rows.condition.clone())
            .order_by((rows.table, Alias::new(rows.at)), Order::Desc)
            .limit(rows.limit);
        for tie in rows.ties {
            select.order_by((rows.table, Alias::new(*tie)), Order::Desc);
        }
        select
    };
    let followed = Alias::new(follow::Entity.table_name()).into_table_ref().alias(FOLLOWED);
    let by_viewer = Expr::col((FOLLOWED, follow::Column::Follower)).eq(viewer.as_str());
    let mut select = Query::select();
    match dialect {
        Dialect::Postgres => {
            let mut newest = Query::select();
            for (value, name) in &rows.columns {
                newest.expr_as(value.clone(), *name);
                select.column((NEWEST, Alias::new(*name)));
            }
            select.from(followed).join_lateral(JoinType::InnerJoin, of_each(newest), NEWEST, Expr::val(true));
        }
        Dialect::Sqlite => {
            let newest = of_each(Query::select().column((rows.table, Alias::new("rowid"))).to_owned());
            for (value, name) in &rows.columns {
                select.expr_as(value.clone(), *name);
            }
            select.from(followed);
            (rows.from)(&mut select);
            select.and_where(column("rowid").in_subquery(newest));
        }
    }
    select.and_where(by_viewer);
    select
}

/// The newest follows of each person whom the viewer follows, as far as the viewer sees both. `columns` makes the columns of the
/// time, of who follows and of whom.
#[must_use]
pub fn newest_follows(
    dialect: Dialect,
    viewer: &UserId,
    until_ms: i64,
    limit: u64,
    columns: impl Fn(Expr, Expr, Expr) -> Vec<(Expr, &'static str)>,
) -> SelectStatement {
    let of = |column: follow::Column| Expr::col((NEW_FOLLOW, column));
    let shown = |user: follow::Column| visible_to(Some(viewer), of(user), Audience::Public.number());
    let condition = Condition::all()
        .add(of(follow::Column::SinceMs).lte(until_ms))
        .add(shown(follow::Column::Follower))
        .add(shown(follow::Column::Followed));
    let columns = columns(of(follow::Column::SinceMs), of(follow::Column::Follower), of(follow::Column::Followed));
    newest_of_followed(
        dialect,
        viewer,
        &NewestOf {
            from: &|select| {
                select.from(Alias::new(follow::Entity.table_name()).into_table_ref().alias(NEW_FOLLOW));
            },
            table: NEW_FOLLOW,
            owner: "follower",
            at: "since_ms",
            ties: &["followed"],
            condition,
            limit,
            columns,
        },
    )
}
