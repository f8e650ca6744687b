//! Who pays for what a request stores, for handlers that know how much that is.

use poem::{FromRequest, Request, RequestBody, Result};

use super::rate_limit;
use crate::platform::byte_budget::Payer;

/// The payer of a request. A handler that takes it pays for all that the request stores; for the others
/// [`rate_limit`] does.
#[derive(Clone, Debug)]
pub struct Paying(pub Payer);

impl<'a> FromRequest<'a> for Paying {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Ok(Self(rate_limit::payer(request)))
    }
}
