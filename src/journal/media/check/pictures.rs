//! Pictures without what they tell beside the picture: their parts are copied that are needed to show it, colour profiles among them,
//! and nothing else. What follows the end of the picture is not part of it.
//!
//! How a camera was held is kept as a block of 36 bytes that says nothing else; viewers turn the picture by it.

use crate::journal::media::model::MediaType;

/// A picture that was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How it is to be turned, as EXIF says it: 1 to 8.
    pub orientation: u8,
}

/// Frames of a moving picture at most.
const MAX_FRAMES: usize = 2000;

/// Takes bytes from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
}

/// Copies a picture; `None` where it is none of that type.
pub fn clean(bytes: &[u8], media_type: MediaType) -> Option<Cleaned> {
    let plain = |bytes| Cleaned { bytes, orientation: 1 };
    match media_type {
        MediaType::Png => png(bytes).map(plain),
        MediaType::Jpeg => jpeg(bytes),
        MediaType::Webp => webp(bytes).map(plain),
        MediaType::Gif => gif(bytes).map(plain),
        MediaType::Mp4 | MediaType::Webm => None,
    }
}

const PNG: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// The chunks that are needed to show a picture, with those of moving ones (PNG 3, 11).
const PNG_CHUNKS: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD",
    b"pHYs", b"acTL", b"fcTL", b"fdAT", b"mDCV",
];

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    let mut copy = reader.take(PNG.len()).filter(|start| *start == PNG)?.to_vec();
    let mut frames = 0_usize;
    loop {
        let start = reader.0;
        let length = usize::try_from(u32::from_be_bytes(reader.array()?)).ok()?;
        let name: [u8; 4] = reader.array()?;
        reader.take(length.checked_add(4)?)?;
        if PNG_CHUNKS.contains(&&name) {
            copy.extend_from_slice(start.get(..length.checked_add(12)?)?);
        }
        frames += usize::from(&name == b"fcTL");
        if frames > MAX_FRAMES {
            return None;
        }
        if &name == b"IEND" {
            return Some(copy);
        }
    }
}

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const EXIF: &[u8] = b"Exif\0\0";

/// Whether a marker stands alone, without a length (T.81, B.1.1.3).
fn is_alone(marker: u8) -> bool {
    marker == 0x01 || (0xd0..=0xd7).contains(&marker)
}

/// Whether a segment is needed to show a picture: all but those of applications and comments; of those JFIF, colour profiles and what
/// Adobe says about colours.
fn is_kept(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xe1 | 0xe3..=0xed | 0xef | 0xf0..=0xfe => false,
        _ => true,
    }
}

fn jpeg(bytes: &[u8]) -> Option<Cleaned> {
    let mut reader = Reader(bytes);
    reader.array::<2>().filter(|start| *start == [0xff, SOI])?;
    let (mut copy, mut orientation) = (Vec::with_capacity(bytes.len()), 1);
    loop {
        reader.byte().filter(|byte| *byte == 0xff)?;
        let mut marker = reader.byte()?;
        while marker == 0xff {
            marker = reader.byte()?;
        }
        if marker == EOI {
            copy.extend([0xff, EOI]);
            let mut whole = vec![0xff, SOI];
            if orientation != 1 {
                whole.extend(turned(orientation));
            }
            whole.append(&mut copy);
            return Some(Cleaned { bytes: whole, orientation });
        }
        if is_alone(marker) {
            copy.extend([0xff, marker]);
            continue;
        }
        let length = u16::from_be_bytes(reader.array()?);
        let content = reader.take(usize::from(length.checked_sub(2)?))?;
        if marker == 0xe1
            && let Some(exif) = content.strip_prefix(EXIF)
        {
            orientation = image::metadata::Orientation::from_exif_chunk(exif)
                .map_or(orientation, image::metadata::Orientation::to_exif);
        }
        if !is_kept(marker, content) {
            continue;
        }
        copy.extend([0xff, marker]);
        copy.extend(length.to_be_bytes());
        copy.extend_from_slice(content);
        if marker == SOS {
            let end = end_of_scan(reader.0)?;
            copy.extend_from_slice(reader.take(end)?);
        }
    }
}

/// Where the data of a scan ends: before the next marker that is no restart.
fn end_of_scan(data: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(0xff, data.get(from..)?)?;
        match data.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => from = at + 2,
            0xff => from = at + 1,
            _ => return Some(at),
        }
    }
}

/// The segment that says how a picture is turned, and nothing else: a TIFF header, one entry of tag 0x0112, no further directory.
fn turned(orientation: u8) -> Vec<u8> {
    let mut segment = vec![0xff, 0xe1, 0, 34];
    segment.extend_from_slice(EXIF);
    segment.extend_from_slice(b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.push(orientation);
    segment.extend([0; 6]);
    segment
}

/// The chunks that are needed to show a picture, with those of moving ones (RFC 9649).
const WEBP_CHUNKS: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// The flags of a `VP8X` that announce EXIF and XMP.
const WEBP_METADATA: u8 = 0b0000_1100;

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    reader.take(4).filter(|start| *start == b"RIFF")?;
    let length = usize::try_from(u32::from_le_bytes(reader.array()?)).ok()?;
    let mut content = Reader(reader.take(length)?);
    content.take(4).filter(|form| *form == b"WEBP")?;
    let (mut copy, mut frames) = (b"WEBP".to_vec(), 0_usize);
    while !content.0.is_empty() {
        let name: [u8; 4] = content.array()?;
        let length: [u8; 4] = content.array()?;
        let size = usize::try_from(u32::from_le_bytes(length)).ok()?;
        let body = content.take(size)?;
        if size % 2 == 1 {
            // The last one may lack it.
            let _padding = content.byte();
        }
        if !WEBP_CHUNKS.contains(&&name) {
            continue;
        }
        frames += usize::from(&name == b"ANMF");
        copy.extend(name);
        copy.extend(length);
        match (&name, body.split_first()) {
            (b"VP8X", Some((flags, rest))) => {
                copy.push(flags & !WEBP_METADATA);
                copy.extend_from_slice(rest);
            }
            _ => copy.extend_from_slice(body),
        }
        if size % 2 == 1 {
            copy.push(0);
        }
    }
    if frames > MAX_FRAMES {
        return None;
    }
    let mut whole = b"RIFF".to_vec();
    whole.extend(u32::try_from(copy.len()).ok()?.to_le_bytes());
    whole.append(&mut copy);
    Some(whole)
}

/// Copies the blocks of data of a GIF, with the empty one at their end.
fn sub_blocks<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let start = reader.0;
    let mut taken = 0;
    loop {
        let length = usize::from(reader.byte()?);
        reader.take(length)?;
        taken += length + 1;
        if length == 0 {
            return start.get(..taken);
        }
    }
}

/// The bytes of a table of colours, if the flags say that there is one.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    let header = reader.take(13).filter(|start| start.starts_with(b"GIF87a") || start.starts_with(b"GIF89a"))?;
    let mut copy = header.to_vec();
    copy.extend_from_slice(reader.take(colours(*header.get(10)?))?);
    let mut frames = 0;
    loop {
        match reader.byte()? {
            0x3b => {
                copy.push(0x3b);
                return Some(copy);
            }
            0x2c => {
                frames += 1;
                let descriptor = reader.take(9)?;
                copy.push(0x2c);
                copy.extend_from_slice(descriptor);
                // The colours of the frame, and the first size of a code.
                copy.extend_from_slice(reader.take(colours(*descriptor.last()?) + 1)?);
                copy.extend_from_slice(sub_blocks(&mut reader)?);
            }
            0x21 => {
                let label = reader.byte()?;
                let blocks = sub_blocks(&mut reader)?;
                // How a frame is shown, and how often all of them are.
                let is_loop = label == 0xff && blocks.get(1..12) == Some(b"NETSCAPE2.0");
                if label == 0xf9 || is_loop {
                    copy.extend([0x21, label]);
                    copy.extend_from_slice(blocks);
                }
            }
            _ => return None,
        }
        if frames > MAX_FRAMES {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    const TYPES: [(MediaType, ImageFormat); 4] = [
        (MediaType::Png, ImageFormat::Png),
        (MediaType::Jpeg, ImageFormat::Jpeg),
        (MediaType::Webp, ImageFormat::WebP),
        (MediaType::Gif, ImageFormat::Gif),
    ];

    fn picture(format: ImageFormat) -> Vec<u8> {
        let pixel = |x: u32, y: u32| [u8::try_from(x * 7 % 256).unwrap(), u8::try_from(y * 5 % 256).unwrap(), 90];
        let image: DynamicImage = match format {
            ImageFormat::Gif => RgbaImage::from_fn(20, 10, |x, y| {
                let [red, green, blue] = pixel(x, y);
                image::Rgba([red, green, blue, 255])
            })
            .into(),
            _ => RgbImage::from_fn(20, 10, |x, y| image::Rgb(pixel(x, y))).into(),
        };
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn decoded(bytes: &[u8], format: ImageFormat) -> DynamicImage {
        image::load_from_memory_with_format(bytes, format).unwrap()
    }

    #[test]
    fn a_cleaned_picture_is_the_same_picture_without_what_follows_its_end() {
        for (media_type, format) in TYPES {
            let bytes = picture(format);
            let cleaned = clean(&bytes, media_type).unwrap();
            assert_eq!(decoded(&cleaned.bytes, format), decoded(&bytes, format), "{format:?}");
            let more = [&bytes[..], b"<script>alert(1)</script>"].concat();
            assert_eq!(clean(&more, media_type).unwrap(), cleaned, "{format:?} with more");
            assert_eq!(clean(&cleaned.bytes, media_type).unwrap(), cleaned, "{format:?} again");
        }
    }

    #[test]
    fn a_cut_picture_is_none() {
        for (media_type, format) in TYPES {
            let bytes = picture(format);
            let cleaned = clean(&bytes, media_type).unwrap();
            for length in 0..cleaned.bytes.len() {
                assert_eq!(clean(&cleaned.bytes[..length], media_type), None, "{format:?} of {length} bytes");
            }
        }
    }

    #[test]
    fn what_a_camera_says_is_taken_away_but_how_it_was_held() {
        let plain = picture(ImageFormat::Jpeg);
        let exif = turned(6);
        let mut gps = exif.clone();
        gps.splice(
            4..,
            [EXIF, b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 52.5 13.4"].concat(),
        );
        let length = u16::try_from(gps.len() - 2).unwrap().to_be_bytes();
        gps.splice(2..4, length);
        let comment = b"\xff\xfe\x00\x0bGPS 52.5!".to_vec();
        let told = [&plain[..2], &gps, &comment, &plain[2..]].concat();
        let cleaned = clean(&told, MediaType::Jpeg).unwrap();
        assert_eq!(cleaned.orientation, 6);
        assert!(!cleaned.bytes.windows(3).any(|part| part == b"GPS"));
        assert_eq!(cleaned.bytes, [&plain[..2], &exif, &plain[2..]].concat());
        assert_eq!(clean(&cleaned.bytes, MediaType::Jpeg).unwrap(), cleaned);
    }

    #[test]
    fn colour_profiles_stay_and_texts_go() {
        let plain = picture(ImageFormat::Png);
        let chunk = |name: &[u8; 4], body: &[u8]| {
            let length = u32::try_from(body.len()).unwrap().to_be_bytes();
            [&length[..], name, body, &[0; 4]].concat()
        };
        let (profile, text) = (chunk(b"iCCP", b"a profile"), chunk(b"tEXt", b"Author\0GPS"));
        // After the header, which takes 25 bytes.
        let told = [&plain[..33], &text, &profile, &plain[33..]].concat();
        let cleaned = clean(&told, MediaType::Png).unwrap();
        assert_eq!(cleaned.bytes, [&plain[..33], &profile, &plain[33..]].concat());
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..400), which in 0..4_usize, keep in 0..200_usize) {
            let (media_type, format) = TYPES[which];
            let _nothing = clean(&bytes, media_type);
            let whole = picture(format);
            let begun = [&whole[..keep.min(whole.len())], &bytes].concat();
            let _nothing = clean(&begun, media_type);
        }
    }
}
