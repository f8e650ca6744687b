//! What maps are about.

use crate::{traces::TraceKind, worlds::ScopeKey};

/// The most traces of a scope that a map looks at, of each kind.
pub const MAX_TRACES: u64 = 100_000;

/// The most traces that a map names one by one.
pub const MAX_POINTS: usize = 2000;

/// The bars of a map's histogram of times.
pub const BARS: usize = 48;

/// The most content versions that a map counts.
pub const MAX_VERSIONS: usize = 50;

/// Cells along the longer side of a map.
pub const CELLS: std::ops::RangeInclusive<i64> = 16..=256;

/// From which side a map is seen: which two coordinates it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// From above, where y is up.
    Xz,
    /// From above, where z is up.
    Xy,
    /// From the side.
    Zy,
}

impl Plane {
    /// All of them, by name; the first is the default.
    pub const NAMES: &'static [&'static str] = &["xz", "xy", "zy"];

    /// The plane of a name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "xz" => Some(Self::Xz),
            "xy" => Some(Self::Xy),
            "zy" => Some(Self::Zy),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xz => "xz",
            Self::Xy => "xy",
            Self::Zy => "zy",
        }
    }

    /// Where a position lies in it.
    pub fn of(self, [x, y, z]: [f64; 3]) -> [f64; 2] {
        match self {
            Self::Xz => [x, z],
            Self::Xy => [x, y],
            Self::Zy => [z, y],
        }
    }
}

/// Which traces a map shows, hidden or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenFilter {
    /// Those that players see.
    Visible,
    /// Those that are hidden.
    Hidden,
    /// Both.
    All,
}

impl HiddenFilter {
    /// All of them, by name; the first is the default.
    pub const NAMES: &'static [&'static str] = &["visible", "hidden", "all"];

    /// Which of them a name means.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "visible" => Some(Self::Visible),
            "hidden" => Some(Self::Hidden),
            "all" => Some(Self::All),
            _ => None,
        }
    }
}

/// A rectangle of a plane: the lower and the upper corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The lower corner.
    pub low: [f64; 2],
    /// The upper corner.
    pub high: [f64; 2],
}

impl Bounds {
    /// Whether a point lies in it.
    pub fn has(&self, [x, y]: [f64; 2]) -> bool {
        let ([low_x, low_y], [high_x, high_y]) = (self.low, self.high);
        (low_x..=high_x).contains(&x) && (low_y..=high_y).contains(&y)
    }
}

/// What a map is asked for.
#[derive(Clone, Debug)]
pub struct MapQuery {
    /// The scope.
    pub scope: ScopeKey,
    /// The kinds.
    pub kinds: Vec<TraceKind>,
    /// From which side.
    pub plane: Plane,
    /// Which part; absent: all.
    pub bounds: Option<Bounds>,
    /// Cells along the longer side.
    pub cells: u32,
    /// The first and the last time at which they were left, in milliseconds since the epoch.
    pub times: (i64, i64),
    /// The lowest and the highest content version.
    pub versions: (i32, i32),
    /// The least votes for them, imported ones included.
    pub good_min: i64,
    /// Hidden or not.
    pub shown: HiddenFilter,
    /// Up to how many are named one by one.
    pub points: usize,
}

/// A trace as a map sees it.
#[derive(Clone, Copy, Debug)]
pub struct Dot {
    /// Its id.
    pub id: i64,
    /// Its kind.
    pub kind: TraceKind,
    /// Where it lies in the plane.
    pub at: [f64; 2],
    /// When it was left, in milliseconds since the epoch.
    pub left_ms: i64,
    /// The content version.
    pub version: i32,
    /// Votes for it.
    pub good: i64,
    /// Whether it is hidden.
    pub hidden: bool,
}

/// A scope with what lies in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeCount {
    /// Its name.
    pub scope: ScopeKey,
    /// How many traces of each kind it has, in the order of [`TraceKind::ALL`].
    pub traces: [i64; TraceKind::ALL.len()],
}
