//! Files as answers, made while they are sent.

use std::{io, marker::PhantomData};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};
use poem::{Body, IntoResponse, Response, http::header};
use poem_openapi::{
    ApiResponse,
    registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
    types::Type,
};

/// What a route sends as a file.
pub trait FileContent: Send + Sync + 'static {
    /// The description of the answer.
    const ABOUT: &'static str;
    /// The media types that it may have, each with an example: that of a JSON document is JSON.
    const MEDIA: &'static [(&'static str, &'static str)];
}

/// A file. On an error the connection is cut, so that a client notices that it is incomplete.
pub struct FileAnswer<C>(Response, PhantomData<fn() -> C>);

impl<C> std::fmt::Debug for FileAnswer<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileAnswer").finish_non_exhaustive()
    }
}

impl<C: FileContent> FileAnswer<C> {
    /// A file of that media type and name, whose bytes come in these pieces.
    pub fn new<E>(
        media: &'static str,
        name: &str,
        pieces: impl Stream<Item = Result<Vec<u8>, E>> + Send + 'static,
    ) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let broken = |error: E| {
            tracing::error!(%error, "sending a file failed");
            io::Error::other(error)
        };
        let response = Response::builder()
            .content_type(media)
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
            .body(Body::from_bytes_stream(pieces.map_ok(Bytes::from).map_err(broken)));
        Self(response, PhantomData)
    }
}

impl<C> IntoResponse for FileAnswer<C> {
    fn into_response(self) -> Response {
        self.0
    }
}

impl<C: FileContent> ApiResponse for FileAnswer<C> {
    fn meta() -> MetaResponses {
        let media = |(content_type, example): &(&'static str, &'static str)| {
            let schema = match serde_json::from_str(example) {
                Ok(example) => MetaSchema { example: Some(example), ..MetaSchema::new("object") },
                Err(_) => {
                    MetaSchema { example: Some((*example).into()), ..MetaSchema::new_with_format("string", "binary") }
                }
            };
            MetaMediaType { content_type, schema: MetaSchemaRef::Inline(Box::new(schema)) }
        };
        let disposition = MetaHeader {
            name: "Content-Disposition".to_owned(),
            description: Some("Makes a browser save it as a file.".to_owned()),
            required: true,
            deprecated: false,
            schema: String::schema_ref(),
        };
        let file = MetaResponse {
            description: C::ABOUT,
            status: Some(200),
            status_range: None,
            content: C::MEDIA.iter().map(media).collect(),
            headers: vec![disposition],
        };
        MetaResponses { responses: vec![file] }
    }

    fn register(_: &mut Registry) {}
}
