//! A recording as columns of numbers: as games send it, and as they are shown it.

use serde::{Deserialize, Serialize};

/// A recording as it was sent: whatever numbers stood there. Empty columns are absent ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The game's compatibility number.
    pub content_version: f64,
    /// Whether it came to its end.
    pub complete: bool,
    /// How whoever is seen in it looks.
    pub look: String,
    /// The columns.
    pub columns: [Vec<f64>; Column::ALL.len()],
}

/// A column of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// When each frame is, in milliseconds.
    Time,
    /// Positions, three numbers a frame.
    Pos,
    /// Rotations, four numbers a frame.
    Rot,
    /// A word of the game's for each frame.
    State,
    /// Frames that are no continuation of the one before them.
    Teleports,
    /// When each event is.
    EventTime,
    /// What each event is.
    EventCode,
    /// What belongs to each event.
    EventArg,
}

impl Column {
    /// All of them.
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

    /// As it is written.
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

impl Draft {
    /// A column.
    #[must_use]
    pub fn column(&self, column: Column) -> &[f64] {
        let place = Column::ALL.iter().position(|one| *one == column);
        place.and_then(|place| self.columns.get(place)).map_or(&[], Vec::as_slice)
    }
}

/// A recording as it is shown. Columns that it has not are left out.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Columns {
    /// The game's compatibility number.
    pub content_version: u32,
    /// Whether it came to its end.
    pub complete: bool,
    /// How whoever is seen in it looks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub look: String,
    /// When each frame is, in milliseconds.
    pub t_ms: Vec<i64>,
    /// Positions, three numbers a frame.
    pub pos: Vec<f64>,
    /// Rotations, four numbers a frame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rot: Vec<f64>,
    /// A word of the game's for each frame.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state: Vec<i64>,
    /// Frames that are no continuation of the one before them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teleports: Vec<u32>,
    /// When each event is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_ms: Vec<i64>,
    /// What each event is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_code: Vec<i64>,
    /// What belongs to each event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_arg: Vec<i64>,
}
