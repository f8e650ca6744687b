//! The format in which recordings are stored and sent, documented in `docs/recording-format.md`.
//!
//! [`columns`] are the numbers that games send and receive; [`json_columns`] reads them from JSON. [`quantise`] converts them to
//! integers within a stated error, and back. [`packed`] writes the integers as bytes, each column as differences from
//! predictions ([`column`]).

mod column;
pub mod columns;
pub mod json_columns;
pub mod packed;
mod quantise;

use self::packed::Rotation;

/// The latest time of a frame, in milliseconds: a day.
pub const LATEST_MS: i64 = 86_400_000;

/// The largest absolute coordinate, in the units of any game.
pub const FARTHEST: i64 = 10_000_000;

/// Longest `look`, in bytes.
pub const LOOK_BYTES: usize = 1024;

/// The limits of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most frames.
    pub frames: usize,
    /// Most events.
    pub events: usize,
    /// Most packed bytes.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { frames: 12_000, events: 12_000, bytes: 256 * 1024 }
    }
}

/// The resolution of stored numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precision {
    /// Steps of a coordinate per unit of the game; the error is at most half a step.
    pub per_unit: u16,
    /// Steps of a quaternion's component from 0 to 1; the error of a rotation is at most 2√3 steps, in radians.
    pub per_one: u16,
}

impl Default for Precision {
    /// Positions: an error of at most 1/1024 units; an `f32` holds the steps exactly up to 32,768 units. Rotations: an error of at
    /// most 0.0993 degrees.
    fn default() -> Self {
        Self { per_unit: 512, per_one: 2000 }
    }
}

/// A recording as integers, which packing preserves exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    content_version: u32,
    complete: bool,
    look: String,
    per_unit: u16,
    /// Ascending.
    t_ms: Vec<i64>,
    /// Frames that do not continue the one before them; ascending, never frame 0.
    teleports: Vec<usize>,
    /// In steps, one for each frame.
    pos: [Vec<i64>; 3],
    rotation: Option<Rotation>,
    /// One for each frame, or empty.
    state: Vec<i64>,
    event_ms: Vec<i64>,
    event_code: Vec<i64>,
    event_arg: Vec<i64>,
}

impl Recording {
    /// The game's compatibility number.
    #[must_use]
    pub fn content_version(&self) -> u32 {
        self.content_version
    }

    /// Whether the run was finished.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.complete
    }

    /// How the player looks, in the game's own words; may be empty.
    #[must_use]
    pub fn look(&self) -> &str {
        &self.look
    }

    /// Number of frames, at least 1.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.t_ms.len()
    }

    /// From the first frame to the last.
    #[must_use]
    pub fn duration_ms(&self) -> i64 {
        self.t_ms.last().zip(self.t_ms.first()).map_or(0, |(last, first)| last - first)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        columns::{Columns, RawColumns},
        packed::{UnpackError, pack, unpack},
        *,
    };
    use crate::platform::codec::deflate::{Compressor, unzlib};

    /// Files of format version 1 and the columns that must be read from them, for ever.
    const FIXTURES: [(&[u8], &str); 4] = [
        (
            include_bytes!("../../../../tests/fixtures/recordings/worked-example.cairn"),
            include_str!("../../../../tests/fixtures/recordings/worked-example.json"),
        ),
        (
            include_bytes!("../../../../tests/fixtures/recordings/one-frame.cairn"),
            include_str!("../../../../tests/fixtures/recordings/one-frame.json"),
        ),
        (
            include_bytes!("../../../../tests/fixtures/recordings/standing-still.cairn"),
            include_str!("../../../../tests/fixtures/recordings/standing-still.json"),
        ),
        (
            include_bytes!("../../../../tests/fixtures/recordings/walk.cairn"),
            include_str!("../../../../tests/fixtures/recordings/walk.json"),
        ),
    ];

    const LIMITS: Limits = Limits { frames: 1000, events: 1000, bytes: 64 * 1024 };

    fn packed(recording: &Recording) -> Vec<u8> {
        pack(recording, &mut Compressor::default())
    }

    /// A file with other content, as an attacker would make it.
    fn with_content(content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [&FIXTURES[0].0[..8], &length, &Compressor::default().zlib(content)].concat()
    }

    fn content_of(file: &[u8]) -> Vec<u8> {
        let length = u32::from_le_bytes(*file[8..].first_chunk().unwrap());
        unzlib(&file[12..], usize::try_from(length).unwrap()).unwrap()
    }

    #[test]
    fn packed_fixtures_are_read_for_ever() {
        for (bytes, json) in FIXTURES {
            let recording = unpack(bytes, &LIMITS).unwrap();
            assert_eq!(serde_json::to_string(&recording.columns()).unwrap(), json.trim_end());
            assert_eq!(unpack(&packed(&recording), &LIMITS), Ok(recording));
        }
    }

    #[test]
    fn columns_from_a_response_make_the_same_recording() {
        for (bytes, json) in FIXTURES {
            let raw = json_columns::read(json.as_bytes()).unwrap();
            let recording = raw.quantise(&LIMITS, Precision::default()).unwrap();
            assert_eq!(Ok(recording), unpack(bytes, &LIMITS));
        }
    }

    #[test]
    fn a_recording_beyond_the_limits_is_refused_before_it_is_read() {
        let (walk, _) = FIXTURES[3];
        let fewer = |frames, events| unpack(walk, &Limits { frames, events, ..LIMITS });
        assert!(fewer(400, 10).is_ok());
        assert_eq!(fewer(399, 10), Err(UnpackError::TooLong(399)));
        assert_eq!(fewer(400, 9), Err(UnpackError::TooLong(9)));
        let mut bomb = walk.to_vec();
        bomb[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(unpack(&bomb, &LIMITS), Err(UnpackError::TooLong(1000)));
    }

    #[test]
    fn a_truncated_or_longer_file_is_damaged() {
        for (bytes, _) in FIXTURES {
            for length in 0..bytes.len() {
                assert!(unpack(&bytes[..length], &LIMITS).is_err(), "cut at {length}");
            }
            assert_eq!(unpack(&[bytes, &[0]].concat(), &LIMITS), Err(UnpackError::Damaged));
            let content = content_of(bytes);
            // Only some lengths of the long content: each is compressed again.
            for length in (0..content.len()).step_by(content.len() / 100 + 1) {
                assert!(unpack(&with_content(&content[..length]), &LIMITS).is_err(), "content cut at {length}");
            }
            assert_eq!(unpack(&with_content(&[&content[..], &[0]].concat()), &LIMITS), Err(UnpackError::Damaged));
        }
    }

    /// Any bytes are refused or read as a valid recording.
    fn check_untrusted(file: &[u8]) {
        let Ok(recording) = unpack(file, &LIMITS) else { return };
        assert_eq!(unpack(&packed(&recording), &LIMITS).as_ref(), Ok(&recording));
        let Columns { t_ms, pos, rot, state, .. } = recording.columns();
        assert!(t_ms.len() <= LIMITS.frames && t_ms.is_sorted() && pos.len() == t_ms.len() * 3);
        assert!(pos.iter().all(|coordinate| coordinate.abs() <= 1e7));
        assert!(rot.is_empty() || rot.len() == t_ms.len() * 4);
        assert!(rot.chunks(4).all(|parts| (parts.iter().map(|part| part * part).sum::<f64>() - 1.0).abs() < 1e-9));
        assert!(state.is_empty() || state.len() == t_ms.len());
    }

    /// A frame: its time step, position, rotation and state.
    type Frame = (u32, [f64; 3], [f64; 4], i32);

    fn frames() -> impl Strategy<Value = Vec<Frame>> {
        let coordinate = prop_oneof![-1e7_f64..=1e7, -100.0_f64..100.0];
        let turn = prop::array::uniform4(-1.0_f64..1.0)
            .prop_filter("long enough", |parts| parts.iter().map(|part| part * part).sum::<f64>() > 1e-3);
        prop::collection::vec((1_u32..3000, prop::array::uniform3(coordinate), turn, any::<i32>()), 1..60)
    }

    fn raw(frames: &[Frame], rotated: bool, stated: bool) -> RawColumns {
        let mut raw = RawColumns::default();
        let mut t_ms = 0;
        let [time, pos, rot, state, ..] = &mut raw.columns;
        for (step, position, turn, word) in frames {
            t_ms += step;
            time.push(f64::from(t_ms));
            pos.extend(position);
            let length = turn.iter().map(|part| part * part).sum::<f64>().sqrt();
            rot.extend(turn.iter().filter(|_| rotated).map(|part| part / length));
            state.extend(Some(f64::from(*word)).filter(|_| stated));
        }
        raw
    }

    proptest! {
        #[test]
        fn columns_come_back_within_the_stated_error(frames in frames(), rotated: bool, stated: bool) {
            let raw = raw(&frames, rotated, stated);
            let recording = raw.quantise(&LIMITS, Precision::default()).unwrap();
            prop_assert!(unpack(&packed(&recording), &LIMITS) == Ok(recording.clone()));
            let columns = recording.columns();
            let [time, pos, rot, state, ..] = &raw.columns;
            prop_assert!(pos.iter().zip(&columns.pos).all(|(one, other)| (one - other).abs() <= 0.001));
            prop_assert_eq!(time.len(), columns.t_ms.len());
            prop_assert_eq!((rot.len(), state.len()), (columns.rot.len(), columns.state.len()));
            for (one, other) in rot.chunks(4).zip(columns.rot.chunks(4)) {
                let chord = |sign: f64| one.iter().zip(other).map(|(one, other)| (one - sign * other).powi(2)).sum::<f64>();
                let apart = 4.0 * (chord(1.0).min(chord(-1.0)).sqrt() / 2.0).asin();
                prop_assert!(apart.to_degrees() <= 0.1, "{} degrees", apart.to_degrees());
            }
            // Columns from a response make the same positions when they are sent.
            let again = json_columns::read(&serde_json::to_vec(&columns).unwrap()).unwrap();
            let again = again.quantise(&LIMITS, Precision::default()).unwrap().columns();
            prop_assert_eq!(again.pos, columns.pos);
        }

        #[test]
        fn arbitrary_bytes_are_refused_or_valid(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            check_untrusted(&bytes);
            check_untrusted(&with_content(&bytes));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn damaged_content_is_refused_or_valid(
            fixture in prop_oneof![16 => 0_usize..2, 1 => Just(3)],
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..6)
        ) {
            let mut content = content_of(FIXTURES[fixture].0);
            for (at, byte, how) in changes {
                let at = at.index(content.len());
                match how {
                    0 => content[at] = byte,
                    1 => content[at] ^= 1 << (byte % 8),
                    2 => content.insert(at, byte),
                    _ => content[at] = if byte < 128 { 0xff } else { 0 },
                }
            }
            check_untrusted(&with_content(&content));
        }
    }
}
