//! Blobs in a bucket of an S3-compatible store, addressed by path. The buckets of this program are the first part of the keys.

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use percent_encoding::percent_decode_str;
use rusty_s3::{Bucket as Store, Credentials, S3Action, UrlStyle, actions::ListObjectsV2};
use url::Url;

use super::{
    Parts,
    model::{Blob, BlobError, BlobKey, Bucket, SignedRequest},
    signing::upload_headers,
};
use crate::platform::outbound::{Endpoint, EndpointAnswer, Outbound, OutboundError, Sent};

/// For how long a request of this program's own is signed.
const OWN_REQUEST: Duration = Duration::from_mins(15);

/// Bytes of an answer that is read whole, at most: a page of a list has a thousand keys.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// Bytes that are read from a file at once.
const PART_BYTES: usize = 256 * 1024;

/// Keys in a page of a list.
const PAGE: usize = 1000;

/// The URL of a bucket: `https://KEY:SECRET@host/bucket?region=us-east-1`.
#[derive(Clone)]
pub struct S3Url {
    endpoint: Url,
    bucket: String,
    region: String,
    credentials: Credentials,
}

impl fmt::Debug for S3Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Url").field("bucket", &self.bucket).field("region", &self.region).finish_non_exhaustive()
    }
}

/// The region of stores that have none.
const DEFAULT_REGION: &str = "us-east-1";

impl S3Url {
    /// Reads a URL; `None` where it is none of a bucket.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let mut endpoint = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
        let key = decoded(endpoint.username()).filter(|key| !key.is_empty())?;
        let secret = decoded(endpoint.password()?)?;
        let bucket = endpoint.path().trim_matches('/').to_owned();
        let mut region = DEFAULT_REGION.to_owned();
        for (name, value) in endpoint.query_pairs() {
            if name != "region" || value.is_empty() {
                return None;
            }
            region = value.into_owned();
        }
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if bucket.is_empty() || !bucket.bytes().all(is_name) || endpoint.fragment().is_some() {
            return None;
        }
        endpoint.set_username("").ok()?;
        endpoint.set_password(None).ok()?;
        endpoint.set_path("/");
        endpoint.set_query(None);
        Some(Self { endpoint, bucket, region, credentials: Credentials::new(key, secret) })
    }
}

/// A bucket at S3. Cheap to clone.
#[derive(Clone)]
pub(super) struct S3(Arc<Inner>);

struct Inner {
    store: Store,
    credentials: Credentials,
    endpoint: Endpoint,
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3").finish_non_exhaustive()
    }
}

fn object(bucket: Bucket, key: &BlobKey) -> String {
    format!("{}/{key}", bucket.name())
}

/// The bytes of a file, in parts.
fn file_parts(path: PathBuf) -> impl futures_util::Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold((path, None::<File>), |(path, file)| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut file = match file {
                Some(file) => file,
                None => File::open(&path)?,
            };
            let mut part = vec![0; PART_BYTES];
            let length = file.read(&mut part)?;
            part.truncate(length);
            Ok::<_, io::Error>((part, (path, Some(file))))
        });
        let (part, next) = read.await.map_err(io::Error::other)??;
        Ok((!part.is_empty()).then(|| (Bytes::from(part), next)))
    })
}

/// What stands in a request for a URL.
fn target(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

impl S3 {
    pub fn new(url: &S3Url, outbound: &Outbound) -> Result<Self, BlobError> {
        let S3Url { endpoint, bucket, region, credentials } = url.clone();
        let asked = outbound.endpoint("blobs", endpoint.as_str()).map_err(BlobError::Url)?;
        let no_url = || BlobError::Url(OutboundError::Url("what is configured".to_owned()));
        let store = Store::new(endpoint, UrlStyle::Path, bucket, region).map_err(|_| no_url())?;
        Ok(Self(Arc::new(Inner { store, credentials, endpoint: asked })))
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.0.store.base_url().origin().ascii_serialization()
    }

    pub fn sign_put(&self, blob: &Blob, expires_ms: i64, lifetime: Duration) -> SignedRequest {
        let (object, headers) = (object(blob.bucket, &blob.key), upload_headers(blob));
        let mut put = self.0.store.put_object(Some(&self.0.credentials), &object);
        for (name, value) in &headers {
            put.headers_mut().insert(name.to_ascii_lowercase(), value.clone());
        }
        put.headers_mut().insert("content-length", blob.bytes.to_string());
        SignedRequest { url: put.sign(lifetime).into(), headers, expires_ms }
    }

    /// Signed for a time that has begun, so that it is the same until it ends.
    pub fn sign_get(
        &self,
        (bucket, key, media_type): (Bucket, &BlobKey, &str),
        begun_ms: i64,
        expires_ms: i64,
    ) -> String {
        let object = object(bucket, key);
        let mut get = self.0.store.get_object(Some(&self.0.credentials), &object);
        let query = get.query_mut();
        query.insert("response-cache-control", "private, max-age=3600, immutable");
        query.insert("response-content-disposition", "inline");
        query.insert("response-content-type", media_type);
        let lifetime = Duration::from_millis(u64::try_from(expires_ms.saturating_sub(begun_ms)).unwrap_or_default());
        match jiff::Timestamp::from_millisecond(begun_ms) {
            Ok(begun) => get.sign_with_time(lifetime, &begun).into(),
            Err(_) => get.sign(lifetime).into(),
        }
    }

    async fn ask(
        &self,
        method: &'static str,
        url: &Url,
        headers: &[(&'static str, String)],
        body: Sent,
    ) -> Result<EndpointAnswer, BlobError> {
        let answer = self.0.endpoint.ask(method, &target(url), headers, body).await?;
        match answer.status {
            200..=299 => Ok(answer),
            404 => Err(BlobError::NotFound),
            status => Err(BlobError::away(&format!("the object store answered {status} to {method}"))),
        }
    }

    pub async fn put(&self, blob: &Blob, file: PathBuf) -> Result<(), BlobError> {
        let object = object(blob.bucket, &blob.key);
        let headers = [("content-type", blob.media_type.clone()), ("x-amz-checksum-sha256", blob.digest.to_base64())];
        let mut put = self.0.store.put_object(Some(&self.0.credentials), &object);
        for (name, value) in &headers {
            put.headers_mut().insert(*name, value.clone());
        }
        let url = put.sign(OWN_REQUEST);
        let body = Sent::Parts(blob.bytes, file_parts(file).boxed());
        self.ask("PUT", &url, &headers, body).await?;
        Ok(())
    }

    pub async fn head(&self, bucket: Bucket, key: &BlobKey) -> Result<Option<u64>, BlobError> {
        let object = object(bucket, key);
        let url = self.0.store.head_object(Some(&self.0.credentials), &object).sign(OWN_REQUEST);
        match self.ask("HEAD", &url, &[], Sent::Nothing).await {
            Ok(answer) => Ok(answer.length),
            Err(BlobError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub async fn read(&self, blob: &Blob, from: u64, bytes: u64) -> Result<Parts, BlobError> {
        if bytes == 0 {
            return Ok(stream::empty().boxed());
        }
        let object = object(blob.bucket, &blob.key);
        let url = self.0.store.get_object(Some(&self.0.credentials), &object).sign(OWN_REQUEST);
        let last = from.saturating_add(bytes) - 1;
        let answer = self.ask("GET", &url, &[("range", format!("bytes={from}-{last}"))], Sent::Nothing).await?;
        let parts = stream::try_unfold(answer.body, |mut body| async move {
            match body.next().await {
                None => Ok(None),
                Some(part) => Ok(Some((part?, body))),
            }
        });
        Ok(parts.map_err(|error: OutboundError| BlobError::from(error)).boxed())
    }

    /// Removes a blob, if it is there.
    pub async fn delete(&self, bucket: Bucket, key: &BlobKey) -> Result<(), BlobError> {
        let object = object(bucket, key);
        let url = self.0.store.delete_object(Some(&self.0.credentials), &object).sign(OWN_REQUEST);
        match self.ask("DELETE", &url, &[], Sent::Nothing).await {
            Ok(_) | Err(BlobError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A page of the keys of a bucket, and where the next one begins.
    pub async fn keys(&self, bucket: Bucket, token: Option<&str>) -> Result<(Vec<BlobKey>, Option<String>), BlobError> {
        let prefix = format!("{}/", bucket.name());
        let mut list = self.0.store.list_objects_v2(Some(&self.0.credentials));
        list.with_prefix(prefix.as_str());
        list.with_max_keys(PAGE);
        if let Some(token) = token {
            list.with_continuation_token(token);
        }
        let answer = self.ask("GET", &list.sign(OWN_REQUEST), &[], Sent::Nothing).await?;
        let text = String::from_utf8_lossy(&answer.body.bytes(MAX_ANSWER).await?).into_owned();
        let page = ListObjectsV2::parse_response(&text).map_err(|error| BlobError::away(&error))?;
        let keys = page.contents.iter().filter_map(|object| BlobKey::parse(object.key.strip_prefix(&prefix)?));
        Ok((keys.collect(), page.next_continuation_token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_a_bucket_has_a_key_a_secret_and_one_name() {
        let url = S3Url::parse("https://AKIA:a%2Fb%2B@s3.example.org:9000/cairn?region=eu-central-1").unwrap();
        assert_eq!((url.bucket.as_str(), url.region.as_str()), ("cairn", "eu-central-1"));
        assert_eq!((url.credentials.key(), url.credentials.secret()), ("AKIA", "a/b+"));
        assert_eq!(url.endpoint.as_str(), "https://s3.example.org:9000/");
        assert!(!format!("{url:?}").contains("a/b+"), "the secret is not shown");
        for other in [
            "https://s3.example.org/cairn",
            "https://AKIA@s3.example.org/cairn",
            "https://AKIA:secret@s3.example.org/",
            "https://AKIA:secret@s3.example.org/a/b",
            "https://AKIA:secret@s3.example.org/cairn?zone=1",
            "ftp://AKIA:secret@s3.example.org/cairn",
            "s3.example.org/cairn",
        ] {
            assert!(S3Url::parse(other).is_none(), "{other}");
        }
    }
}
