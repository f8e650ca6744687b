//! Quantisation: numbers to integers within the stated error, and back.

use super::{
    FARTHEST, LATEST_MS, LOOK_BYTES, Limits, Precision, Recording,
    column::BOUND,
    columns::{Column, Columns, RawColumns},
    packed::Rotation,
};
use crate::platform::error::Fault;

/// The lengths of quaternions that are accepted and normalised; rounding explains no other.
const LENGTHS: std::ops::RangeInclusive<f64> = 0.9..=1.1;

/// A quaternion's component stays left out while it is at least this large. The largest component is at least 0.5, so this is the
/// largest error that leaving out the largest would give, too, and switches are rare.
const HALF: f64 = 0.5;

/// A frame that is reached this many times as fast as 19 of 20 moving frames is a teleport.
const JUMP: f64 = 8.0;

/// Teleports are only detected in recordings with at least this many moving frames.
const MIN_MOVING_FRAMES: usize = 16;

/// The nearest integer to a number whose magnitude is below 2^52.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the standard library has no other conversion"
)]
#[inline]
fn nearest(number: f64) -> i64 {
    (number + 0.5_f64.copysign(number)) as i64
}

/// The number equal to an integer whose magnitude is below 2^53.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "exact within the bound of a column")]
#[inline]
fn number(integer: i64) -> f64 {
    integer as f64
}

/// A column of integers, each within `range`.
fn integers(raw: &RawColumns, column: Column, range: std::ops::RangeInclusive<i64>) -> Result<Vec<i64>, Fault> {
    let (least, most) = (number(*range.start()), number(*range.end()));
    let parse = |(at, number): (usize, &f64)| {
        if number.fract() == 0.0 && (least..=most).contains(number) {
            return Ok(nearest(*number));
        }
        let detail = format!("is {number}; an integer from {} to {}", range.start(), range.end());
        Err(Fault::new(format!("/{}/{at}", column.name()), detail))
    };
    raw.column(column).iter().enumerate().map(parse).collect()
}

/// Checks that a column has `count` numbers, one or more for each of `items`.
fn check_length(raw: &RawColumns, column: Column, count: usize, items: &str) -> Result<(), Fault> {
    let length = raw.column(column).len();
    let detail = || format!("has {length} numbers; {count}, for as many {items} as there are");
    if length == count { Ok(()) } else { Err(Fault::new(format!("/{}", column.name()), detail())) }
}

/// Checks that each value is at least `least` above the one before.
fn check_ascending(column: Column, values: &[i64], least: i64) -> Result<(), Fault> {
    let wrong = values.iter().zip(values.iter().skip(1)).position(|(value, next)| next - value < least);
    wrong.map_or(Ok(()), |at| {
        let detail = if least > 0 { "does not come after the one before it" } else { "comes before the one before it" };
        Err(Fault::new(format!("/{}/{}", column.name(), at + 1), detail))
    })
}

impl RawColumns {
    /// Validates and quantises the columns.
    ///
    /// # Errors
    /// Each fault.
    pub fn quantise(&self, limits: &Limits, precision: Precision) -> Result<Recording, Vec<Fault>> {
        let t_ms = self.times(limits).map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        let parts = [
            self.content_version(),
            self.pos(t_ms.len(), precision.per_unit).map(Part::Pos),
            self.teleports(&t_ms).map(Part::Teleports),
            self.rotation(t_ms.len(), precision.per_one).map(Part::Rotation),
            self.state(t_ms.len()).map(Part::State),
            self.events(&t_ms, limits).map(Part::Events),
        ];
        let mut recording = Recording {
            content_version: 0,
            complete: self.complete,
            look: self.look.clone(),
            per_unit: precision.per_unit,
            t_ms,
            teleports: Vec::new(),
            pos: [Vec::new(), Vec::new(), Vec::new()],
            rotation: None,
            state: Vec::new(),
            event_ms: Vec::new(),
            event_code: Vec::new(),
            event_arg: Vec::new(),
        };
        for part in parts {
            match part {
                Ok(Part::Version(version)) => recording.content_version = version,
                Ok(Part::Pos(pos)) => recording.pos = pos,
                Ok(Part::Teleports(teleports)) => recording.teleports = teleports,
                Ok(Part::Rotation(rotation)) => recording.rotation = rotation,
                Ok(Part::State(state)) => recording.state = state,
                Ok(Part::Events([ms, code, arg])) => {
                    (recording.event_ms, recording.event_code, recording.event_arg) = (ms, code, arg);
                }
                Err(fault) => faults.push(fault),
            }
        }
        if recording.look.len() > LOOK_BYTES {
            faults.push(Fault::new("/look", format!("is {} bytes long; at most {LOOK_BYTES}", recording.look.len())));
        }
        if faults.is_empty() { Ok(recording) } else { Err(faults) }
    }

    fn content_version(&self) -> Result<Part, Fault> {
        let version = Some(self.content_version).filter(|version| version.fract() == 0.0).map(nearest);
        let version =
            version.and_then(|version| i32::try_from(version).ok()).and_then(|version| version.try_into().ok());
        let detail = || format!("is {}; an integer from 0 to {}", self.content_version, i32::MAX);
        version.map(Part::Version).ok_or_else(|| Fault::new("/content_version", detail()))
    }

    fn times(&self, limits: &Limits) -> Result<Vec<i64>, Fault> {
        let frames = self.column(Column::Time).len();
        if frames == 0 {
            return Err(Fault::new("/t_ms", "is missing"));
        }
        if frames > limits.frames {
            return Err(Fault::new("/t_ms", format!("has {frames} frames; at most {}", limits.frames)));
        }
        let t_ms = integers(self, Column::Time, 0..=LATEST_MS)?;
        check_ascending(Column::Time, &t_ms, 1)?;
        Ok(t_ms)
    }

    fn pos(&self, frames: usize, per_unit: u16) -> Result<[Vec<i64>; 3], Fault> {
        check_length(self, Column::Pos, frames * 3, "frames")?;
        let given = self.column(Column::Pos);
        // NaN is outside every range.
        let farthest = number(FARTHEST.min(BOUND / i64::from(per_unit)));
        if let Some(at) = given.iter().position(|number| !(-farthest..=farthest).contains(number)) {
            let detail = format!("is out of range: -{farthest:e} to {farthest:e}");
            return Err(Fault::new(format!("/pos/{at}"), detail));
        }
        let mut axes = [(); 3].map(|()| Vec::with_capacity(frames));
        let per_unit = f64::from(per_unit);
        for position in given.chunks_exact(3) {
            for (axis, coordinate) in axes.iter_mut().zip(position) {
                axis.push(nearest(coordinate * per_unit));
            }
        }
        Ok(axes)
    }

    fn teleports(&self, t_ms: &[i64]) -> Result<Vec<usize>, Fault> {
        if self.column(Column::Teleports).is_empty() {
            return Ok(self.detect_teleports(t_ms));
        }
        let last = i64::try_from(t_ms.len()).unwrap_or(i64::MAX) - 1;
        let teleports = integers(self, Column::Teleports, 1..=last)?;
        check_ascending(Column::Teleports, &teleports, 1)?;
        Ok(teleports.into_iter().filter_map(|frame| usize::try_from(frame).ok()).collect())
    }

    /// The frames that were reached more than [`JUMP`] times as fast as 19 of 20 moving frames.
    fn detect_teleports(&self, t_ms: &[i64]) -> Vec<usize> {
        let positions = self.column(Column::Pos).chunks_exact(3);
        let distances = positions.clone().zip(positions.skip(1)).map(|(position, next)| {
            let squares = position.iter().zip(next).map(|(from, to)| (to - from) * (to - from));
            squares.sum::<f64>()
        });
        let times = t_ms.iter().zip(t_ms.iter().skip(1)).map(|(time, next)| number(next - time));
        // Squared speeds: they sort like speeds.
        let speeds: Vec<f64> = distances.zip(times).map(|(distance, time)| distance / (time * time)).collect();
        let mut moving: Vec<f64> = speeds.iter().copied().filter(|speed| *speed > 0.0).collect();
        if moving.len() < MIN_MOVING_FRAMES {
            return Vec::new();
        }
        let percentile = moving.len() * 19 / 20;
        let (_, usual, _) = moving.select_nth_unstable_by(percentile, f64::total_cmp);
        let bound = *usual * JUMP * JUMP;
        speeds.iter().zip(1..).filter(|(speed, _)| **speed > bound).map(|(_, frame)| frame).collect()
    }

    fn rotation(&self, frames: usize, per_one: u16) -> Result<Option<Rotation>, Fault> {
        let given = self.column(Column::Rot);
        if given.is_empty() {
            return Ok(None);
        }
        check_length(self, Column::Rot, frames * 4, "frames")?;
        let mut left_out: Vec<(usize, usize)> = Vec::new();
        let mut parts = [(); 3].map(|()| Vec::with_capacity(frames));
        let mut largest = usize::MAX;
        for (frame, quaternion) in given.as_chunks::<4>().0.iter().enumerate() {
            let length = quaternion.iter().map(|part| part * part).sum::<f64>().sqrt();
            if !LENGTHS.contains(&length) {
                let detail = format!("begins a quaternion of length {length}; about 1");
                return Err(Fault::new(format!("/rot/{}", frame * 4), detail));
            }
            if quaternion.get(largest).is_none_or(|part| part.abs() < HALF * length) {
                let by_size =
                    |(_, part): &(usize, &f64), (_, other): &(usize, &f64)| part.abs().total_cmp(&other.abs());
                largest = quaternion.iter().enumerate().max_by(by_size).map_or(0, |(part, _)| part);
                left_out.push((frame, largest));
            }
            let [x, y, z, w] = *quaternion;
            let (part, others) = match largest {
                0 => (x, [y, z, w]),
                1 => (y, [x, z, w]),
                2 => (z, [x, y, w]),
                _ => (w, [x, y, z]),
            };
            // A quaternion and its negation are the same rotation: take the one whose left-out component is not negative.
            let scale = f64::from(per_one) / length.copysign(part);
            for (column, part) in parts.iter_mut().zip(others) {
                column.push(nearest(part * scale));
            }
        }
        Ok(Some(Rotation { per_one, left_out, parts }))
    }

    fn state(&self, frames: usize) -> Result<Vec<i64>, Fault> {
        if !self.column(Column::State).is_empty() {
            check_length(self, Column::State, frames, "frames")?;
        }
        integers(self, Column::State, i32::MIN.into()..=i32::MAX.into())
    }

    fn events(&self, t_ms: &[i64], limits: &Limits) -> Result<[Vec<i64>; 3], Fault> {
        let count = self.column(Column::EventTime).len();
        if count > limits.events {
            return Err(Fault::new("/event_ms", format!("has {count} events; at most {}", limits.events)));
        }
        check_length(self, Column::EventCode, count, "events")?;
        check_length(self, Column::EventArg, count, "events")?;
        let (first, last) = t_ms.first().zip(t_ms.last()).map_or((0, 0), |(first, last)| (*first, *last));
        let event_ms = integers(self, Column::EventTime, first..=last)?;
        check_ascending(Column::EventTime, &event_ms, 0)?;
        let any = || i32::MIN.into()..=i32::MAX.into();
        Ok([event_ms, integers(self, Column::EventCode, any())?, integers(self, Column::EventArg, any())?])
    }
}

/// A validated and quantised part of a recording.
enum Part {
    Version(u32),
    Pos([Vec<i64>; 3]),
    Teleports(Vec<usize>),
    Rotation(Option<Rotation>),
    State(Vec<i64>),
    Events([Vec<i64>; 3]),
}

impl Recording {
    /// The columns for a response.
    #[must_use]
    pub fn columns(&self) -> Columns {
        let [x, y, z] = &self.pos;
        let per_unit = f64::from(self.per_unit);
        let mut pos = Vec::with_capacity(self.frames() * 3);
        for ((x, y), z) in x.iter().zip(y).zip(z) {
            pos.extend([*x, *y, *z].map(|steps| number(steps) / per_unit));
        }
        Columns {
            content_version: self.content_version,
            complete: self.complete,
            look: self.look.clone(),
            t_ms: self.t_ms.clone(),
            pos,
            rot: self.rotation.as_ref().map_or_else(Vec::new, Rotation::quaternions),
            state: self.state.clone(),
            teleports: self.teleports.iter().filter_map(|frame| u32::try_from(*frame).ok()).collect(),
            event_ms: self.event_ms.clone(),
            event_code: self.event_code.clone(),
            event_arg: self.event_arg.clone(),
        }
    }
}

impl Rotation {
    /// Four numbers for each frame. The sign of each quaternion is chosen so that it is near the one before.
    fn quaternions(&self) -> Vec<f64> {
        let [a, b, c] = &self.parts;
        let per_one = f64::from(self.per_one);
        let one = i64::from(self.per_one).pow(2);
        let mut quaternions = Vec::with_capacity(a.len() * 4);
        let (mut left_out, mut part) = (self.left_out.iter().copied().peekable(), 0);
        let mut before = [0.0; 4];
        for (frame, ((a, b), c)) in a.iter().zip(b).zip(c).enumerate() {
            if let Some((_, next)) = left_out.next_if(|(from, _)| *from == frame) {
                part = next;
            }
            let largest = number(one - a * a - b * b - c * c).sqrt() / per_one;
            let [a, b, c] = [*a, *b, *c].map(|steps| number(steps) / per_one);
            let mut quaternion = match part {
                0 => [largest, a, b, c],
                1 => [a, largest, b, c],
                2 => [a, b, largest, c],
                _ => [a, b, c, largest],
            };
            if before.iter().zip(&quaternion).map(|(part, other)| part * other).sum::<f64>() < 0.0 {
                quaternion = quaternion.map(|part| 0.0 - part);
            }
            quaternions.extend(quaternion);
            before = quaternion;
        }
        quaternions
    }
}
