//! A user's traces in answers.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::model::{LinkedPage, LinkedTrace};
use crate::{
    http::{no_store::NoStore, schema::OneOf},
    identity::access::Environment,
    traces::trace::TraceResponse,
};

/// A trace that one of your players has left.
#[derive(Debug, Object)]
#[oai(example, rename = "LinkedTrace")]
pub struct LinkedTraceResponse {
    /// The studio of the game.
    studio: String,
    /// The game, as the studio calls it in addresses.
    game: String,
    /// Where in the game it is.
    environment: OneOf<Environment>,
    /// How often others have met it: have used it, as the game says.
    met: u64,
    /// Whether moderation has hidden it from others.
    hidden: bool,
    /// The trace.
    trace: TraceResponse,
}

impl LinkedTraceResponse {
    fn at(linked: LinkedTrace, now_ms: i64) -> Self {
        let LinkedTrace { studio, game, environment, trace } = linked;
        let met = u64::try_from(trace.uses).unwrap_or_default();
        let hidden = trace.hidden;
        let trace = TraceResponse::at(trace, now_ms);
        Self { studio, game, environment: OneOf(environment), met, hidden, trace }
    }
}

impl Example for LinkedTraceResponse {
    fn example() -> Self {
        Self {
            studio: "moss".to_owned(),
            game: "climb".to_owned(),
            environment: OneOf(Environment::Live),
            met: 412,
            hidden: false,
            trace: TraceResponse { uses: 412, ..TraceResponse::example() },
        }
    }
}

/// A page of the traces that your players have left in a game, those that were met most first.
#[derive(Debug, Object)]
#[oai(example)]
pub struct LinkedTracePage {
    /// They.
    items: Vec<LinkedTraceResponse>,
    /// The `after` of the next page; empty where there are none at all.
    #[oai(validator(max_length = 20))]
    next: String,
    /// Whether there are others after this page.
    more: bool,
    /// How many there are in all.
    traces: u64,
    /// How often others have met them, in all.
    met: u64,
    /// Votes for them, in all.
    good: u64,
    /// Votes against them, in all.
    poor: u64,
}

impl LinkedTracePage {
    /// The page after so many, in an answer that is made at that time.
    pub fn new(LinkedPage { page, totals }: LinkedPage, after: usize, now_ms: i64) -> Self {
        let shown = after.saturating_add(page.items.len());
        let next = if shown == 0 { String::new() } else { shown.to_string() };
        let more = page.more;
        let items = page.items.into_iter().map(|linked| LinkedTraceResponse::at(linked, now_ms)).collect();
        Self { items, next, more, traces: totals.traces, met: totals.met, good: totals.good, poor: totals.poor }
    }
}

impl Example for LinkedTracePage {
    fn example() -> Self {
        let items = vec![LinkedTraceResponse::example()];
        Self { items, next: "1".to_owned(), more: false, traces: 1, met: 412, good: 4, poor: 1 }
    }
}

/// The answer with a page.
#[derive(ApiResponse)]
pub enum LinkedTracesListed {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<LinkedTracePage>),
}
