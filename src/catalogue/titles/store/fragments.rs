//! Parts of statements for domains that keep ids of titles, so that lists of theirs are in the order of names, or filtered by what
//! is known of titles, without naming these tables.

use entity::control::catalogue::{title, title_genre, title_platform};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};

use crate::{
    catalogue::titles::model::{Genre, Platform},
    identity::access::UserId,
};

/// Joins the title whose id is `id`. The functions below that take no id are about it. The name of the table in the statement is
/// `title`.
pub fn join(select: &mut SelectStatement, id: impl Into<Expr>) {
    select.inner_join(title::Entity, id.into().eq(Expr::col(("title", title::Column::Id))));
}

/// As [`join`], where `id` may be null, or that of no title.
pub fn left_join(select: &mut SelectStatement, id: impl Into<Expr>) {
    select.left_join(title::Entity, id.into().eq(Expr::col(("title", title::Column::Id))));
}

/// The folded name of the joined title, by which lists are in order; a page goes on after it and an id.
#[must_use]
pub fn name_key() -> Expr {
    Expr::col(("title", title::Column::NameKey))
}

/// The name of the joined title.
#[must_use]
pub fn name() -> Expr {
    Expr::col(("title", title::Column::Name))
}

/// The year of the joined title's first release; null where it is not known.
#[must_use]
pub fn year() -> Expr {
    Expr::col(("title", title::Column::Year))
}

/// Whether the viewer sees the joined title. Unlike lists of titles, this holds for one that was merged into another: who refers to
/// it means the other.
#[must_use]
pub fn visible_to(viewer: Option<&UserId>) -> Expr {
    let author = || Expr::col(("title", title::Column::PendingOf));
    match viewer {
        Some(user) => author().is_null().or(author().eq(user.as_str())),
        None => author().is_null(),
    }
}

/// Whether the title with the id `id` is on a platform.
#[must_use]
pub fn has_platform(id: impl Into<Expr>, platform: &Platform) -> Expr {
    let rows = Query::select()
        .expr(Expr::val(1))
        .from(title_platform::Entity)
        .and_where(id.into().eq(Expr::col(("title_platform", title_platform::Column::Title))))
        .and_where(Expr::col(("title_platform", title_platform::Column::Platform)).eq(platform.as_str()))
        .to_owned();
    Expr::exists(rows)
}

/// Whether the title with the id `id` is of a genre.
#[must_use]
pub fn has_genre(id: impl Into<Expr>, genre: &Genre) -> Expr {
    let rows = Query::select()
        .expr(Expr::val(1))
        .from(title_genre::Entity)
        .and_where(id.into().eq(Expr::col(("title_genre", title_genre::Column::Title))))
        .and_where(Expr::col(("title_genre", title_genre::Column::Genre)).eq(genre.as_str()))
        .to_owned();
    Expr::exists(rows)
}
