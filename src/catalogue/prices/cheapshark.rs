//! `CheapShark`: which stores sell a title, and for how much, in US dollars.
//!
//! - It answers a wrong parameter with something else, without an error; lists where it knows nothing; and `null` for what a store
//!   does not say. So an answer is believed as far as it is of the shape that was asked for, and about this title.
//! - Ids of offers are percent-encoded already, and go into links as they are.

mod answers;

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use self::answers::{Candidate, Sold, Wrong};
use super::model::{Low, Offer};
use crate::{
    catalogue::titles::fold,
    platform::{
        clock,
        outbound::{Host, OutboundError},
    },
};

/// What stands in links to its offers, before the id.
pub const REDIRECT: &str = "https://www.cheapshark.com/redirect?dealID=";

/// Where a page that shows its prices leads.
pub const LINK: &str = "https://www.cheapshark.com";

/// How long the list of stores is kept.
const STORES_KEPT: Duration = Duration::from_hours(24);

/// Games that a search may find.
const SEARCH_LIMIT: usize = 60;

/// What is encoded in a query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Why there are no prices.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There was no answer.
    #[error(transparent)]
    Host(#[from] OutboundError),
    /// It answered that it can't.
    #[error("it answered {0}")]
    Status(u16),
    /// It is not to be believed.
    #[error("its answer {0}")]
    Answer(&'static str),
}

impl From<Wrong> for Failure {
    fn from(Wrong(what): Wrong) -> Self {
        Self::Answer(what)
    }
}

/// The title that is asked for, as far as it tells it from others.
#[derive(Clone, Debug)]
pub struct Sought {
    /// Its numbers at Steam.
    pub steam: Vec<String>,
    /// Its name, for a search.
    pub name: String,
    /// Its names, folded.
    pub keys: Vec<String>,
    /// Whether its name alone tells which game it is.
    pub is_name_enough: bool,
}

impl Sought {
    /// Whether a game that the provider knows by that number at Steam and that name is this title.
    fn is(&self, steam: Option<&str>, name: &str) -> bool {
        match steam {
            Some(steam) if !self.steam.is_empty() => self.steam.iter().any(|known| known == steam),
            _ => self.is_named(name),
        }
    }

    fn is_named(&self, name: &str) -> bool {
        self.keys.contains(&fold(name))
    }
}

/// What it says about a title.
#[derive(Debug, Default)]
pub struct Said {
    /// Its id of the title; nothing where it does not know it.
    pub game: Option<String>,
    /// What stores ask for it.
    pub offers: Vec<Offer>,
    /// The lowest price ever.
    pub low: Option<Low>,
}

/// The provider.
#[derive(Debug)]
pub struct CheapShark {
    host: Host,
    /// The names of the stores that are open, and when they were asked for.
    stores: Mutex<(i64, BTreeMap<i32, String>)>,
}

impl CheapShark {
    /// The provider at that host.
    pub fn new(host: Host) -> Self {
        Self { host, stores: Mutex::default() }
    }

    /// Asks what a title costs; `game` is the id that it is known to have.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn ask(&self, sought: &Sought, game: Option<String>) -> Result<Said, Failure> {
        let game = match game {
            Some(game) => Some(game),
            None => self.find(sought).await?,
        };
        let Some(game) = game else { return Ok(Said::default()) };
        let stores = self.stores().await?;
        let Some(sold) = answers::sold(&self.get(&format!("/games?id={game}")).await?)? else {
            // It has forgotten it.
            return Ok(Said::default());
        };
        let Sold { name, steam, deals, low } = sold;
        if !sought.is(steam.as_deref(), &name) {
            return Err(Failure::Answer("is about another game"));
        }
        let mut offers: BTreeMap<i32, Offer> = BTreeMap::new();
        for deal in deals {
            let Some(store_name) = stores.get(&deal.store) else { continue };
            let offer = Offer {
                store: deal.store,
                store_name: store_name.clone(),
                deal: deal.id,
                cents: deal.cents,
                regular_cents: deal.regular_cents,
            };
            let known = offers.entry(deal.store).or_insert_with(|| offer.clone());
            if offer.cents < known.cents {
                *known = offer;
            }
        }
        Ok(Said { game: Some(game), offers: offers.into_values().collect(), low })
    }

    /// Its id of a title: by the number at Steam, else by a name that no other game has.
    async fn find(&self, sought: &Sought) -> Result<Option<String>, Failure> {
        for steam in &sought.steam {
            let candidates = answers::candidates(&self.get(&format!("/games?steamAppID={steam}")).await?)?;
            let these: Vec<&Candidate> =
                candidates.iter().filter(|candidate| candidate.steam.as_deref() == Some(steam)).collect();
            // Editions share a number: then the name decides.
            let named = these.iter().copied().filter(|candidate| sought.is_named(&candidate.name));
            if let Some(game) = only(these.iter().copied()).or_else(|| only(named)) {
                return Ok(Some(game));
            }
        }
        if !sought.steam.is_empty() || !sought.is_name_enough {
            return Ok(None);
        }
        let name = utf8_percent_encode(&sought.name, ENCODED);
        let path = format!("/games?title={name}&limit={SEARCH_LIMIT}&exact=1");
        let candidates = answers::candidates(&self.get(&path).await?)?;
        Ok(only(candidates.iter().filter(|candidate| sought.is_named(&candidate.name))))
    }

    async fn stores(&self) -> Result<BTreeMap<i32, String>, Failure> {
        let (asked_ms, known) = self.stores.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if asked_ms > clock::ms_ago(STORES_KEPT) {
            return Ok(known);
        }
        let stores = answers::stores(&self.get("/stores").await?)?;
        *self.stores.lock().unwrap_or_else(PoisonError::into_inner) = (clock::now_ms(), stores.clone());
        Ok(stores)
    }

    async fn get(&self, path: &str) -> Result<bytes::Bytes, Failure> {
        let answer = self.host.get(path).await?;
        if answer.status == 200 { Ok(answer.body) } else { Err(Failure::Status(answer.status)) }
    }
}

/// The id that all of these have, if there is one.
fn only<'a>(mut candidates: impl Iterator<Item = &'a Candidate>) -> Option<String> {
    let first = &candidates.next()?.game;
    candidates.all(|candidate| candidate.game == *first).then(|| first.clone())
}

/// Single steps, for fuzzing.
pub mod steps {
    use super::answers;

    /// Reads an answer as each kind; how many kinds it is.
    #[must_use]
    pub fn read_answers(body: &[u8]) -> usize {
        let kinds = [answers::candidates(body).is_ok(), answers::stores(body).is_ok(), answers::sold(body).is_ok()];
        kinds.into_iter().filter(|is_it| *is_it).count()
    }
}
