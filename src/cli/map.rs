//! A map of traces in text, projected along the axis on which they spread least.

use std::collections::BTreeMap;

use crate::traces::TraceKind;

/// Rows, at most.
const MAX_ROWS: usize = 24;

/// Height of a character cell, in widths.
const CELL_HEIGHT: f64 = 2.0;

const AXES: [&str; 3] = ["x", "y", "z"];

/// A trace on the map.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Its kind.
    pub kind: TraceKind,
    /// Its position.
    pub position: [f64; 3],
    /// Whether it is in a deck.
    pub is_in_deck: bool,
}

/// A drawn map.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// Rows of text, from the top.
    pub rows: Vec<String>,
    /// The horizontal axis: its name, its least and its greatest coordinate.
    pub across: (&'static str, f64, f64),
    /// The vertical axis, likewise.
    pub up: (&'static str, f64, f64),
    /// Width of a character in the game's units; a row is twice as high.
    pub cell_width: f64,
}

/// The character for a kind.
#[must_use]
pub fn kind_char(kind: TraceKind) -> char {
    match kind {
        TraceKind::Object => 'o',
        TraceKind::Message => 'm',
        TraceKind::Phantom => 'p',
        TraceKind::Bloodstain => 'b',
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cell of the map, which has few"
)]
fn cell_index(from: f64, to: f64, unit: f64) -> usize {
    ((to - from) / unit).floor().max(0.0) as usize
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a number of characters, which is small")]
fn to_f64(number: usize) -> f64 {
    number as f64
}

/// The least and greatest coordinate on each axis.
fn bounds(points: &[Point]) -> [(f64, f64); 3] {
    let mut bounds = [(f64::INFINITY, f64::NEG_INFINITY); 3];
    for point in points {
        for ((least, most), at) in bounds.iter_mut().zip(point.position) {
            (*least, *most) = (least.min(at), most.max(at));
        }
    }
    bounds
}

/// Draws a map of at most `width` characters per row; `None` if there are no points.
#[must_use]
pub fn draw(points: &[Point], width: usize) -> Option<Map> {
    if points.is_empty() {
        return None;
    }
    let mut axes: Vec<(usize, f64, f64)> =
        bounds(points).into_iter().enumerate().map(|(axis, (least, most))| (axis, least, most)).collect();
    // Of axes with the same spread, y is left out: it mostly points up.
    let spread = |(axis, least, most): &(usize, f64, f64)| (most - least, *axis != 1);
    axes.sort_by(|one, other| {
        let (one, other) = (spread(one), spread(other));
        other.0.total_cmp(&one.0).then(other.1.cmp(&one.1))
    });
    let [(across, left, right), (up, bottom, top), _] = *axes.as_slice() else { return None };
    let columns = width.max(10);
    // Large enough to fit both the width and the height.
    let needed_width = ((right - left) / to_f64(columns - 1)).max((top - bottom) / to_f64(MAX_ROWS - 1) / CELL_HEIGHT);
    let cell_width = if needed_width > 0.0 { needed_width } else { 1.0 };
    let mut cells: BTreeMap<(usize, usize), Vec<Point>> = BTreeMap::new();
    for point in points {
        let [x, y, z] = point.position;
        let coordinate = |axis: usize| match axis {
            0 => x,
            1 => y,
            _ => z,
        };
        let cell = (
            cell_index(bottom, coordinate(up), cell_width * CELL_HEIGHT),
            cell_index(left, coordinate(across), cell_width),
        );
        cells.entry(cell).or_default().push(*point);
    }
    let greatest = |index: fn(&(usize, usize)) -> usize| cells.keys().map(index).max().unwrap_or_default();
    let (last_row, last_column) = (greatest(|(row, _)| *row), greatest(|(_, column)| *column));
    let line = |row: usize| {
        let line: String =
            (0..=last_column).map(|column| cells.get(&(row, column)).map_or(' ', |cell| mark(cell))).collect();
        line.trim_end().to_owned()
    };
    let name = |axis: usize| AXES.get(axis).copied().unwrap_or_default();
    Some(Map {
        rows: (0..=last_row).rev().map(line).collect(),
        across: (name(across), left, right),
        up: (name(up), bottom, top),
        cell_width,
    })
}

/// The character of a cell: the kind of its trace in a deck, a capital for several of that kind, `*` for several kinds, `.`
/// where none is in a deck.
fn mark(cell: &[Point]) -> char {
    let mut in_decks = cell.iter().filter(|point| point.is_in_deck);
    let Some(first) = in_decks.next() else { return '.' };
    let letter = kind_char(first.kind);
    let mut rest = in_decks.peekable();
    if rest.peek().is_none() {
        letter
    } else if rest.all(|point| point.kind == first.kind) {
        letter.to_ascii_uppercase()
    } else {
        '*'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(kind: TraceKind, position: [f64; 3], is_in_deck: bool) -> Point {
        Point { kind, position, is_in_deck }
    }

    #[test]
    fn a_map_is_drawn_along_the_axes_of_greatest_spread() {
        let points = [
            point(TraceKind::Message, [0.0, 5.0, 0.0], true),
            point(TraceKind::Object, [18.0, 5.0, 0.0], true),
            point(TraceKind::Object, [18.5, 5.0, 0.5], true),
            point(TraceKind::Message, [9.0, 5.1, 8.0], true),
            point(TraceKind::Phantom, [9.1, 5.2, 8.0], true),
            point(TraceKind::Message, [19.0, 5.0, 8.0], false),
        ];
        let map = draw(&points, 20).unwrap();
        assert_eq!(map.rows, ["         *         .", "", "", "", "m                 O"]);
        assert_eq!((map.across, map.up, map.cell_width), (("x", 0.0, 19.0), ("z", 0.0, 8.0), 1.0));
    }

    #[test]
    fn a_map_stays_within_its_width_and_height() {
        let points: Vec<Point> = (0..100)
            .map(|at| point(TraceKind::Bloodstain, [0.1, f64::from(at) * 1e5, f64::from(at % 7)], true))
            .collect();
        let map = draw(&points, 80).unwrap();
        assert!(map.rows.len() <= MAX_ROWS && map.rows.iter().all(|row| row.len() <= 80), "{map:?}");
        let single = draw(&[point(TraceKind::Object, [3.0; 3], true)], 80).unwrap();
        assert_eq!((single.rows, single.cell_width), (vec!["o".to_owned()], 1.0));
        assert_eq!(draw(&[], 80), None);
    }
}
