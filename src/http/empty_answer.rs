//! The answer without a body.

use poem_openapi::ApiResponse;

/// The answer of a request that succeeded and has nothing to say.
#[derive(ApiResponse)]
pub enum EmptyAnswer {
    /// Done.
    #[oai(status = 204)]
    Done,
}
