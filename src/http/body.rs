//! Request bodies: bounded in size, after decompression too, and in time.

use std::{marker::PhantomData, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use poem::{Body, Request, RequestBody, Result, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, Registry},
    types::Type,
};

use super::problem::Problem;
use crate::platform::{
    codec::deflate::{self, InflateError},
    error::{Fault, Kind},
};

/// The bounds of a body.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes, also after decompression.
    pub bytes: usize,
    /// What receiving it may take.
    pub deadline: Duration,
}

/// How many times the limit is read and thrown away from a body that is too large, so that the client reads our answer
/// instead of a broken connection.
const DRAINED_LIMITS: usize = 8;

/// The bytes of a JSON body, not parsed yet; `T` is what the description says of them.
#[derive(Debug)]
pub struct JsonBody<T> {
    /// Decompressed.
    pub bytes: BytesMut,
    described: PhantomData<T>,
}

impl<'a, T: Type + 'static> ApiExtractor<'a> for JsonBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest {
            description: None,
            content: vec![MetaMediaType { content_type: "application/json", schema: T::schema_ref() }],
            required: true,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let limits = *request.data::<Limits>().ok_or_else(Problem::internal)?;
        let body = body.take()?;
        let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|sent| sent.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: usize| length > limits.bytes.saturating_mul(DRAINED_LIMITS)) {
            return Err(too_large(limits.bytes, "").into());
        }
        let coding = check_headers(request);
        // Read even when the headers are wrong, so that the next request on the connection finds its beginning.
        let bytes = tokio::time::timeout(limits.deadline, read(body, limits.bytes)).await.map_err(|_| {
            let secs = limits.deadline.as_secs();
            Problem::new(Kind::TimedOut, "body_too_slow", format!("The body took longer than {secs} s."))
        })?;
        let coding = coding?;
        let bytes = bytes?;
        let bytes = match coding {
            Coding::Identity => bytes,
            Coding::Gzip => BytesMut::from(Bytes::from(unpack(bytes.freeze(), limits.bytes).await?)),
        };
        Ok(Self { bytes, described: PhantomData })
    }
}

#[derive(Clone, Copy)]
enum Coding {
    Identity,
    Gzip,
}

/// The body's coding, if its headers are ones that are taken here. A body without a type is taken for JSON: some engines
/// send none.
fn check_headers(request: &Request) -> Result<Coding, Problem> {
    let unsupported = |pointer: &str, detail: &str| {
        Problem::new(Kind::UnsupportedMedia, "unsupported_media_type", detail)
            .with_faults(vec![Fault::new(pointer, detail)])
    };
    if let Some(sent) = request.headers().get(header::CONTENT_TYPE) {
        let essence = sent.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let json = essence.eq_ignore_ascii_case("application/json")
            || essence.get(essence.len().saturating_sub(5)..).is_some_and(|end| end.eq_ignore_ascii_case("+json"));
        if !json {
            return Err(unsupported("Content-Type", "The body must be application/json."));
        }
    }
    match request.headers().get(header::CONTENT_ENCODING).map(|sent| sent.to_str().unwrap_or("?").trim()) {
        None | Some("" | "identity") => Ok(Coding::Identity),
        Some(sent) if sent.eq_ignore_ascii_case("gzip") || sent.eq_ignore_ascii_case("x-gzip") => Ok(Coding::Gzip),
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
