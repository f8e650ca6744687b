//! Examples of parameters that several domains have, for the description of the API.

/// The number of items on a page.
#[must_use]
pub fn limit() -> Option<String> {
    Some("50".to_owned())
}

/// An `Idempotency-Key`.
#[must_use]
pub fn idempotency_key() -> Option<String> {
    Some("5f0c7f4e-6f0e-4f7a-9d62-3f1f3a0c8a11".to_owned())
}
