//! A recording as columns of numbers: [`RawColumns`] as a client sends it, [`Columns`] as responses contain it.

use serde::{Deserialize, Serialize};

/// A recording as it was sent, before validation. Absent columns are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawColumns {
    /// The game's compatibility number.
    pub content_version: f64,
    /// Whether the run was finished.
    pub complete: bool,
    /// How the player looks, in the game's own words.
    pub look: String,
    /// The columns, in the order of [`Column::ALL`].
    pub columns: [Vec<f64>; Column::ALL.len()],
}

/// A column of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The time of each frame, in milliseconds.
    Time,
    /// Positions, three numbers per frame.
    Pos,
    /// Rotations, four numbers per frame.
    Rot,
    /// The game's own number for each frame.
    State,
    /// Frames that do not continue the one before them.
    Teleports,
    /// The time of each event, in milliseconds.
    EventTime,
    /// The game's code of each event.
    EventCode,
    /// The game's argument of each event.
    EventArg,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 8] = [
        Self::Time,
        Self::Pos,
        Self::Rot,
        Self::State,
        Self::Teleports,
        Self::EventTime,
        Self::EventCode,
        Self::EventArg,
    ];

    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Time => "t_ms",
            Self::Pos => "pos",
            Self::Rot => "rot",
            Self::State => "state",
            Self::Teleports => "teleports",
            Self::EventTime => "event_ms",
            Self::EventCode => "event_code",
            Self::EventArg => "event_arg",
        }
    }
}

impl RawColumns {
    /// The numbers of a column; empty if it is absent.
    #[must_use]
    pub fn column(&self, column: Column) -> &[f64] {
        let index = Column::ALL.iter().position(|other| *other == column);
        index.and_then(|index| self.columns.get(index)).map_or(&[], Vec::as_slice)
    }
}

/// A recording as responses contain it. Empty columns are left out.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Columns {
    /// The game's compatibility number.
    pub content_version: u32,
    /// Whether the run was finished.
    pub complete: bool,
    /// How the player looks, in the game's own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub look: String,
    /// The time of each frame, in milliseconds.
    pub t_ms: Vec<i64>,
    /// Positions, three numbers per frame.
    pub pos: Vec<f64>,
    /// Rotations, four numbers per frame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rot: Vec<f64>,
    /// The game's own number for each frame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state: Vec<i64>,
    /// Frames that do not continue the one before them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teleports: Vec<u32>,
    /// The time of each event, in milliseconds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_ms: Vec<i64>,
    /// The game's code of each event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_code: Vec<i64>,
    /// The game's argument of each event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_arg: Vec<i64>,
}
