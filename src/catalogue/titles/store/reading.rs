//! Reads titles by their ids.

use std::collections::BTreeMap;

use entity::control::catalogue::{title, title_external, title_game};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};

use super::{Sight, Store, title_of, words};
use crate::{
    catalogue::titles::model::{ExternalId, Title, TitleCard, TitleId},
    platform::error::StoreError,
};

/// Titles merged into one of which what refers to them is found.
const MAX_MERGED: u64 = 99;

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

/// An id elsewhere, or a game.
#[derive(FromQueryResult)]
struct AroundRow {
    source: String,
    external: String,
    game: Option<i32>,
}

impl Store {
    /// The rows of titles, by the ids that were asked for: of a title that was merged into another, the row of that.
    async fn rows(&self, ids: &[TitleId]) -> Result<BTreeMap<i64, title::Model>, StoreError> {
        let mut asked: BTreeMap<i64, title::Model> = self.rows_as_they_are(ids.iter().map(|id| id.0).collect()).await?;
        let merged: BTreeMap<i64, i64> = asked.iter().filter_map(|(id, row)| Some((*id, row.merged_into?))).collect();
        if !merged.is_empty() {
            let targets = self.rows_as_they_are(merged.values().copied().collect()).await?;
            for (id, into) in merged {
                match targets.get(&into) {
                    Some(row) => asked.insert(id, row.clone()),
                    None => asked.remove(&id),
                };
            }
        }
        Ok(asked)
    }

    async fn rows_as_they_are(&self, ids: Vec<i64>) -> Result<BTreeMap<i64, title::Model>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let select =
            self.control.select::<title::Entity>().and_where(self.control.among(title::Column::Id, &ids)).to_owned();
        let rows: Vec<title::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// What lists show of these titles, in this order; those that are not there, or not seen, are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cards(&self, sight: Sight<'_>, ids: &[TitleId]) -> Result<Vec<TitleCard>, StoreError> {
        let rows = self.rows(ids).await?;
        let card = |asked: &TitleId| {
            let row = rows.get(&asked.0).filter(|row| sight.sees(row.pending_of.as_deref()))?;
            Some(TitleCard {
                asked: *asked,
                id: TitleId(row.id),
                name: row.name.clone(),
                year: row.year,
                platforms: words(&row.platforms).map(str::to_owned).collect(),
                genres: words(&row.genres).map(str::to_owned).collect(),
                is_pending: row.pending_of.is_some(),
            })
        };
        Ok(ids.iter().filter_map(card).collect())
    }

    /// The ids that stand for a title, a hundred at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ids_of(&self, title: TitleId) -> Result<Vec<TitleId>, StoreError> {
        let merged = Query::select()
            .column(title::Column::Id)
            .from(self.control.table(title::Entity))
            .and_where(title::Column::MergedInto.eq(title.0))
            .limit(MAX_MERGED)
            .to_owned();
        let rows: Vec<IdRow> = self.control.all(&merged).await?;
        Ok([title].into_iter().chain(rows.into_iter().map(|row| TitleId(row.id))).collect())
    }

    /// A title, or the one that it was merged into; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn title(&self, id: TitleId) -> Result<Option<Title>, StoreError> {
        let Some(row) = self.rows(&[id]).await?.remove(&id.0) else { return Ok(None) };
        let mut title = title_of(&row)?;
        let around: Vec<AroundRow> = self.control.all(&self.around(title.id)).await?;
        for row in around {
            match row.game {
                Some(game) => title.games.push(game),
                None => title.external.extend(ExternalId::parse(&row.source, &row.external).ok()),
            }
        }
        title.games.sort_unstable();
        title.external.sort_unstable();
        Ok(Some(title))
    }

    /// What other tables have of a title, as one statement: its ids elsewhere, and the games of studios that it is.
    fn around(&self, title: TitleId) -> SelectStatement {
        let mut around = Query::select()
            .columns([title_external::Column::Source, title_external::Column::External])
            .expr_as(Expr::cust("CAST(NULL AS INTEGER)"), title_game::Column::Game)
            .from(self.control.table(title_external::Entity))
            .and_where(title_external::Column::Title.eq(title.0))
            .to_owned();
        let games = Query::select()
            .expr(Expr::cust("''"))
            .expr(Expr::cust("''"))
            .column(title_game::Column::Game)
            .from(self.control.table(title_game::Entity))
            .and_where(title_game::Column::Title.eq(title.0))
            .to_owned();
        around.union(UnionType::All, games).to_owned()
    }
}
