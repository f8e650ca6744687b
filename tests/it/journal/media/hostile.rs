//! Files that were made to do harm: each is refused, or what is kept of it is harmless.

use std::{
    fs,
    time::{Duration, Instant},
};

use cairn::{
    journal::media::steps::{CheckError, Found, MediaType, Refusal, check},
    platform::named::Named,
};
use image::ImageFormat;

use super::samples::{self, element, part};

/// What nobody is to be sent.
const PAYLOAD: &[u8] = b"<script>alert(document.domain)</script>";

/// How long a check may take at most, in a build without optimisation.
const LONGEST: Duration = Duration::from_secs(20);

/// What comes of a file that is said to be of a type: what was found and kept.
fn checked(bytes: &[u8], media_type: MediaType) -> Result<(Found, Vec<u8>), Refusal> {
    let folder = std::env::temp_dir().join(format!("cairn_hostile_{}", uuid::Uuid::new_v4().simple()));
    fs::create_dir(&folder).unwrap();
    let (source, target) = (folder.join("source"), folder.join("target"));
    fs::write(&source, bytes).unwrap();
    let begun = Instant::now();
    let found = check(&source, &target, media_type, 60_000);
    assert!(begun.elapsed() < LONGEST, "{media_type:?}: {:?}", begun.elapsed());
    let result = match found {
        Ok(found) => Ok((found, fs::read(&target).unwrap())),
        Err(CheckError::Refused(refusal)) => Err(refusal),
        Err(CheckError::Io(error)) => panic!("{media_type:?}: {error}"),
    };
    fs::remove_dir_all(folder).unwrap();
    result
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A good file of each type.
pub fn good() -> [(MediaType, Vec<u8>); 6] {
    [
        (MediaType::Png, samples::png()),
        (MediaType::Jpeg, samples::picture(ImageFormat::Jpeg)),
        (MediaType::Webp, samples::picture(ImageFormat::WebP)),
        (MediaType::Gif, samples::picture(ImageFormat::Gif)),
        (MediaType::Mp4, samples::mp4(9, *b"vide", *b"avc1")),
        (MediaType::Webm, samples::webm(9)),
    ]
}

/// A chunk of PNG.
fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&name[..], content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], &named, &super::crc32(&named).to_be_bytes()].concat()
}

/// A segment of JPEG.
fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

/// WebP with further chunks at its end.
fn webp_with(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut file = samples::picture(ImageFormat::WebP);
    file.extend(name);
    file.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
    file.extend(content);
    file.extend(vec![0; content.len() % 2]);
    let length = u32::try_from(file.len() - 8).unwrap().to_le_bytes();
    file[4..8].copy_from_slice(&length);
    file
}

fn with_inside(file: &[u8], at: usize, inside: &[u8]) -> Vec<u8> {
    [&file[..at], inside, &file[at..]].concat()
}

#[test]
fn a_file_of_another_type_than_it_says_is_refused() {
    for (is, bytes) in good() {
        for says in MediaType::MEMBERS.iter().copied().filter(|says| *says != is) {
            assert_eq!(checked(&bytes, says).unwrap_err(), Refusal::AnotherType, "{is:?} as {says:?}");
        }
    }
    for text in [
        "<html>",
        "<svg xmlns='http://www.w3.org/2000/svg'>",
        "\u{feff}<?xml version='1.0'?>",
        "%PDF-1.7",
        "PK\u{3}\u{4}",
        "",
    ] {
        for says in MediaType::MEMBERS {
            let bytes = [text.as_bytes(), PAYLOAD].concat();
            assert_eq!(checked(&bytes, *says).unwrap_err(), Refusal::AnotherType, "{text} as {says:?}");
        }
    }
}

#[test]
fn a_page_behind_a_signature_is_refused() {
    let page = [PAYLOAD, &[b' '; 400]].concat();
    for (says, begins) in [
        (MediaType::Png, b"\x89PNG\r\n\x1a\n".as_slice()),
        (MediaType::Jpeg, b"\xff\xd8\xff\xe0"),
        (MediaType::Webp, b"RIFF\x00\x10\x00\x00WEBPVP8 "),
        (MediaType::Gif, b"GIF89a"),
        (MediaType::Mp4, b"\0\0\0\x18ftypisom\0\0\x02\0isommp41"),
        (MediaType::Webm, b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm"),
    ] {
        let refused = checked(&[begins, &page].concat(), says);
        assert!(refused.is_err(), "{says:?}: {refused:?}");
    }
}

#[test]
fn what_was_cut_is_refused_or_is_a_picture_that_everybody_can_decode() {
    for (media_type, bytes) in good() {
        for tenth in 0..=10 {
            let cut = &bytes[..(bytes.len() - 1) * tenth / 10];
            let Ok((found, kept)) = checked(cut, media_type) else { continue };
            assert!(found.duration_ms.is_none(), "{media_type:?} cut to {tenth} tenths");
            let decoded = image::load_from_memory(&kept).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (found.width, found.height), "{media_type:?}");
        }
    }
}

#[test]
fn what_is_hidden_in_a_good_file_is_not_kept() {
    let (png, jpeg, gif) = (samples::png(), samples::picture(ImageFormat::Jpeg), samples::picture(ImageFormat::Gif));
    let said = [b"Comment\0", PAYLOAD].concat();
    let mut files: Vec<(&str, MediaType, Vec<u8>)> = Vec::new();
    for (media_type, bytes) in good().into_iter().take(4) {
        files.push(("after its end", media_type, [&bytes[..], PAYLOAD].concat()));
        files.push(("a ZIP after its end", media_type, [&bytes[..], b"PK\x03\x04", PAYLOAD, b"PK\x05\x06"].concat()));
    }
    for name in [*b"tEXt", *b"iTXt", *b"zTXt", *b"eXIf", *b"prVt"] {
        files.push(("a chunk", MediaType::Png, with_inside(&png, 33, &chunk(name, &said))));
    }
    for marker in [0xfe, 0xe1, 0xed, 0xec, 0xe5] {
        files.push(("a segment", MediaType::Jpeg, with_inside(&jpeg, 2, &segment(marker, &said))));
    }
    let length = u8::try_from(PAYLOAD.len()).unwrap();
    let comment = [&[0x21, 0xfe, length][..], PAYLOAD, &[0]].concat();
    let application = [b"\x21\xff\x0bXMP DataXMP".as_slice(), &[length], PAYLOAD, &[0]].concat();
    let tables = if gif[10] & 0x80 == 0 { 0 } else { 3 << ((gif[10] & 7) + 1) };
    for block in [comment, application] {
        files.push(("a block", MediaType::Gif, with_inside(&gif, 13 + tables, &block)));
    }
    for name in [*b"EXIF", *b"XMP ", *b"JUNK"] {
        files.push(("a chunk", MediaType::Webp, webp_with(name, PAYLOAD)));
    }
    let clip = samples::mp4(9, *b"vide", *b"avc1");
    for name in [*b"free", *b"skip", *b"uuid", *b"meta", *b"udta"] {
        files.push(("a box", MediaType::Mp4, with_inside(&clip, 32, &part(name, PAYLOAD))));
    }
    for (what, media_type, bytes) in files {
        assert!(contains(&bytes, PAYLOAD));
        match checked(&bytes, media_type) {
            Ok((_, kept)) => assert!(!contains(&kept, PAYLOAD), "{what} of {media_type:?} was kept"),
            Err(refusal) => assert!(matches!(refusal, Refusal::Broken), "{what} of {media_type:?}: {refusal:?}"),
        }
    }
}

#[test]
fn a_picture_that_would_fill_memory_is_refused_before_it_is_decoded() {
    let header = |width: u32, height: u32| {
        let mut png = samples::png();
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let checksum = super::crc32(&png[12..29]).to_be_bytes();
        png[29..33].copy_from_slice(&checksum);
        png
    };
    for (width, height) in [(16_383, 16_383), (1, 0x7fff_ffff), (0x7fff_ffff, 1), (u32::MAX, u32::MAX), (0, 0), (0, 7)]
    {
        let refused = checked(&header(width, height), MediaType::Png);
        assert!(refused.is_err(), "{width} x {height}: {refused:?}");
    }
    let mut gif = samples::picture(ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert!(checked(&gif, MediaType::Gif).is_err());
    let mut jpeg = samples::picture(ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    assert!(checked(&jpeg, MediaType::Jpeg).is_err());
    let mut webp = samples::picture(ImageFormat::WebP);
    // 14 bits each of the width and height of the lossless form, less one.
    webp[21..25].copy_from_slice(&[0xff, 0xff, 0xff, 0x0f]);
    assert!(checked(&webp, MediaType::Webp).is_err());
}

#[test]
fn boxes_and_elements_without_end_are_refused() {
    let clip = samples::mp4(9, *b"vide", *b"avc1");
    let nested = (0..3000)
        .fold(Vec::new(), |inner: Vec<u8>, _| if inner.len() < 60_000 { part(*b"trak", &inner) } else { inner });
    let many: Vec<u8> = (0..200_000).flat_map(|_| part(*b"free", b"")).collect();
    let head = &clip[..32];
    let changed = |find: &[u8], change: &dyn Fn(&mut [u8])| {
        let mut clip = clip.clone();
        let at = clip.windows(find.len()).position(|window| window == find).unwrap();
        change(&mut clip[at - 4..]);
        clip
    };
    for (what, bytes) in [
        ("nested", [head, &part(*b"moov", &nested), &clip[32..]].concat()),
        ("many", [head, &many, &clip[32..]].concat()),
        ("shorter than its head", changed(b"moov", &|part| part[..4].copy_from_slice(&[0, 0, 0, 4]))),
        ("longer than the file", changed(b"moov", &|part| part[..4].copy_from_slice(&[0xff; 4]))),
        ("of 64 bits", changed(b"moov", &|part| part[..4].copy_from_slice(&[0, 0, 0, 1]))),
        ("without a time scale", changed(b"mvhd", &|part| part[20..24].copy_from_slice(&[0; 4]))),
        ("of half a million years", changed(b"mvhd", &|part| part[24..28].copy_from_slice(&[0xff; 4]))),
        ("without tracks", [head, &part(*b"moov", b""), &part(*b"mdat", &[7; 400])].concat()),
        ("without an index", [head, &part(*b"mdat", &[7; 4000])].concat()),
    ] {
        let refused = checked(&bytes, MediaType::Mp4);
        assert!(refused.is_err(), "{what}: {refused:?}");
    }
    let head = element(&[0x1a, 0x45, 0xdf, 0xa3], b"\x42\x82\x84webm");
    let segment = |content: &[u8]| [&head[..], &element(&[0x18, 0x53, 0x80, 0x67], content), &[0; 300]].concat();
    let info = |bytes: [u8; 8]| element(&[0x15, 0x49, 0xa9, 0x66], &element(&[0x44, 0x89], &bytes));
    let nested = (0..500).fold(Vec::new(), |inner: Vec<u8>, _| element(&[0x16, 0x54, 0xae, 0x6b], &inner));
    let many: Vec<u8> = (0..200_000).flat_map(|_| [0xec, 0x80]).collect();
    for (what, bytes) in [
        ("nested", segment(&nested)),
        ("many", segment(&many)),
        ("of no length", [&head[..], &[0x18, 0x53, 0x80, 0x67, 0], &[0; 300]].concat()),
        (
            "longer than the file",
            [&head[..], &[0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0, 0, 0, 0, 0, 0], &[0; 300]].concat(),
        ),
        ("a duration that is none", segment(&info(f64::NAN.to_be_bytes()))),
        ("without end", segment(&info(f64::INFINITY.to_be_bytes()))),
        ("before its beginning", segment(&info((-1.0_f64).to_be_bytes()))),
        ("without tracks", segment(&info(9000.0_f64.to_be_bytes()))),
    ] {
        let refused = checked(&bytes, MediaType::Webm);
        assert!(refused.is_err(), "{what}: {refused:?}");
    }
}
