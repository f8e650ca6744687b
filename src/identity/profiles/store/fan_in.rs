//! What those whom a user follows have done: the newest of each, read by an index of each, and nothing else.
//!
//! PostgreSQL joins each person with the newest rows of theirs (`LATERAL`). SQLite has no such join; there the newest rows of each
//! person are those whose `rowid` is in a subquery about that person. What each of them shows to the viewer at most is found once,
//! before their rows are read.

use entity::control::identity::{follow, profile};
use sea_orm::{
    EntityName,
    sea_query::{
        Alias, CaseStatement, CommonTableExpression, Condition, Expr, ExprTrait, IntoTableRef, JoinType, Order, Query,
        SelectStatement, WithClause,
    },
};

use super::{blocked_either_way, follows};
use crate::{
    identity::{access::UserId, profiles::model::Audience},
    platform::db::Dialect,
};

/// The name of those whom the viewer follows in these statements.
const FOLLOWED: &str = "followed_by_viewer";

/// Their column with the last audience of which they show things to the viewer.
const REACH: &str = "reach";

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

/// Those whom the viewer follows and who show them anything: the table that the statements of this file begin with.
#[must_use]
pub fn followed_by_viewer(viewer: &UserId) -> WithClause {
    let of = |column: profile::Column| Expr::col(("owner", column));
    // The viewer follows them, so whoever follows the viewer is a friend.
    let is_friend = follows(of(profile::Column::UserId), viewer.as_str());
    let reach = CaseStatement::new()
        .case(is_friend, Audience::Friends.number())
        .case(of(profile::Column::Audience).lte(Audience::Public.number()), Audience::Public.number())
        .finally(-1);
    let owner = Alias::new(profile::Entity.table_name()).into_table_ref().alias("owner");
    let is_owner = of(profile::Column::UserId).equals(("followed", follow::Column::Followed));
    let followed = Query::select()
        .expr_as(Expr::col(("followed", follow::Column::Followed)), follow::Column::Followed)
        .expr_as(reach, REACH)
        .from(Alias::new(follow::Entity.table_name()).into_table_ref().alias("followed"))
        .join(JoinType::InnerJoin, owner, is_owner)
        .and_where(Expr::col(("followed", follow::Column::Follower)).eq(viewer.as_str()))
        .and_where(of(profile::Column::Audience).lte(Audience::Friends.number()))
        .and_where(blocked_either_way(viewer, of(profile::Column::UserId)).not())
        .to_owned();
    let mut table = CommonTableExpression::new();
    table.query(followed).table_name(FOLLOWED).materialized(true);
    WithClause::new().cte(table).to_owned()
}

/// The last audience of which a person whom the viewer follows shows things to the viewer.
#[must_use]
pub fn reach() -> Expr {
    Expr::col((FOLLOWED, REACH))
}

/// That something with that audience, of a person whom the viewer follows, is to be shown to the viewer.
#[must_use]
pub fn within_reach(audience: impl Into<Expr>) -> Expr {
    audience.into().lte(reach())
}

/// The newest rows of each person whom the viewer follows; a part of a statement that has [`followed_by_viewer`].
#[must_use]
pub fn newest_of_followed(dialect: Dialect, rows: &NewestOf<'_>) -> SelectStatement {
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
    let mut select = Query::select();
    match dialect {
        Dialect::Postgres => {
            let mut newest = Query::select();
            for (value, name) in &rows.columns {
                newest.expr_as(value.clone(), *name);
                select.column((NEWEST, Alias::new(*name)));
            }
            select.from(FOLLOWED).join_lateral(JoinType::InnerJoin, of_each(newest), NEWEST, Expr::val(true));
        }
        Dialect::Sqlite => {
            let newest = of_each(Query::select().column((rows.table, Alias::new("rowid"))).to_owned());
            for (value, name) in &rows.columns {
                select.expr_as(value.clone(), *name);
            }
            select.from(FOLLOWED);
            (rows.from)(&mut select);
            select.and_where(column("rowid").in_subquery(newest));
        }
    }
    select
}

/// The newest follows of each person whom the viewer follows; a part of a statement that has [`followed_by_viewer`]. Whom they
/// follow, the viewer may not see. `columns` makes the columns of the time, of who follows and of whom.
#[must_use]
pub fn newest_follows(
    dialect: Dialect,
    until_ms: i64,
    limit: u64,
    columns: impl Fn(Expr, Expr, Expr) -> Vec<(Expr, &'static str)>,
) -> SelectStatement {
    let of = |column: follow::Column| Expr::col((NEW_FOLLOW, column));
    let condition = Condition::all()
        .add(of(follow::Column::SinceMs).lte(until_ms))
        .add(within_reach(Expr::val(Audience::Public.number())));
    let columns = columns(of(follow::Column::SinceMs), of(follow::Column::Follower), of(follow::Column::Followed));
    newest_of_followed(
        dialect,
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
