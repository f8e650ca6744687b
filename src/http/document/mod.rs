//! The OpenAPI document of an API, made of what the code declares: the operations as the framework describes them, with what
//! their extractors declare (`operations`); and what many of them have in common written once (`sharing`).

mod operations;
mod sharing;

use std::{collections::HashMap, marker::PhantomData};

use poem::{endpoint::BoxEndpoint, http::Method};
use poem_openapi::{
    ExtraHeader, LicenseObject, OpenApi, OpenApiService,
    registry::{MetaApi, Registry},
};

pub use self::operations::{methods, with_known_params};

/// The title in the document.
pub const TITLE: &str = "Cairn";

/// The version in the document.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The description of an API, without its routes.
struct Described<A>(PhantomData<fn() -> A>);

impl<A: OpenApi> OpenApi for Described<A> {
    fn meta() -> Vec<MetaApi> {
        vec![operations::described(A::meta())]
    }

    fn register(registry: &mut Registry) {
        A::register(registry);
    }

    fn add_routes(self, _: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {}
}

fn described<A: OpenApi>() -> OpenApiService<Described<A>, ()> {
    OpenApiService::new(Described(PhantomData), TITLE, VERSION)
        .description(
            "A world that remembers its players: they leave traces in a game's world; others meet them later. Errors are `application/problem+json` \
             (RFC 9457). Answers are gzipped only where `Accept-Encoding` allows it.",
        )
        .license(LicenseObject::new("MIT OR Apache-2.0"))
        .server("/")
        .extra_response_header::<String, _>(
            ExtraHeader::new("X-Request-Id").description("Names this request in the log."),
        )
        .extra_response_header::<Option<String>, _>(ExtraHeader::new("RateLimit-Policy").description(
            "Where there are limits: each one's requests (`q`) in a window of seconds (`w`), as in \
             draft-ietf-httpapi-ratelimit-headers-11.",
        ))
        .extra_response_header::<Option<String>, _>(ExtraHeader::new("RateLimit").description(
            "Where there are limits: the requests that are left of each (`r`), and the seconds until all are there again (`t`).",
        ))
}

/// The OpenAPI document of an API, with a final newline, as it is committed.
#[must_use]
pub fn document<A: OpenApi>() -> String {
    format!("{}\n", sharing::shared(&described::<A>().spec()))
}
