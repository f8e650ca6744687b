//! What libraries come to, as triggers keep it.

use std::collections::BTreeMap;

use entity::control::journal::library_count;
use sea_orm::{
    EntityName, IntoSimpleExpr as _,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement},
};

use super::Store;
use crate::{
    identity::{access::UserId, people},
    journal::library::model::{Count, GenreCount, PlatformCount, State, StateCount, Statistics},
    platform::{error::StoreError, named::Named},
};

/// The kind of the counts of entries by state.
const STATES: i16 = 0;

/// By genre.
const GENRES: i16 = 1;

/// By platform.
const PLATFORMS: i16 = 2;

/// Of all entries.
pub(super) const TOTAL: i16 = 3;

/// Genres, and platforms, that statistics show.
const SHOWN: usize = 50;

/// The users whose libraries, as everybody may see them, have so many completed games, or so many minutes, within the bounds: in
/// all, or of a genre or on a platform. For a search of people; one column, `user`.
#[must_use]
pub fn people_with(
    genre: Option<&str>,
    platform: Option<&str>,
    completed: (Option<i64>, Option<i64>),
    minutes: (Option<i64>, Option<i64>),
) -> SelectStatement {
    let (kind, key) = match (genre, platform) {
        (Some(genre), _) => (GENRES, genre),
        (None, Some(platform)) => (PLATFORMS, platform),
        (None, None) => (TOTAL, ""),
    };
    let column = |column: library_count::Column| Expr::col(("library_count", column));
    let mut select = Query::select();
    select
        .expr_as(column(library_count::Column::User), "user")
        .from(Alias::new(library_count::Entity.table_name()))
        // Word for word as in the index.
        .and_where(Expr::cust(r#""library_count"."audience" = 0"#))
        .and_where(column(library_count::Column::Kind).eq(kind))
        .and_where(column(library_count::Column::Key).eq(key));
    for (number, (least, most)) in
        [(library_count::Column::Completed, completed), (library_count::Column::Minutes, minutes)]
    {
        if let Some(least) = least {
            select.and_where(column(number).gte(least));
        }
        if let Some(most) = most {
            select.and_where(column(number).lte(most));
        }
    }
    select.take()
}

fn add(count: &mut Count, row: &library_count::Model) {
    count.entries += row.entries;
    count.completed += row.completed;
    count.minutes += row.minutes;
}

/// Those with most time, and of those alike with most entries, first.
fn ranked(counts: BTreeMap<String, Count>) -> Vec<(String, Count)> {
    let mut ranked: Vec<(String, Count)> = counts.into_iter().collect();
    ranked.sort_by_key(|(_, count)| std::cmp::Reverse((count.minutes, count.entries)));
    ranked.truncate(SHOWN);
    ranked
}

impl Store {
    /// What of a library the viewer sees comes to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn statistics(&self, viewer: Option<&UserId>, owner: &UserId) -> Result<Statistics, StoreError> {
        let column = |column: library_count::Column| Expr::col(("library_count", column));
        let visible =
            people::visible_to(viewer, column(library_count::Column::User), column(library_count::Column::Audience));
        let select = self
            .control
            .select::<library_count::Entity>()
            .and_where(library_count::Column::User.into_simple_expr().eq(owner.as_str()))
            .cond_where(visible)
            .to_owned();
        let rows: Vec<library_count::Model> = self.control.all(&select).await?;
        let mut statistics = Statistics::default();
        let mut states: BTreeMap<i16, Count> = BTreeMap::new();
        let (mut genres, mut platforms) = (BTreeMap::new(), BTreeMap::new());
        for row in &rows {
            match row.kind {
                TOTAL => {
                    add(&mut statistics.total, row);
                    statistics.scored += row.scored;
                    statistics.score_sum += row.score_sum;
                }
                STATES => add(states.entry(row.key.parse().unwrap_or_default()).or_default(), row),
                GENRES => add(genres.entry(row.key.clone()).or_default(), row),
                _ => add(platforms.entry(row.key.clone()).or_default(), row),
            }
        }
        let state = |state: &State| StateCount {
            state: *state,
            count: states.get(&state.number()).copied().unwrap_or_default(),
        };
        statistics.states = State::MEMBERS.iter().map(state).collect();
        statistics.genres = ranked(genres).into_iter().map(|(genre, count)| GenreCount { genre, count }).collect();
        statistics.platforms =
            ranked(platforms).into_iter().map(|(platform, count)| PlatformCount { platform, count }).collect();
        Ok(statistics)
    }
}
