//! An entry as JSON: as it was before an edit, for as long as that can be undone.

use serde::{Deserialize, Serialize};

use crate::{
    catalogue::titles::TitleId,
    identity::people::Audience,
    journal::library::model::{Entry, Grade, PartialDate, Playthrough, Score, State, StateChange, Target, Written},
    platform::{codec::json, error::StoreError},
};

#[derive(Serialize, Deserialize)]
struct Snapshot {
    state: State,
    since_ms: i64,
    added_ms: i64,
    changed_ms: i64,
    revision: i64,
    score: Option<Score>,
    audience: i16,
    loose_minutes: i32,
    target: Option<Target>,
    written: Written,
    playthroughs: Vec<Run>,
    history: Vec<(i64, State)>,
}

#[derive(Serialize, Deserialize)]
struct Run {
    number: i16,
    platform: Option<String>,
    started: Option<PartialDate>,
    finished: Option<PartialDate>,
    minutes: Option<i32>,
    grade: Option<Grade>,
    origin: Option<String>,
    written: bool,
}

/// An entry as text.
///
/// # Errors
/// It can't be written, which does not happen.
pub fn to_text(entry: &Entry) -> Result<String, StoreError> {
    let run = |run: &Playthrough| {
        let Playthrough { number, platform, started, finished, minutes, grade, origin, written } = run.clone();
        Run { number, platform, started, finished, minutes, grade, origin, written }
    };
    let snapshot = Snapshot {
        state: entry.state,
        since_ms: entry.since_ms,
        added_ms: entry.added_ms,
        changed_ms: entry.changed_ms,
        revision: entry.revision,
        score: entry.score,
        audience: entry.audience.number(),
        loose_minutes: entry.loose_minutes,
        target: entry.target.clone(),
        written: entry.written,
        playthroughs: entry.playthroughs.iter().map(run).collect(),
        history: entry.history.iter().map(|change| (change.at_ms, change.state)).collect(),
    };
    serde_json::to_string(&snapshot).map_err(|error| StoreError::Statement(sea_orm::DbErr::Type(error.to_string())))
}

/// The entry of a text; nothing where it is none of ours. It has the revision that it had: an older edit can be undone after this one.
#[must_use]
pub fn of_text(title: i64, text: &str) -> Option<Entry> {
    let snapshot: Snapshot = json::owned(text.as_bytes())?;
    let run = |run: Run| {
        let Run { number, platform, started, finished, minutes, grade, origin, written } = run;
        Playthrough { number, platform, started, finished, minutes, grade, origin, written }
    };
    Some(Entry {
        title: TitleId(title),
        state: snapshot.state,
        since_ms: snapshot.since_ms,
        added_ms: snapshot.added_ms,
        changed_ms: snapshot.changed_ms,
        revision: snapshot.revision,
        score: snapshot.score,
        audience: Audience::stored(snapshot.audience),
        loose_minutes: snapshot.loose_minutes,
        target: snapshot.target,
        written: snapshot.written,
        playthroughs: snapshot.playthroughs.into_iter().map(run).collect(),
        history: snapshot.history.into_iter().map(|(at_ms, state)| StateChange { at_ms, state }).collect(),
    })
}
