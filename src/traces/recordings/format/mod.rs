//! The form in which recordings are kept and sent: `docs/recording-format.md` describes it for others.
//!
//! [`columns`] are what games send and are shown: numbers by their unit. [`quantise`] makes them integers, within a stated
//! error, and numbers again. [`packed`] writes the integers as bytes, each column as differences ([`column`]). [`sent`] reads
//! columns from JSON.

mod column;
pub mod columns;
pub mod packed;
mod quantise;
pub mod sent;

use self::packed::Rotation;

/// Milliseconds of a recording, at most: a day.
pub const LATEST_MS: i64 = 86_400_000;

/// Coordinates beyond this are no positions (the same bound in every game's units).
pub const FARTHEST: i64 = 10_000_000;

/// Bytes of a look, at most.
pub const LOOK_BYTES: usize = 1024;

/// What a recording may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Frames.
    pub frames: usize,
    /// Events.
    pub events: usize,
    /// Bytes when packed.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { frames: 12_000, events: 12_000, bytes: 256 * 1024 }
    }
}

/// How finely numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Precision {
    /// Steps of a coordinate in one of the game's units: it is off by half a step at most.
    pub per_unit: u16,
    /// Steps of a quaternion's part from 0 to 1: a rotation is off by 2√3 of them at most, in radians.
    pub per_one: u16,
}

impl Default for Precision {
    /// Within 0.001 units, 1/1024 at most, which `f32` holds exactly as far as 32,768 units; within 0.1 degrees, 0.0993 at
    /// most.
    fn default() -> Self {
        Self { per_unit: 512, per_one: 2000 }
    }
}

/// A recording as integers: what is kept of it, exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    content_version: u32,
    complete: bool,
    look: String,
    per_unit: u16,
    /// Rising.
    t_ms: Vec<i64>,
    /// Frames that are no continuation of the one before them; rising, none of them the first.
    teleports: Vec<usize>,
    /// In steps; as many as there are times.
    pos: [Vec<i64>; 3],
    rotation: Option<Rotation>,
    /// As many as there are times, or none.
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

    /// Whether it came to its end.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.complete
    }

    /// How whoever is seen in it looks, in the game's own words; may be empty.
    #[must_use]
    pub fn look(&self) -> &str {
        &self.look
    }

    /// How many frames there are; one at least.
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
        columns::{Columns, Draft},
        packed::{Unpackable, pack, unpack},
        *,
    };
    use crate::platform::codec::deflate::{Compressor, unzlib};

    /// Made once, from the columns beside them; must be readable for ever.
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

    /// The same file with other content, as somebody would make it who means harm.
    fn with_content(content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [&FIXTURES[0].0[..8], &length, &Compressor::default().zlib(content)].concat()
    }

    fn content_of(file: &[u8]) -> Vec<u8> {
        let length = u32::from_le_bytes(*file[8..].first_chunk().unwrap());
        unzlib(&file[12..], usize::try_from(length).unwrap()).unwrap()
    }

    #[test]
    fn what_was_packed_once_is_read_for_ever() {
        for (bytes, json) in FIXTURES {
            let recording = unpack(bytes, &LIMITS).unwrap();
            assert_eq!(serde_json::to_string(&recording.columns()).unwrap(), json.trim_end());
            assert_eq!(unpack(&packed(&recording), &LIMITS), Ok(recording));
        }
    }

    #[test]
    fn columns_that_were_shown_are_the_same_recording() {
        for (bytes, json) in FIXTURES {
            let draft = sent::read(json.as_bytes()).unwrap();
            let recording = draft.quantise(&LIMITS, Precision::default()).unwrap();
            assert_eq!(Ok(recording), unpack(bytes, &LIMITS));
        }
    }

    #[test]
    fn what_is_too_long_is_refused_before_it_is_read() {
        let (walk, _) = FIXTURES[3];
        let fewer = |frames, events| unpack(walk, &Limits { frames, events, ..LIMITS });
        assert!(fewer(400, 10).is_ok());
        assert_eq!(fewer(399, 10), Err(Unpackable::TooLong(399)));
        assert_eq!(fewer(400, 9), Err(Unpackable::TooLong(9)));
        let mut bomb = walk.to_vec();
        bomb[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(unpack(&bomb, &LIMITS), Err(Unpackable::TooLong(1000)));
    }

    #[test]
    fn a_file_that_is_cut_or_longer_is_damaged() {
        for (bytes, _) in FIXTURES {
            for length in 0..bytes.len() {
                assert!(unpack(&bytes[..length], &LIMITS).is_err(), "cut at {length}");
            }
            assert_eq!(unpack(&[bytes, &[0]].concat(), &LIMITS), Err(Unpackable::Damaged));
            let content = content_of(bytes);
            // Of the long one some lengths only: each is packed anew.
            for length in (0..content.len()).step_by(content.len() / 100 + 1) {
                assert!(unpack(&with_content(&content[..length]), &LIMITS).is_err(), "content cut at {length}");
            }
            assert_eq!(unpack(&with_content(&[&content[..], &[0]].concat()), &LIMITS), Err(Unpackable::Damaged));
        }
    }

    /// Whatever a hostile client sends: nothing, or a recording that is one.
    fn harmless(file: &[u8]) {
        let Ok(recording) = unpack(file, &LIMITS) else { return };
        assert_eq!(unpack(&packed(&recording), &LIMITS).as_ref(), Ok(&recording));
        let Columns { t_ms, pos, rot, state, .. } = recording.columns();
        assert!(t_ms.len() <= LIMITS.frames && t_ms.is_sorted() && pos.len() == t_ms.len() * 3);
        assert!(pos.iter().all(|coordinate| coordinate.abs() <= 1e7));
        assert!(rot.is_empty() || rot.len() == t_ms.len() * 4);
        assert!(rot.chunks(4).all(|parts| (parts.iter().map(|part| part * part).sum::<f64>() - 1.0).abs() < 1e-9));
        assert!(state.is_empty() || state.len() == t_ms.len());
    }

    /// A frame: the step of its time, its position, how it is turned, its state.
    type Frame = (u32, [f64; 3], [f64; 4], i32);

    fn frames() -> impl Strategy<Value = Vec<Frame>> {
        let coordinate = prop_oneof![-1e7_f64..=1e7, -100.0_f64..100.0];
        let turn = prop::array::uniform4(-1.0_f64..1.0)
            .prop_filter("long enough", |parts| parts.iter().map(|part| part * part).sum::<f64>() > 1e-3);
        prop::collection::vec((1_u32..3000, prop::array::uniform3(coordinate), turn, any::<i32>()), 1..60)
    }

    fn draft(frames: &[Frame], rotated: bool, stated: bool) -> Draft {
        let mut draft = Draft::default();
        let mut t_ms = 0;
        let [time, pos, rot, state, ..] = &mut draft.columns;
        for (step, position, turn, word) in frames {
            t_ms += step;
            time.push(f64::from(t_ms));
            pos.extend(position);
            let length = turn.iter().map(|part| part * part).sum::<f64>().sqrt();
            rot.extend(turn.iter().filter(|_| rotated).map(|part| part / length));
            state.extend(Some(f64::from(*word)).filter(|_| stated));
        }
        draft
    }

    proptest! {
        #[test]
        fn whatever_is_sent_comes_back_within_the_stated_error(frames in frames(), rotated: bool, stated: bool) {
            let draft = draft(&frames, rotated, stated);
            let recording = draft.quantise(&LIMITS, Precision::default()).unwrap();
            prop_assert!(unpack(&packed(&recording), &LIMITS) == Ok(recording.clone()));
            let columns = recording.columns();
            let [time, pos, rot, state, ..] = &draft.columns;
            prop_assert!(pos.iter().zip(&columns.pos).all(|(one, other)| (one - other).abs() <= 0.001));
            prop_assert_eq!(time.len(), columns.t_ms.len());
            prop_assert_eq!((rot.len(), state.len()), (columns.rot.len(), columns.state.len()));
            for (one, other) in rot.chunks(4).zip(columns.rot.chunks(4)) {
                let chord = |sign: f64| one.iter().zip(other).map(|(one, other)| (one - sign * other).powi(2)).sum::<f64>();
                let apart = 4.0 * (chord(1.0).min(chord(-1.0)).sqrt() / 2.0).asin();
                prop_assert!(apart.to_degrees() <= 0.1, "{} degrees", apart.to_degrees());
            }
            // What is shown is the same when it is sent.
            let again = sent::read(&serde_json::to_vec(&columns).unwrap()).unwrap();
            let again = again.quantise(&LIMITS, Precision::default()).unwrap().columns();
            prop_assert_eq!(again.pos, columns.pos);
        }

        #[test]
        fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            harmless(&bytes);
            harmless(&with_content(&bytes));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn damaged_content_does_no_harm(
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
            harmless(&with_content(&content));
        }
    }
}
