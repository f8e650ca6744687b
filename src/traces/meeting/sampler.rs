//! Which of a scope's traces stand in which of its decks.
//!
//! Of each kind a deck has so many places (`deck_size`). Three eighths of them are for the best: drawn from the half as
//! many again with the highest scores. The others are for what shall be seen at all: a fifth of the deck for traces that
//! nobody has voted on, so that something new can rise, the rest drawn by chance, the recent and well-rated more likely.
//! These are dealt to the decks like cards, one each in turn from the highest score to the lowest: so the decks show much
//! of the scope together, and each is as good as the others. What places are left then are drawn by chance.
//!
//! In a deck the same words stand once in the same cell (two units wide); no author stands in it twice while there are
//! others; traces of a world's history only fill up what the living leave free.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

/// How wide a cell is, in the game's units.
const CELL: f64 = 2.0;

/// The best have three places of eight.
const BEST: (usize, usize) = (3, 8);

/// One place of five at least is for what nobody has voted on.
const FRESH: usize = 5;

/// After so long a trace counts half as recent, in milliseconds: a week.
const HALF_LIFE_MS: f64 = 7.0 * 24.0 * 3600.0 * 1000.0;

/// A trace that may stand in a deck, all of one kind.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Who left it.
    pub author: String,
    /// Where it lies.
    pub position: Option<[f64; 3]>,
    /// What it says.
    pub words: String,
    /// How well it stands.
    pub score: f64,
    /// Whether anybody has voted on it.
    pub voted: bool,
    /// How old it is, in milliseconds.
    pub age_ms: i64,
    /// Whether it is history.
    pub legacy: bool,
}

/// Why a trace stands in a deck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is among the best.
    Best,
    /// Nobody has voted on it.
    Fresh,
    /// By chance.
    Chance,
    /// There was room left.
    Fill,
}

impl Why {
    /// As it is written.
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

/// A trace in a deck: its place among the candidates, and why.
pub type Place = (usize, Why);

/// A deck that is being dealt.
struct Deck<'a> {
    pool: &'a [Candidate],
    size: usize,
    places: Vec<Place>,
    authors: HashSet<&'a str>,
    said: HashSet<(&'a str, Option<[i64; 3]>)>,
    taken: HashSet<usize>,
}

#[expect(clippy::cast_possible_truncation, clippy::as_conversions, reason = "coordinates are within ±1e7")]
fn cell(position: Option<[f64; 3]>) -> Option<[i64; 3]> {
    position.map(|position| position.map(|coordinate| (coordinate / CELL).floor() as i64))
}

impl<'a> Deck<'a> {
    fn new(pool: &'a [Candidate], size: usize) -> Self {
        let (authors, said, taken) = (HashSet::new(), HashSet::new(), HashSet::new());
        Self { pool, size, places: Vec::with_capacity(size), authors, said, taken }
    }

    /// Takes one of the candidates, if it may stand there; `repeat` also an author's second.
    fn take(&mut self, at: usize, why: Why, repeat: bool) -> bool {
        let Some(candidate) = self.pool.get(at) else { return false };
        // Without words there is nothing that could be said twice.
        let said = (!candidate.words.is_empty()).then(|| (candidate.words.as_str(), cell(candidate.position)));
        let fits = self.places.len() < self.size
            && !self.taken.contains(&at)
            && (repeat || !self.authors.contains(candidate.author.as_str()))
            && said.is_none_or(|said| !self.said.contains(&said));
        if fits {
            self.taken.insert(at);
            self.authors.insert(&candidate.author);
            self.said.extend(said);
            self.places.push((at, why));
        }
        fits
    }

    /// Takes from these in order until `most` more are taken.
    fn take_some(&mut self, order: &[usize], most: usize, why: Why, repeat: bool) {
        let mut taken = 0;
        for &at in order {
            if taken >= most {
                return;
            }
            taken += usize::from(self.take(at, why, repeat));
        }
    }
}

fn by(keys: &[f64]) -> impl Fn(&usize, &usize) -> Ordering {
    let key = |at: &usize| keys.get(*at).copied().unwrap_or_default();
    move |one, other| key(other).total_cmp(&key(one)).then(one.cmp(other))
}

/// Deals `decks` decks of `size` places from the candidates of one kind; the same for the same `seed`.
#[must_use]
pub fn deal(pool: &[Candidate], size: usize, decks: usize, seed: u64) -> Vec<Vec<Place>> {
    let mut chance = fastrand::Rng::with_seed(seed);
    let scores: Vec<f64> = pool.iter().map(|one| one.score).collect();
    let is = |at: &usize, so: fn(&Candidate) -> bool| pool.get(*at).is_some_and(so);
    let best_places = size * BEST.0 / BEST.1;
    let mut best: Vec<usize> = (0..pool.len()).filter(|at| is(at, |one| !one.legacy && one.score > 0.0)).collect();
    best.sort_by(by(&scores));
    best.truncate(best_places + best_places.div_ceil(2));

    let mut dealt: Vec<Deck<'_>> = (0..decks).map(|_| Deck::new(pool, size)).collect();
    let living = drawn(pool, &mut chance, |one| !one.legacy);
    let fresh: Vec<usize> = living.iter().copied().filter(|at| is(at, |one| !one.voted)).collect();
    let fresh_places = size.div_ceil(FRESH);
    deal_out(&mut dealt, &fresh, fresh_places, Why::Fresh);
    let mut cards: Vec<usize> = shown_once(pool, &living, decks, (size - best_places) * decks);
    cards.sort_by(by(&scores));
    deal_out(&mut dealt, &cards, size - best_places, Why::Chance);
    // A card that fitted nowhere leaves its place to others that are in no deck yet.
    deal_out(&mut dealt, &living, size - best_places, Why::Chance);
    for deck in &mut dealt {
        chance.shuffle(&mut best);
        deck.take_some(&best, best_places, Why::Best, false);
        let living = drawn(pool, &mut chance, |one| !one.legacy);
        deck.take_some(&living, size, Why::Chance, false);
        deck.take_some(&living, size, Why::Chance, true);
        let history = drawn(pool, &mut chance, |one| one.legacy);
        deck.take_some(&history, size, Why::Fill, false);
        deck.take_some(&history, size, Why::Fill, true);
    }
    dealt.into_iter().map(|deck| deck.places).collect()
}

/// All of a sort in the order in which chance draws them, by weight: the highest of u^(1/w) first (Efraimidis and Spirakis,
/// "Weighted random sampling with a reservoir", 2006).
fn drawn(pool: &[Candidate], chance: &mut fastrand::Rng, so: impl Fn(&Candidate) -> bool) -> Vec<usize> {
    let keys: Vec<f64> = pool.iter().map(|one| chance.f64().powf(1.0 / weight(one))).collect();
    let mut order: Vec<usize> = (0..pool.len()).filter(|at| pool.get(*at).is_some_and(&so)).collect();
    order.sort_by(by(&keys));
    order
}

/// The first `most` of an order, but of those that say the same in the same cell no more than there are decks.
fn shown_once(pool: &[Candidate], order: &[usize], decks: usize, most: usize) -> Vec<usize> {
    let mut said: HashMap<(&str, Option<[i64; 3]>), usize> = HashMap::new();
    let fits = |at: &&usize| {
        let Some(one) = pool.get(**at) else { return false };
        if one.words.is_empty() {
            return true;
        }
        let times = said.entry((one.words.as_str(), cell(one.position))).or_default();
        *times += 1;
        *times <= decks
    };
    order.iter().filter(fits).take(most).copied().collect()
}

/// Deals cards in order, each to the next deck that it fits and that has fewer than `most` places taken.
fn deal_out(decks: &mut [Deck<'_>], cards: &[usize], most: usize, why: Why) {
    let count = decks.len().max(1);
    for (turn, &card) in cards.iter().enumerate() {
        // There and back, so that none is always the first.
        let (round, at) = (turn / count, turn % count);
        let first = if round % 2 == 0 { at } else { count - 1 - at };
        let anywhere = decks.iter().any(|deck| deck.taken.contains(&card));
        let order = (first..count).chain(0..first);
        let _dealt = !anywhere
            && order.into_iter().any(|at| {
                decks.get_mut(at).is_some_and(|deck| deck.places.len() < most && deck.take(card, why, false))
            });
    }
}

#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "an age need not be exact")]
fn weight(candidate: &Candidate) -> f64 {
    let recent = (-(candidate.age_ms.max(0) as f64) / HALF_LIFE_MS).exp2();
    0.2 + candidate.score + recent
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
            voted: id % 3 != 0,
            age_ms: id * 1000,
            legacy: false,
        }
    }

    fn pool(count: i64) -> Vec<Candidate> {
        (1..=count).map(candidate).collect()
    }

    fn mean(pool: &[Candidate], places: impl Iterator<Item = usize> + Clone) -> f64 {
        let count = u32::try_from(places.clone().count()).unwrap();
        places.map(|at| pool[at].score).sum::<f64>() / f64::from(count)
    }

    #[test]
    fn the_decks_of_a_scope_are_full_differ_and_are_better_than_the_scope() {
        for count in [60, 150, 400, 1_200] {
            let pool = pool(count);
            let decks = deal(&pool, 40, 8, 7);
            assert_eq!(decks.len(), 8);
            let shown: HashSet<usize> = decks.iter().flatten().map(|(at, _)| *at).collect();
            assert!(shown.len() >= (pool.len() * 9 / 10).min(200), "{count}: {}", shown.len());
            for deck in &decks {
                let authors: HashSet<&str> = deck.iter().map(|(at, _)| pool[*at].author.as_str()).collect();
                assert_eq!((deck.len(), authors.len()), (40, 40));
                assert!(deck.iter().filter(|(at, _)| !pool[*at].voted).count() >= 8, "{count}");
                assert!(mean(&pool, deck.iter().map(|(at, _)| *at)) > mean(&pool, 0..pool.len()), "{count}");
            }
            assert_eq!(decks, deal(&pool, 40, 8, 7), "the same for the same seed");
            assert_ne!(decks, deal(&pool, 40, 8, 8));
        }
    }

    #[test]
    fn a_card_that_fits_no_deck_leaves_its_place_to_another() {
        let mut pool = pool(223);
        for one in pool.iter_mut().take(30) {
            one.author = "one and the same".to_owned();
        }
        for seed in 0..50 {
            let decks = deal(&pool, 40, 8, seed);
            let shown: HashSet<usize> = decks.iter().flatten().map(|(at, _)| *at).collect();
            assert!(shown.len() >= 200, "{seed}: {}", shown.len());
        }
    }

    #[test]
    fn the_same_is_said_once_in_a_cell_and_an_author_twice_only_where_there_is_nobody_else() {
        let mut all = pool(30);
        for (at, one) in (0_u32..).zip(&mut all) {
            one.words = "try jumping".to_owned();
            one.position = Some([f64::from(at % 3) * 2.0, 0.5, 0.5]);
        }
        let deck = &deal(&all, 40, 1, 1)[0];
        assert_eq!(deck.len(), 3);

        let mut all = pool(50);
        for (at, one) in all.iter_mut().enumerate() {
            one.author = format!("author {}", at % 20);
        }
        for deck in deal(&all, 10, 4, 1) {
            let authors: HashSet<&str> = deck.iter().map(|(at, _)| all[*at].author.as_str()).collect();
            assert_eq!((deck.len(), authors.len()), (10, 10));
        }
        assert_eq!(deal(&all, 40, 1, 1)[0].len(), 40, "twenty authors for forty places");
    }

    #[test]
    fn history_fills_up_what_is_left_free() {
        let mut all = pool(100);
        for one in all.iter_mut().skip(30) {
            one.legacy = true;
        }
        let deck = &deal(&all, 40, 1, 1)[0];
        assert_eq!(deck.len(), 40);
        assert_eq!(deck.iter().filter(|(at, _)| all[*at].legacy).count(), 10);
        assert!(deck.iter().all(|(at, why)| all[*at].legacy == (*why == Why::Fill)));
    }
}
