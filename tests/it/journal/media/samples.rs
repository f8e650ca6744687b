//! Files to upload, made here.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};

/// A picture of 64 by 32 pixels in that format.
pub fn picture(format: ImageFormat) -> Vec<u8> {
    let colour = |part: u32| u8::try_from(part * 4 % 256).unwrap();
    let image: DynamicImage = RgbImage::from_fn(64, 32, |x, y| image::Rgb([colour(x), colour(y), 120])).into();
    let image = if format == ImageFormat::Gif { image.to_rgba8().into() } else { image };
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The same as PNG.
pub fn png() -> Vec<u8> {
    picture(ImageFormat::Png)
}

/// A JPEG that was held upright, and says where it was taken.
pub fn jpeg_with_place() -> Vec<u8> {
    let plain = picture(ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPSLatitude 52.5");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat()
}

pub fn part(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
    [&length[..], &name, content].concat()
}

/// A clip of so many seconds with a track of that handler and codec, which says where it was taken.
pub fn mp4(secs: u32, handler: [u8; 4], codec: [u8; 4]) -> Vec<u8> {
    let timed = [[0; 12], [0; 12]].concat();
    let timed: Vec<u8> = [&timed[..12], &1000_u32.to_be_bytes(), &(secs * 1000).to_be_bytes(), &[0; 80]].concat();
    let header = [&[0; 76][..], &(320_u32 << 16).to_be_bytes(), &(240_u32 << 16).to_be_bytes()].concat();
    let kind = [&[0; 8][..], &handler, &[0; 13]].concat();
    let samples = [&[0, 0, 0, 0, 0, 0, 0, 1][..], &part(codec, &[0; 78])].concat();
    let table = part(*b"stbl", &part(*b"stsd", &samples));
    let media = [part(*b"mdhd", &timed), part(*b"hdlr", &kind), part(*b"minf", &table)].concat();
    let track = part(*b"trak", &[part(*b"tkhd", &header), part(*b"mdia", &media)].concat());
    let told = part(*b"udta", &part(*b"\xa9xyz", b"GPS +52.5+013.4/"));
    let index = part(*b"moov", &[part(*b"mvhd", &timed), track, told].concat());
    let file = part(*b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41");
    [file, part(*b"uuid", b"GPS"), index, part(*b"mdat", &[7; 1000])].concat()
}

/// An element of Matroska.
pub fn element(id: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u64::try_from(content.len()).unwrap() | 1 << 56;
    [id, &length.to_be_bytes(), content].concat()
}

/// A clip of so many seconds with a title.
pub fn webm(secs: u32) -> Vec<u8> {
    let head = element(&[0x1a, 0x45, 0xdf, 0xa3], b"\x42\x82\x84webm");
    let duration = (f64::from(secs) * 1000.0).to_be_bytes();
    let info = [element(&[0x44, 0x89], &duration), element(&[0x7b, 0xa9], b"GPS 52.5")].concat();
    let size = [element(&[0xb0], &320_u16.to_be_bytes()), element(&[0xba], &240_u16.to_be_bytes())].concat();
    let track = [element(&[0x83], &[1]), element(&[0x86], b"V_VP9"), element(&[0xe0], &size)].concat();
    let segment = [
        element(&[0x15, 0x49, 0xa9, 0x66], &info),
        element(&[0x16, 0x54, 0xae, 0x6b], &element(&[0xae], &track)),
        element(&[0x12, 0x54, 0xc3, 0x67], b"tags: GPS"),
        element(&[0x1f, 0x43, 0xb6, 0x75], &[7; 1000]),
    ];
    [head, element(&[0x18, 0x53, 0x80, 0x67], &segment.concat())].concat()
}
