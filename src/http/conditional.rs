//! An answer that can be revalidated, in the description.

use std::marker::PhantomData;

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};

use super::cacheable::{BytesResponse, to_poem};

/// What is answered, and how its two answers are described.
pub trait ConditionalContent: Type {
    /// The one that has it.
    const OK: &'static str;
    /// The one that has no body: the caller has it already.
    const NOT_MODIFIED: &'static str;

    /// The forms in which it can be had.
    #[must_use]
    fn media_types() -> Vec<MetaMediaType> {
        vec![MetaMediaType { content_type: "application/json", schema: Self::schema_ref() }]
    }
}

/// A `T`, or that it is unchanged.
pub struct Conditional<T>(Response, PhantomData<T>);

impl<T> From<BytesResponse> for Conditional<T> {
    fn from(made: BytesResponse) -> Self {
        to_poem(made).into()
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
