//! Clips of the form MP4 (ISO/IEC 14496-12): its boxes are walked, and those that are not needed to play it are overwritten in their place,
//! so that nothing moves. A clip has tracks of pictures and sound alone: a track of anything else, such as places, is refused.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
};

use super::{CheckError, Clip, length};
use crate::journal::media::model::Refusal;

/// Boxes of a file at most.
const MAX_BOXES: usize = 20_000;

/// Bytes of the index at most: it is in memory.
const MAX_INDEX: u64 = 8 * 1024 * 1024;

/// How deep boxes lie in each other.
const MAX_DEPTH: usize = 8;

/// Boxes of the index that hold boxes.
const CONTAINERS: [&[u8; 4]; 6] = [b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf"];

/// Boxes of the index that are needed.
const NEEDED: [&[u8; 4]; 24] = [
    b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"vmhd", b"smhd", b"nmhd", b"stsd", b"stts", b"stss", b"ctts", b"cslg",
    b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"elst", b"dref", b"sdtp", b"sgpd", b"sbgp", b"free", b"tref",
];

/// The codecs of pictures and sound that browsers play.
const PICTURES: [&[u8; 4]; 6] = [b"avc1", b"avc3", b"hvc1", b"hev1", b"av01", b"vp09"];
const SOUND: [&[u8; 4]; 2] = [b"mp4a", b"Opus"];

/// A box: where its content begins and ends.
#[derive(Clone, Copy)]
struct Atom {
    name: [u8; 4],
    begin: usize,
    content: usize,
    end: usize,
}

/// What was found in the index.
#[derive(Default)]
struct Index {
    boxes: usize,
    has_pictures: bool,
    clip: Clip,
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_be_bytes)
}

/// The box at a place, which ends at `limit` at the latest.
fn box_at(bytes: &[u8], at: usize, limit: usize) -> Option<Atom> {
    let name = bytes.get(at.checked_add(4)?..at.checked_add(8)?)?.try_into().ok()?;
    let (header, size) = match u32_at(bytes, at)? {
        0 => (8, limit.checked_sub(at)?),
        1 => (16, length(u64_at(bytes, at.checked_add(8)?)?)?),
        size => (8, length(size.into())?),
    };
    let end = at.checked_add(size)?;
    (size >= header && end <= limit).then_some(Atom { name, begin: at, content: at + header, end })
}

/// Makes a box one that is passed over, and forgets what was in it.
fn blank(bytes: &mut [u8], of: Atom) -> Option<()> {
    bytes.get_mut(of.begin + 4..of.begin + 8)?.copy_from_slice(b"free");
    bytes.get_mut(of.content..of.end)?.fill(0);
    Some(())
}

/// Milliseconds of a header box that has a time scale and a duration, in the two versions.
fn duration_ms(bytes: &[u8], of: Atom) -> Option<u32> {
    let (scale, duration) = if *bytes.get(of.content)? == 1 {
        (u32_at(bytes, of.content + 20)?, u64_at(bytes, of.content + 24)?)
    } else {
        (u32_at(bytes, of.content + 12)?, u32_at(bytes, of.content + 16)?.into())
    };
    let ms = u128::from(duration) * 1000 / u128::from(Some(scale).filter(|scale| *scale > 0)?);
    Some(u32::try_from(ms).unwrap_or(u32::MAX))
}

impl Index {
    /// Walks the boxes of a container.
    fn walk(&mut self, bytes: &mut [u8], (from, to): (usize, usize), depth: usize) -> Result<(), Refusal> {
        if depth > MAX_DEPTH {
            return Err(Refusal::Broken);
        }
        let mut at = from;
        while at < to {
            let one = box_at(bytes, at, to).ok_or(Refusal::Broken)?;
            self.boxes += 1;
            if self.boxes > MAX_BOXES {
                return Err(Refusal::Broken);
            }
            match &one.name {
                name if CONTAINERS.contains(&name) => self.walk(bytes, (one.content, one.end), depth + 1)?,
                b"free" => blank(bytes, one).ok_or(Refusal::Broken)?,
                name if NEEDED.contains(&name) => self.read(bytes, one)?,
                _ => blank(bytes, one).ok_or(Refusal::Broken)?,
            }
            at = one.end;
        }
        Ok(())
    }

    fn read(&mut self, bytes: &[u8], one: Atom) -> Result<(), Refusal> {
        match &one.name {
            b"mvhd" | b"mdhd" => {
                let ms = duration_ms(bytes, one).ok_or(Refusal::Broken)?;
                self.clip.duration_ms = self.clip.duration_ms.max(ms);
            }
            b"tkhd" => {
                let side = |from_end: usize| u32_at(bytes, one.end.checked_sub(from_end)?).map(|fixed| fixed >> 16);
                let (width, height) = side(8).zip(side(4)).ok_or(Refusal::Broken)?;
                self.clip.width = self.clip.width.max(width);
                self.clip.height = self.clip.height.max(height);
            }
            b"hdlr" => match bytes.get(one.content + 8..one.content + 12) {
                Some(b"vide") => self.has_pictures = true,
                Some(b"soun") => {}
                _ => return Err(Refusal::OtherTrack),
            },
            b"stsd" => {
                // What describes the samples are boxes, after eight bytes.
                let mut at = one.content + 8;
                while at < one.end {
                    let entry = box_at(bytes, at, one.end).ok_or(Refusal::Broken)?;
                    if !PICTURES.contains(&&entry.name) && !SOUND.contains(&&entry.name) {
                        return Err(Refusal::OtherTrack);
                    }
                    at = entry.end;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Writes over a range of a file.
fn erase(file: &mut File, from: u64, to: u64) -> Result<(), CheckError> {
    file.seek(SeekFrom::Start(from))?;
    std::io::copy(&mut std::io::repeat(0).take(to.saturating_sub(from)), file)?;
    Ok(())
}

/// Takes out of a clip, in its place, what is not needed to play it.
pub fn clean(file: &mut File) -> Result<Clip, CheckError> {
    let end = file.metadata()?.len();
    let (mut at, mut index, mut has_index) = (0_u64, Index::default(), false);
    while at < end {
        index.boxes += 1;
        if index.boxes > MAX_BOXES {
            return Err(Refusal::Broken.into());
        }
        file.seek(SeekFrom::Start(at))?;
        let mut head = Vec::new();
        Read::by_ref(file).take(16).read_to_end(&mut head)?;
        let left = end - at;
        let name: [u8; 4] = head.get(4..8).and_then(|name| name.try_into().ok()).ok_or(Refusal::Broken)?;
        let (header, size) = match u32_at(&head, 0).ok_or(Refusal::Broken)? {
            0 => (8, left),
            1 => (16, u64_at(&head, 8).ok_or(Refusal::Broken)?),
            size => (8, u64::from(size)),
        };
        if size < header || size > left {
            return Err(Refusal::Broken.into());
        }
        match &name {
            b"ftyp" | b"mdat" => {}
            b"moov" if has_index || size > MAX_INDEX => return Err(Refusal::Broken.into()),
            b"moov" => {
                has_index = true;
                let mut bytes = vec![0; length(size - header).ok_or(Refusal::Broken)?];
                file.seek(SeekFrom::Start(at + header))?;
                file.read_exact(&mut bytes)?;
                let to = bytes.len();
                index.walk(&mut bytes, (0, to), 0)?;
                file.seek(SeekFrom::Start(at + header))?;
                file.write_all(&bytes)?;
            }
            // A clip in fragments does not say how long it is.
            b"moof" | b"mvex" => return Err(Refusal::Broken.into()),
            _ => {
                file.seek(SeekFrom::Start(at + 4))?;
                file.write_all(b"free")?;
                erase(file, at + header, at + size)?;
            }
        }
        at += size;
    }
    if !has_index || !index.has_pictures || index.clip.duration_ms == 0 {
        return Err(Refusal::Broken.into());
    }
    Ok(index.clip)
}
