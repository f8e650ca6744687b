//! What a library comes to.

use poem_openapi::{Object, types::Example};

use crate::{
    http::schema::OneOf,
    journal::library::model::{Count, GenreCount, PlatformCount, State, StateCount, Statistics},
};

/// How many entries are in a state.
#[derive(Debug, Object)]
#[oai(rename = "LibraryStateCount")]
struct StateCountResponse {
    /// The state.
    state: OneOf<State>,
    /// The entries.
    entries: i64,
    /// Their minutes.
    minutes: i64,
}

impl From<StateCount> for StateCountResponse {
    fn from(StateCount { state, count }: StateCount) -> Self {
        Self { state: OneOf(state), entries: count.entries, minutes: count.minutes }
    }
}

/// How many entries are of a genre.
#[derive(Debug, Object)]
#[oai(rename = "LibraryGenreCount")]
struct GenreCountResponse {
    /// The genre.
    genre: String,
    /// The entries.
    entries: i64,
    /// Those that are completed.
    completed: i64,
    /// Their minutes.
    minutes: i64,
}

impl From<GenreCount> for GenreCountResponse {
    fn from(GenreCount { genre, count }: GenreCount) -> Self {
        let Count { entries, completed, minutes } = count;
        Self { genre, entries, completed, minutes }
    }
}

/// How many playthroughs were on a platform.
#[derive(Debug, Object)]
#[oai(rename = "LibraryPlatformCount")]
struct PlatformCountResponse {
    /// The platform.
    platform: String,
    /// The playthroughs.
    playthroughs: i64,
    /// Those that have ended.
    finished: i64,
    /// Their minutes.
    minutes: i64,
}

impl From<PlatformCount> for PlatformCountResponse {
    fn from(PlatformCount { platform, count }: PlatformCount) -> Self {
        let Count { entries: playthroughs, completed: finished, minutes } = count;
        Self { platform, playthroughs, finished, minutes }
    }
}

/// What a library comes to, as far as you may see it.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryStatistics")]
pub struct StatisticsResponse {
    /// All entries.
    entries: i64,
    /// Those that are completed.
    completed: i64,
    /// All minutes.
    minutes: i64,
    /// Entries with a score.
    scored: i64,
    /// The mean of these scores, to a tenth; absent where there is none.
    #[oai(skip_serializing_if_is_none)]
    mean_score: Option<f64>,
    /// By state: all five, in their order.
    states: Vec<StateCountResponse>,
    /// By genre, those with most time first; at most 50. A game counts for each of its genres.
    genres: Vec<GenreCountResponse>,
    /// By platform, those with most time first; at most 50.
    platforms: Vec<PlatformCountResponse>,
}

impl From<Statistics> for StatisticsResponse {
    fn from(statistics: Statistics) -> Self {
        let mean = statistics.mean_score_tenths().and_then(|tenths| i32::try_from(tenths).ok());
        let Count { entries, completed, minutes } = statistics.total;
        Self {
            entries,
            completed,
            minutes,
            scored: statistics.scored,
            mean_score: mean.map(|tenths| f64::from(tenths) / 10.0),
            states: statistics.states.into_iter().map(StateCountResponse::from).collect(),
            genres: statistics.genres.into_iter().map(GenreCountResponse::from).collect(),
            platforms: statistics.platforms.into_iter().map(PlatformCountResponse::from).collect(),
        }
    }
}

impl Example for StatisticsResponse {
    fn example() -> Self {
        let count = Count { entries: 12, completed: 7, minutes: 31_400 };
        let genre = GenreCount { genre: "adventure".to_owned(), count };
        let platform = PlatformCount { platform: "pc".to_owned(), count };
        Self {
            entries: 12,
            completed: 7,
            minutes: 31_400,
            scored: 5,
            mean_score: Some(71.2),
            states: vec![StateCount { state: State::Completed, count }.into()],
            genres: vec![genre.into()],
            platforms: vec![platform.into()],
        }
    }
}
