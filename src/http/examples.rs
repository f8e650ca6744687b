//! Examples of what parameters of several features say: one world's, so that what one answers fits what another takes.

/// A trace.
#[must_use]
pub fn trace_id() -> String {
    "4211".to_owned()
}

/// A group.
#[must_use]
pub fn group() -> Option<String> {
    Some("the lanterns".to_owned())
}

/// A scope.
#[must_use]
pub fn scope() -> Option<String> {
    Some("Ash Lake".to_owned())
}

/// Items of a page.
#[must_use]
pub fn limit() -> Option<String> {
    Some("50".to_owned())
}

/// An `Idempotency-Key`.
#[must_use]
pub fn idempotency_key() -> Option<String> {
    Some("5f0c7f4e-6f0e-4f7a-9d62-3f1f3a0c8a11".to_owned())
}
