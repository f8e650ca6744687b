//! Lists of titles in the order of names, and how many titles there are of each platform, genre and year.

use entity::control::catalogue::{title, title_genre, title_platform};
use sea_orm::{
    FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::{Sight, Store, candidates::passes};
use crate::{
    catalogue::titles::model::{Count, Filter, TitleId},
    platform::{
        error::StoreError,
        page::{Page, rows_for},
    },
};

/// Platforms, genres or years that are counted, at most.
const COUNTED: u64 = 100;

#[derive(FromQueryResult)]
struct CountRow {
    value: String,
    count: i64,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct KeyRow {
    name_key: String,
}

fn of_title(column: title::Column) -> Expr {
    Expr::col(("title", column))
}

impl Store {
    /// Begins a query for titles that pass a filter, from the table whose index is in the order of the list. Returns the column with
    /// the folded name, and the one with the id.
    fn begin_in_order(&self, select: &mut SelectStatement, filter: &Filter) -> (Expr, Expr) {
        let control = &self.control;
        let (key, id) = if let Some(platform) = &filter.platform {
            let column = |column| Expr::col(("title_platform", column));
            select
                .from(control.table(title_platform::Entity))
                .inner_join(
                    control.table(title::Entity),
                    of_title(title::Column::Id).equals(("title_platform", title_platform::Column::Title)),
                )
                .and_where(column(title_platform::Column::Platform).eq(platform.as_str()));
            (column(title_platform::Column::NameKey), column(title_platform::Column::Title))
        } else if let Some(genre) = &filter.genre {
            let column = |column| Expr::col(("title_genre", column));
            select
                .from(control.table(title_genre::Entity))
                .inner_join(
                    control.table(title::Entity),
                    of_title(title::Column::Id).equals(("title_genre", title_genre::Column::Title)),
                )
                .and_where(column(title_genre::Column::Genre).eq(genre.as_str()));
            (column(title_genre::Column::NameKey), column(title_genre::Column::Title))
        } else {
            select.from(control.table(title::Entity));
            (of_title(title::Column::NameKey), of_title(title::Column::Id))
        };
        if let Some(condition) = passes(filter, filter.platform.is_some(), filter.platform.is_none()) {
            select.and_where(condition);
        }
        (key, id)
    }

    /// A page of the titles that pass a filter, in the order of names, after a title.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(
        &self,
        sight: Sight<'_>,
        filter: &Filter,
        after: Option<TitleId>,
        limit: usize,
    ) -> Result<Page<TitleId>, StoreError> {
        let mut select = Query::select();
        let (key, id) = self.begin_in_order(&mut select, filter);
        if let Some(after) = after {
            let after_key = Query::select()
                .column(title::Column::NameKey)
                .from(self.control.table(title::Entity))
                .and_where(of_title(title::Column::Id).eq(after.0))
                .to_owned();
            let rows: Vec<KeyRow> = self.control.all(&after_key).await?;
            if let Some(KeyRow { name_key }) = rows.into_iter().next() {
                let further = Expr::tuple([key.clone(), id.clone()]).gt(Expr::tuple([name_key.into(), after.0.into()]));
                select.and_where(further);
            }
        }
        select
            .expr_as(id.clone(), "id")
            .and_where(sight.condition())
            .order_by_expr(key, Order::Asc)
            .order_by_expr(id, Order::Asc)
            .limit(rows_for(limit));
        let rows: Vec<IdRow> = self.control.all(&select).await?;
        Ok(Page::cut(rows.into_iter().map(|row| TitleId(row.id)).collect(), limit))
    }

    /// A page of the titles that await approval, in the order in which they were added: a user's own, or all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn waiting(
        &self,
        sight: Sight<'_>,
        after: Option<TitleId>,
        limit: usize,
    ) -> Result<Page<TitleId>, StoreError> {
        let mut select = Query::select();
        select
            .expr_as(of_title(title::Column::Id), "id")
            .from(self.control.table(title::Entity))
            .and_where(of_title(title::Column::PendingOf).is_not_null())
            .and_where(of_title(title::Column::Id).gt(after.map_or(0, |id| id.0)))
            .order_by_expr(of_title(title::Column::Id), Order::Asc)
            .limit(rows_for(limit));
        if let Sight::User(user) = sight {
            select.and_where(of_title(title::Column::PendingOf).eq(user.as_str()));
        }
        let rows: Vec<IdRow> = self.control.all(&select).await?;
        Ok(Page::cut(rows.into_iter().map(|row| TitleId(row.id)).collect(), limit))
    }

    /// How many approved titles that pass a filter there are of each platform, genre and year, the most first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counts(&self, filter: &Filter) -> Result<[Vec<Count>; 3], StoreError> {
        let control = &self.control;
        let grouped = |mut select: SelectStatement, value: Expr| {
            select
                .expr_as(value.clone(), "value")
                .expr_as(Expr::cust("count(*)"), "count")
                .and_where(Sight::Approved.condition());
            if let Some(condition) = passes(filter, false, false) {
                select.and_where(condition);
            }
            select
                .add_group_by([value])
                .order_by_expr(Expr::cust("count(*)"), Order::Desc)
                .order_by("value", Order::Asc)
                .limit(COUNTED)
                .to_owned()
        };
        let its = |table: &'static str, column: &'static str| of_title(title::Column::Id).equals((table, column));
        let platforms = Query::select()
            .from_as(control.table(title_platform::Entity), "of")
            .inner_join(control.table(title::Entity), its("of", "title"))
            .to_owned();
        let platforms = grouped(platforms, Expr::col(("of", title_platform::Column::Platform)));
        let genres = Query::select()
            .from_as(control.table(title_genre::Entity), "of")
            .inner_join(control.table(title::Entity), its("of", "title"))
            .to_owned();
        let genres = grouped(genres, Expr::col(("of", title_genre::Column::Genre)));
        let mut years = Query::select();
        years.from(control.table(title::Entity)).and_where(of_title(title::Column::Year).is_not_null());
        let years = grouped(years, of_title(title::Column::Year).cast_as("text"));
        let (platforms, genres, years) =
            tokio::join!(control.all(&platforms), control.all(&genres), control.all(&years));
        let count = |CountRow { value, count }: CountRow| Count { value, count };
        Ok([platforms?, genres?, years?].map(|rows: Vec<CountRow>| rows.into_iter().map(count).collect()))
    }
}
