//! Counting what a map shows: cells, bars of time, content versions.

use std::collections::BTreeMap;

use super::model::{BARS, Bounds, Dot, HiddenFilter, MAX_VERSIONS, MapQuery};
use crate::traces::TraceKind;

/// The traces of one kind on a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindCells {
    /// How many there are.
    pub total: u32,
    /// The cells that have some, ascending: the row times the columns, plus the column.
    pub cells: Vec<u32>,
    /// How many each of those has.
    pub counts: Vec<u32>,
}

/// A map.
#[derive(Clone, Debug)]
pub struct Map {
    /// The part that it shows.
    pub bounds: Bounds,
    /// Cells beside each other.
    pub columns: u32,
    /// Cells above each other.
    pub rows: u32,
    /// The width of a cell, in the game's units.
    pub cell_size: f64,
    /// What lies in the cells, in the order of [`TraceKind::ALL`].
    pub kinds: [KindCells; TraceKind::ALL.len()],
    /// The first and the last time of the histogram, in milliseconds since the epoch.
    pub times: (i64, i64),
    /// Its bars: of each kind, whatever times the query asks for.
    pub bars: [[u32; BARS]; TraceKind::ALL.len()],
    /// The newest content versions, and how many traces each has.
    pub versions: Vec<(i32, u32)>,
    /// The traces one by one, where they are few enough.
    pub points: Option<Vec<Dot>>,
}

/// The map of some traces; `now_ms` is the last time of its histogram.
pub fn draw(dots: &[Dot], query: &MapQuery, now_ms: i64) -> Map {
    let fits = |dot: &&Dot| {
        let is_shown = match query.shown {
            HiddenFilter::Visible => !dot.hidden,
            HiddenFilter::Hidden => dot.hidden,
            HiddenFilter::All => true,
        };
        is_shown && dot.good >= query.good_min
    };
    let of_version = |dot: &&Dot| (query.versions.0..=query.versions.1).contains(&dot.version);
    let dots: Vec<&Dot> = dots.iter().filter(fits).collect();
    let bounds = query.bounds.unwrap_or_else(|| around(&dots));
    let dots: Vec<&Dot> = dots.into_iter().filter(|dot| bounds.has(dot.at)).collect();
    let versions = versions(&dots);
    let dots: Vec<&Dot> = dots.into_iter().filter(of_version).collect();
    let first_ms = dots.iter().map(|dot| dot.left_ms).min().unwrap_or(now_ms).min(now_ms);
    let bars = bars(&dots, first_ms, now_ms);
    let (from_ms, to_ms) = query.times;
    let dots: Vec<&Dot> = dots.into_iter().filter(|dot| (from_ms..=to_ms).contains(&dot.left_ms)).collect();
    let grid = Grid::over(bounds, query.cells);
    let kinds = TraceKind::ALL.map(|kind| grid.count(dots.iter().filter(|dot| dot.kind == kind).map(|dot| dot.at)));
    let points = (dots.len() <= query.points).then(|| dots.into_iter().copied().collect());
    let Grid { columns, rows, cell_size, .. } = grid;
    Map { bounds, columns, rows, cell_size, kinds, times: (first_ms, now_ms), bars, versions, points }
}

/// The bounds of some traces, and a little around them.
fn around(dots: &[&Dot]) -> Bounds {
    let mut bounds = Bounds { low: [f64::MAX; 2], high: [f64::MIN; 2] };
    for dot in dots {
        for ((low, high), at) in bounds.low.iter_mut().zip(&mut bounds.high).zip(dot.at) {
            *low = low.min(at);
            *high = high.max(at);
        }
    }
    if dots.is_empty() {
        return Bounds { low: [-10.0; 2], high: [10.0; 2] };
    }
    let ([low_x, low_y], [high_x, high_y]) = (bounds.low, bounds.high);
    let margin = ((high_x - low_x).max(high_y - low_y) * 0.03).max(1.0);
    Bounds { low: bounds.low.map(|at| at - margin), high: bounds.high.map(|at| at + margin) }
}

fn versions(dots: &[&Dot]) -> Vec<(i32, u32)> {
    let mut counts: BTreeMap<i32, u32> = BTreeMap::new();
    for dot in dots {
        *counts.entry(dot.version).or_default() += 1;
    }
    counts.into_iter().rev().take(MAX_VERSIONS).collect()
}

fn bars(dots: &[&Dot], first_ms: i64, last_ms: i64) -> [[u32; BARS]; TraceKind::ALL.len()] {
    let bars = i64::try_from(BARS).unwrap_or(1);
    let step_ms = ((last_ms - first_ms) / bars).max(1);
    let mut counts = [[0; BARS]; TraceKind::ALL.len()];
    for dot in dots {
        let bar = usize::try_from(((dot.left_ms - first_ms) / step_ms).clamp(0, bars - 1)).unwrap_or_default();
        let kind = TraceKind::ALL.iter().position(|kind| *kind == dot.kind).unwrap_or_default();
        if let Some(count) = counts.get_mut(kind).and_then(|bars| bars.get_mut(bar)) {
            *count += 1;
        }
    }
    counts
}

/// A grid of square cells over a part of a plane.
#[derive(Clone, Copy, Debug)]
struct Grid {
    bounds: Bounds,
    columns: u32,
    rows: u32,
    cell_size: f64,
}

impl Grid {
    /// With so many cells along the longer side.
    fn over(bounds: Bounds, cells: u32) -> Self {
        let ([low_x, low_y], [high_x, high_y]) = (bounds.low, bounds.high);
        let (width, height) = (high_x - low_x, high_y - low_y);
        let cell_size = (width.max(height) / f64::from(cells)).max(f64::MIN_POSITIVE);
        let along = |length: f64| whole((length / cell_size).ceil(), cells).max(1);
        Self { bounds, columns: along(width), rows: along(height), cell_size }
    }

    /// The cell of a point within the bounds.
    fn cell(&self, [x, y]: [f64; 2]) -> u32 {
        let [low_x, low_y] = self.bounds.low;
        let along = |from: f64, count: u32| whole((from / self.cell_size).floor(), count - 1);
        along(y - low_y, self.rows) * self.columns + along(x - low_x, self.columns)
    }

    fn count(&self, points: impl Iterator<Item = [f64; 2]>) -> KindCells {
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        let mut total = 0;
        for point in points {
            *counts.entry(self.cell(point)).or_default() += 1;
            total += 1;
        }
        let (cells, counts) = counts.into_iter().unzip();
        KindCells { total, cells, counts }
    }
}

/// A whole number as an integer of at most `most`.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
fn whole(number: f64, most: u32) -> u32 {
    number.clamp(0.0, f64::from(most)) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{traces::maps::model::Plane, worlds::ScopeKey};

    fn query() -> MapQuery {
        MapQuery {
            scope: ScopeKey::default(),
            kinds: TraceKind::ALL.to_vec(),
            plane: Plane::Xz,
            bounds: None,
            cells: 16,
            times: (i64::MIN, i64::MAX),
            versions: (0, i32::MAX),
            good_min: 0,
            shown: HiddenFilter::Visible,
            points: 3,
        }
    }

    fn dot(id: i64, x: f64, y: f64) -> Dot {
        Dot { id, kind: TraceKind::Message, at: [x, y], left_ms: id * 10, version: 1, good: 0, hidden: false }
    }

    #[test]
    fn few_traces_are_named_and_many_only_counted() {
        let dots: Vec<Dot> = (0..4).map(|id| dot(id, 1.0, 2.0)).collect();
        let few = draw(&dots[..3], &query(), 100);
        assert_eq!(few.points.map(|points| points.len()), Some(3), "the points of three");
        let many = draw(&dots, &query(), 100);
        assert!(many.points.is_none(), "the points of four");
        assert_eq!(many.kinds[1].counts, [4], "counts");
    }

    #[test]
    fn times_narrow_the_cells_and_leave_the_histogram() {
        let dots: Vec<Dot> = (0..48).map(|id| dot(id, 0.0, 0.0)).collect();
        let map = draw(&dots, &MapQuery { times: (100, 199), ..query() }, 480);
        assert_eq!(map.kinds[1].total, 10, "cells");
        assert_eq!(map.bars[1].iter().sum::<u32>(), 48, "bars");
    }

    #[test]
    fn what_is_hidden_is_shown_where_it_is_asked_for() {
        let dots = [dot(1, 0.0, 0.0), Dot { hidden: true, ..dot(2, 0.0, 0.0) }];
        for (shown, ids) in
            [(HiddenFilter::Visible, &[1][..]), (HiddenFilter::Hidden, &[2]), (HiddenFilter::All, &[1, 2])]
        {
            let map = draw(&dots, &MapQuery { shown, ..query() }, 100);
            let found: Vec<i64> = map.points.unwrap().iter().map(|dot| dot.id).collect();
            assert_eq!(found, ids, "{shown:?}");
        }
    }

    proptest! {
        #[test]
        fn each_trace_is_counted_once_in_a_cell_of_the_grid(
            points in prop::collection::vec((-1e7..1e7_f64, -1e7..1e7_f64), 1..60),
            cells in 16..256_u32,
        ) {
            let dots: Vec<Dot> = (0..).zip(points).map(|(id, (x, y))| dot(id, x, y)).collect();
            let map = draw(&dots, &MapQuery { cells, ..query() }, 1000);
            let [_, messages, ..] = &map.kinds;
            prop_assert_eq!(messages.counts.iter().sum::<u32>(), u32::try_from(dots.len()).unwrap());
            prop_assert!(messages.cells.iter().all(|cell| *cell < map.columns * map.rows));
            prop_assert!(map.columns <= cells && map.rows <= cells);
        }
    }
}
