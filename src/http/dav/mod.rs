//! WebDAV (RFC 4918) without a domain: what `PROPFIND` asks for and how it is answered, `Depth`, `Destination`, and a door to which
//! whole paths lead, whatever the method.
//!
//! It is class 1 without `PROPPATCH` and `COPY`: properties are those that the server knows itself, and nothing is locked.

mod multistatus;
mod propfind;
mod target;

use std::sync::Arc;

use poem::{
    Endpoint, PathPattern, Request, Response, Result,
    http::{Method, StatusCode, header},
};

pub use self::{
    multistatus::{Resource, answer, refusal},
    propfind::{Asked, PropName, Unreadable, parse, read},
    target::{Depth, Wrong, depth, destination, may_replace},
};

/// The methods that a door takes, for `Allow`.
pub const METHODS: &str = "OPTIONS, PROPFIND, GET, HEAD, PUT, MKCOL, DELETE, MOVE";

/// The answer to `OPTIONS`.
#[must_use]
pub fn options() -> Response {
    Response::builder().status(StatusCode::OK).header("DAV", "1").header(header::ALLOW, METHODS).finish()
}

/// The answer to a method that a door does not take.
#[must_use]
pub fn not_allowed() -> Response {
    Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).header(header::ALLOW, METHODS).finish()
}

/// The answer of that status, without a body.
#[must_use]
pub fn empty(status: StatusCode) -> Response {
    Response::builder().status(status).header(header::CACHE_CONTROL, "no-store").finish()
}

/// Whether a method is one that only reads, beside those that HTTP itself calls safe.
#[must_use]
pub fn only_reads(method: &Method) -> bool {
    method.as_str() == "PROPFIND"
}

/// An endpoint, and a door beside it: to the door go all requests to a path and below it.
pub struct WithDoor<E, D> {
    /// The path, without a slash at its end.
    pub prefix: &'static str,
    /// What stands behind the door.
    pub door: D,
    /// All other paths.
    pub rest: E,
}

impl<E, D> std::fmt::Debug for WithDoor<E, D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WithDoor").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl<E: Endpoint<Output = Response>, D: Endpoint<Output = Response>> Endpoint for WithDoor<E, D> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let below = request.uri().path().strip_prefix(self.prefix);
        if below.is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/')) {
            return self.rest.call(request).await;
        }
        // What stands for the path in logs and figures.
        let pattern = PathPattern(Arc::from(format!("{}/*", self.prefix)));
        match self.door.call(request).await {
            Ok(mut response) => {
                response.set_data(pattern);
                Ok(response)
            }
            Err(mut error) => {
                error.set_data(pattern);
                Err(error)
            }
        }
    }
}
