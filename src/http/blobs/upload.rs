//! An upload: its query, its headers, and its body as it arrives. It has bounds of its own, apart from those of other bodies, and none in
//! time but the least rate.

use std::{io, net::IpAddr, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use poem::{Request, RequestBody, Result, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef},
};
use tokio::time::Instant;

use crate::{
    http::{
        client::Client,
        declaration::{Param, Values},
        params::{QueryParams, QueryReader},
        problem::Problem,
        unread_body::BodyRead,
    },
    platform::{
        blobs::{BlobError, Digest, Receive, Receiving, Signed},
        error::Kind,
    },
};

/// The header with the digest, as S3 has it.
const DIGEST: &str = "x-amz-checksum-sha256";

/// The least rate is asked for after this time: a connection begins slowly.
const GRACE: Duration = Duration::from_secs(5);

/// How often the rate is looked at while nothing comes.
const LOOK_EVERY: Duration = Duration::from_secs(1);

pub(super) const EXPIRES: Param = Param {
    name: "expires",
    about: "Until when the address is valid, in milliseconds since the Unix epoch.",
    values: Values::Integer { min: 0, max: 253_402_300_799_999, default: None },
    example: "1796000000000",
};

const NONCE: Param = Param {
    name: "nonce",
    about: "What makes the upload one that is made once.",
    values: Values::Text { max_bytes: 64 },
    example: "5f0c91d24a80b17e5f0c91d24a80b17e",
};

pub(super) const SIGNATURE: Param = Param {
    name: "signature",
    about: "The signature.",
    values: Values::Text { max_bytes: 64 },
    example: "4a5f0c91d2e80b174a5f0c91d2e80b17",
};

/// The query of an upload.
#[derive(Debug)]
pub struct UploadQuery {
    /// Expiry and signature; none where they are missing, or can be none.
    pub signed: Option<Signed>,
    /// The nonce.
    pub nonce: String,
}

/// Expiry and signature of a query. What can be none is answered as a wrong one.
pub(super) fn signed(reader: &mut QueryReader<'_>) -> Option<Signed> {
    let expires_ms = reader.integer(&EXPIRES);
    let signature = reader.optional(&SIGNATURE, |text| Ok(text.to_owned()));
    Signed::of_hex(expires_ms?, &signature?)
}

impl QueryParams for UploadQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let signed = signed(reader);
        let nonce = reader.optional(&NONCE, |text| Ok(text.to_owned())).unwrap_or_default();
        Some(Self { signed, nonce })
    }
}

/// The body of an upload, with the headers that are signed.
pub struct Upload {
    /// Who sends it.
    pub from: IpAddr,
    /// The `Content-Type`.
    pub media_type: String,
    /// The `Content-Length`.
    pub bytes: u64,
    /// The digest.
    pub digest: Digest,
    body: UploadStream,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload")
            .field("media_type", &self.media_type)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

/// The problem of an upload for which there is no place.
#[must_use]
pub fn no_room() -> Problem {
    Problem::new(Kind::Busy, "too_many_bodies", "Too many uploads are being received. Try again.")
}

fn too_slow(least_rate: u64) -> Problem {
    let detail = format!("Less than {least_rate} bytes of the upload came each second.");
    Problem::new(Kind::TimedOut, "body_too_slow", detail)
}

impl Upload {
    /// Hands the body on as it arrives.
    pub(super) async fn receive(self, receiving: Receiving, least_rate: u64) -> Result<Receiving, Problem> {
        self.body.receive(receiving, least_rate).await
    }
}

/// A body that is read as it arrives, without a bound in time but the least rate.
pub struct UploadStream {
    parts: BoxStream<'static, io::Result<Bytes>>,
    /// To be told when it was read to its end.
    read: Option<BodyRead>,
}

impl std::fmt::Debug for UploadStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadStream").finish_non_exhaustive()
    }
}

impl UploadStream {
    /// That of a request.
    ///
    /// # Errors
    /// It was taken already.
    pub fn of(request: &Request, body: &mut RequestBody) -> Result<Self> {
        Ok(Self { parts: body.take()?.into_bytes_stream().boxed(), read: BodyRead::of(request).cloned() })
    }

    /// Hands the body on as it arrives.
    ///
    /// # Errors
    /// It comes too slowly, ends early, or is refused by what receives it.
    pub async fn receive<R: Receive>(mut self, mut receiving: R, least_rate: u64) -> Result<R, Problem> {
        let (began, mut received) = (Instant::now(), 0_u64);
        loop {
            let asked = began.elapsed().saturating_sub(GRACE).as_secs().saturating_mul(least_rate);
            if received < asked {
                return Err(too_slow(least_rate));
            }
            let Ok(part) = tokio::time::timeout(LOOK_EVERY, self.parts.next()).await else { continue };
            let Some(part) = part else {
                if let Some(read) = &self.read {
                    read.mark();
                }
                return Ok(receiving);
            };
            let part = part.map_err(|_| BlobError::Cut)?;
            received = received.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
            receiving = receiving.push(part).await?;
        }
    }
}

impl<'a> ApiExtractor<'a> for Upload {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let example = Some("The bytes of the file.".into());
        let schema = MetaSchema { example, ..MetaSchema::new_with_format("string", "binary") };
        let media = MetaMediaType { content_type: "*/*", schema: MetaSchemaRef::Inline(Box::new(schema)) };
        let description = Some(
            "The file, of the type that was announced, with `Content-Length`, `If-None-Match: *`, and its SHA-256 digest in base 64 \
             as `x-amz-checksum-sha256`: send the headers that came with the address.",
        );
        Some(MetaRequest { description, content: vec![media], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let header = |name: &'static str| {
            let value = request.headers().get(name).and_then(|value| value.to_str().ok());
            value.ok_or(BlobError::HeaderMissing(name)).map_err(Problem::from)
        };
        let bytes = header(header::CONTENT_LENGTH.as_str())?;
        let bytes = bytes.parse().map_err(|_| Problem::from(BlobError::HeaderMissing("Content-Length")))?;
        let digest =
            Digest::of_base64(header(DIGEST)?).ok_or(BlobError::HeaderMissing(DIGEST)).map_err(Problem::from)?;
        let media_type = header(header::CONTENT_TYPE.as_str())?.to_owned();
        // It is what S3 would be asked: that nothing is replaced.
        if header(header::IF_NONE_MATCH.as_str())? != "*" {
            return Err(Problem::from(BlobError::HeaderMissing("If-None-Match: *")).into());
        }
        let body = UploadStream::of(request, body)?;
        Ok(Self { from: Client::address_of(request)?, media_type, bytes, digest, body })
    }
}

/// The answer to an upload.
#[derive(ApiResponse)]
pub enum Stored {
    /// It is stored.
    #[oai(status = 200)]
    Done,
}
