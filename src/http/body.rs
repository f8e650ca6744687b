//! Request bodies: bounded in size, after decompression too, and in time.

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

use super::problem::Problem;
use crate::platform::{
    codec::deflate::{self, InflateError},
    error::{Fault, Kind},
};

/// The bounds of a body.
#[derive(Clone, Debug)]
pub struct Limits {
    bytes: usize,
    deadline: Duration,
    /// What the bodies under way may hold together, in kibibytes.
    room: Arc<Semaphore>,
}

impl Limits {
    /// A body has `bytes` at most, also after decompression; all bodies under way have `together`; receiving one takes
    /// `deadline` at most.
    #[must_use]
    pub fn new(bytes: usize, together: usize, deadline: Duration) -> Self {
        Self { bytes, deadline, room: Arc::new(Semaphore::new(together / 1024)) }
    }

    /// What receiving a body may take; of one that has no bound, each part of it.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Room for one body: as much as it says that it has, or as it may have where that is not known.
    fn room(&self, request: &Request) -> Result<OwnedSemaphorePermit, Problem> {
        let packed = request.headers().contains_key(header::CONTENT_ENCODING);
        let bytes = content_length(request)
            .filter(|_| !packed)
            .map_or(self.bytes, |content_length| content_length.min(self.bytes));
        let kibibytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        Arc::clone(&self.room)
            .try_acquire_many_owned(kibibytes)
            .map_err(|_| Problem::new(Kind::Busy, "too_many_bodies", "Too many bodies are on their way. Try again."))
    }
}

/// The length that a body is said to have.
fn content_length(request: &Request) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// How many times the limit is read and thrown away from a body that is too large, so that the client reads our answer
/// instead of a broken connection.
const DRAINED_LIMITS: usize = 8;

/// The bytes of a JSON body, not parsed yet; `T` is what the description says of them.
#[derive(Debug)]
pub struct JsonBody<T> {
    /// Decompressed.
    pub bytes: BytesMut,
    /// Its place among the bodies under way.
    _room: OwnedSemaphorePermit,
    described: PhantomData<T>,
}

/// A media type that may be sent in place of JSON.
pub trait Media: Send + Sync + 'static {
    /// Its name.
    const NAME: &'static str;
}

/// A body that is JSON, which `T` describes, or of the media type `M`.
#[derive(Debug)]
pub enum JsonOr<T, M> {
    /// JSON, not parsed yet.
    Json(JsonBody<T>),
    /// The other.
    Other(JsonBody<M>),
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
        let example = Some(format!("{}, as it is described for that.", M::NAME).into());
        let schema = MetaSchema { format: Some("binary"), example, ..MetaSchema::new("string") };
        let other = MetaMediaType { content_type: M::NAME, schema: MetaSchemaRef::Inline(Box::new(schema)) };
        Some(MetaRequest { description: None, content: vec![json_media::<T>(), other], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let (body_type, bytes, room) = receive(request, body, Some(M::NAME)).await?;
        Ok(match body_type {
            BodyType::Json => Self::Json(JsonBody { bytes, _room: room, described: PhantomData }),
            BodyType::Other => Self::Other(JsonBody { bytes, _room: room, described: PhantomData }),
        })
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
        let (_, bytes, room) = receive(request, body, None).await?;
        Ok(Self { bytes, _room: room, described: PhantomData })
    }
}

/// The whole body, unpacked, with its place among the bodies under way: JSON, or of the other media type where there is one.
async fn receive(
    request: &Request,
    body: &mut RequestBody,
    other: Option<&'static str>,
) -> Result<(BodyType, BytesMut, OwnedSemaphorePermit)> {
    let limits = request.data::<Limits>().ok_or_else(Problem::internal)?;
    let body = body.take()?;
    if content_length(request).is_some_and(|length| length > limits.bytes.saturating_mul(DRAINED_LIMITS)) {
        return Err(too_large(limits.bytes, "").into());
    }
    let room = limits.room(request)?;
    let headers = check_headers(request, other);
    // Read even when the headers are wrong, so that the next request on the connection finds its beginning.
    let bytes = tokio::time::timeout(limits.deadline, read(body, limits.bytes)).await.map_err(|_| {
        let secs = limits.deadline.as_secs();
        Problem::new(Kind::TimedOut, "body_too_slow", format!("The body took longer than {secs} s."))
    })?;
    let (body_type, coding) = headers?;
    let bytes = bytes?;
    let bytes = match coding {
        Coding::Identity => bytes,
        Coding::Gzip => BytesMut::from(Bytes::from(unpack(bytes.freeze(), limits.bytes).await?)),
    };
    Ok((body_type, bytes, room))
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

/// What the body is and how it is coded, if its headers are ones that are taken here. A body without a type is taken for
/// JSON: some engines send none.
fn check_headers(request: &Request, other: Option<&str>) -> Result<(BodyType, Coding), Problem> {
    let unsupported = |pointer: &str, detail: &str| {
        Problem::new(Kind::UnsupportedMedia, "unsupported_media_type", detail)
            .with_faults(vec![Fault::new(pointer, detail)])
    };
    let mut body_type = BodyType::Json;
    if let Some(sent) = request.headers().get(header::CONTENT_TYPE) {
        let essence = sent.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let json = essence.eq_ignore_ascii_case("application/json")
            || essence.get(essence.len().saturating_sub(5)..).is_some_and(|end| end.eq_ignore_ascii_case("+json"));
        if other.is_some_and(|other| essence.eq_ignore_ascii_case(other)) {
            body_type = BodyType::Other;
        } else if !json {
            let or = other.map_or_else(String::new, |other| format!(" or {other}"));
            return Err(unsupported("Content-Type", &format!("The body must be application/json{or}.")));
        }
    }
    match request.headers().get(header::CONTENT_ENCODING).map(|sent| sent.to_str().unwrap_or("?").trim()) {
        None | Some("" | "identity") => Ok((body_type, Coding::Identity)),
        Some(sent) if sent.eq_ignore_ascii_case("gzip") || sent.eq_ignore_ascii_case("x-gzip") => {
            Ok((body_type, Coding::Gzip))
        }
        Some(_) => Err(unsupported("Content-Encoding", "The body may be gzip or uncompressed.")),
    }
}

/// The whole body, or what is wrong with it after it has gone by.
async fn read(body: Body, limit: usize) -> Result<BytesMut, Problem> {
    let mut chunks = std::pin::pin!(body.into_bytes_stream());
    let expected = chunks.size_hint().0.min(limit);
    let mut bytes = BytesMut::with_capacity(expected);
    let mut passed = 0_usize;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| {
            Problem::new(Kind::Malformed, "body_broken", format!("The body could not be read: {error}"))
        })?;
        passed += chunk.len();
        if passed <= limit {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = BytesMut::new();
            if passed > limit.saturating_mul(DRAINED_LIMITS) {
                break;
            }
        }
    }
    if passed > limit { Err(too_large(limit, "")) } else { Ok(bytes) }
}

fn too_large(limit: usize, after: &str) -> Problem {
    Problem::new(Kind::TooLarge, "body_too_large", format!("The body is larger than {limit} bytes{after}."))
}

async fn unpack(bytes: Bytes, limit: usize) -> Result<Vec<u8>, Problem> {
    // Off the reactor: a small body may be a large one inside.
    let unpacked = tokio::task::spawn_blocking(move || deflate::gunzip(&bytes, limit)).await;
    match unpacked {
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
