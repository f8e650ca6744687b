//! Picks the traces of one kind for the decks of a scope.
//!
//! Each deck has `deck_size` places for the kind. Three eighths of them are for the best: drawn from the half as many again
//! with the highest scores. The other places show what else there is: a fifth of the deck goes to traces that few have judged, so
//! that new ones can rise; the rest is drawn at random, recent and well-rated traces more likely. These are distributed over
//! the decks one by one, from the highest score to the lowest, so that the decks together show much of the scope and are
//! equally good. Places that are left are filled at random.
//!
//! In a deck the same words appear once in the same cell (two units wide); no author appears twice while there are others;
//! and imported traces of a world's history fill only places that no other trace takes. The authors of one network have a tenth of a
//! deck together, or their even share where there are fewer networks than ten; only a network with few authors may fill places that
//! nobody else takes.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

/// The width of a cell, in the game's units.
const CELL: f64 = 2.0;

/// The share of a deck for the best: three places of eight.
const BEST: (usize, usize) = (3, 8);

/// One place of five at least is for traces that few have judged.
const FRESH: usize = 5;

/// One place of ten at most is for the authors of one network, where there are enough others.
const NETWORK: usize = 10;

/// A network with more authors than this never gets more than its share: a household has fewer, and whoever makes players has more.
const FEW_AUTHORS: usize = 4;

/// The age at which a trace counts half as recent, in milliseconds: a week.
const HALF_LIFE_MS: f64 = 7.0 * 24.0 * 3600.0 * 1000.0;

/// A trace that may be picked; all candidates of a call are of one kind.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The author.
    pub author: String,
    /// The position.
    pub position: Option<[f64; 3]>,
    /// The words, or empty.
    pub words: String,
    /// The score, 0 to 1.
    pub score: f64,
    /// Whether more than a few have voted on it.
    pub judged: bool,
    /// The network from which it was left, if that is known.
    pub network: Option<i64>,
    /// The age, in milliseconds.
    pub age_ms: i64,
    /// Whether it was imported as part of the world's history.
    pub legacy: bool,
}

/// Why a trace was picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickReason {
    /// It is among the best.
    Best,
    /// Few have judged it.
    Fresh,
    /// At random.
    Chance,
    /// It is part of the world's history, and a place was left.
    Fill,
}

impl PickReason {
    /// The name, as `cairn inspect` writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Fresh => "fresh",
            Self::Chance => "chance",
            Self::Fill => "fill",
        }
    }
}

/// A trace in a deck: its index among the candidates, and why it was picked.
pub type Pick = (usize, PickReason);

/// What the authors of each network get of a deck.
struct Shares {
    /// The places of one network.
    places: usize,
    /// The networks that never get more.
    crowded: HashSet<i64>,
}

impl Shares {
    fn new(pool: &[Candidate], size: usize) -> Self {
        let mut authors: HashMap<i64, HashSet<&str>> = HashMap::new();
        let mut unknown: HashSet<&str> = HashSet::new();
        for candidate in pool {
            match candidate.network {
                Some(network) => authors.entry(network).or_default().insert(&candidate.author),
                None => unknown.insert(&candidate.author),
            };
        }
        // Authors whose network is not known count as a network each.
        let networks = authors.len() + unknown.len();
        let places = (size / NETWORK).max(size.div_ceil(networks.max(1))).max(1);
        let crowded = authors.iter().filter(|(_, authors)| authors.len() > FEW_AUTHORS);
        Self { places, crowded: crowded.map(|(network, _)| *network).collect() }
    }
}

/// A deck to which picks are added.
struct Deck<'a> {
    pool: &'a [Candidate],
    shares: &'a Shares,
    size: usize,
    networks: HashMap<i64, usize>,
    picks: Vec<Pick>,
    picked: HashSet<usize>,
    authors: HashSet<&'a str>,
    words: HashSet<(&'a str, Option<[i64; 3]>)>,
}

#[expect(clippy::cast_possible_truncation, clippy::as_conversions, reason = "coordinates are within ±1e7")]
fn cell(position: Option<[f64; 3]>) -> Option<[i64; 3]> {
    position.map(|position| position.map(|coordinate| (coordinate / CELL).floor() as i64))
}

impl<'a> Deck<'a> {
    fn new(pool: &'a [Candidate], shares: &'a Shares, size: usize) -> Self {
        let (picked, authors, words) = (HashSet::new(), HashSet::new(), HashSet::new());
        Self { pool, shares, size, networks: HashMap::new(), picks: Vec::with_capacity(size), picked, authors, words }
    }

    /// Whether the network of a candidate may have one more place; with `repeat`, also one beyond its share.
    fn has_place(&self, network: i64, repeat: bool) -> bool {
        let taken = self.networks.get(&network).copied().unwrap_or_default();
        taken < self.shares.places || repeat && !self.shares.crowded.contains(&network)
    }

    /// Picks a candidate if the deck's rules allow it; with `repeat`, also a second one of an author. Returns whether it did.
    fn pick(&mut self, at: usize, reason: PickReason, repeat: bool) -> bool {
        let Some(candidate) = self.pool.get(at) else { return false };
        // Traces without words don't repeat any.
        let words = (!candidate.words.is_empty()).then(|| (candidate.words.as_str(), cell(candidate.position)));
        let fits = self.picks.len() < self.size
            && !self.picked.contains(&at)
            && (repeat || !self.authors.contains(candidate.author.as_str()))
            && candidate.network.is_none_or(|network| self.has_place(network, repeat))
            && words.is_none_or(|words| !self.words.contains(&words));
        if fits {
            self.picked.insert(at);
            self.authors.insert(&candidate.author);
            if let Some(network) = candidate.network {
                *self.networks.entry(network).or_default() += 1;
            }
            self.words.extend(words);
            self.picks.push((at, reason));
        }
        fits
    }

    /// Picks from these candidates, in order, at most `limit` more.
    fn pick_some(&mut self, order: &[usize], limit: usize, reason: PickReason, repeat: bool) {
        let mut count = 0;
        for &at in order {
            if count >= limit {
                return;
            }
            count += usize::from(self.pick(at, reason, repeat));
        }
    }
}

/// Orders indexes by their keys, the highest first, then by the indexes themselves.
fn by_key(keys: &[f64]) -> impl Fn(&usize, &usize) -> Ordering {
    let key = |at: &usize| keys.get(*at).copied().unwrap_or_default();
    move |one, other| key(other).total_cmp(&key(one)).then(one.cmp(other))
}

/// The picks of `decks` decks with `size` places from the candidates of one kind; the same for the same `seed`.
#[must_use]
pub fn sample(pool: &[Candidate], size: usize, decks: usize, seed: u64) -> Vec<Vec<Pick>> {
    let mut random = fastrand::Rng::with_seed(seed);
    let scores: Vec<f64> = pool.iter().map(|candidate| candidate.score).collect();
    let matches = |at: &usize, condition: fn(&Candidate) -> bool| pool.get(*at).is_some_and(condition);
    let best_places = size * BEST.0 / BEST.1;
    let is_good = |candidate: &Candidate| !candidate.legacy && candidate.score > 0.0;
    let mut best: Vec<usize> = (0..pool.len()).filter(|at| matches(at, is_good)).collect();
    best.sort_by(by_key(&scores));
    best.truncate(best_places + best_places.div_ceil(2));

    let shares = Shares::new(pool, size);
    let mut all: Vec<Deck<'_>> = (0..decks).map(|_| Deck::new(pool, &shares, size)).collect();
    let current = shuffled(pool, &mut random, |candidate| !candidate.legacy);
    let fresh: Vec<usize> = current.iter().copied().filter(|at| matches(at, |candidate| !candidate.judged)).collect();
    let fresh_places = size.div_ceil(FRESH);
    distribute(&mut all, &fresh, fresh_places, PickReason::Fresh);
    let other_places = size - best_places;
    let mut others = without_repetitions(pool, &current, decks, other_places * decks);
    others.sort_by(by_key(&scores));
    distribute(&mut all, &others, other_places, PickReason::Chance);
    // Some of those fit no deck: their places go to candidates that are in no deck yet.
    distribute(&mut all, &current, other_places, PickReason::Chance);
    for deck in &mut all {
        random.shuffle(&mut best);
        deck.pick_some(&best, best_places, PickReason::Best, false);
        let current = shuffled(pool, &mut random, |candidate| !candidate.legacy);
        deck.pick_some(&current, size, PickReason::Chance, false);
        deck.pick_some(&current, size, PickReason::Chance, true);
        let history = shuffled(pool, &mut random, |candidate| candidate.legacy);
        deck.pick_some(&history, size, PickReason::Fill, false);
        deck.pick_some(&history, size, PickReason::Fill, true);
    }
    all.into_iter().map(|deck| deck.picks).collect()
}

/// The candidates that match, in a random order weighted by [`weight`]: the highest of u^(1/w) first (Efraimidis and
/// Spirakis, "Weighted random sampling with a reservoir", 2006).
fn shuffled(pool: &[Candidate], random: &mut fastrand::Rng, condition: impl Fn(&Candidate) -> bool) -> Vec<usize> {
    let keys: Vec<f64> = pool.iter().map(|candidate| random.f64().powf(1.0 / weight(candidate))).collect();
    let mut order: Vec<usize> = (0..pool.len()).filter(|at| pool.get(*at).is_some_and(&condition)).collect();
    order.sort_by(by_key(&keys));
    order
}

/// The first `limit` of an order, but of candidates with the same words in the same cell no more than there are decks.
fn without_repetitions(pool: &[Candidate], order: &[usize], decks: usize, limit: usize) -> Vec<usize> {
    let mut counts: HashMap<(&str, Option<[i64; 3]>), usize> = HashMap::new();
    let fits = |at: &&usize| {
        let Some(candidate) = pool.get(**at) else { return false };
        if candidate.words.is_empty() {
            return true;
        }
        let count = counts.entry((candidate.words.as_str(), cell(candidate.position))).or_default();
        *count += 1;
        *count <= decks
    };
    order.iter().filter(fits).take(limit).copied().collect()
}

/// Distributes candidates that are in no deck yet, in order: each goes to the next deck that it fits and that has fewer
/// than `limit` picks.
fn distribute(decks: &mut [Deck<'_>], candidates: &[usize], limit: usize, reason: PickReason) {
    let count = decks.len().max(1);
    for (turn, &candidate) in candidates.iter().enumerate() {
        // Forwards and backwards in turn, so that no deck is always first.
        let (round, at) = (turn / count, turn % count);
        let first = if round % 2 == 0 { at } else { count - 1 - at };
        if decks.iter().any(|deck| deck.picked.contains(&candidate)) {
            continue;
        }
        let _picked = (first..count).chain(0..first).any(|at| {
            decks.get_mut(at).is_some_and(|deck| deck.picks.len() < limit && deck.pick(candidate, reason, false))
        });
    }
}

#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "an age need not be exact")]
fn weight(candidate: &Candidate) -> f64 {
    let recency = (-(candidate.age_ms.max(0) as f64) / HALF_LIFE_MS).exp2();
    0.2 + candidate.score + recency
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: i64) -> Candidate {
        let number = u32::try_from(id).unwrap();
        Candidate {
            author: format!("author {id}"),
            position: Some([f64::from(number) * 10.0, 0.0, 0.0]),
            words: format!("words {id}"),
            score: f64::from(number % 10) / 20.0,
            judged: id % 3 != 0,
            network: None,
            age_ms: id * 1000,
            legacy: false,
        }
    }

    fn pool(count: i64) -> Vec<Candidate> {
        (1..=count).map(candidate).collect()
    }

    fn mean(pool: &[Candidate], picks: impl Iterator<Item = usize> + Clone) -> f64 {
        let count = u32::try_from(picks.clone().count()).unwrap();
        picks.map(|at| pool[at].score).sum::<f64>() / f64::from(count)
    }

    #[test]
    fn the_decks_of_a_scope_are_full_differ_and_are_better_than_the_scope() {
        for count in [60, 150, 400, 1_200] {
            let pool = pool(count);
            let decks = sample(&pool, 40, 8, 7);
            assert_eq!(decks.len(), 8);
            let shown: HashSet<usize> = decks.iter().flatten().map(|(at, _)| *at).collect();
            assert!(shown.len() >= (pool.len() * 9 / 10).min(200), "{count}: {}", shown.len());
            for deck in &decks {
                let authors: HashSet<&str> = deck.iter().map(|(at, _)| pool[*at].author.as_str()).collect();
                assert_eq!((deck.len(), authors.len()), (40, 40));
                assert!(deck.iter().filter(|(at, _)| !pool[*at].judged).count() >= 8, "{count}");
                assert!(mean(&pool, deck.iter().map(|(at, _)| *at)) > mean(&pool, 0..pool.len()), "{count}");
            }
            assert_eq!(decks, sample(&pool, 40, 8, 7), "the same for the same seed");
            assert_ne!(decks, sample(&pool, 40, 8, 8));
        }
    }

    #[test]
    fn the_place_of_a_candidate_that_fits_no_deck_goes_to_another() {
        let mut pool = pool(223);
        for one in pool.iter_mut().take(30) {
            one.author = "the same author".to_owned();
        }
        for seed in 0..50 {
            let decks = sample(&pool, 40, 8, seed);
            let shown: HashSet<usize> = decks.iter().flatten().map(|(at, _)| *at).collect();
            assert!(shown.len() >= 200, "{seed}: {}", shown.len());
        }
    }

    #[test]
    fn words_are_unique_in_a_cell_and_an_author_repeats_only_where_there_is_no_other() {
        let mut all = pool(30);
        for (at, one) in (0_u32..).zip(&mut all) {
            one.words = "try jumping".to_owned();
            one.position = Some([f64::from(at % 3) * 2.0, 0.5, 0.5]);
        }
        let deck = &sample(&all, 40, 1, 1)[0];
        assert_eq!(deck.len(), 3);

        let mut all = pool(50);
        for (at, one) in all.iter_mut().enumerate() {
            one.author = format!("author {}", at % 20);
        }
        for deck in sample(&all, 10, 4, 1) {
            let authors: HashSet<&str> = deck.iter().map(|(at, _)| all[*at].author.as_str()).collect();
            assert_eq!((deck.len(), authors.len()), (10, 10));
        }
        assert_eq!(sample(&all, 40, 1, 1)[0].len(), 40, "twenty authors for forty places");
    }

    #[test]
    fn one_network_gets_a_tenth_of_a_deck_however_many_players_it_has() {
        let mut all = pool(320);
        for (at, one) in (0_i64..).zip(&mut all) {
            // The first 200 are one network's, and the best.
            (one.network, one.score) = if at < 200 { (Some(-1), 0.9) } else { (Some(at), 0.1) };
            one.judged = at % 2 == 0;
        }
        for deck in sample(&all, 40, 8, 5) {
            assert_eq!(deck.len(), 40);
            assert!(deck.iter().filter(|(at, _)| *at < 200).count() <= 4);
        }
        // Nor does it fill what others leave free.
        let few: Vec<Candidate> = all.iter().skip(180).take(40).cloned().collect();
        for deck in sample(&few, 40, 8, 5) {
            assert_eq!(deck.len(), 24);
        }
    }

    #[test]
    fn the_players_of_one_network_fill_the_decks_where_there_are_no_others() {
        let mut all = pool(60);
        for one in &mut all {
            one.network = Some(1);
        }
        assert!(sample(&all, 40, 8, 5).iter().all(|deck| deck.len() == 40));
        // A household beside many others fills what they leave free.
        for (at, one) in (0_i64..).zip(&mut all) {
            one.network = Some(if at < 48 { -1 } else { at });
            if at < 48 {
                one.author = format!("author {}", at % 4);
            }
        }
        assert!(sample(&all, 40, 8, 5).iter().all(|deck| deck.len() == 40));
    }

    #[test]
    fn history_fills_up_what_is_left_free() {
        let mut all = pool(100);
        for one in all.iter_mut().skip(30) {
            one.legacy = true;
        }
        let deck = &sample(&all, 40, 1, 1)[0];
        assert_eq!(deck.len(), 40);
        assert_eq!(deck.iter().filter(|(at, _)| all[*at].legacy).count(), 10);
        assert!(deck.iter().all(|(at, reason)| all[*at].legacy == (*reason == PickReason::Fill)));
    }
}
