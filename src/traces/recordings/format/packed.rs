//! A recording as bytes, and back. What reads them trusts nothing: whatever the bytes, it ends, takes no more memory than
//! the limits say, and gives a recording that [`pack`] makes the same bytes of again, or none.

use super::{
    FARTHEST, LATEST_MS, LOOK_BYTES, Limits, Recording,
    column::{self, BOUND, Reaches},
};
use crate::platform::codec::{
    deflate::{self, Compressor},
    varint::{self, Reader},
};

/// What a packed recording begins with: no text does.
const MAGIC: [u8; 4] = *b"\xcaREC";

/// The form of what follows; raised when that changes.
const VERSION: u8 = 1;

/// Magic, version, three bytes for later, and the length of what is in the zlib stream.
const HEADER: usize = 12;

const COMPLETE: u8 = 1;
const ROTATION: u8 = 2;
const STATE: u8 = 4;

/// Bytes of a frame before they are compressed, at most: 5 for its time, three times 6 and 4, 5 for its state, 3 each for a
/// teleport and a switch.
const FRAME_BYTES: usize = 46;

/// Bytes of an event before they are compressed, at most.
const EVENT_BYTES: usize = 15;

/// How something is turned, frame by frame, as quaternions of which one part each is left out: it is not negative, and
/// follows from the length, which is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Steps from 0 to 1.
    pub per_one: u16,
    /// From which frame on which part is left out; the first is of frame 0.
    pub left_out: Vec<(usize, usize)>,
    /// The other parts, in steps, in their order.
    pub parts: [Vec<i64>; 3],
}

impl Rotation {
    /// The frames in which another part is left out than before.
    fn cuts(&self) -> Vec<usize> {
        self.left_out.iter().skip(1).map(|(frame, _)| *frame).collect()
    }
}

/// Bytes are no recording that is taken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unpackable {
    /// They begin otherwise, or are of a version that is not known.
    #[error("is no recording of version {VERSION}")]
    Foreign,
    /// They are damaged, or nobody's.
    #[error("is damaged: the bytes are no recording")]
    Damaged,
    /// There is more in them than is taken.
    #[error("has more than {0} frames, or events")]
    TooLong(usize),
}

fn put_count(out: &mut Vec<u8>, count: usize) {
    varint::put(out, u64::try_from(count).unwrap_or_default());
}

/// Places that rise, as how far each is from the one before it.
fn put_places(out: &mut Vec<u8>, places: impl Iterator<Item = usize>) {
    let mut last = 0;
    for place in places {
        put_count(out, place - last);
        last = place;
    }
}

/// The bytes: the same for the same recording, on every machine.
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
    put_places(&mut out, recording.teleports.iter().copied());
    varint::put(&mut out, recording.per_unit.into());
    let reaches = Reaches::new(&recording.t_ms, &recording.teleports);
    for axis in &recording.pos {
        column::write(axis, &reaches, &mut out);
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
        let reaches = Reaches::new(&recording.t_ms, &rotation.cuts());
        for part in &rotation.parts {
            column::write(part, &reaches, &mut out);
        }
    }
    column::write_differences(state, &mut out);
    put_count(&mut out, recording.event_ms.len());
    for events in [&recording.event_ms, &recording.event_code, &recording.event_arg] {
        column::write_differences(events, &mut out);
    }
    out
}

/// The recording that was packed.
///
/// # Errors
/// [`Unpackable`].
pub fn unpack(bytes: &[u8], limits: &Limits) -> Result<Recording, Unpackable> {
    let (header, stream) = bytes.split_first_chunk::<HEADER>().ok_or(Unpackable::Foreign)?;
    let [magic @ .., a, b, c, d] = header;
    let [m0, m1, m2, m3, version, reserved @ ..] = magic;
    if [*m0, *m1, *m2, *m3] != MAGIC || *version != VERSION || *reserved != [0; 3] {
        return Err(Unpackable::Foreign);
    }
    let length = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).map_err(|_| Unpackable::Damaged)?;
    let most = limits.frames * FRAME_BYTES + limits.events * EVENT_BYTES + LOOK_BYTES + 4096;
    if length > most {
        return Err(Unpackable::TooLong(limits.frames));
    }
    let content = deflate::unzlib(stream, length).map_err(|_| Unpackable::Damaged)?;
    let mut reader = Reader::new(&content);
    let recording = read(&mut reader, limits)?;
    if reader.left() > 0 { Err(Unpackable::Damaged) } else { Ok(recording) }
}

/// A count that is within the limit, and for which there are bytes enough: no room is made for others.
fn count(reader: &mut Reader<'_>, limit: usize, least_bytes: usize) -> Result<usize, Unpackable> {
    let count = reader.take_within(usize::MAX).ok_or(Unpackable::Damaged)?;
    if count > limit {
        return Err(Unpackable::TooLong(limit));
    }
    if count * least_bytes > reader.left() { Err(Unpackable::Damaged) } else { Ok(count) }
}

fn read(reader: &mut Reader<'_>, limits: &Limits) -> Result<Recording, Unpackable> {
    let flags = reader.bytes(1).and_then(<[u8]>::first).copied().ok_or(Unpackable::Damaged)?;
    if flags > COMPLETE | ROTATION | STATE {
        return Err(Unpackable::Damaged);
    }
    let opened = Opening::read(reader).ok_or(Unpackable::Damaged)?;
    let frames = count(reader, limits.frames, 4)?;
    let t_ms = times(reader, frames).ok_or(Unpackable::Damaged)?;
    let moving = Moving::read(reader, &t_ms, flags).ok_or(Unpackable::Damaged)?;
    let events = count(reader, limits.events, 3)?;
    let events = read_events(reader, events, &t_ms).ok_or(Unpackable::Damaged)?;
    let (Opening { content_version, look }, Moving { teleports, per_unit, pos, rotation, state }) = (opened, moving);
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

struct Opening {
    content_version: u32,
    look: String,
}

impl Opening {
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

/// What happens frame by frame.
struct Moving {
    teleports: Vec<usize>,
    per_unit: u16,
    pos: [Vec<i64>; 3],
    rotation: Option<Rotation>,
    state: Vec<i64>,
}

impl Moving {
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
        let reaches = Reaches::new(t_ms, &teleports);
        let mut axis = || column::read(reader, &reaches, bound);
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
        // The first is of frame 0, the others behind it.
        last += reader.take_within(frames).filter(|gap| (*gap == 0) == (at == 0))?;
        left_out.push((last, reader.take_within(3)?));
    }
    if left_out.is_empty() || last >= frames {
        return None;
    }
    let parts = [Vec::new(), Vec::new(), Vec::new()];
    let mut rotation = Rotation { per_one, left_out, parts };
    let reaches = Reaches::new(t_ms, &rotation.cuts());
    for part in &mut rotation.parts {
        *part = column::read(reader, &reaches, per_one.into())?;
    }
    let one = i64::from(per_one).pow(2);
    let [a, b, c] = &rotation.parts;
    let short = a.iter().zip(b).zip(c).all(|((a, b), c)| a * a + b * b + c * c <= one);
    short.then_some(rotation)
}

/// When, what, and what belongs to it.
fn read_events(reader: &mut Reader<'_>, count: usize, t_ms: &[i64]) -> Option<[Vec<i64>; 3]> {
    let within = *t_ms.first()?..=*t_ms.last()?;
    let event_ms = column::read_differences(reader, count, within)?;
    let any = || i32::MIN.into()..=i32::MAX.into();
    let event_code = column::read_differences(reader, count, any())?;
    let event_arg = column::read_differences(reader, count, any())?;
    event_ms.is_sorted().then_some([event_ms, event_code, event_arg])
}
