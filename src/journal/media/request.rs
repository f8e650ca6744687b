//! Request bodies and parameters: their documentation, and how they are read.

use poem_openapi::{Object, types::Example};

use super::{
    examples,
    model::{Announced, ListRequest, MAX_DESCRIPTION, MediaError, MediaKind, MediaType, MediaUuid, Said},
};
use crate::{
    catalogue::titles::TitleId,
    http::{
        page::{PageRequest, Paged},
        schema::{OneOf, Timestamp},
    },
    identity::people::Audience,
    journal::examples::TIME_MS,
    platform::{
        blobs::Digest,
        clock,
        codec::fields::{BodyReader, Fields},
        named::Named,
    },
};

/// Bytes of a file at most that a request can announce; the settings allow less.
const MOST_BYTES: i64 = 1_073_741_824;

fn read<T>(body: &[u8], read: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, MediaError> {
    let mut fields = Fields::read(body)?;
    let value = read(&mut fields);
    fields.refuse_others();
    fields.done(value).map_err(MediaError::Invalid)
}

/// The title that a path names.
///
/// # Errors
/// It names none.
pub fn title_id(id: &str) -> Result<TitleId, MediaError> {
    id.parse().ok().filter(|id: &i64| *id > 0).map(TitleId).ok_or(MediaError::GameNotFound)
}

/// The UUID in a path.
///
/// # Errors
/// It is none.
pub fn media_uuid(text: &str) -> Result<MediaUuid, MediaError> {
    MediaUuid::parse(text).ok_or(MediaError::NotFound)
}

/// A file to upload.
#[derive(Debug, Object)]
#[oai(example, rename = "NewMedia")]
pub struct MediaRequest {
    /// What it is. Absent: `clip` where it is a video, `screenshot` otherwise.
    kind: Option<OneOf<MediaKind>>,
    /// The media type.
    r#type: OneOf<MediaType>,
    /// The length in bytes.
    #[oai(validator(minimum(value = "1"), maximum(value = "1073741824")))]
    length: u64,
    /// The SHA-256 digest, as 64 hexadecimal digits.
    #[oai(validator(min_length = 64, max_length = 64))]
    sha256: String,
    /// What you say about it: up to 500 characters of plain text.
    #[oai(validator(max_length = 500))]
    description: Option<String>,
    /// When it was taken.
    taken_at: Option<Timestamp>,
    /// Who sees it. Absent: `public`.
    audience: Option<OneOf<Audience>>,
}

impl Example for MediaRequest {
    fn example() -> Self {
        Self {
            kind: None,
            r#type: OneOf(MediaType::Png),
            length: 2_411_724,
            sha256: examples::SHA256.to_owned(),
            description: Some(examples::DESCRIPTION.to_owned()),
            taken_at: Some(Timestamp(TIME_MS)),
            audience: Some(OneOf(Audience::Friends)),
        }
    }
}

fn named<T: Named>(what: &str) -> impl Fn(&str) -> Result<T, String> {
    move |name| T::of_public_name(name).ok_or_else(|| what.to_owned())
}

impl MediaRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<(Announced, Said), MediaError> {
        read(body, |fields| {
            let kind = fields.optional_text("kind", named("must be screenshot, clip or achievement"));
            let types = "must be image/png, image/jpeg, image/webp, image/gif, video/mp4 or video/webm";
            let media_type: Option<MediaType> = fields.text("type", named(types));
            let bytes = fields.optional_integer("length", 1..=MOST_BYTES);
            if bytes == Some(None) {
                fields.wrong("length", "is missing");
            }
            let digest = fields
                .text("sha256", |text| Digest::of_hex(text).ok_or_else(|| "must be 64 hexadecimal digits".to_owned()));
            let said = said(fields);
            let media_type = media_type?;
            let usual = if media_type.is_clip() { MediaKind::Clip } else { MediaKind::Screenshot };
            let kind = kind?.unwrap_or(usual);
            if (kind == MediaKind::Clip) != media_type.is_clip() {
                fields.wrong("kind", "must be clip for a video, and nothing else can be");
                return None;
            }
            let bytes = u64::try_from(bytes??).ok()?;
            Some((Announced { kind, media_type, bytes, digest: digest? }, said?))
        })
    }
}

/// What you say of it from now on. What is absent is as in a new one, so send all of it.
#[derive(Debug, Object)]
#[oai(example, rename = "MediaChange")]
pub struct MediaChangeRequest {
    /// What you say about it: up to 500 characters of plain text.
    #[oai(validator(max_length = 500))]
    description: Option<String>,
    /// When it was taken.
    taken_at: Option<Timestamp>,
    /// Who sees it. Absent: `public`.
    audience: Option<OneOf<Audience>>,
}

impl Example for MediaChangeRequest {
    fn example() -> Self {
        Self {
            description: Some(examples::DESCRIPTION.to_owned()),
            taken_at: Some(Timestamp(TIME_MS)),
            audience: Some(OneOf(Audience::Private)),
        }
    }
}

impl MediaChangeRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<Said, MediaError> {
        read(body, said)
    }
}

fn said(fields: &mut Fields) -> Option<Said> {
    let description = fields.optional_text("description", |text| {
        let is_plain = !text.chars().any(|char| char.is_control() && char != '\n');
        if text.chars().count() <= MAX_DESCRIPTION && is_plain {
            return Ok(text.to_owned());
        }
        Err(format!("must have at most {MAX_DESCRIPTION} characters, and no control characters but line breaks"))
    });
    let taken_at = fields.optional_text("taken_at", |text| {
        clock::parse(text).ok_or_else(|| "must be a time as RFC 3339 writes it".to_owned())
    });
    let audience = fields.optional_text("audience", named("must be public, friends or private"));
    Some(Said {
        description: description?.unwrap_or_default(),
        taken_at_ms: taken_at?,
        audience: audience?.unwrap_or(Audience::Public),
    })
}

/// Media in pages, the newest first.
#[derive(Debug)]
pub struct MediaPages;

impl Paged for MediaPages {
    type Cursor = i64;
    const DEFAULT_LIMIT: usize = 20;
    const MAX_LIMIT: usize = 100;
    const EXAMPLE_CURSOR: &'static str = "511";

    fn parse(cursor: &str) -> Result<i64, String> {
        cursor.parse().map_err(|_| "must be a page's next".to_owned())
    }
}

/// Which page.
pub fn list(page: &PageRequest<MediaPages>) -> ListRequest {
    ListRequest { after: page.after, limit: page.limit }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("MediaRequest", |body| MediaRequest::read(body).is_ok()),
    ("MediaChangeRequest", |body| MediaChangeRequest::read(body).is_ok()),
];
