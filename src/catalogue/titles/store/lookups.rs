//! Finds titles exactly: by the ids of others, and by folded names.

use std::collections::BTreeMap;

use entity::control::catalogue::{title, title_external, title_name};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

use super::{Sight, Store};
use crate::{
    catalogue::titles::model::{ExternalId, Platform, TitleId, matching::Namesake},
    platform::{db::Dialect, error::StoreError},
};

/// Values in one statement.
const AT_ONCE: usize = 500;

/// Titles that have a name, with what tells them apart.
pub type Namesakes = BTreeMap<String, Vec<Namesake>>;

#[derive(FromQueryResult)]
struct NamesakeRow {
    key: String,
    id: i64,
    year: Option<i32>,
    platforms: String,
}

impl Store {
    /// Runs a query by itself, or in a transaction.
    pub(super) async fn rows_in<M: FromQueryResult>(
        &self,
        transaction: Option<&DatabaseTransaction>,
        select: &SelectStatement,
    ) -> Result<Vec<M>, StoreError> {
        match transaction {
            Some(transaction) => self.control.returned(transaction, select).await,
            None => self.control.all(select).await,
        }
    }

    /// The condition that a column holds one of these texts; PostgreSQL gets them as one array, so that the statement does not depend
    /// on their number.
    pub(super) fn one_of(&self, column: Expr, texts: &[String]) -> Expr {
        match self.control.dialect() {
            Dialect::Postgres => column.eq(sea_orm::sea_query::extension::postgres::PgFunc::any(texts.to_vec())),
            Dialect::Sqlite => column.is_in(texts.iter().cloned()),
        }
    }

    /// The titles that these ids of a source stand for, merged ones as what they were merged into.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn by_external(
        &self,
        transaction: Option<&DatabaseTransaction>,
        source: &str,
        ids: &[String],
    ) -> Result<BTreeMap<String, TitleId>, StoreError> {
        let mut found = BTreeMap::new();
        for ids in ids.chunks(AT_ONCE) {
            let select = self
                .control
                .select::<title_external::Entity>()
                .and_where(title_external::Column::Source.eq(source))
                .and_where(self.one_of(Expr::col(("title_external", title_external::Column::External)), ids))
                .to_owned();
            let rows: Vec<title_external::Model> = self.rows_in(transaction, &select).await?;
            found.extend(rows.into_iter().map(|row| (row.external, TitleId(row.title))));
        }
        Ok(found)
    }

    /// The titles with these folded names, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn namesakes(
        &self,
        transaction: Option<&DatabaseTransaction>,
        sight: Sight<'_>,
        keys: &[String],
    ) -> Result<Namesakes, StoreError> {
        let mut found = Namesakes::new();
        for keys in keys.chunks(AT_ONCE) {
            let select = Query::select()
                .expr_as(Expr::col(("title_name", title_name::Column::NameKey)), "key")
                .expr_as(Expr::col(("title", title::Column::Id)), "id")
                .expr_as(Expr::col(("title", title::Column::Year)), "year")
                .expr_as(Expr::col(("title", title::Column::Platforms)), "platforms")
                .from(self.control.table(title_name::Entity))
                .inner_join(
                    self.control.table(title::Entity),
                    Expr::col(("title", title::Column::Id)).equals(("title_name", title_name::Column::Title)),
                )
                .and_where(self.one_of(Expr::col(("title_name", title_name::Column::NameKey)), keys))
                .and_where(sight.condition())
                .to_owned();
            let rows: Vec<NamesakeRow> = self.rows_in(transaction, &select).await?;
            for row in rows {
                let platforms = row.platforms.split(',').filter_map(|word| Platform::parse(word).ok()).collect();
                let namesake = Namesake { id: TitleId(row.id), year: row.year, platforms, is_other: false };
                found.entry(row.key).or_default().push(namesake);
            }
        }
        for namesakes in found.values_mut() {
            namesakes.sort_unstable_by_key(|one| one.id);
        }
        Ok(found)
    }

    /// Which of these titles have an id in a source.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn known_to(
        &self,
        transaction: &DatabaseTransaction,
        source: &str,
        titles: &[i64],
    ) -> Result<Vec<(TitleId, ExternalId)>, StoreError> {
        if titles.is_empty() {
            return Ok(Vec::new());
        }
        let select = self
            .control
            .select::<title_external::Entity>()
            .and_where(self.control.among(title_external::Column::Title, titles))
            .and_where(title_external::Column::Source.eq(source))
            .to_owned();
        let rows: Vec<title_external::Model> = self.control.returned(transaction, &select).await?;
        let known = rows
            .into_iter()
            .filter_map(|row| Some((TitleId(row.title), ExternalId::parse(&row.source, &row.external).ok()?)));
        Ok(known.collect())
    }
}
