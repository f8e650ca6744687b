//! Request bodies, limited in size (before and after decompression) and in time.

use std::{marker::PhantomData, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use poem::{Body, Request, RequestBody, Result, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry},
    types::Type,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{idempotency, problem::Problem};
use crate::platform::{
    codec::deflate::{self, InflateError},
    error::{Fault, Kind},
};

/// The limits of request bodies.
#[derive(Clone, Debug)]
pub struct Limits {
    bytes: usize,
    deadline: Duration,
    /// The memory that all bodies being received may use together, in kibibytes.
    memory: Arc<Semaphore>,
}

impl Limits {
    /// A body has `bytes` at most, also after decompression; all bodies being received have `total_bytes`; receiving
    /// one may take `deadline`.
    #[must_use]
    pub fn new(bytes: usize, total_bytes: usize, deadline: Duration) -> Self {
        Self { bytes, deadline, memory: Arc::new(Semaphore::new(total_bytes / 1024)) }
    }

    /// How long receiving a body may take; of a streamed one, each part of it.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Reserves memory for one body: its `Content-Length`, or the limit where that is not known.
    fn reserve(&self, request: &Request) -> Result<OwnedSemaphorePermit, Problem> {
        let compressed = request.headers().contains_key(header::CONTENT_ENCODING);
        let bytes = content_length(request)
            .filter(|_| !compressed)
            .map_or(self.bytes, |content_length| content_length.min(self.bytes));
        let kibibytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        Arc::clone(&self.memory).try_acquire_many_owned(kibibytes).map_err(|_| {
            Problem::new(Kind::Busy, "too_many_bodies", "Too many request bodies are being received. Try again.")
        })
    }
}

/// The `Content-Length`.
fn content_length(request: &Request) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Of a body that is too large, up to this many times the limit is read and discarded, so that the client reads the
/// response instead of meeting a broken connection.
const DRAINED_LIMITS: usize = 8;

/// The bytes of a JSON body, not parsed yet; `T` is its schema in the API document.
#[derive(Debug)]
pub struct JsonBody<T> {
    /// Decompressed.
    pub bytes: BytesMut,
    /// Its reserved memory.
    _reserved: OwnedSemaphorePermit,
    schema: PhantomData<T>,
}

/// A media type that may be sent in place of JSON.
pub trait Media: Send + Sync + 'static {
    /// Its name.
    const NAME: &'static str;
}

/// The bytes of a body of the media type `M`.
#[derive(Debug)]
pub struct MediaBytes<M> {
    /// Decompressed.
    pub bytes: BytesMut,
    /// Its reserved memory.
    _reserved: OwnedSemaphorePermit,
    media: PhantomData<M>,
}

/// A body that is JSON of the schema `T`, or of the media type `M`, which the description leaves out: for routes that took
/// both before `M` got a route of its own.
#[derive(Debug)]
pub enum JsonOr<T, M> {
    /// JSON, not parsed yet.
    Json(JsonBody<T>),
    /// The other media type.
    Other(MediaBytes<M>),
}

fn json_media<T: Type>() -> MetaMediaType {
    MetaMediaType { content_type: "application/json", schema: T::schema_ref() }
}

impl<'a, T: Type + 'static, M: Media> ApiExtractor<'a> for JsonOr<T, M> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest { description: None, content: vec![json_media::<T>()], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let (body_type, bytes, reserved) = receive(request, body, Accepted::JsonOr(M::NAME)).await?;
        Ok(match body_type {
            BodyType::Json => Self::Json(JsonBody { bytes, _reserved: reserved, schema: PhantomData }),
            BodyType::Other => Self::Other(MediaBytes { bytes, _reserved: reserved, media: PhantomData }),
        })
    }
}

impl<'a, M: Media> ApiExtractor<'a> for MediaBytes<M> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let example = Some(format!("{}, as it is described for that.", M::NAME).into());
        let schema = MetaSchema { example, ..MetaSchema::new_with_format("string", "binary") };
        let media = MetaMediaType { content_type: M::NAME, schema: MetaSchemaRef::Inline(Box::new(schema)) };
        Some(MetaRequest { description: None, content: vec![media], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let (_, bytes, reserved) = receive(request, body, Accepted::Other(M::NAME)).await?;
        Ok(Self { bytes, _reserved: reserved, media: PhantomData })
    }
}

impl<'a, T: Type + 'static> ApiExtractor<'a> for JsonBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest { description: None, content: vec![json_media::<T>()], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let (_, bytes, reserved) = receive(request, body, Accepted::Json).await?;
        Ok(Self { bytes, _reserved: reserved, schema: PhantomData })
    }
}

/// Receives a whole body and decompresses it; returns its type, its bytes and the memory reserved for it.
async fn receive(
    request: &Request,
    body: &mut RequestBody,
    accepted: Accepted,
) -> Result<(BodyType, BytesMut, OwnedSemaphorePermit)> {
    let limits = request.data::<Limits>().ok_or_else(Problem::internal)?;
    let body = body.take()?;
    if content_length(request).is_some_and(|length| length > limits.bytes.saturating_mul(DRAINED_LIMITS)) {
        return Err(too_large(limits.bytes, "").into());
    }
    let reserved = limits.reserve(request)?;
    let headers = check_headers(request, accepted);
    // The body is read even when the headers are wrong, so that the connection can be used for the next request.
    let bytes = tokio::time::timeout(limits.deadline, read(body, limits.bytes)).await.map_err(|_| {
        let secs = limits.deadline.as_secs();
        Problem::new(Kind::TimedOut, "body_too_slow", format!("The body took longer than {secs} s."))
    })?;
    let (body_type, coding) = headers?;
    let bytes = bytes?;
    let bytes = match coding {
        Coding::Identity => bytes,
        Coding::Gzip => BytesMut::from(Bytes::from(decompress(bytes.freeze(), limits.bytes).await?)),
    };
    idempotency::begin(request, &bytes).await?;
    Ok((body_type, bytes, reserved))
}

/// The media types that a route takes.
#[derive(Clone, Copy)]
enum Accepted {
    Json,
    JsonOr(&'static str),
    Other(&'static str),
}

impl Accepted {
    /// The type of a body whose `Content-Type` is this; nothing where it is not accepted.
    fn body_type(self, essence: &str) -> Option<BodyType> {
        let is_json = essence.eq_ignore_ascii_case("application/json")
            || essence.get(essence.len().saturating_sub(5)..).is_some_and(|end| end.eq_ignore_ascii_case("+json"));
        match self {
            Self::JsonOr(other) | Self::Other(other) if essence.eq_ignore_ascii_case(other) => Some(BodyType::Other),
            Self::Json | Self::JsonOr(_) if is_json => Some(BodyType::Json),
            _ => None,
        }
    }

    /// The type of a body that does not say: some engines send no `Content-Type`.
    fn default_type(self) -> BodyType {
        match self {
            Self::Json | Self::JsonOr(_) => BodyType::Json,
            Self::Other(_) => BodyType::Other,
        }
    }

    /// In words.
    fn names(self) -> String {
        match self {
            Self::Json => "application/json".to_owned(),
            Self::JsonOr(other) => format!("application/json or {other}"),
            Self::Other(other) => other.to_owned(),
        }
    }
}

#[derive(Clone, Copy)]
enum BodyType {
    Json,
    Other,
}

#[derive(Clone, Copy)]
enum Coding {
    Identity,
    Gzip,
}

/// The body's type and coding, if its headers are accepted.
fn check_headers(request: &Request, accepted: Accepted) -> Result<(BodyType, Coding), Problem> {
    let unsupported = |pointer: &str, detail: &str| {
        Problem::new(Kind::UnsupportedMedia, "unsupported_media_type", detail)
            .with_faults(vec![Fault::new(pointer, detail)])
    };
    let mut body_type = accepted.default_type();
    if let Some(sent) = request.headers().get(header::CONTENT_TYPE) {
        let essence = sent.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        body_type = accepted
            .body_type(essence)
            .ok_or_else(|| unsupported("Content-Type", &format!("The body must be {}.", accepted.names())))?;
    }
    match request.headers().get(header::CONTENT_ENCODING).map(|sent| sent.to_str().unwrap_or("?").trim()) {
        None | Some("" | "identity") => Ok((body_type, Coding::Identity)),
        Some(sent) if sent.eq_ignore_ascii_case("gzip") || sent.eq_ignore_ascii_case("x-gzip") => {
            Ok((body_type, Coding::Gzip))
        }
        Some(_) => Err(unsupported("Content-Encoding", "The body may be gzip or uncompressed.")),
    }
}

/// Reads the whole body. One that is too large is drained before the error is returned.
async fn read(body: Body, limit: usize) -> Result<BytesMut, Problem> {
    let mut chunks = std::pin::pin!(body.into_bytes_stream());
    let expected = chunks.size_hint().0.min(limit);
    let mut bytes = BytesMut::with_capacity(expected);
    let mut received = 0_usize;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| {
            Problem::new(Kind::Malformed, "body_broken", format!("The body could not be read: {error}"))
        })?;
        received += chunk.len();
        if received <= limit {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = BytesMut::new();
            if received > limit.saturating_mul(DRAINED_LIMITS) {
                break;
            }
        }
    }
    if received > limit { Err(too_large(limit, "")) } else { Ok(bytes) }
}

fn too_large(limit: usize, after: &str) -> Problem {
    Problem::new(Kind::TooLarge, "body_too_large", format!("The body is larger than {limit} bytes{after}."))
}

async fn decompress(bytes: Bytes, limit: usize) -> Result<Vec<u8>, Problem> {
    // Not on a worker thread: a small body may be large when decompressed.
    let decompressed = tokio::task::spawn_blocking(move || deflate::gunzip(&bytes, limit)).await;
    match decompressed {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(InflateError::TooLarge(limit))) => Err(too_large(limit, " when decompressed")),
        Ok(Err(InflateError::Corrupt)) => Err(Problem::new(
            Kind::Malformed,
            "body_not_gzip",
            "The Content-Encoding says gzip, but the body is not valid gzip.",
        )),
        Err(_) => Err(Problem::internal()),
    }
}
