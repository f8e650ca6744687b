//! The error of an operation, and the statuses that the API document names for it.

use std::{collections::BTreeSet, marker::PhantomData};

use poem_openapi::{
    ApiResponse,
    registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};

use super::problem::{PROBLEM_JSON, Problem, ProblemResponse};

/// Statuses of problems, for the API document.
pub trait Statuses: Send + Sync + 'static {
    /// Adds them.
    fn add(statuses: &mut BTreeSet<u16>);
}

macro_rules! statuses {
    ($($(#[$about:meta])* $name:ident = $status:literal),*) => {$(
        $(#[$about])*
        #[derive(Debug)]
        pub struct $name;

        impl Statuses for $name {
            fn add(statuses: &mut BTreeSet<u16>) {
                statuses.insert($status);
            }
        }
    )*};
}

statuses! {
    /// 401.
    Unauthorized = 401,
    /// 403.
    Forbidden = 403,
    /// 404.
    NotFound = 404,
    /// 409.
    Conflict = 409,
    /// 410.
    Gone = 410,
    /// 412, where it is not of an `If-Match`.
    PreconditionFailed = 412,
    /// 429, of another limit than the requests per minute.
    TooMany = 429
}

macro_rules! statuses_of_tuples {
    ($($name:ident)*) => {
        impl<$($name: Statuses),*> Statuses for ($($name,)*) {
            fn add(_statuses: &mut BTreeSet<u16>) {
                $($name::add(_statuses);)*
            }
        }
    };
}

statuses_of_tuples!();
statuses_of_tuples!(A B);
statuses_of_tuples!(A B C);
statuses_of_tuples!(A B C D);

/// The error of an operation. The API document names `S`, the statuses of the operation itself, 500 and 503, and those of its
/// extractors.
pub struct Failure<S = ()>(Problem, PhantomData<S>);

impl<S, E: Into<Problem>> From<E> for Failure<S> {
    fn from(error: E) -> Self {
        Self(error.into(), PhantomData)
    }
}

impl<S> From<Failure<S>> for poem::Error {
    fn from(failure: Failure<S>) -> Self {
        failure.0.into()
    }
}

impl<S: Statuses> ApiResponse for Failure<S> {
    fn meta() -> MetaResponses {
        let mut statuses = BTreeSet::from([500, 503]);
        S::add(&mut statuses);
        MetaResponses { responses: statuses.into_iter().map(response).collect() }
    }

    fn register(registry: &mut Registry) {
        ProblemResponse::register(registry);
    }
}

/// The description of a problem of that status.
pub(super) fn response(status: u16) -> MetaResponse {
    let header = |name: &str, description: &str, schema| MetaHeader {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        required: true,
        deprecated: false,
        schema,
    };
    let headers = match status {
        401 => vec![header("WWW-Authenticate", "The schemes that the route takes.", String::schema_ref())],
        429 | 503 => vec![header("Retry-After", "Seconds to wait before the next try.", u32::schema_ref())],
        _ => Vec::new(),
    };
    MetaResponse {
        description: description(status),
        status: Some(status),
        status_range: None,
        content: vec![MetaMediaType { content_type: PROBLEM_JSON, schema: ProblemResponse::schema_ref() }],
        headers,
    }
}

fn description(status: u16) -> &'static str {
    match status {
        400 => {
            "Malformed: `Host` is missing or wrong, or the body is not JSON, not UTF-8, has a NUL or lone surrogate in a string, or is nested too deeply."
        }
        401 => "A key, session or password is required; it is missing or not valid.",
        403 => "The caller is known, but not allowed to do this.",
        404 => "It does not exist, or not for this caller.",
        408 => "The body arrived too slowly.",
        409 => "It conflicts with the current state.",
        410 => "It existed, and does no longer.",
        412 => "`If-Match` names another version than there is; of an upload, that it was made already.",
        413 => "Larger than the limit, also after decompression.",
        414 => "The address is too long.",
        415 => "The content type or coding is not supported.",
        422 => {
            "JSON of the wrong shape, missing or conflicting fields, a number out of range, a text too long, or a parameter that the route does not know."
        }
        431 => "There are too many headers, or they are too long.",
        428 => "`If-Match` is missing.",
        429 => "Too many requests or attempts. See Retry-After and RateLimit.",
        500 => "Something failed on the server; its log has it under the request id.",
        501 => "The transfer coding is not known here; only chunked is.",
        503 => {
            "The write queue is full, there are too many connections, or the database is not available. See Retry-After."
        }
        _ => "An error.",
    }
}
