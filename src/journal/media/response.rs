//! Responses about media.

use std::collections::HashMap;

use poem_openapi::{ApiResponse, Object, types::Example};

use super::{
    examples,
    model::{Asked, Link, MediaError, MediaKind, MediaState, MediaType, Refusal, WithLinks},
};
use crate::{
    http::{
        conditional::ConditionalContent,
        no_store::NoStore,
        problem::Problem,
        revised,
        schema::{OneOf, Timestamp},
    },
    identity::{access::ModerationReason, people::Audience},
    journal::{
        cards::{GameCardResponse, PersonCardResponse},
        examples::TIME_MS,
    },
    platform::page::Page,
};

/// A file that can be fetched.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "MediaLink")]
pub struct LinkResponse {
    /// Its address. Whoever has it can fetch the file, until it expires.
    url: String,
    /// When it expires.
    expires_at: Timestamp,
}

impl From<Link> for LinkResponse {
    fn from(Link { url, expires_ms }: Link) -> Self {
        Self { url, expires_at: Timestamp(expires_ms) }
    }
}

impl Example for LinkResponse {
    fn example() -> Self {
        let url = "https://cairn.example/blobs/media/0193702d9c4e7a10b5d2c3e4f5a60718?expires=1795255200000&signature=4a5f0c91d2e80b174a5f0c91d2e80b17";
        Self { url: url.to_owned(), expires_at: Timestamp(TIME_MS + 7_200_000) }
    }
}

/// A screenshot, a clip or a capture of an achievement, on a game.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "Media")]
pub struct MediaResponse {
    /// Its place in lists.
    #[oai(validator(max_length = 20))]
    id: String,
    /// Its name, which its client made.
    #[oai(validator(min_length = 36, max_length = 36))]
    uuid: String,
    /// The game.
    #[oai(skip_serializing_if_is_none)]
    game: Option<GameCardResponse>,
    /// Whose it is.
    #[oai(skip_serializing_if_is_none)]
    owner: Option<PersonCardResponse>,
    /// What it is.
    kind: OneOf<MediaKind>,
    /// The media type.
    r#type: OneOf<MediaType>,
    /// What has become of the upload. Others see what is `ready` alone.
    state: OneOf<MediaState>,
    /// Why it was rejected.
    #[oai(skip_serializing_if_is_none)]
    reason: Option<OneOf<Refusal>>,
    /// What its owner says about it.
    description: String,
    /// When it was taken, as its owner says.
    #[oai(skip_serializing_if_is_none)]
    taken_at: Option<Timestamp>,
    /// Who sees it.
    audience: OneOf<Audience>,
    /// Why it is hidden from everybody else, of your own; absent where it is not.
    #[oai(skip_serializing_if_is_none)]
    hidden: Option<OneOf<ModerationReason>>,
    /// The file, once it is ready.
    #[oai(skip_serializing_if_is_none)]
    file: Option<LinkResponse>,
    /// A small picture of it, of a picture.
    #[oai(skip_serializing_if_is_none)]
    thumbnail: Option<LinkResponse>,
    /// A ThumbHash in base 64: a few bytes to show until the picture is there.
    #[oai(skip_serializing_if_is_none, validator(max_length = 64))]
    thumb_hash: Option<String>,
    /// Pixels, once it is ready.
    #[oai(skip_serializing_if_is_none)]
    width: Option<u32>,
    /// Pixels, once it is ready.
    #[oai(skip_serializing_if_is_none)]
    height: Option<u32>,
    /// Milliseconds, of a clip that is ready.
    #[oai(skip_serializing_if_is_none)]
    duration_ms: Option<u32>,
    /// Raised by each change.
    #[oai(validator(max_length = 20))]
    revision: String,
    /// When it was asked for.
    created_at: Timestamp,
    /// When its owner last changed it; absent where they never did.
    #[oai(skip_serializing_if_is_none)]
    changed_at: Option<Timestamp>,
}

impl From<WithLinks> for MediaResponse {
    fn from(WithLinks { media, owner, title, file, thumbnail }: WithLinks) -> Self {
        Self {
            id: media.id.0.to_string(),
            uuid: media.uuid.hyphenated(),
            game: title.map(GameCardResponse::from),
            owner: owner.map(PersonCardResponse::from),
            kind: OneOf(media.announced.kind),
            r#type: OneOf(media.announced.media_type),
            state: OneOf(media.state),
            reason: media.reason.map(OneOf),
            description: media.said.description,
            taken_at: media.said.taken_at_ms.map(Timestamp),
            audience: OneOf(media.said.audience),
            hidden: media.hidden.map(OneOf),
            file: file.map(LinkResponse::from),
            thumbnail: thumbnail.map(LinkResponse::from),
            thumb_hash: media.thumb_hash,
            width: media.size.map(|size| size.0),
            height: media.size.map(|size| size.1),
            duration_ms: media.duration_ms,
            revision: media.revision.to_string(),
            created_at: Timestamp(media.created_at_ms),
            changed_at: media.changed_at_ms.map(Timestamp),
        }
    }
}

impl Example for MediaResponse {
    fn example() -> Self {
        Self {
            id: "512".to_owned(),
            uuid: examples::uuid(),
            game: Some(GameCardResponse::example()),
            owner: Some(PersonCardResponse::example()),
            kind: OneOf(MediaKind::Screenshot),
            r#type: OneOf(MediaType::Png),
            state: OneOf(MediaState::Ready),
            reason: None,
            description: examples::DESCRIPTION.to_owned(),
            taken_at: Some(Timestamp(TIME_MS)),
            audience: OneOf(Audience::Friends),
            hidden: None,
            file: Some(LinkResponse::example()),
            thumbnail: Some(LinkResponse::example()),
            thumb_hash: Some("3OcRJYB4d3h/iIeHeEh3eIhw+j3A".to_owned()),
            width: Some(1920),
            height: Some(1080),
            duration_ms: None,
            revision: "1".to_owned(),
            created_at: Timestamp(TIME_MS),
            changed_at: None,
        }
    }
}

impl ConditionalContent for MediaResponse {
    const OK: &'static str = "The medium.";
    const NOT_MODIFIED: &'static str = "It is as you have it.";
}

/// The request that uploads the file. Its address is a credential.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "MediaUpload")]
pub struct UploadResponse {
    /// Always `PUT`.
    method: String,
    /// The address.
    url: String,
    /// The headers to send, beside `Content-Length`. All are signed.
    headers: HashMap<String, String>,
    /// Until when the upload can begin. Ask again with the same request for another address.
    expires_at: Timestamp,
}

impl Example for UploadResponse {
    fn example() -> Self {
        let headers = [("Content-Type", "image/png"), ("If-None-Match", "*")];
        let url = "https://cairn.example/blobs/temporary/0193702d9c4e7a10b5d2c3e4f5a60718?expires=1795248900000&nonce=5f0c91d24a80b17e5f0c91d24a80b17e&signature=4a5f0c91d2e80b174a5f0c91d2e80b17";
        Self {
            method: "PUT".to_owned(),
            url: url.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            expires_at: Timestamp(TIME_MS + 900_000),
        }
    }
}

/// Something of media that waits for its upload.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "AskedMedia")]
pub struct AskedResponse {
    /// It.
    media: MediaResponse,
    /// The upload that it waits for.
    upload: UploadResponse,
}

impl From<Asked> for AskedResponse {
    fn from(Asked { shown, upload }: Asked) -> Self {
        let headers = upload.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let upload = UploadResponse {
            method: "PUT".to_owned(),
            url: upload.url,
            headers,
            expires_at: Timestamp(upload.expires_ms),
        };
        Self { media: shown.into(), upload }
    }
}

impl Example for AskedResponse {
    fn example() -> Self {
        Self { media: MediaResponse::example(), upload: UploadResponse::example() }
    }
}

#[derive(ApiResponse)]
pub enum MediaAsked {
    /// It waits for the upload.
    #[oai(status = 201)]
    Created(NoStore<AskedResponse>),
}

/// A page of media, the newest first.
#[derive(Debug, Object)]
#[oai(example)]
pub struct MediaPage {
    /// They.
    items: Vec<MediaResponse>,
    /// The `after` of the next page, of older ones; empty where there are none at all.
    #[oai(validator(max_length = 20))]
    next: String,
    /// Whether there are older ones.
    more: bool,
}

impl MediaPage {
    /// A page.
    pub fn new(page: Page<WithLinks>, after: Option<i64>) -> Self {
        let next = page.items.last().map(|shown| shown.media.id.0).or(after);
        let next = next.map_or_else(String::new, |id| id.to_string());
        Self { more: page.more, items: page.items.into_iter().map(MediaResponse::from).collect(), next }
    }
}

impl Example for MediaPage {
    fn example() -> Self {
        Self { items: vec![MediaResponse::example()], next: "512".to_owned(), more: false }
    }
}

#[derive(ApiResponse)]
pub enum MediaListed {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<MediaPage>),
}

/// The problem for an error of a change: one of an old state brings what it is now.
pub fn stale_or(error: MediaError) -> Problem {
    match error {
        MediaError::Stale(now) => revised::stale(&MediaResponse::from(*now)),
        other => other.into(),
    }
}
