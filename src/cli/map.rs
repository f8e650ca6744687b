//! A map of what lies somewhere, in characters: seen along the axis on which it spreads least.

use std::collections::BTreeMap;

use crate::traces::TraceKind;

/// Rows, at most.
const ROWS: usize = 24;

/// A character is about twice as high as it is wide.
const HIGH: f64 = 2.0;

const AXES: [&str; 3] = ["x", "y", "z"];

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// Its kind.
    pub kind: TraceKind,
    /// Where it lies.
    pub position: [f64; 3],
    /// Whether it stands in a deck.
    pub shown: bool,
}

/// A map.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// The rows, from the top.
    pub rows: Vec<String>,
    /// The axis that goes to the right, from and to where.
    pub across: (&'static str, f64, f64),
    /// The axis that goes up.
    pub up: (&'static str, f64, f64),
    /// Units that a character is wide; a row is twice as high.
    pub column: f64,
}

/// What stands for a kind.
#[must_use]
pub fn letter(kind: TraceKind) -> char {
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
    reason = "a place on the map"
)]
fn step(from: f64, to: f64, unit: f64) -> usize {
    ((to - from) / unit).floor().max(0.0) as usize
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a width in characters")]
fn count(number: usize) -> f64 {
    number as f64
}

/// The least and the greatest on each axis.
fn bounds(spots: &[Spot]) -> [(f64, f64); 3] {
    let mut bounds = [(f64::INFINITY, f64::NEG_INFINITY); 3];
    for spot in spots {
        for ((least, most), at) in bounds.iter_mut().zip(spot.position) {
            (*least, *most) = (least.min(at), most.max(at));
        }
    }
    bounds
}

/// Draws a map of at most so many characters' width; nothing where there is nothing.
#[must_use]
pub fn draw(spots: &[Spot], width: usize) -> Option<Map> {
    if spots.is_empty() {
        return None;
    }
    let mut axes: Vec<(usize, f64, f64)> =
        bounds(spots).into_iter().enumerate().map(|(axis, (least, most))| (axis, least, most)).collect();
    // Of axes that are alike y is left out: it mostly points up.
    let spread = |(axis, least, most): &(usize, f64, f64)| (most - least, *axis != 1);
    axes.sort_by(|one, other| {
        let (one, other) = (spread(one), spread(other));
        other.0.total_cmp(&one.0).then(other.1.cmp(&one.1))
    });
    let [(across, left, right), (up, bottom, top), _] = *axes.as_slice() else { return None };
    let columns = width.max(10);
    // Wide enough for the one, and high enough for the other.
    let least = ((right - left) / count(columns - 1)).max((top - bottom) / count(ROWS - 1) / HIGH);
    let column = if least > 0.0 { least } else { 1.0 };
    let mut cells: BTreeMap<(usize, usize), Vec<Spot>> = BTreeMap::new();
    for spot in spots {
        let [x, y, z] = spot.position;
        let on = |axis: usize| match axis {
            0 => x,
            1 => y,
            _ => z,
        };
        let place = (step(bottom, on(up), column * HIGH), step(left, on(across), column));
        cells.entry(place).or_default().push(*spot);
    }
    let far = |of: fn(&(usize, usize)) -> usize| cells.keys().map(of).max().unwrap_or_default();
    let (top_row, widest) = (far(|(row, _)| *row), far(|(_, at)| *at));
    let line = |row: usize| {
        let line: String = (0..=widest).map(|at| cells.get(&(row, at)).map_or(' ', |cell| mark(cell))).collect();
        line.trim_end().to_owned()
    };
    let name = |axis: usize| AXES.get(axis).copied().unwrap_or_default();
    Some(Map {
        rows: (0..=top_row).rev().map(line).collect(),
        across: (name(across), left, right),
        up: (name(up), bottom, top),
        column,
    })
}

/// What is drawn for what lies in one place: its kind, `*` for several kinds, capitals for several of a kind.
fn mark(cell: &[Spot]) -> char {
    let mut shown = cell.iter().filter(|spot| spot.shown);
    let Some(first) = shown.next() else { return '.' };
    let letter = letter(first.kind);
    let mut rest = shown.peekable();
    if rest.peek().is_none() {
        letter
    } else if rest.all(|spot| spot.kind == first.kind) {
        letter.to_ascii_uppercase()
    } else {
        '*'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(kind: TraceKind, position: [f64; 3], shown: bool) -> Spot {
        Spot { kind, position, shown }
    }

    #[test]
    fn what_lies_far_apart_is_drawn_along_the_axes_of_greatest_spread() {
        let spots = [
            spot(TraceKind::Message, [0.0, 5.0, 0.0], true),
            spot(TraceKind::Object, [18.0, 5.0, 0.0], true),
            spot(TraceKind::Object, [18.5, 5.0, 0.5], true),
            spot(TraceKind::Message, [9.0, 5.1, 8.0], true),
            spot(TraceKind::Phantom, [9.1, 5.2, 8.0], true),
            spot(TraceKind::Message, [19.0, 5.0, 8.0], false),
        ];
        let map = draw(&spots, 20).unwrap();
        assert_eq!(map.rows, ["         *         .", "", "", "", "m                 O"]);
        assert_eq!((map.across, map.up, map.column), (("x", 0.0, 19.0), ("z", 0.0, 8.0), 1.0));
    }

    #[test]
    fn a_map_is_never_wider_or_higher_than_it_may_be() {
        let spots: Vec<Spot> = (0..100)
            .map(|at| spot(TraceKind::Bloodstain, [0.1, f64::from(at) * 1e5, f64::from(at % 7)], true))
            .collect();
        let map = draw(&spots, 80).unwrap();
        assert!(map.rows.len() <= ROWS && map.rows.iter().all(|row| row.len() <= 80), "{map:?}");
        let one = draw(&[spot(TraceKind::Object, [3.0; 3], true)], 80).unwrap();
        assert_eq!((one.rows, one.column), (vec!["o".to_owned()], 1.0));
        assert_eq!(draw(&[], 80), None);
    }
}
