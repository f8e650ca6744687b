//! What is met, as it is shown.

use poem_openapi::{Object, types::Example};

use super::{model::Happening, query::Page};
use crate::traces::trace::TraceResponse;

/// A deck.
#[derive(Debug, Object)]
#[oai(example)]
pub struct DeckResponse {
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
    traces: Vec<TraceResponse>,
}

impl Example for DeckResponse {
    fn example() -> Self {
        Self {
            game: "climb".to_owned(),
            environment: "live".to_owned(),
            scope: "Ash Lake".to_owned(),
            deck: 3,
            deck_count: 8,
            revision: "4213".to_owned(),
            refresh_s: 10,
            traces: vec![TraceResponse::example()],
        }
    }
}

/// What traces are asked for. Each mode needs some of the fields and refuses others (docs/traces.md).
#[derive(Debug, Default, Object)]
#[oai(example)]
pub struct QueryRequest {
    /// `recent` (the newest first), `top` (the best score first), `near` (the nearest first), `ahead` (ghosts beside a rank) or
    /// `own` (the player's own, the oldest first; needs a player's token). Absent: `recent`.
    mode: Option<String>,
    /// The places: at most 8. Absent: the place without a name; in mode `own` all places.
    scopes: Option<Vec<String>>,
    /// `object`, `message`, `phantom`, `bloodstain`. Absent: all of them; in mode `ahead` phantoms.
    kinds: Option<Vec<String>>,
    /// What the group calls itself whose traces are asked for.
    group: Option<String>,
    /// Of this content and newer.
    version_min: Option<i32>,
    /// In mode `near`: to what, `[x,y,z]`.
    near: Option<Vec<f64>>,
    /// In mode `near`: how far at most; more than 0, at most 1e7.
    radius: Option<f64>,
    /// In mode `ahead`: beside which rank; lower is better.
    rank_value: Option<f64>,
    /// In mode `ahead`: so many of the ghosts that are better, those just better: at most 100. Absent: 10 where `behind` is
    /// absent too.
    ahead: Option<u16>,
    /// In mode `ahead`: so many of the ghosts that are as good or worse, those least worse: at most 100.
    behind: Option<u16>,
    /// In mode `ahead`: of each author the best ghost in a scope alone.
    best_per_author: Option<bool>,
    /// The `next` of an answer to the same question.
    after: Option<String>,
    /// At most so many: 1 to 1000. Absent: 100.
    limit: Option<u16>,
}

impl Example for QueryRequest {
    fn example() -> Self {
        Self {
            mode: Some("near".to_owned()),
            scopes: Some(vec!["Ash Lake".to_owned()]),
            kinds: Some(vec!["message".to_owned()]),
            near: Some(vec![160.0, -58.0, -446.0]),
            radius: Some(25.0),
            ..Self::default()
        }
    }
}

/// A page of the traces that were asked for.
#[derive(Debug, Object)]
#[oai(example)]
pub struct QueryPage {
    /// In the order of the mode. There may be fewer than `limit` although there are more.
    items: Vec<TraceResponse>,
    /// Those that have gone from the places since the answer whose `next` was sent: taken back, hidden, removed, or over.
    gone: Vec<String>,
    /// For the next question's `after`.
    next: String,
    /// Whether there are more, or more have gone.
    more: bool,
}

impl QueryPage {
    /// As it is shown.
    pub fn of(page: Page) -> Self {
        Self {
            items: page.items,
            gone: page.gone.into_iter().map(|id| id.to_string()).collect(),
            next: page.next.to_string(),
            more: page.more,
        }
    }
}

impl Example for QueryPage {
    fn example() -> Self {
        Self {
            items: vec![TraceResponse::example()],
            gone: vec!["3907".to_owned()],
            next: "a3f1c09b.4213.4012c00000000000.4211".to_owned(),
            more: false,
        }
    }
}

/// What has happened.
#[derive(Debug, Object)]
#[oai(example)]
pub struct ChangePage {
    /// In order.
    pub items: Vec<ChangeResponse>,
    /// For the next question's `after`.
    pub next: String,
    /// Whether more has happened already.
    pub more: bool,
}

impl Example for ChangePage {
    fn example() -> Self {
        let left = ChangeResponse {
            what: "left".to_owned(),
            id: "4211".to_owned(),
            reason: None,
            trace: Some(TraceResponse::example()),
        };
        let reason = Some("evicted".to_owned());
        let gone = ChangeResponse { what: "gone".to_owned(), id: "3907".to_owned(), reason, trace: None };
        Self { items: vec![left, gone], next: "4212".to_owned(), more: false }
    }
}

/// What has happened to a trace.
#[derive(Debug, Object)]
#[oai(rename = "Change")]
pub struct ChangeResponse {
    /// `left`, `changed` or `gone`.
    what: String,
    /// The trace.
    id: String,
    /// Why: `changed`, `restored`, `withdrawn`, `evicted`, `hidden`, `removed`, `trimmed` or `expired`.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
    /// The trace as it is now; absent where it is there no more.
    #[oai(skip_serializing_if_is_none)]
    trace: Option<TraceResponse>,
}

impl ChangeResponse {
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
