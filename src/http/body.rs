//! Request bodies, limited in size (before and after decompression), in time, and in the room that they take together.
//!
//! Room is taken as bytes come: a body that is announced and not sent takes none. Each network has a share of it, and a body
//! that comes more slowly than the least rate is given up, so that nobody keeps room by sending a byte now and then.

mod limits;

use std::{io, marker::PhantomData, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::{FutureExt, Stream, StreamExt};
use poem::{Body, Request, RequestBody, Result, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry},
    types::Type,
};

use tokio::time::Instant;

pub use self::limits::Limits;
use self::limits::Room;
use super::{client::Client, idempotency, problem::Problem, unread_body::BodyRead};
use crate::platform::{
    codec::deflate::{self, InflateError},
    error::{Fault, Kind},
};

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
    /// Its memory.
    _room: Room,
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
    /// Its memory.
    _room: Room,
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
        let (body_type, bytes, room) = receive(request, body, Accepted::JsonOr(M::NAME)).await?;
        Ok(match body_type {
            BodyType::Json => Self::Json(JsonBody { bytes, _room: room, schema: PhantomData }),
            BodyType::Other => Self::Other(MediaBytes { bytes, _room: room, media: PhantomData }),
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
        let (_, bytes, room) = receive(request, body, Accepted::Other(M::NAME)).await?;
        Ok(Self { bytes, _room: room, media: PhantomData })
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
        let (_, bytes, room) = receive(request, body, Accepted::Json).await?;
        Ok(Self { bytes, _room: room, schema: PhantomData })
    }
}

/// Receives a whole body and decompresses it; returns its type, its bytes and the memory that it takes.
async fn receive(request: &Request, body: &mut RequestBody, accepted: Accepted) -> Result<(BodyType, BytesMut, Room)> {
    let limits = request.data::<Limits>().ok_or_else(Problem::internal)?;
    let body = body.take()?;
    if content_length(request).is_some_and(|length| length > limits.bytes().saturating_mul(DRAINED_LIMITS)) {
        return Err(too_large(limits.bytes(), "").into());
    }
    let mut room = limits.room(Client::address_of(request)?)?;
    let headers = check_headers(request, accepted);
    // The body is read even when the headers are wrong, so that the connection can be used for the next request.
    let bytes = tokio::time::timeout(limits.deadline(), read(body, limits, &mut room, BodyRead::of(request)))
        .await
        .map_err(|_| {
            let secs = limits.deadline().as_secs();
            Problem::new(Kind::TimedOut, "body_too_slow", format!("The body took longer than {secs} s."))
        })?;
    let (body_type, coding) = headers?;
    let bytes = bytes?;
    let bytes = match coding {
        Coding::Identity => bytes,
        Coding::Gzip => BytesMut::from(Bytes::from(decompress(bytes.freeze(), limits.bytes(), &mut room).await?)),
    };
    idempotency::begin(request, &bytes).await?;
    Ok((body_type, bytes, room))
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

/// The memory that is reserved at once for a body whose length is announced.
const FIRST_BYTES: usize = 64 * 1024;

/// Reads the whole body. One that is too large is drained before the error is returned.
async fn read(body: Body, limits: &Limits, room: &mut Room, read: Option<&BodyRead>) -> Result<BytesMut, Problem> {
    let began = Instant::now();
    let mut chunks = std::pin::pin!(body.into_bytes_stream());
    let expected = chunks.size_hint().0.min(limits.bytes()).min(FIRST_BYTES);
    let mut bytes = BytesMut::with_capacity(expected);
    let mut received = 0_usize;
    loop {
        let chunk = match chunks.as_mut().next().now_or_never() {
            Some(chunk) => chunk,
            None => next(&mut chunks, limits, received, began).await?,
        };
        let Some(chunk) = chunk else {
            if let Some(read) = read {
                read.mark();
            }
            break;
        };
        let chunk = chunk.map_err(|error| {
            Problem::new(Kind::Malformed, "body_broken", format!("The body could not be read: {error}"))
        })?;
        received += chunk.len();
        if received <= limits.bytes() {
            room.fit(received)?;
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = BytesMut::new();
            if received > limits.bytes().saturating_mul(DRAINED_LIMITS) {
                break;
            }
        }
    }
    if received > limits.bytes() { Err(too_large(limits.bytes(), "")) } else { Ok(bytes) }
}

/// Waits for the next part of a body for as long as it is not too slow.
async fn next<S: Stream<Item = io::Result<Bytes>> + Unpin>(
    chunks: &mut S,
    limits: &Limits,
    received: usize,
    began: Instant,
) -> Result<Option<io::Result<Bytes>>, Problem> {
    const LOOK_EVERY: Duration = Duration::from_secs(1);
    loop {
        if limits.is_too_slow(received, began.elapsed()) {
            let detail = format!("Less than {} bytes of the body came each second.", limits.least_rate());
            return Err(Problem::new(Kind::TimedOut, "body_too_slow", detail));
        }
        if let Ok(chunk) = tokio::time::timeout(LOOK_EVERY, chunks.next()).await {
            return Ok(chunk);
        }
    }
}

fn too_large(limit: usize, after: &str) -> Problem {
    Problem::new(Kind::TooLarge, "body_too_large", format!("The body is larger than {limit} bytes{after}."))
}

/// The size that a gzip member says it has (RFC 1952, 2.3.1): true of a body of one member.
fn announced_size(gzip: &[u8]) -> usize {
    let last = gzip.last_chunk::<4>().map_or(0, |bytes| u32::from_le_bytes(*bytes));
    usize::try_from(last).unwrap_or(usize::MAX)
}

async fn decompress(bytes: Bytes, limit: usize, room: &mut Room) -> Result<Vec<u8>, Problem> {
    let mut size = announced_size(&bytes).max(bytes.len()).min(limit);
    loop {
        room.fit(size)?;
        let compressed = bytes.clone();
        // Not on a worker thread: a small body may be large when decompressed.
        let decompressed = tokio::task::spawn_blocking(move || deflate::gunzip(&compressed, size)).await;
        return match decompressed {
            Ok(Ok(bytes)) => Ok(bytes),
            // Larger than its end says: several members.
            Ok(Err(InflateError::TooLarge(_))) if size < limit => {
                size = limit;
                continue;
            }
            Ok(Err(InflateError::TooLarge(limit))) => Err(too_large(limit, " when decompressed")),
            Ok(Err(InflateError::Corrupt)) => Err(Problem::new(
                Kind::Malformed,
                "body_not_gzip",
                "The Content-Encoding says gzip, but the body is not valid gzip.",
            )),
            Err(_) => Err(Problem::internal()),
        };
    }
}
