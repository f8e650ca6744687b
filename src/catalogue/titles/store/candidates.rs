//! Finds names that may be what somebody has typed, a bounded number of each sort; [`rank`](super::super::model::rank) puts them in
//! order. Both databases give the same, but for names that resemble what was typed by trigrams: of those each gives the most
//! alike by its own measure.

use entity::control::catalogue::{title, title_genre, title_name, title_platform, title_slip};
use sea_orm::{
    FromQueryResult,
    sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement},
};

use super::{Sight, Store};
use crate::{
    catalogue::titles::model::{
        Filter,
        grams::{self, Word},
        rank::Asked,
    },
    platform::{db::Dialect, error::StoreError},
};

/// Names that begin with what was typed, at most.
const BEGINNINGS: u64 = 60;

/// Names with one letter more, less or elsewhere, at most.
const SLIPS: u64 = 600;

/// Names that contain all words, at most.
const CONTAINING: u64 = 200;

/// Names that share trigrams, at most: PostgreSQL gives the most alike by the measure that counts.
const ALIKE: u64 = 500;

/// The same of SQLite, whose measure is another: the most alike are among so many.
const ALIKE_BY_RANK: u64 = 3000;

/// A name that may be what somebody has typed.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Candidate {
    /// The title.
    pub title: i64,
    /// The folded name.
    pub name_key: String,
}

#[derive(FromQueryResult)]
struct IndexRow {
    is_there: bool,
}

fn name(column: title_name::Column) -> Expr {
    Expr::col(("title_name", column))
}

fn id_of_title() -> Expr {
    Expr::col(("title", title::Column::Id))
}

/// The condition on the table `title`, but for the platform or genre that the statement begins with.
pub(super) fn passes(filter: &Filter, but_platform: bool, but_genre: bool) -> Option<Expr> {
    let year = || Expr::col(("title", title::Column::Year));
    let platform = filter.platform.as_ref().filter(|_| !but_platform).map(|platform| {
        let rows = Query::select()
            .expr(Expr::val(1))
            .from(title_platform::Entity)
            .and_where(Expr::col(("title_platform", title_platform::Column::Title)).eq(id_of_title()))
            .and_where(Expr::col(("title_platform", title_platform::Column::Platform)).eq(platform.as_str()))
            .to_owned();
        Expr::exists(rows)
    });
    let genre = filter.genre.as_ref().filter(|_| !but_genre).map(|genre| {
        let rows = Query::select()
            .expr(Expr::val(1))
            .from(title_genre::Entity)
            .and_where(Expr::col(("title_genre", title_genre::Column::Title)).eq(id_of_title()))
            .and_where(Expr::col(("title_genre", title_genre::Column::Genre)).eq(genre.as_str()))
            .to_owned();
        Expr::exists(rows)
    });
    let years = match (filter.year_from, filter.year_to) {
        (Some(from), Some(to)) if from == to => Some(year().eq(from)),
        (from, to) => {
            let from = from.map(|from| year().gte(from));
            let to = to.map(|to| year().lte(to));
            from.into_iter().chain(to).reduce(ExprTrait::and)
        }
    };
    [platform, genre, years].into_iter().flatten().reduce(ExprTrait::and)
}

/// A query for names of titles that are seen and pass the filter.
fn names(sight: Sight<'_>, filter: &Filter) -> SelectStatement {
    let mut select = Query::select();
    select
        .expr_as(name(title_name::Column::Title), "title")
        .expr_as(name(title_name::Column::NameKey), "name_key")
        .and_where(sight.condition());
    if let Some(condition) = passes(filter, false, false) {
        select.and_where(condition);
    }
    select
}

impl Store {
    /// Whether the index of trigrams is there: on PostgreSQL it needs an extension.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn has_trigrams(&self) -> Result<bool, StoreError> {
        if self.control.dialect() == Dialect::Sqlite {
            return Ok(true);
        }
        let select =
            Query::select().expr_as(Expr::cust("to_regclass('title_name_search') IS NOT NULL"), "is_there").to_owned();
        let rows: Vec<IndexRow> = self.control.all(&select).await?;
        Ok(rows.first().is_some_and(|row| row.is_there))
    }

    fn join_title(&self, select: &mut SelectStatement) {
        select.inner_join(
            self.control.table(title::Entity),
            id_of_title().equals(("title_name", title_name::Column::Title)),
        );
    }

    /// The names that begin with what was typed, itself included.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn beginning(
        &self,
        asked: &Asked,
        sight: Sight<'_>,
        filter: &Filter,
    ) -> Result<Vec<Candidate>, StoreError> {
        let mut select = names(sight, filter);
        select.from(self.control.table(title_name::Entity));
        self.join_title(&mut select);
        select
            .and_where(name(title_name::Column::NameKey).gte(asked.key()))
            .and_where(name(title_name::Column::NameKey).lt(format!("{}\u{10ffff}", asked.key())))
            .order_by(("title_name", title_name::Column::NameKey), Order::Asc)
            .order_by(("title_name", title_name::Column::Id), Order::Asc)
            .limit(BEGINNINGS);
        self.control.all(&select).await
    }

    /// Short names that differ from what was typed by one letter or two.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn slipped(
        &self,
        asked: &Asked,
        sight: Sight<'_>,
        filter: &Filter,
    ) -> Result<Vec<Candidate>, StoreError> {
        let hashes = grams::slips(asked.key(), &grams::ASKED_LETTERS);
        if hashes.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = names(sight, filter);
        let hash = Expr::col(("title_slip", title_slip::Column::Hash));
        let is_one = match self.control.dialect() {
            Dialect::Postgres => hash.eq(sea_orm::sea_query::extension::postgres::PgFunc::any(hashes)),
            Dialect::Sqlite => hash.is_in(hashes),
        };
        select.from(self.control.table(title_slip::Entity)).inner_join(
            self.control.table(title_name::Entity),
            name(title_name::Column::Id).equals(("title_slip", title_slip::Column::Name)),
        );
        self.join_title(&mut select);
        select.and_where(is_one).order_by(("title_name", title_name::Column::Id), Order::Asc).limit(SLIPS);
        self.control.all(&select).await
    }

    /// The names that contain all words, the shortest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn containing(
        &self,
        asked: &Asked,
        sight: Sight<'_>,
        filter: &Filter,
    ) -> Result<Vec<Candidate>, StoreError> {
        let mut select = names(sight, filter);
        match self.control.dialect() {
            Dialect::Postgres => {
                select.from(self.control.table(title_name::Entity));
                for word in asked.words() {
                    select.and_where(name(title_name::Column::SearchText).like(format!("%{}%", word.pattern())));
                }
            }
            Dialect::Sqlite => {
                let trigrams: Vec<[u8; 3]> = asked.words().iter().flat_map(Word::inner_trigrams).collect();
                self.search_for(&mut select, &in_quotes(&trigrams, " AND "));
                for word in asked.words().iter().filter(|word| word.pattern().len() > 3) {
                    let place = Func::cust("instr").arg(name(title_name::Column::SearchText)).arg(word.pattern());
                    select.and_where(Expr::from(place).gt(0));
                }
            }
        }
        self.join_title(&mut select);
        let length = Func::char_length(name(title_name::Column::NameKey));
        select
            .order_by_expr(length.into(), Order::Asc)
            .order_by(("title_name", title_name::Column::NameKey), Order::Asc)
            .order_by(("title_name", title_name::Column::Id), Order::Asc)
            .limit(CONTAINING);
        self.control.all(&select).await
    }

    /// The names that share most trigrams with what was typed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn alike(&self, asked: &Asked, sight: Sight<'_>, filter: &Filter) -> Result<Vec<Candidate>, StoreError> {
        let mut select = names(sight, filter);
        let most = if self.control.dialect() == Dialect::Postgres { ALIKE } else { ALIKE_BY_RANK };
        match self.control.dialect() {
            Dialect::Postgres => {
                let text = grams::search_text(asked.words());
                select
                    .from(self.control.table(title_name::Entity))
                    .and_where(Expr::cust_with_values(r#""title_name"."search_text" % $1"#, [text.clone()]))
                    .order_by_expr(
                        Func::cust("similarity").arg(name(title_name::Column::SearchText)).arg(text).into(),
                        Order::Desc,
                    );
            }
            Dialect::Sqlite => {
                self.search_for(&mut select, &in_quotes(&asked.telling_trigrams(), " OR "));
                select.order_by_expr(Expr::cust(r#""title_search"."rank""#), Order::Asc);
            }
        }
        self.join_title(&mut select);
        select.order_by(("title_name", title_name::Column::Id), Order::Asc).limit(most);
        self.control.all(&select).await
    }

    /// SQLite's index of trigrams, and the names that it finds.
    fn search_for(&self, select: &mut SelectStatement, question: &str) {
        select
            .from("title_search")
            .inner_join(
                self.control.table(title_name::Entity),
                name(title_name::Column::Id).eq(Expr::cust(r#""title_search"."rowid""#)),
            )
            .and_where(Expr::cust_with_values(r#""title_search" MATCH ?"#, [question]));
    }
}

/// Trigrams as FTS5 takes them; they are of letters, digits and spaces alone.
fn in_quotes(trigrams: &[[u8; 3]], between: &str) -> String {
    let quoted = |three: &[u8; 3]| format!("\"{}\"", String::from_utf8_lossy(three));
    trigrams.iter().map(quoted).collect::<Vec<_>>().join(between)
}
