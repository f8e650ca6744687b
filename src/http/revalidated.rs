//! An answer that can be revalidated, in the description.

use std::marker::PhantomData;

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};

use super::cacheable::{Made, framed};

/// What is answered, and how its two answers are described.
pub trait Content: Type {
    /// The one that has it.
    const WHOLE: &'static str;
    /// The one that has no body: the caller has it already.
    const UNCHANGED: &'static str;

    /// The forms in which it can be had.
    #[must_use]
    fn forms() -> Vec<MetaMediaType> {
        vec![MetaMediaType { content_type: "application/json", schema: Self::schema_ref() }]
    }
}

/// A `T`, or that it is unchanged.
pub struct Revalidated<T>(Response, PhantomData<T>);

impl<T> From<Made> for Revalidated<T> {
    fn from(made: Made) -> Self {
        framed(made).into()
    }
}

impl<T> From<Response> for Revalidated<T> {
    fn from(response: Response) -> Self {
        Self(response, PhantomData)
    }
}

impl<T: Content> IntoResponse for Revalidated<T> {
    fn into_response(self) -> Response {
        self.0
    }
}

impl<T: Content> ApiResponse for Revalidated<T> {
    fn meta() -> MetaResponses {
        let response = |status, description, content| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers: vec![],
        };
        MetaResponses { responses: vec![response(200, T::WHOLE, T::forms()), response(304, T::UNCHANGED, vec![])] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
