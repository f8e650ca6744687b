//! The check of an upload: it is what it says, within bounds; what it tells beside the picture is taken away, and nothing follows its
//! end. What is not understood is refused, or taken away.
//!
//! Pictures are cleaned by their parts ([`pictures`]), without loss, and then decoded, so that what is shown is what was decoded. Clips are
//! not decoded: their boxes or elements are walked ([`mp4`], [`webm`]), and what has to go is overwritten in its place.

mod mp4;
mod pictures;
mod thumbnail;
mod webm;

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use super::model::{MediaType, Refusal};

/// Bytes at the beginning by which a file is recognised.
const HEAD: u64 = 8192;

/// What was found in a file that is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Pixels, as it is shown.
    pub width: u32,
    /// Pixels, as it is shown.
    pub height: u32,
    /// Of a clip.
    pub duration_ms: Option<u32>,
    /// A small picture of it.
    pub thumbnail: Option<Thumbnail>,
}

/// A small picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    /// Its bytes: JPEG.
    pub bytes: Vec<u8>,
    /// A few bytes that stand for it until it is there (<https://evanw.github.io/thumbhash/>).
    pub hash: Vec<u8>,
}

/// Why a file is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It is not what it should be.
    #[error("{0:?}")]
    Refused(Refusal),
    /// It could not be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<Refusal> for CheckError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Checks a file, and writes it without what has to go. Blocks, and may take a hundred megabytes of memory.
///
/// # Errors
/// [`CheckError`].
pub fn check(source: &Path, target: &Path, announced: MediaType, max_clip_ms: u32) -> Result<Found, CheckError> {
    let mut head = Vec::new();
    File::open(source)?.take(HEAD).read_to_end(&mut head)?;
    // Its signature, whatever it was called.
    let sniffed = infer::get(&head).map(|kind| kind.mime_type());
    if sniffed != Some(announced.name()) {
        return Err(Refusal::AnotherType.into());
    }
    match announced {
        MediaType::Mp4 | MediaType::Webm => {
            fs::copy(source, target)?;
            let mut file = File::options().read(true).write(true).open(target)?;
            let clip = if announced == MediaType::Mp4 { mp4::clean(&mut file)? } else { webm::clean(&mut file)? };
            if clip.duration_ms > max_clip_ms {
                return Err(Refusal::TooLong.into());
            }
            let Clip { width, height, duration_ms } = clip;
            Ok(Found { width, height, duration_ms: Some(duration_ms), thumbnail: None })
        }
        _ => {
            let cleaned = pictures::clean(&fs::read(source)?, announced).ok_or(Refusal::Broken)?;
            fs::write(target, &cleaned.bytes)?;
            Ok(thumbnail::found(&cleaned, announced)?)
        }
    }
}

/// What a clip says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Clip {
    width: u32,
    height: u32,
    duration_ms: u32,
}

/// A number of bytes as a length in memory.
fn length(number: u64) -> Option<usize> {
    usize::try_from(number).ok()
}
