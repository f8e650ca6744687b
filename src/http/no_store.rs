//! JSON responses that no cache may store, since they hold one person's data.

use poem::{IntoResponse, Response, http::header};
use poem_openapi::{
    payload::Payload,
    registry::{MetaSchemaRef, Registry},
    types::{ToJSON, Type},
};

/// JSON with `Cache-Control: no-store`.
#[derive(Debug)]
pub struct NoStore<T>(pub T);

impl<T: Type> Payload for NoStore<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ToJSON> IntoResponse for NoStore<T> {
    fn into_response(self) -> Response {
        Response::builder()
            .content_type(<Self as Payload>::CONTENT_TYPE)
            .header(header::CACHE_CONTROL, "no-store")
            .body(self.0.to_json_string())
    }
}
