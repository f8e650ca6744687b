//! Which title each row of an import means: by ids and by exact names, for many rows at once. Similar names are never looked for.

use std::collections::BTreeMap;

use super::Library;
use crate::{
    catalogue::titles::{NameMatch, NameQuery, Platform, TitleId, fold},
    identity::access::UserId,
    journal::library::model::{GameNames, LibraryError},
};

/// Titles of an unclear row that are named.
const NAMED: usize = 5;

/// The title of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// This one.
    One(TitleId),
    /// It is not known; why.
    Unclear(String),
}

impl Library {
    /// The titles that these rows mean, in their order.
    pub(super) async fn match_rows(&self, user: &UserId, rows: &[&GameNames]) -> Result<Vec<Meant>, LibraryError> {
        let mut found: Vec<Option<TitleId>> = self.by_own_ids(user, rows).await?;
        let external = self.by_external_ids(rows).await?;
        for (place, row) in found.iter_mut().zip(rows) {
            let known = || row.external.iter().find_map(|id| external.get(id).copied());
            *place = place.or_else(known);
        }
        let named: Vec<usize> =
            found.iter().enumerate().filter(|(_, found)| found.is_none()).map(|(place, _)| place).collect();
        let queries: Vec<NameQuery> = named.iter().filter_map(|place| rows.get(*place)).map(|row| query(row)).collect();
        let mut matches = self.titles.by_names(Some(user), &queries).await?.into_iter();
        let meant = found.into_iter().map(|title| match title {
            Some(title) => Meant::One(title),
            None => match matches.next() {
                Some(NameMatch::One(title)) => Meant::One(title),
                Some(NameMatch::Several(titles)) => Meant::Unclear(several(&titles)),
                Some(NameMatch::None) | None => Meant::Unclear("no game has this name".to_owned()),
            },
        });
        Ok(meant.collect())
    }

    /// Those that our own export names by their ids, where the name is that of the title.
    async fn by_own_ids(&self, user: &UserId, rows: &[&GameNames]) -> Result<Vec<Option<TitleId>>, LibraryError> {
        let ids: Vec<TitleId> = rows.iter().filter_map(|row| row.id.map(TitleId)).collect();
        let cards = self.cards(Some(user), &ids).await?;
        let same = |row: &&GameNames| {
            let card = cards.get(&TitleId(row.id?))?;
            (fold(&card.name) == fold(&row.name)).then_some(card.id)
        };
        Ok(rows.iter().map(same).collect())
    }

    /// What the ids of other catalogues stand for.
    async fn by_external_ids(&self, rows: &[&GameNames]) -> Result<BTreeMap<(String, String), TitleId>, LibraryError> {
        let mut sources: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (source, id) in rows.iter().flat_map(|row| &row.external) {
            sources.entry(source).or_default().push(id.clone());
        }
        let mut found = BTreeMap::new();
        for (source, mut ids) in sources {
            ids.sort_unstable();
            ids.dedup();
            for (id, title) in self.titles.by_external(source, &ids).await? {
                found.insert((source.to_owned(), id), title);
            }
        }
        Ok(found)
    }
}

fn query(row: &GameNames) -> NameQuery {
    let platform = row.platform.as_deref().and_then(|word| Platform::parse(word).ok());
    NameQuery { name_key: fold(&row.name), year: row.year, platform }
}

fn several(titles: &[TitleId]) -> String {
    let ids: Vec<String> = titles.iter().take(NAMED).map(ToString::to_string).collect();
    format!("{} games have this name: {}", titles.len(), ids.join(", "))
}
