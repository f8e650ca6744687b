//! Cells of space: cubes in which the index on positions has its traces together. The column `cell` of a trace has the bits of its
//! three coordinates, interleaved; a cube whose width is a power of two is one range of such numbers.

/// Coordinates are within this, on either side of 0.
const LIMIT: f64 = 1e7;

/// Takes a coordinate to a whole number of 20 bits. The same as in the migration that made the column.
const STEPS: f64 = 0.052_428_7;

/// The most cubes by which a space is covered.
const MOST: i64 = 27;

/// The width of the smallest cell.
pub const WIDTH: f64 = 1.0 / STEPS;

/// The ranges of cells that cover a cube around a position, first and last of each; their number is a power of two, because a
/// statement is prepared for each number.
#[must_use]
pub fn around(position: [f64; 3], reach: f64) -> Vec<(i64, i64)> {
    let low = position.map(|coordinate| whole((coordinate - reach).next_down()));
    let high = position.map(|coordinate| whole((coordinate + reach).next_up()));
    let counts =
        |level: u32| -> i64 { low.iter().zip(high).map(|(low, high)| (high >> level) - (low >> level) + 1).product() };
    let level = (0..20).find(|level| counts(*level) <= MOST).unwrap_or(20);
    let [xs, ys, zs] = [0, 1, 2].map(|axis| {
        let at = |corner: [i64; 3]| corner.get(axis).copied().unwrap_or_default() >> level;
        at(low)..=at(high)
    });
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for x in xs {
        for y in ys.clone() {
            ranges.extend(zs.clone().map(|z| {
                let first = interleaved([x, y, z]) << (3 * level);
                (first, first + (1 << (3 * level)) - 1)
            }));
        }
    }
    ranges.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(before) if before.1 + 1 == first => before.1 = last,
            _ => merged.push((first, last)),
        }
    }
    // An empty range finds nothing.
    merged.resize(merged.len().next_power_of_two(), (0, -1));
    merged
}

/// The number of a coordinate, 0 to 2^20 - 1.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "within 20 bits")]
fn whole(coordinate: f64) -> i64 {
    ((coordinate.clamp(-LIMIT, LIMIT) + LIMIT) * STEPS).floor() as i64
}

/// The bits of three numbers, in turn.
fn interleaved(numbers: [i64; 3]) -> i64 {
    (0..20).fold(0, |cell, bit| {
        numbers
            .iter()
            .zip([2, 1, 0])
            .fold(cell, |cell, (number, place)| cell | ((number >> bit) & 1) << (3 * bit + place))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn coordinate() -> impl Strategy<Value = f64> {
        prop_oneof![-1e7..1e7, -100.0..100.0, Just(1e7), Just(-1e7), Just(0.0)]
    }

    proptest! {
        #[test]
        fn what_is_within_reach_is_in_a_range(
            position in [coordinate(), coordinate(), coordinate()],
            reach in prop_oneof![0.001..50.0_f64, 50.0..1e7_f64],
            towards in [-1.0..=1.0_f64, -1.0..=1.0, -1.0..=1.0],
        ) {
            let mut other = position;
            for (coordinate, by) in other.iter_mut().zip(towards) {
                *coordinate = (*coordinate + by * reach).clamp(-LIMIT, LIMIT);
            }
            let cell = interleaved(other.map(whole));
            let ranges = around(position, reach);
            prop_assert!(ranges.iter().any(|(first, last)| (*first..=*last).contains(&cell)), "{ranges:?}");
            prop_assert!(ranges.len() <= 32);
        }
    }

    #[test]
    fn a_small_space_is_a_small_part_of_all() {
        let cells: i64 = around([1_234.5, -99.0, 7.0], 50.0).iter().map(|(first, last)| last - first + 1).sum();
        assert!(cells <= 27 * 8 * 8, "{cells}");
    }
}
