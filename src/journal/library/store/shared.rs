//! What two libraries have in common.

use entity::control::journal::library_entry;
use sea_orm::{
    EntityName,
    sea_query::{Alias, Expr, ExprTrait, IntoTableRef, Query, SelectStatement},
};

use crate::identity::{access::UserId, people};

/// The user's own entries in the statement.
const OWN: &str = "own_entry";

/// Those of the other.
const THEIRS: &str = "their_entry";

fn entries(name: &'static str) -> SelectStatement {
    let table = Alias::new(library_entry::Entity.table_name()).into_table_ref().alias(name);
    Query::select().from(table).to_owned()
}

/// How many titles the user and `owner` both have, as far as the user sees them there. For other statements, whose column `owner`
/// must name its table.
#[must_use]
pub fn shared_titles(user: &UserId, owner: Expr) -> Expr {
    let of = |name: &'static str, column: library_entry::Column| Expr::col((name, column));
    let theirs = |column| of(THEIRS, column);
    let has_it = entries(OWN)
        .expr(Expr::val(1))
        .and_where(of(OWN, library_entry::Column::User).eq(user.as_str()))
        .and_where(of(OWN, library_entry::Column::Title).equals((THEIRS, library_entry::Column::Title)))
        .to_owned();
    let within_reach = theirs(library_entry::Column::Audience).lte(people::reach_of(user, owner.clone()));
    let count = entries(THEIRS)
        .expr(Expr::col((THEIRS, library_entry::Column::Title)).count())
        .and_where(theirs(library_entry::Column::User).eq(owner))
        .and_where(Expr::exists(has_it))
        .and_where(within_reach)
        .to_owned();
    Expr::SubQuery(None, Box::new(count.into()))
}
