//! Searches a world, page by page.

use super::{
    cursor::Cursor,
    model::{Gone, Position, SearchError, SearchPage, SearchQuery, SortOrder, Visibility},
    store::Store,
};
use crate::{
    identity::access::Player,
    platform::{clock, page},
    traces::{
        TraceWorlds,
        authoring::{Authoring, OwnFilter, OwnPage},
        decks::Versions,
        settings::GameRules,
        trace::Trace,
    },
    worlds::{ChangeReason, WorldKey},
};

/// Traces that are read beyond those of a page, because some may not be visible.
const SPARE: u16 = 100;

/// Searches worlds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Search {
    worlds: TraceWorlds,
    rules: GameRules,
    authoring: Authoring,
}

/// The visible traces of a page.
struct Found {
    traces: Vec<Trace>,
    /// The place of the last trace that was read.
    last: Option<Position>,
    more: bool,
}

impl Search {
    /// Searches of `worlds`, by the rules of their games; `authoring` reads the traces of an author.
    #[must_use]
    pub fn new(worlds: TraceWorlds, rules: GameRules, authoring: Authoring) -> Self {
        Self { worlds, rules, authoring }
    }

    /// A page of the traces of a world, in any order but `SortOrder::Own`.
    ///
    /// # Errors
    /// [`SearchError::TooOld`]; or the world is gone, or the database is unavailable.
    pub async fn find(&self, world: WorldKey, query: &SearchQuery) -> Result<SearchPage, SearchError> {
        let store = self.store(world).await?;
        // Before the traces are read: what goes in between is in `gone` of the next page.
        let gone = gone(&store, query).await?;
        let rules = self.rules.rules(world.studio(), world.world());
        let versions = Versions { min: query.versions.min.max(rules.content_version_min), ..query.versions };
        let visibility = Visibility { versions, now_ms: clock::now_ms() };
        let found = find(&store, query, visibility).await?;
        Ok(SearchPage {
            next: Cursor::of(query, gone.seq, found.last.or(query.position())),
            items: found.traces,
            gone: gone.ids,
            more: found.more || gone.more,
        })
    }

    /// A page of a player's own traces.
    ///
    /// # Errors
    /// [`SearchError::TooOld`]; or the database is unavailable.
    pub async fn own(&self, player: &Player, query: &SearchQuery) -> Result<SearchPage, SearchError> {
        let SearchQuery { scopes, kinds, versions, .. } = query.clone();
        let filter = OwnFilter { scopes, kinds, version_min: versions.min, version_max: Some(versions.max) };
        let after = query.position().map_or(0, |position| position.id);
        let OwnPage { items, more, .. } = self.authoring.own(player, &filter, after, usize::from(query.limit)).await?;
        let world = WorldKey::of_player(player);
        let gone = gone(&self.store(world).await?, query).await?;
        let last = items.last().map(|trace| Position { key: 0.0, id: trace.id });
        let next = Cursor::of(query, gone.seq, last.or(query.position()));
        Ok(SearchPage { items, gone: gone.ids, next, more: more || gone.more })
    }

    async fn store(&self, world: WorldKey) -> Result<Store, SearchError> {
        Ok(Store::new(&self.worlds.tables(world.studio()).await?, world))
    }
}

async fn gone(store: &Store, query: &SearchQuery) -> Result<Gone, SearchError> {
    // To its author a hidden trace is still there.
    let is_gone = |reason| query.order != SortOrder::Own || reason != ChangeReason::Hidden;
    let after = query.after.as_ref().map(|after| after.seq);
    store.gone(&query.scopes, after, is_gone).await?.ok_or(SearchError::TooOld)
}

async fn find(store: &Store, query: &SearchQuery, visibility: Visibility) -> Result<Found, SearchError> {
    let after = query.position();
    let with_spare = u64::from(query.limit) + u64::from(SPARE);
    let one_more = page::rows_for(query.limit.into());
    Ok(match query.order {
        SortOrder::Recent => {
            let read = store.newest(query, after, with_spare).await?;
            visible(read, query, visibility, with_spare)
        }
        SortOrder::Top => {
            let read = store.highest(query, after, with_spare).await?;
            visible(read, query, visibility, with_spare)
        }
        SortOrder::Near { to, radius } => {
            let mut read = store.nearest(visibility, query, (to, radius), after, one_more).await?;
            read.sort_unstable_by(|a, b| {
                let (a, b) = (query.order.position_of(a), query.order.position_of(b));
                a.key.total_cmp(&b.key).then(a.id.cmp(&b.id))
            });
            visible(read, query, visibility, one_more)
        }
        SortOrder::Ahead(window) => {
            Found { traces: store.around_rank(visibility, query, window).await?, last: None, more: false }
        }
        // `Search::own` reads these.
        SortOrder::Own => Found { traces: Vec::new(), last: None, more: false },
    })
}

/// The visible ones of the traces that were read, in order, at most `query.limit`. There may be more if as many were read
/// as the `rows` that were asked for.
fn visible(read: Vec<Trace>, query: &SearchQuery, visibility: Visibility, rows: u64) -> Found {
    let mut more = u64::try_from(read.len()).unwrap_or(u64::MAX) >= rows;
    let (mut traces, mut last) = (Vec::new(), None);
    for trace in read {
        if !visibility.shows(&trace, query.group.as_ref()) {
            last = Some(query.order.position_of(&trace));
        } else if traces.len() < usize::from(query.limit) {
            last = Some(query.order.position_of(&trace));
            traces.push(trace);
        } else {
            more = true;
            break;
        }
    }
    Found { traces, last, more }
}
