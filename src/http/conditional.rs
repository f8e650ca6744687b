//! Responses to conditional requests, as the API document describes them.

use std::marker::PhantomData;

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};

use super::cacheable::{BytesResponse, to_poem};

/// A content that is answered with 200 or 304, and how the document describes the two.
pub trait ConditionalContent: Type {
    /// The description of the 200.
    const OK: &'static str;
    /// The description of the 304: the caller has the content already.
    const NOT_MODIFIED: &'static str;

    /// The media types in which it is available.
    #[must_use]
    fn media_types() -> Vec<MetaMediaType> {
        vec![MetaMediaType { content_type: "application/json", schema: Self::schema_ref() }]
    }
}

/// A response to a conditional request: a `T`, or 304.
pub struct Conditional<T>(Response, PhantomData<T>);

impl<T> From<BytesResponse> for Conditional<T> {
    fn from(response: BytesResponse) -> Self {
        to_poem(response).into()
    }
}

impl<T> From<Response> for Conditional<T> {
    fn from(response: Response) -> Self {
        Self(response, PhantomData)
    }
}

impl<T: ConditionalContent> IntoResponse for Conditional<T> {
    fn into_response(self) -> Response {
        self.0
    }
}

impl<T: ConditionalContent> ApiResponse for Conditional<T> {
    fn meta() -> MetaResponses {
        let response = |status, description, content| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers: vec![],
        };
        MetaResponses {
            responses: vec![response(200, T::OK, T::media_types()), response(304, T::NOT_MODIFIED, vec![])],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
