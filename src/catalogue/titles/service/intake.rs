//! Takes in what files and providers say about titles: ids of others first, then folded name, year and platform.

use std::collections::{BTreeMap, BTreeSet};

use super::Titles;
use crate::catalogue::titles::{
    model::{
        Facts, MAX_NAMES, Record, TitleError, TitleId,
        matching::{Decision, Namesake, decide},
    },
    store::{NewTitle, Sight},
};

/// Records that are stored in one transaction: on SQLite the only writer is held for some 30 ms.
pub const SLICE: usize = 100;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is a new title.
    New(TitleId),
    /// It is a title that is here, which has learnt something from it.
    Changed(TitleId),
    /// It is a title that is here.
    Same(TitleId),
    /// It may be one that is here or not: an administrator must decide.
    Unclear,
}

/// What is decided about the records of a slice, before it is stored.
#[derive(Default)]
struct Plan<'a> {
    taken: Vec<Taken>,
    new: Vec<NewTitle>,
    /// By title: what it may learn.
    same: BTreeMap<TitleId, Vec<(usize, &'a Record)>>,
    unclear: Vec<(&'a Record, Vec<TitleId>)>,
}

impl Titles {
    /// Takes in records, in slices: nothing of a slice is stored unless all of it is. A record that was taken in before changes
    /// nothing. Returns what became of each.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn take_in(&self, records: &[Record]) -> Result<Vec<Taken>, TitleError> {
        let mut taken = Vec::with_capacity(records.len());
        for slice in records.chunks(SLICE) {
            taken.extend(self.take_in_slice(slice).await?);
        }
        Ok(taken)
    }

    async fn take_in_slice(&self, records: &[Record]) -> Result<Vec<Taken>, TitleError> {
        let store = &self.store;
        let (transaction, mut numbers) = store.begin(records.len(), records.len() * (MAX_NAMES + 1)).await?;
        let mut sources: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for id in records.iter().flat_map(|record| &record.external) {
            sources.entry(id.source()).or_default().push(id.external().to_owned());
        }
        let mut external: BTreeMap<(String, String), TitleId> = BTreeMap::new();
        for (source, ids) in &sources {
            let found = store.by_external(Some(&transaction), source, ids).await?;
            external.extend(found.into_iter().map(|(id, title)| (((*source).to_owned(), id), title)));
        }
        let is_known = |record: &&Record| {
            record.external.iter().any(|id| external.contains_key(&(id.source().to_owned(), id.external().to_owned())))
        };
        let keys: BTreeSet<String> =
            records.iter().filter(|record| !is_known(record)).flat_map(|record| keys_of(&record.facts)).collect();
        let keys: Vec<String> = keys.into_iter().collect();
        let mut namesakes = store.namesakes(Some(&transaction), Sight::Approved, &keys).await?;
        let of_names: BTreeSet<i64> = namesakes.values().flatten().map(|one| one.id.0).collect();
        let of_names: Vec<i64> = of_names.into_iter().collect();
        // Which titles have ids in which sources.
        let mut listed: BTreeSet<(TitleId, String)> = BTreeSet::new();
        for source in sources.keys() {
            let known = store.known_to(&transaction, source, &of_names).await?;
            listed.extend(known.into_iter().map(|(title, id)| (title, id.source().to_owned())));
        }
        let mut plan = Plan::default();
        for (at, record) in records.iter().enumerate() {
            let by_id: BTreeSet<TitleId> = record
                .external
                .iter()
                .filter_map(|id| external.get(&(id.source().to_owned(), id.external().to_owned())).copied())
                .collect();
            let by_id: Vec<TitleId> = by_id.into_iter().collect();
            let decision = match &*by_id {
                [only] => Decision::Same(*only),
                [] => decide(record.facts.year(), &record.facts.platforms, &candidates(record, &namesakes, &listed)),
                several => Decision::Unclear(several.to_vec()),
            };
            let title = match decision {
                Decision::Unclear(candidates) => {
                    plan.unclear.push((record, candidates));
                    plan.taken.push(Taken::Unclear);
                    continue;
                }
                Decision::Same(title) => {
                    plan.same.entry(title).or_default().push((at, record));
                    plan.taken.push(Taken::Same(title));
                    title
                }
                Decision::New => {
                    let (id, facts) = (numbers.title(), record.facts.clone());
                    let namesake =
                        Namesake { id, year: facts.year(), platforms: facts.platforms.clone(), is_other: false };
                    for key in keys_of(&facts) {
                        namesakes.entry(key).or_default().push(namesake.clone());
                    }
                    plan.new.push(NewTitle { id, facts, pending_of: None, external: record.external.clone() });
                    plan.taken.push(Taken::New(id));
                    id
                }
            };
            for id in &record.external {
                listed.insert((title, id.source().to_owned()));
                external.insert((id.source().to_owned(), id.external().to_owned()), title);
            }
        }
        store.insert(&transaction, &plan.new, &mut numbers).await?;
        let Plan { mut taken, same, unclear, .. } = plan;
        for (title, records) in same {
            let Ok(was) = store.lock(&transaction, title).await else { continue };
            let mut facts = was.facts.clone();
            let mut ids = was.external.clone();
            for (at, record) in records {
                let filled = facts.filled_from(&record.facts);
                let new_ids: Vec<_> = record.external.iter().filter(|id| !ids.contains(id)).cloned().collect();
                if filled != facts || !new_ids.is_empty() {
                    if let Some(taken) = taken.get_mut(at) {
                        *taken = Taken::Changed(title);
                    }
                    facts = filled;
                    ids.extend(new_ids);
                }
            }
            if facts != was.facts {
                store.replace(&transaction, &was, &facts, was.pending_of.as_ref(), &mut numbers).await?;
            }
            let new_ids = ids.into_iter().filter(|id| !was.external.contains(id)).map(|id| (title, id)).collect();
            store.insert_external(&transaction, new_ids).await?;
        }
        store.queue(&transaction, &unclear).await?;
        store.commit(transaction).await?;
        Ok(taken)
    }
}

fn keys_of(facts: &Facts) -> impl Iterator<Item = String> {
    std::iter::once(&facts.name).chain(&facts.other_names).map(|name| name.key().to_owned())
}

/// The titles that share a name with a record, each once.
fn candidates(
    record: &Record,
    namesakes: &BTreeMap<String, Vec<Namesake>>,
    listed: &BTreeSet<(TitleId, String)>,
) -> Vec<Namesake> {
    let mut found: BTreeMap<TitleId, Namesake> = BTreeMap::new();
    for one in keys_of(&record.facts).filter_map(|key| namesakes.get(&key)).flatten() {
        let is_other = record.external.iter().any(|id| listed.contains(&(one.id, id.source().to_owned())));
        found.insert(one.id, Namesake { is_other, ..one.clone() });
    }
    found.into_values().collect()
}
