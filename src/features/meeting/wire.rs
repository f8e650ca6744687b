//! What is met, as it is shown.

use poem_openapi::{Object, types::Example};

use super::model::Happening;
use crate::features::traces::ShownTrace;

/// A deck.
#[derive(Debug, Object)]
#[oai(example)]
pub struct ShownDeck {
    /// The game's name in addresses.
    game: String,
    /// `live` or `dev`.
    environment: String,
    /// The place; the first, where several were asked for.
    scope: String,
    /// Which deck it is.
    deck: u16,
    /// How many there are.
    deck_count: u16,
    /// The last that had happened in the world when it was dealt.
    revision: String,
    /// Seconds after which asking again is worth while.
    refresh_s: u16,
    /// Its traces, of each kind those that stand there.
    traces: Vec<ShownTrace>,
}

impl Example for ShownDeck {
    fn example() -> Self {
        Self {
            game: "climb".to_owned(),
            environment: "live".to_owned(),
            scope: "Ash Lake".to_owned(),
            deck: 3,
            deck_count: 8,
            revision: "4213".to_owned(),
            refresh_s: 10,
            traces: vec![ShownTrace::example()],
        }
    }
}

/// What has happened.
#[derive(Debug, Object)]
#[oai(example)]
pub struct ChangePage {
    /// In order.
    pub items: Vec<ShownChange>,
    /// For the next question's `after`.
    pub next: String,
    /// Whether more has happened already.
    pub more: bool,
}

impl Example for ChangePage {
    fn example() -> Self {
        let left = ShownChange {
            what: "left".to_owned(),
            id: "4211".to_owned(),
            reason: None,
            trace: Some(ShownTrace::example()),
        };
        let reason = Some("evicted".to_owned());
        let gone = ShownChange { what: "gone".to_owned(), id: "3907".to_owned(), reason, trace: None };
        Self { items: vec![left, gone], next: "4212".to_owned(), more: false }
    }
}

/// What has happened to a trace.
#[derive(Debug, Object)]
#[oai(rename = "Change")]
pub struct ShownChange {
    /// `left`, `changed` or `gone`.
    what: String,
    /// The trace.
    id: String,
    /// Why: `changed`, `restored`, `withdrawn`, `evicted`, `hidden`, `removed`, `trimmed` or `expired`.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// The trace as it is now; absent where it is there no more.
    #[oai(skip_serializing_if_is_none)]
    trace: Option<ShownTrace>,
}

impl ShownChange {
    /// As it is shown.
    pub fn of(happening: Happening) -> Self {
        let what = match happening.reason {
            None => "left",
            Some(reason) if reason.leaves_it() => "changed",
            Some(_) => "gone",
        };
        Self {
            what: what.to_owned(),
            id: happening.id.to_string(),
            reason: happening.reason.map(|reason| reason.name().to_owned()),
            trace: happening.trace.map(|trace| *trace),
        }
    }
}
