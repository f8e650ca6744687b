//! Finds titles: by what somebody has typed, or in the order of names.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::Titles;
use crate::{
    catalogue::titles::{
        model::{
            Count, Facets, Filter, TitleCard, TitleCursor, TitleError, TitleId, TitlePage, TitleQuery, fold,
            rank::Asked,
        },
        store::{Candidate, Sight},
    },
    identity::access::UserId,
    platform::{clock, error::StoreError, page::Page},
};

/// With so many names that contain all words nobody has made a slip.
const ENOUGH: usize = 20;

/// Titles that a search finds, at most.
const FOUND: usize = 300;

/// Letters from which on names are sought by trigrams: shorter ones share too few.
const TRIGRAM_LETTERS: usize = 4;

/// How long counts of the whole catalogue, or of a filter, are kept.
const COUNTS_KEPT: Duration = Duration::from_mins(1);

/// Filters whose counts are kept, at most.
const COUNTS: usize = 200;

/// Counts that were made a moment ago, by filter.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptCounts(Arc<Mutex<CountsByFilter>>);

/// Counts, and when they were made.
type CountsByFilter = HashMap<Filter, (i64, Arc<Facets>)>;

impl KeptCounts {
    fn get(&self, filter: &Filter) -> Option<Arc<Facets>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at_ms, facets) = kept.get(filter)?;
        (*at_ms > clock::ms_ago(COUNTS_KEPT)).then(|| Arc::clone(facets))
    }

    fn keep(&self, filter: &Filter, facets: &Arc<Facets>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= COUNTS {
            kept.clear();
        }
        kept.insert(filter.clone(), (clock::now_ms(), Arc::clone(facets)));
    }
}

impl Titles {
    /// A page of the titles that are sought.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn search(
        &self,
        viewer: Option<&UserId>,
        query: &TitleQuery,
        after: Option<TitleCursor>,
        limit: usize,
    ) -> Result<TitlePage, TitleError> {
        let key = fold(&query.text);
        if query.pending || key.is_empty() {
            let after = if let Some(TitleCursor::After(title)) = after { Some(title) } else { None };
            return self.list(viewer, query, after, limit).await;
        }
        let found = self.ranked(Asked::new(key), Sight::of(viewer), &query.filter).await?;
        let from = if let Some(TitleCursor::Place(place)) = after { place } else { 0 };
        let ids: Vec<TitleId> = found.iter().skip(from).take(limit).copied().collect();
        let end = from + ids.len();
        let mut items = self.cards(viewer, if query.facets { &found } else { &ids }).await?;
        let facets = query.facets.then(|| Arc::new(facets_of(&items)));
        items.retain(|card| ids.contains(&card.asked));
        let page = Page { items, more: end < found.len() };
        Ok(TitlePage { page, next: Some(TitleCursor::Place(end)), facets })
    }

    async fn list(
        &self,
        viewer: Option<&UserId>,
        query: &TitleQuery,
        after: Option<TitleId>,
        limit: usize,
    ) -> Result<TitlePage, TitleError> {
        let page = if query.pending {
            let Some(user) = viewer else { return Err(TitleError::NotFound) };
            let is_administrator = self.accounts.is_administrator(user).await?;
            let sight = if is_administrator { Sight::Administrator } else { Sight::User(user) };
            let page = self.store.waiting(sight, after, limit).await?;
            Page { items: self.store.cards(sight, &page.items).await?, more: page.more }
        } else {
            let page = self.store.list(Sight::of(viewer), &query.filter, after, limit).await?;
            Page { items: self.cards(viewer, &page.items).await?, more: page.more }
        };
        let facets = if query.facets && !query.pending { Some(self.counts(&query.filter).await?) } else { None };
        let next = page.items.last().map(|card| card.asked).or(after).map(TitleCursor::After);
        Ok(TitlePage { page, next, facets })
    }

    /// The titles that fit what was typed, the best first.
    async fn ranked(&self, asked: Asked, sight: Sight<'_>, filter: &Filter) -> Result<Vec<TitleId>, StoreError> {
        let store = &self.store;
        let mut candidates: Vec<Candidate> = Vec::new();
        let (beginning, slipped) =
            tokio::join!(store.beginning(&asked, sight, filter), store.slipped(&asked, sight, filter));
        candidates.extend(beginning?);
        candidates.extend(slipped?);
        if self.has_trigrams && asked.length() > 1 {
            let containing = store.containing(&asked, sight, filter).await?;
            let is_enough = containing.len() >= ENOUGH || asked.length() < TRIGRAM_LETTERS;
            candidates.extend(containing);
            if !is_enough {
                let alike = store.alike(&asked, sight, filter).await?;
                candidates.extend(alike.into_iter().filter(|name| asked.is_alike(&name.name_key)));
            }
        }
        // A title has the place of its best name.
        let mut best: BTreeMap<i64, _> = BTreeMap::new();
        for Candidate { title, name_key } in candidates {
            let Some(place) = asked.place(&name_key) else { continue };
            let found = (place, name_key);
            let known = best.entry(title).or_insert_with(|| found.clone());
            if found < *known {
                *known = found;
            }
        }
        let mut ranked: Vec<_> = best.into_iter().map(|(title, found)| (found, title)).collect();
        ranked.sort_unstable();
        ranked.truncate(FOUND);
        Ok(ranked.into_iter().map(|(_, title)| TitleId(title)).collect())
    }

    /// The counts of a filter, which may be a minute old.
    async fn counts(&self, filter: &Filter) -> Result<Arc<Facets>, TitleError> {
        if let Some(kept) = self.counts.get(filter) {
            return Ok(kept);
        }
        let [platforms, genres, years] = self.store.counts(filter).await?;
        let facets = Arc::new(Facets { platforms, genres, years });
        self.counts.keep(filter, &facets);
        Ok(facets)
    }
}

/// Counts the titles of a search.
fn facets_of(found: &[TitleCard]) -> Facets {
    let mut counted: [BTreeMap<&str, i64>; 3] = Default::default();
    let years: Vec<Option<String>> = found.iter().map(|card| card.year.map(|year| year.to_string())).collect();
    for (card, year) in found.iter().zip(&years) {
        for (counts, words) in counted.iter_mut().zip([&card.platforms[..], &card.genres, year.as_slice()]) {
            for word in words {
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    let [platforms, genres, years] = counted.map(|counts| {
        let mut counts: Vec<Count> =
            counts.into_iter().map(|(value, count)| Count { value: value.to_owned(), count }).collect();
        counts.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.value.cmp(&other.value)));
        counts
    });
    Facets { platforms, genres, years }
}
