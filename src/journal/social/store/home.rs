//! A first page: its numbers, and what its user plays and wishes for. One statement each.

use std::collections::BTreeMap;

use entity::control::journal::{library_count, library_entry};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, Order, Query, UnionType},
};

use super::Store;
use crate::{
    catalogue::titles::TitleId,
    identity::{access::UserId, notices},
    journal::{
        library::State,
        social::model::{HOME_GAMES, HomeCounts, HomeEntry},
    },
    platform::{db::union_all, error::StoreError, named::Named},
};

/// The kind of the counts of entries by state.
const STATES: i16 = 0;

/// The key of the unread notices among the numbers.
const UNREAD: &str = "unread";

#[derive(FromQueryResult)]
struct NumberRow {
    key: String,
    number: i64,
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

impl Store {
    /// The numbers of a user's first page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counts(&self, user: &UserId) -> Result<HomeCounts, StoreError> {
        let mut select = Query::select()
            .expr_as(Expr::col(library_count::Column::Key), "key")
            .expr_as(Expr::cust("CAST(sum(entries) AS BIGINT)"), "number")
            .from(self.control.table(library_count::Entity))
            .and_where(library_count::Column::User.eq(user.as_str()))
            .and_where(library_count::Column::Audience.is_in([0, 1, 2]))
            .and_where(library_count::Column::Kind.eq(STATES))
            .group_by_col(library_count::Column::Key)
            .to_owned();
        let unread = Expr::SubQuery(None, Box::new(notices::unread_count(user).into()));
        let unread =
            Query::select().expr_as(Expr::cust(format!("'{UNREAD}'")), "key").expr_as(unread, "number").to_owned();
        select.union(UnionType::All, unread);
        let rows: Vec<NumberRow> = self.control.all(&select).await?;
        let numbers: BTreeMap<String, u64> = rows.into_iter().map(|row| (row.key, count(row.number))).collect();
        let of_state = |state: &State| (*state, numbers.get(&state.number().to_string()).copied().unwrap_or_default());
        Ok(HomeCounts {
            unread: numbers.get(UNREAD).copied().unwrap_or_default(),
            states: State::MEMBERS.iter().map(of_state).collect(),
        })
    }

    /// What a user plays, and what they wish for: of each the entries that were changed last.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn entries(&self, user: &UserId) -> Result<Vec<HomeEntry>, StoreError> {
        let newest = |state: State| {
            self.control
                .select::<library_entry::Entity>()
                .and_where(library_entry::Column::User.eq(user.as_str()))
                .and_where(library_entry::Column::State.eq(state.number()))
                .order_by(("library_entry", library_entry::Column::ChangedMs), Order::Desc)
                .order_by(("library_entry", library_entry::Column::Title), Order::Asc)
                .limit(HOME_GAMES)
                .to_owned()
        };
        let Some(select) = union_all([State::Ongoing, State::Wishlist].map(newest)) else { return Ok(Vec::new()) };
        let mut rows: Vec<library_entry::Model> = self.control.all(&select).await?;
        rows.sort_by_key(|row| (std::cmp::Reverse(row.changed_ms), row.title));
        let entry = |row: library_entry::Model| HomeEntry {
            title: TitleId(row.title),
            state: State::of_number(row.state),
            since_ms: row.since_ms,
            minutes: i64::from(row.loose_minutes) + i64::from(row.played_minutes),
            score: row.score,
        };
        Ok(rows.into_iter().map(entry).collect())
    }
}
