//! Decodes a picture within bounds, and makes a small one of it.

use std::io::Cursor;

use fast_image_resize::{ResizeAlg, ResizeOptions, Resizer};
use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, ImageReader, Limits, RgbImage,
    codecs::jpeg::JpegEncoder,
};

use super::{Found, Thumbnail, pictures::Cleaned};
use crate::journal::media::model::{MAX_PIXELS, MediaType, Refusal};

/// The longer side of a small picture, in pixels.
const SIDE: u32 = 480;

/// The longer side of the picture of which the hash is made; the format knows no larger one.
const HASH_SIDE: u32 = 100;

/// What decoding may take: a picture of the most pixels, with four bytes each.
const MAX_DECODED: u64 = 100 * 1024 * 1024;

/// The longest side of a picture.
const MAX_SIDE: u32 = 16_384;

const QUALITY: u8 = 80;

fn format(media_type: MediaType) -> Option<ImageFormat> {
    match media_type {
        MediaType::Png => Some(ImageFormat::Png),
        MediaType::Jpeg => Some(ImageFormat::Jpeg),
        MediaType::Webp => Some(ImageFormat::WebP),
        MediaType::Gif => Some(ImageFormat::Gif),
        MediaType::Mp4 | MediaType::Webm => None,
    }
}

fn refused(error: &image::ImageError) -> Refusal {
    if matches!(error, image::ImageError::Limits(_)) { Refusal::TooManyPixels } else { Refusal::Broken }
}

/// Decodes a picture that was cleaned. Its size is looked at first.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Refusal> {
    let reader = || ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    let mut sized = reader();
    sized.limits(limits.clone());
    let (width, height) = sized.into_dimensions().map_err(|error| refused(&error))?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(Refusal::TooManyPixels);
    }
    let mut reader = reader();
    reader.limits(limits);
    reader.decode().map_err(|error| refused(&error))
}

/// The picture in a size in which neither side is longer.
fn smaller(picture: &DynamicImage, side: u32) -> Result<DynamicImage, Refusal> {
    let (width, height) = (picture.width(), picture.height());
    let longer = width.max(height);
    if longer <= side {
        return Ok(picture.clone());
    }
    let scaled = |length: u32| (u64::from(length) * u64::from(side)).div_ceil(u64::from(longer));
    let scaled = |length| u32::try_from(scaled(length)).unwrap_or(side).max(1);
    let mut small = DynamicImage::new(scaled(width), scaled(height), picture.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(fast_image_resize::FilterType::CatmullRom));
    Resizer::new().resize(picture, &mut small, &options).map_err(|_| Refusal::Broken)?;
    Ok(small)
}

/// What there is to know of a picture that was cleaned.
pub fn found(cleaned: &Cleaned, media_type: MediaType) -> Result<Found, Refusal> {
    let format = format(media_type).ok_or(Refusal::AnotherType)?;
    let picture = decode(&cleaned.bytes, format)?;
    let mut small = smaller(&picture, SIDE)?;
    let size = (picture.width(), picture.height());
    drop(picture);
    if let Some(orientation) = image::metadata::Orientation::from_exif(cleaned.orientation) {
        small.apply_orientation(orientation);
    }
    // Five to eight lie on their side.
    let (width, height) = if cleaned.orientation >= 5 { (size.1, size.0) } else { size };
    let tiny = smaller(&small, HASH_SIDE)?.to_rgba8();
    let pixels = |length: u32| usize::try_from(length).unwrap_or_default();
    let hash = thumbhash::rgba_to_thumb_hash(pixels(tiny.width()), pixels(tiny.height()), tiny.as_raw());
    let bytes = encoded(&small).map_err(|error| refused(&error))?;
    Ok(Found { width, height, duration_ms: None, thumbnail: Some(Thumbnail { bytes, hash }) })
}

/// The small picture as JPEG; what is transparent is white.
fn encoded(small: &DynamicImage) -> Result<Vec<u8>, image::ImageError> {
    let mut rgb = RgbImage::new(small.width(), small.height());
    for (pixel, of) in rgb.pixels_mut().zip(small.to_rgba8().pixels()) {
        let [red, green, blue, alpha] = of.0.map(u16::from);
        let on_white = |colour: u16| u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX);
        pixel.0 = [on_white(red), on_white(green), on_white(blue)];
    }
    let mut bytes = Cursor::new(Vec::new());
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    encoder.write_image(rgb.as_raw(), rgb.width(), rgb.height(), ExtendedColorType::Rgb8)?;
    Ok(bytes.into_inner())
}
