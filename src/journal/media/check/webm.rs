//! Clips of the form `WebM` (RFC 8794, RFC 9559): its elements are walked, and those that are not needed to play it become `Void`, in their
//! place. A clip has tracks of pictures and sound alone.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
};

use super::{CheckError, Clip, length};
use crate::journal::media::model::Refusal;

/// Elements of a file at most.
const MAX_ELEMENTS: usize = 20_000;

/// Bytes at most of an element that is read: they are in memory.
const MAX_READ: u64 = 1024 * 1024;

const EBML: u32 = 0x1a45_dfa3;
const DOC_TYPE: u32 = 0x4282;
const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_a966;
const TIMESTAMP_SCALE: u32 = 0x002a_d7b1;
const DURATION: u32 = 0x4489;
const TRACKS: u32 = 0x1654_ae6b;
const TRACK: u32 = 0xae;
const TRACK_TYPE: u32 = 0x83;
const CODEC: u32 = 0x86;
const VIDEO: u32 = 0xe0;
const PIXEL_WIDTH: u32 = 0xb0;
const PIXEL_HEIGHT: u32 = 0xba;
const CLUSTER: u32 = 0x1f43_b675;
const CUES: u32 = 0x1c53_bb6b;
const SEEK_HEAD: u32 = 0x114d_9b74;
const MUXING_APP: u32 = 0x4d80;
const WRITING_APP: u32 = 0x5741;
const NAME: u32 = 0x536e;

const CODECS: [&[u8]; 5] = [b"V_VP8", b"V_VP9", b"V_AV1", b"A_OPUS", b"A_VORBIS"];

/// The nanoseconds of a unit of time where a file does not say.
const DEFAULT_SCALE: u64 = 1_000_000;

/// An element: its name, how long what stands before its content is, and its content.
#[derive(Clone, Copy)]
struct Element {
    id: u32,
    header: usize,
    /// `None`: to the end of what it is in.
    size: Option<u64>,
}

/// The element at the front of some bytes.
fn element(bytes: &[u8]) -> Option<Element> {
    let first = *bytes.first()?;
    let id_length = length(u64::from(first.leading_zeros()) + 1).filter(|length| *length <= 4)?;
    let id = bytes.get(..id_length)?.iter().fold(0_u32, |id, byte| id << 8 | u32::from(*byte));
    let first = *bytes.get(id_length)?;
    let size_length = length(u64::from(first.leading_zeros()) + 1).filter(|length| *length <= 8)?;
    let field = bytes.get(id_length..id_length + size_length)?;
    let mask = 0xff_u64 >> size_length;
    let size = field.iter().skip(1).fold(u64::from(first) & mask, |size, byte| size << 8 | u64::from(*byte));
    let unknown = (1_u64 << (7 * size_length)) - 1;
    Some(Element { id, header: id_length + size_length, size: (size != unknown).then_some(size) })
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number: u64, byte| number << 8 | u64::from(*byte))
}

fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => bytes.try_into().ok().map(f32::from_be_bytes).map(f64::from),
        8 => bytes.try_into().ok().map(f64::from_be_bytes),
        _ => None,
    }
}

/// The header of a `Void` that is that long with its content; two bytes at least.
fn void_header(whole: u64) -> Option<Vec<u8>> {
    if let Some(size) = whole.checked_sub(9) {
        let [_, size @ ..] = size.to_be_bytes();
        return Some([&[0xec, 0x01][..], &size].concat());
    }
    let size = u8::try_from(whole.checked_sub(2)?).ok()?;
    Some(vec![0xec, 0x80 | size])
}

/// The elements in some bytes, each with the place of its content.
fn children(bytes: &[u8]) -> Result<Vec<(u32, usize, usize)>, Refusal> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let element = bytes.get(at..).and_then(element).ok_or(Refusal::Broken)?;
        let size = element.size.and_then(length).ok_or(Refusal::Broken)?;
        let content = at + element.header;
        let end = content.checked_add(size).filter(|end| *end <= bytes.len()).ok_or(Refusal::Broken)?;
        found.push((element.id, content, end));
        if found.len() > MAX_ELEMENTS {
            return Err(Refusal::Broken);
        }
        at = end;
    }
    Ok(found)
}

#[derive(Default)]
struct Walk {
    clip: Clip,
    has_pictures: bool,
}

impl Walk {
    /// Reads how long the clip is, and blanks what else is said of it.
    fn info(&mut self, bytes: &mut [u8]) -> Result<(), Refusal> {
        let (mut scale, mut units, mut at) = (DEFAULT_SCALE, 0.0, 0);
        for (id, content, end) in children(bytes)? {
            let value = bytes.get(content..end).ok_or(Refusal::Broken)?;
            match id {
                TIMESTAMP_SCALE => scale = number(value),
                DURATION => units = float(value).ok_or(Refusal::Broken)?,
                // They must be there.
                MUXING_APP | WRITING_APP => {}
                _ => blank(bytes, at, end)?,
            }
            at = end;
        }
        let ms =
            std::time::Duration::try_from_secs_f64(units * f64::from(u32::try_from(scale).unwrap_or(u32::MAX)) / 1e9);
        self.clip.duration_ms = ms.map_or(u32::MAX, |ms| u32::try_from(ms.as_millis()).unwrap_or(u32::MAX));
        Ok(())
    }

    fn tracks(&mut self, bytes: &mut [u8]) -> Result<(), Refusal> {
        for (id, from, to) in children(bytes)? {
            if id == TRACK {
                self.track(bytes.get_mut(from..to).ok_or(Refusal::Broken)?)?;
            }
        }
        Ok(())
    }

    fn track(&mut self, bytes: &mut [u8]) -> Result<(), Refusal> {
        let mut at = 0;
        for (id, content, end) in children(bytes)? {
            let value = bytes.get(content..end).ok_or(Refusal::Broken)?;
            match id {
                TRACK_TYPE => match number(value) {
                    1 => self.has_pictures = true,
                    2 => {}
                    _ => return Err(Refusal::OtherTrack),
                },
                CODEC if !CODECS.contains(&value) => return Err(Refusal::OtherTrack),
                VIDEO => {
                    for (id, from, to) in children(value)? {
                        let pixels = u32::try_from(number(value.get(from..to).unwrap_or_default())).unwrap_or(u32::MAX);
                        match id {
                            PIXEL_WIDTH => self.clip.width = pixels,
                            PIXEL_HEIGHT => self.clip.height = pixels,
                            _ => {}
                        }
                    }
                }
                NAME => blank(bytes, at, end)?,
                _ => {}
            }
            at = end;
        }
        Ok(())
    }
}

/// Makes the element from one place to another a `Void`.
fn blank(bytes: &mut [u8], from: usize, to: usize) -> Result<(), Refusal> {
    let place = bytes.get_mut(from..to).ok_or(Refusal::Broken)?;
    let header = void_header(u64::try_from(place.len()).unwrap_or(u64::MAX)).ok_or(Refusal::Broken)?;
    place.fill(0);
    place.get_mut(..header.len()).ok_or(Refusal::Broken)?.copy_from_slice(&header);
    Ok(())
}

/// The element at a place of a file.
fn element_at(file: &mut File, at: u64) -> Result<Element, CheckError> {
    file.seek(SeekFrom::Start(at))?;
    let mut head = Vec::new();
    Read::by_ref(file).take(12).read_to_end(&mut head)?;
    Ok(element(&head).ok_or(Refusal::Broken)?)
}

/// The content of an element of a file.
fn content(file: &mut File, at: u64, size: u64) -> Result<Vec<u8>, CheckError> {
    if size > MAX_READ {
        return Err(Refusal::Broken.into());
    }
    let mut bytes = vec![0; length(size).ok_or(Refusal::Broken)?];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Takes out of a clip, in its place, what is not needed to play it.
pub fn clean(file: &mut File) -> Result<Clip, CheckError> {
    let end = file.metadata()?.len();
    let head = element_at(file, 0)?;
    let size = head.size.filter(|_| head.id == EBML).ok_or(Refusal::Broken)?;
    let begin = u64::try_from(head.header).unwrap_or(u64::MAX);
    let bytes = content(file, begin, size)?;
    let is_webm =
        children(&bytes)?.iter().any(|(id, from, to)| *id == DOC_TYPE && bytes.get(*from..*to) == Some(b"webm"));
    if !is_webm {
        return Err(Refusal::AnotherType.into());
    }
    let segment_at = begin + size;
    let segment = element_at(file, segment_at)?;
    if segment.id != SEGMENT {
        return Err(Refusal::Broken.into());
    }
    let mut at = segment_at + u64::try_from(segment.header).unwrap_or(u64::MAX);
    let to =
        segment.size.map_or(Some(end), |size| at.checked_add(size)).filter(|to| *to <= end).ok_or(Refusal::Broken)?;
    let (mut walk, mut elements) = (Walk::default(), 0_usize);
    while at < to {
        elements += 1;
        let one = element_at(file, at)?;
        let begin = at + u64::try_from(one.header).unwrap_or(u64::MAX);
        let size = one.size.filter(|_| elements <= MAX_ELEMENTS).ok_or(Refusal::Broken)?;
        let next = begin.checked_add(size).filter(|next| *next <= to).ok_or(Refusal::Broken)?;
        match one.id {
            INFO | TRACKS => {
                let mut bytes = content(file, begin, size)?;
                if one.id == INFO {
                    walk.info(&mut bytes)?;
                } else {
                    walk.tracks(&mut bytes)?;
                }
                file.seek(SeekFrom::Start(begin))?;
                file.write_all(&bytes)?;
            }
            CLUSTER | CUES | SEEK_HEAD => {}
            _ => {
                let header = void_header(next - at).ok_or(Refusal::Broken)?;
                file.seek(SeekFrom::Start(at))?;
                file.write_all(&header)?;
                let rest = (next - at).saturating_sub(u64::try_from(header.len()).unwrap_or(u64::MAX));
                std::io::copy(&mut std::io::repeat(0).take(rest), file)?;
            }
        }
        at = next;
    }
    // What follows is not part of the clip.
    file.set_len(to)?;
    if !walk.has_pictures || walk.clip.duration_ms == 0 {
        return Err(Refusal::Broken.into());
    }
    Ok(walk.clip)
}
