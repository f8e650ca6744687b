//! Lists of a library.

use std::collections::BTreeMap;

use entity::control::journal::{library_entry, playthrough};
use sea_orm::{
    FromQueryResult, Iterable, QueryResult,
    sea_query::{Alias, Condition, Expr, ExprTrait, Func, LikeExpr, Order, Query, SelectStatement},
};

use super::{Store, reading::With};
use crate::{
    catalogue::titles::{Genre, Platform, TitleId, fold, fragments},
    identity::{access::UserId, people},
    journal::library::model::{Cursor, Entry, Filter, ListRequest, Sort, SortKey},
    platform::{
        error::StoreError,
        page::{Page, rows_for},
    },
};

/// An entry of a list, with its place in it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The entry, without its history.
    pub entry: Entry,
    /// Its place.
    pub cursor: Cursor,
}

/// A row with what the list is sorted by.
struct ListedRow {
    entry: library_entry::Model,
    key: SortKey,
}

impl FromQueryResult for ListedRow {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        let entry = library_entry::Model::from_query_result(row, prefix)?;
        let key = match row.try_get::<Option<String>>(prefix, "name_order")? {
            Some(name) => SortKey::Text(name),
            None => SortKey::Number(row.try_get(prefix, "number_order")?),
        };
        Ok(Self { entry, key })
    }
}

fn column(column: library_entry::Column) -> Expr {
    Expr::col(("library_entry", column))
}

/// What a list is sorted by.
fn order(sort: Sort) -> Expr {
    match sort {
        Sort::Changed => column(library_entry::Column::ChangedMs),
        Sort::Added => column(library_entry::Column::AddedMs),
        Sort::Name => fragments::name_key(),
        // What has no score comes after all that has.
        Sort::Score => {
            let score = Func::coalesce([column(library_entry::Column::Score), Expr::val(-1)]);
            Expr::from(score).cast_as(Alias::new("bigint"))
        }
        Sort::Minutes => {
            let sum = column(library_entry::Column::LooseMinutes).add(column(library_entry::Column::PlayedMinutes));
            sum.cast_as(Alias::new("bigint"))
        }
    }
}

/// The condition that an entry comes after the last one of the page before.
fn after(order: Expr, cursor: &Cursor, is_ascending: bool) -> Expr {
    let title = column(library_entry::Column::Title);
    let key = match &cursor.key {
        SortKey::Number(number) => Expr::val(*number),
        SortKey::Text(text) => Expr::val(text.as_str()),
    };
    let (here, last) = (Expr::tuple([order, title]), Expr::tuple([key, Expr::val(cursor.title.0)]));
    if is_ascending { here.gt(last) } else { here.lt(last) }
}

fn filter(select: &mut SelectStatement, filter: &Filter) {
    if !filter.states.is_empty() {
        let states = filter.states.iter().map(|state| state.number());
        select.and_where(column(library_entry::Column::State).is_in(states));
    }
    if let Some(least) = filter.score_min {
        select.and_where(column(library_entry::Column::Score).gte(i16::from(least)));
    }
    if let Some(platform) = filter.platform.as_deref().and_then(|text| Platform::parse(text).ok()) {
        let run = |column: playthrough::Column| Expr::col(("playthrough", column));
        let played = Query::select()
            .expr(Expr::val(1))
            .from(Alias::new("playthrough"))
            .and_where(run(playthrough::Column::User).eq(column(library_entry::Column::User)))
            .and_where(run(playthrough::Column::Title).eq(column(library_entry::Column::Title)))
            .and_where(run(playthrough::Column::Platform).eq(platform.as_str()))
            .to_owned();
        select.and_where(Expr::exists(played));
    }
    if let Some(genre) = filter.genre.as_deref().and_then(|text| Genre::parse(text).ok()) {
        select.and_where(fragments::has_genre(column(library_entry::Column::Title), &genre));
    }
    if let Some(name) = &filter.name {
        let mut pattern = "%".to_owned();
        for letter in fold(name).chars() {
            if matches!(letter, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(letter);
        }
        pattern.push('%');
        select.and_where(fragments::name_key().like(LikeExpr::new(pattern).escape('\\')));
    }
}

/// That a user has a title in their library: a condition of other statements, whose columns must name their tables.
#[must_use]
pub fn in_library(user: impl Into<Expr>, title: impl Into<Expr>) -> Expr {
    let entry = Query::select()
        .expr(Expr::val(1))
        .from(Alias::new("library_entry"))
        .and_where(column(library_entry::Column::User).eq(user))
        .and_where(column(library_entry::Column::Title).eq(title))
        .to_owned();
    Expr::exists(entry)
}

impl Store {
    /// A page of a library, as far as the viewer sees it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(
        &self,
        viewer: Option<&UserId>,
        owner: &UserId,
        request: &ListRequest,
    ) -> Result<Page<Listed>, StoreError> {
        let mut select = Query::select();
        for each in library_entry::Column::iter() {
            select.expr(column(each));
        }
        let (by, is_ascending) = (order(request.sort), request.is_ascending());
        let (name, number) = match request.sort {
            Sort::Name => (by.clone(), Expr::val(0_i64)),
            _ => (Expr::val(None::<String>).cast_as(Alias::new("text")), by.clone()),
        };
        select.expr_as(name, "name_order").expr_as(number.cast_as(Alias::new("bigint")), "number_order");
        select.from(self.control.table(library_entry::Entity));
        select.and_where(column(library_entry::Column::User).eq(owner.as_str()));
        let is_owner = viewer == Some(owner);
        // An owner sees each title of theirs: they could not have added another.
        if !is_owner || request.sort == Sort::Name || request.filter.name.is_some() {
            fragments::join(&mut select, column(library_entry::Column::Title));
        }
        if !is_owner {
            select.and_where(fragments::visible_to(viewer));
            let (user, audience) = (column(library_entry::Column::User), column(library_entry::Column::Audience));
            let visible: Condition = people::visible_to(viewer, user, audience);
            select.cond_where(visible);
        }
        filter(&mut select, &request.filter);
        if let Some(cursor) = &request.after {
            select.and_where(after(by.clone(), cursor, is_ascending));
        }
        let direction = if is_ascending { Order::Asc } else { Order::Desc };
        select.order_by_expr(by, direction.clone()).order_by_expr(column(library_entry::Column::Title), direction);
        select.limit(rows_for(request.limit));
        let rows: Vec<ListedRow> = self.control.all(&select).await?;
        let page = Page::cut(rows, request.limit);
        let mut entries: BTreeMap<i64, Entry> =
            page.items.iter().map(|row| (row.entry.title, row.entry.clone().into())).collect();
        self.fill(None, owner, &mut entries, With::Playthroughs).await?;
        let listed = page.items.into_iter().filter_map(|row| {
            let title = TitleId(row.entry.title);
            Some(Listed { entry: entries.remove(&title.0)?, cursor: Cursor { key: row.key, title } })
        });
        Ok(Page { items: listed.collect(), more: page.more })
    }

    /// The titles of a library after one, in the order of their ids, for exports.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn titles_after(&self, owner: &UserId, after: i64, limit: u64) -> Result<Vec<i64>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            title: i64,
        }
        let select = Query::select()
            .expr_as(column(library_entry::Column::Title), "title")
            .from(self.control.table(library_entry::Entity))
            .and_where(column(library_entry::Column::User).eq(owner.as_str()))
            .and_where(column(library_entry::Column::Title).gt(after))
            .order_by_expr(column(library_entry::Column::Title), Order::Asc)
            .limit(limit)
            .to_owned();
        let rows: Vec<Row> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(|row| row.title).collect())
    }
}
