//! A recording as bytes, and back. [`unpack`] trusts nothing: for any bytes it terminates, allocates no more than the limits
//! allow, and returns an error or a valid recording.

use super::{
    FARTHEST, LATEST_MS, LOOK_BYTES, Limits, Recording,
    column::{self, BOUND, Factors},
};
use crate::platform::codec::{
    deflate::{self, Compressor},
    varint::{self, Reader},
};

/// The first bytes of a packed recording; not valid at the start of any UTF-8 text.
const MAGIC: [u8; 4] = *b"\xcaREC";

/// The version of the format.
const VERSION: u8 = 1;

/// Length of the header: magic, version, three reserved bytes, and the length of the content in the zlib stream.
const HEADER: usize = 12;

/// Flags, the first byte of the content.
const COMPLETE: u8 = 1;
const ROTATION: u8 = 2;
const STATE: u8 = 4;

/// Most content bytes of a frame: 5 for its time, 3 × 6 for its position, 3 × 4 for its rotation, 5 for its state, 3 each for a
/// teleport and a switch.
const FRAME_BYTES: usize = 46;

/// Most content bytes of an event.
const EVENT_BYTES: usize = 15;

/// Rotations as unit quaternions with one component left out ("smallest three"): it is not negative, and follows from the
/// others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Steps of a component from 0 to 1.
    pub per_one: u16,
    /// `(frame, component)`: from which frame on which component is left out; the first is at frame 0.
    pub left_out: Vec<(usize, usize)>,
    /// The other components, in steps, in the order x, y, z, w.
    pub parts: [Vec<i64>; 3],
}

impl Rotation {
    /// The frames from which on another component is left out than before.
    fn cuts(&self) -> Vec<usize> {
        self.left_out.iter().skip(1).map(|(frame, _)| *frame).collect()
    }
}

/// Why bytes can't be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    /// The magic bytes or the version are wrong.
    #[error("is no recording of version {VERSION}")]
    UnknownFormat,
    /// The bytes are damaged.
    #[error("is damaged: the bytes are no recording")]
    Damaged,
    /// There are more frames or events than the limit.
    #[error("has more than {0} frames, or events")]
    TooLong(usize),
}

fn put_count(out: &mut Vec<u8>, count: usize) {
    varint::put(out, u64::try_from(count).unwrap_or_default());
}

/// Writes ascending frame numbers as the difference of each from the one before.
fn put_frames(out: &mut Vec<u8>, frames: impl Iterator<Item = usize>) {
    let mut last = 0;
    for frame in frames {
        put_count(out, frame - last);
        last = frame;
    }
}

/// Packs a recording. Equal recordings give equal bytes on every machine.
pub fn pack(recording: &Recording, compressor: &mut Compressor) -> Vec<u8> {
    let content = content(recording);
    let mut out = MAGIC.to_vec();
    out.extend([VERSION, 0, 0, 0]);
    out.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(compressor.zlib(&content));
    out
}

fn content(recording: &Recording) -> Vec<u8> {
    let mut out = Vec::with_capacity(recording.frames() * 12 + 64);
    let flag = |set: bool, bit: u8| if set { bit } else { 0 };
    let (rotation, state) = (recording.rotation.as_ref(), &recording.state);
    out.push(flag(recording.complete, COMPLETE) | flag(rotation.is_some(), ROTATION) | flag(!state.is_empty(), STATE));
    varint::put(&mut out, recording.content_version.into());
    put_count(&mut out, recording.look.len());
    out.extend(recording.look.as_bytes());
    put_count(&mut out, recording.frames());
    let mut last = 0;
    for &t_ms in &recording.t_ms {
        varint::put(&mut out, t_ms.abs_diff(last));
        last = t_ms;
    }
    put_count(&mut out, recording.teleports.len());
    put_frames(&mut out, recording.teleports.iter().copied());
    varint::put(&mut out, recording.per_unit.into());
    let factors = Factors::new(&recording.t_ms, &recording.teleports);
    for axis in &recording.pos {
        column::write(axis, &factors, &mut out);
    }
    if let Some(rotation) = rotation {
        varint::put(&mut out, rotation.per_one.into());
        put_count(&mut out, rotation.left_out.len());
        let mut last = 0;
        for &(frame, part) in &rotation.left_out {
            put_count(&mut out, frame - last);
            put_count(&mut out, part);
            last = frame;
        }
        let factors = Factors::new(&recording.t_ms, &rotation.cuts());
        for part in &rotation.parts {
            column::write(part, &factors, &mut out);
        }
    }
    column::write_differences(state, &mut out);
    put_count(&mut out, recording.event_ms.len());
    for events in [&recording.event_ms, &recording.event_code, &recording.event_arg] {
        column::write_differences(events, &mut out);
    }
    out
}

/// Unpacks a recording.
///
/// # Errors
/// [`UnpackError`].
pub fn unpack(bytes: &[u8], limits: &Limits) -> Result<Recording, UnpackError> {
    let (header, stream) = bytes.split_first_chunk::<HEADER>().ok_or(UnpackError::UnknownFormat)?;
    let [magic @ .., a, b, c, d] = header;
    let [m0, m1, m2, m3, version, reserved @ ..] = magic;
    if [*m0, *m1, *m2, *m3] != MAGIC || *version != VERSION || *reserved != [0; 3] {
        return Err(UnpackError::UnknownFormat);
    }
    let length = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).map_err(|_| UnpackError::Damaged)?;
    let most = limits.frames * FRAME_BYTES + limits.events * EVENT_BYTES + LOOK_BYTES + 4096;
    if length > most {
        return Err(UnpackError::TooLong(limits.frames));
    }
    let content = deflate::unzlib(stream, length).map_err(|_| UnpackError::Damaged)?;
    let mut reader = Reader::new(&content);
    let recording = read(&mut reader, limits)?;
    if reader.left() > 0 { Err(UnpackError::Damaged) } else { Ok(recording) }
}

/// Reads a count that is within the limit and for which enough bytes are left, so that it is safe to allocate for.
fn count(reader: &mut Reader<'_>, limit: usize, least_bytes: usize) -> Result<usize, UnpackError> {
    let count = reader.take_within(usize::MAX).ok_or(UnpackError::Damaged)?;
    if count > limit {
        return Err(UnpackError::TooLong(limit));
    }
    if count * least_bytes > reader.left() { Err(UnpackError::Damaged) } else { Ok(count) }
}

fn read(reader: &mut Reader<'_>, limits: &Limits) -> Result<Recording, UnpackError> {
    let flags = reader.bytes(1).and_then(<[u8]>::first).copied().ok_or(UnpackError::Damaged)?;
    if flags > COMPLETE | ROTATION | STATE {
        return Err(UnpackError::Damaged);
    }
    let preamble = Preamble::read(reader).ok_or(UnpackError::Damaged)?;
    let frames = count(reader, limits.frames, 4)?;
    let t_ms = times(reader, frames).ok_or(UnpackError::Damaged)?;
    let motion = Motion::read(reader, &t_ms, flags).ok_or(UnpackError::Damaged)?;
    let events = count(reader, limits.events, 3)?;
    let events = read_events(reader, events, &t_ms).ok_or(UnpackError::Damaged)?;
    let (Preamble { content_version, look }, Motion { teleports, per_unit, pos, rotation, state }) = (preamble, motion);
    let [event_ms, event_code, event_arg] = events;
    let complete = flags & COMPLETE != 0;
    Ok(Recording {
        content_version,
        complete,
        look,
        per_unit,
        t_ms,
        teleports,
        pos,
        rotation,
        state,
        event_ms,
        event_code,
        event_arg,
    })
}

/// The first fields of the content.
struct Preamble {
    content_version: u32,
    look: String,
}

impl Preamble {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let content_version =
            u32::try_from(reader.take()?).ok().filter(|version| *version <= i32::MAX.unsigned_abs())?;
        let look = reader.take_within(LOOK_BYTES)?;
        let look = std::str::from_utf8(reader.bytes(look)?).ok().filter(|look| !look.contains('\0'))?.to_owned();
        Some(Self { content_version, look })
    }
}

fn times(reader: &mut Reader<'_>, frames: usize) -> Option<Vec<i64>> {
    let mut t_ms = Vec::with_capacity(frames);
    let mut last = 0_i64;
    for frame in 0..frames {
        let step = i64::try_from(reader.take()?).ok()?;
        last = last.checked_add(step).filter(|at| *at <= LATEST_MS && (step > 0 || frame == 0))?;
        t_ms.push(last);
    }
    (frames > 0).then_some(t_ms)
}

/// The columns with one entry per frame.
struct Motion {
    teleports: Vec<usize>,
    per_unit: u16,
    pos: [Vec<i64>; 3],
    rotation: Option<Rotation>,
    state: Vec<i64>,
}

impl Motion {
    fn read(reader: &mut Reader<'_>, t_ms: &[i64], flags: u8) -> Option<Self> {
        let frames = t_ms.len();
        let count = reader.take_within(frames)?;
        let mut teleports = Vec::with_capacity(count);
        let mut last = 0;
        for _ in 0..count {
            last += reader.take_within(frames).filter(|gap| *gap > 0)?;
            teleports.push(last);
        }
        if last >= frames {
            return None;
        }
        let per_unit = steps(reader)?;
        let bound = BOUND.min(FARTHEST * i64::from(per_unit));
        let factors = Factors::new(t_ms, &teleports);
        let mut axis = || column::read(reader, &factors, bound);
        let pos = [axis()?, axis()?, axis()?];
        let rotation = if flags & ROTATION == 0 { None } else { Some(rotation(reader, t_ms)?) };
        let states = if flags & STATE == 0 { 0 } else { frames };
        let state = column::read_differences(reader, states, i32::MIN.into()..=i32::MAX.into())?;
        Some(Self { teleports, per_unit, pos, rotation, state })
    }
}

fn steps(reader: &mut Reader<'_>) -> Option<u16> {
    u16::try_from(reader.take()?).ok().filter(|steps| *steps > 0)
}

fn rotation(reader: &mut Reader<'_>, t_ms: &[i64]) -> Option<Rotation> {
    let per_one = steps(reader)?;
    let frames = t_ms.len();
    let count = reader.take_within(frames)?;
    let mut left_out = Vec::with_capacity(count);
    let mut last = 0;
    for at in 0..count {
        // The first switch is at frame 0, the others after it.
        last += reader.take_within(frames).filter(|gap| (*gap == 0) == (at == 0))?;
        left_out.push((last, reader.take_within(3)?));
    }
    if left_out.is_empty() || last >= frames {
        return None;
    }
    let parts = [Vec::new(), Vec::new(), Vec::new()];
    let mut rotation = Rotation { per_one, left_out, parts };
    let factors = Factors::new(t_ms, &rotation.cuts());
    for part in &mut rotation.parts {
        *part = column::read(reader, &factors, per_one.into())?;
    }
    let one = i64::from(per_one).pow(2);
    let [a, b, c] = &rotation.parts;
    let is_unit = a.iter().zip(b).zip(c).all(|((a, b), c)| a * a + b * b + c * c <= one);
    is_unit.then_some(rotation)
}

/// Reads the times, codes and arguments of events.
fn read_events(reader: &mut Reader<'_>, count: usize, t_ms: &[i64]) -> Option<[Vec<i64>; 3]> {
    let within = *t_ms.first()?..=*t_ms.last()?;
    let event_ms = column::read_differences(reader, count, within)?;
    let any = || i32::MIN.into()..=i32::MAX.into();
    let event_code = column::read_differences(reader, count, any())?;
    let event_arg = column::read_differences(reader, count, any())?;
    event_ms.is_sorted().then_some([event_ms, event_code, event_arg])
}
