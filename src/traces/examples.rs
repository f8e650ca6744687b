//! Example parameters in the API description. All are of the same world, so that the example response of one operation fits the
//! parameters of another.

pub use crate::http::examples::{idempotency_key, limit};

/// The id of a trace.
#[must_use]
pub fn trace_id() -> String {
    "4211".to_owned()
}

/// The name of a group.
#[must_use]
#[expect(clippy::unnecessary_wraps, reason = "the type of the parameter, which `#[oai(example)]` asks for")]
pub fn group() -> Option<String> {
    Some("the lanterns".to_owned())
}

/// A scope.
#[must_use]
#[expect(clippy::unnecessary_wraps, reason = "the type of the parameter, which `#[oai(example)]` asks for")]
pub fn scope() -> Option<String> {
    Some("Ash Lake".to_owned())
}
