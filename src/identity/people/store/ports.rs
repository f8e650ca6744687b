//! The port by which a search for people asks what is in their libraries, which another domain keeps.

use std::fmt;

use sea_orm::sea_query::{Expr, Query, SelectStatement};

use crate::identity::{access::UserId, people::model::StatisticFilter};

/// Parts of statements about people's libraries. Cheap to clone.
#[derive(Clone, Copy)]
pub struct StatisticsPort {
    /// The users whose libraries, as everybody may see them, fulfil a filter: one column of their ids.
    pub people_with: fn(&StatisticFilter) -> SelectStatement,
    /// How many games a user and the owner, a column that names its table, both have, as far as the user may see them.
    pub shared_games: fn(&UserId, Expr) -> Expr,
}

impl StatisticsPort {
    /// That of a server without libraries.
    #[must_use]
    pub fn none() -> Self {
        let nobody =
            |_: &StatisticFilter| Query::select().expr(Expr::val("")).and_where(Expr::cust("1 = 0")).to_owned();
        Self { people_with: nobody, shared_games: |_, _| Expr::cust("0") }
    }
}

impl fmt::Debug for StatisticsPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatisticsPort").finish_non_exhaustive()
    }
}
