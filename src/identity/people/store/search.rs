//! The SQL of searches for people.

use entity::control::identity::{name_word, place, profile};
use sea_orm::{
    FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::{CardRow, Store, of_profile};
use crate::{
    identity::{
        access::UserId,
        people::model::{Cell, Found, Search},
        profiles::{known_to, visible_to},
    },
    platform::error::StoreError,
};

#[derive(FromQueryResult)]
struct FoundRow {
    #[sea_orm(nested)]
    card: CardRow,
    cell: Option<i64>,
    shared_games: i64,
}

/// The words that begin with a prefix, as a range: no letter comes after the last one.
fn begins_with(table: &'static str, prefix: &str) -> Expr {
    let word = || Expr::col((table, name_word::Column::Word));
    word().gte(prefix).and(word().lt(format!("{prefix}\u{10ffff}")))
}

impl Store {
    /// At most `most` people for whom all of a search holds, of those in these cells where it is by place, in no order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn search(
        &self,
        viewer: &UserId,
        search: &Search,
        cells: Option<&[Cell]>,
        most: u64,
    ) -> Result<Vec<Found>, StoreError> {
        let person = || of_profile(profile::Column::UserId);
        let mut select = self.all_cards();
        select
            .expr_as((self.statistics.shared_games)(viewer, person()).cast_as("bigint"), "shared_games")
            .and_where(person().ne(viewer.as_str()))
            .cond_where(known_to(Some(viewer), person(), of_profile(profile::Column::Audience)))
            .limit(most);
        if let Some(cells) = cells {
            self.in_cells(&mut select, viewer, cells);
        } else {
            select.expr_as(Expr::val(None::<i64>), "cell");
        }
        if search.statistics.is_some() {
            select
                .and_where(of_profile(profile::Column::FoundByStatistics).eq(true))
                .and_where(person().in_subquery((self.statistics.people_with)(&search.statistics)));
        }
        self.with_words(&mut select, &search.words);
        let rows: Vec<FoundRow> = self.control.all(&select).await?;
        let found = |row: FoundRow| Found {
            card: row.card.into(),
            cell: row.cell.and_then(Cell::stored),
            band: None,
            shared_games: row.shared_games,
        };
        Ok(rows.into_iter().map(found).collect())
    }

    fn in_cells(&self, select: &mut SelectStatement, viewer: &UserId, cells: &[Cell]) {
        let numbers: Vec<i64> = cells.iter().map(|cell| cell.number()).collect();
        let of = |column: place::Column| Expr::col(("place", column));
        select
            .column(("place", place::Column::Cell))
            .inner_join(
                self.control.table(place::Entity),
                of(place::Column::UserId).equals(("profile", profile::Column::UserId)),
            )
            .and_where(of_profile(profile::Column::FoundByPlace).eq(true))
            .and_where(self.control.among(place::Column::Cell, &numbers))
            .cond_where(visible_to(Some(viewer), of(place::Column::UserId), of(place::Column::Audience)))
            .order_by(("place", place::Column::Cell), Order::Asc)
            .order_by(("place", place::Column::UserId), Order::Asc);
    }

    fn with_words(&self, select: &mut SelectStatement, words: &[String]) {
        // The longest is likely that of the fewest people.
        let Some(longest) = words.iter().max_by_key(|word| word.len()) else { return };
        let of_person = |table: &'static str| {
            Expr::col((table, name_word::Column::UserId)).equals(("profile", profile::Column::UserId))
        };
        select
            .inner_join(self.control.table(name_word::Entity), of_person("name_word"))
            .and_where(of_profile(profile::Column::FoundByName).eq(true))
            .and_where(begins_with("name_word", longest));
        for word in words.iter().filter(|word| *word != longest) {
            let has_it = Query::select()
                .expr(Expr::val(1))
                .from_as(self.control.table(name_word::Entity), "another_word")
                .and_where(of_person("another_word"))
                .and_where(begins_with("another_word", word))
                .to_owned();
            select.and_where(Expr::exists(has_it));
        }
        select
            .order_by(("name_word", name_word::Column::Word), Order::Asc)
            .order_by(("name_word", name_word::Column::UserId), Order::Asc);
    }
}
