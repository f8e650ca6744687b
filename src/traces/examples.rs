//! Example parameters in the API description. All are of the same world, so that the example response of one operation fits the
//! parameters of another.

/// The id of a trace.
#[must_use]
pub fn trace_id() -> String {
    "4211".to_owned()
}
