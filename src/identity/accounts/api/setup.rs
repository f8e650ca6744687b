//! The route of the first run.

use poem_openapi::OpenApi;

use crate::{
    http::{
        body::JsonBody,
        client::Client,
        failure::{Conflict, Failure, TooMany},
    },
    identity::{
        accounts::{request::SetupRequest, response::AccountCreated, service::Accounts},
        tags::Tag,
    },
};

/// The route of the first run. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SetupApi {
    /// The feature.
    pub accounts: Accounts,
}

#[OpenApi(tag = "Tag::Accounts")]
impl SetupApi {
    /// Create the first administrator
    ///
    /// With the code that the server prints when it starts with a database without users. The code works once, and until
    /// the next start.
    #[oai(path = "/v1/setup", method = "post", operation_id = "createFirstAdministrator")]
    async fn set_up(
        &self,
        client: Client,
        body: JsonBody<SetupRequest>,
    ) -> Result<AccountCreated, Failure<(Conflict, TooMany)>> {
        let (code, email, password) = SetupRequest::read(&body.bytes)?;
        Ok(self.accounts.create_first_administrator(&code, &email, password, client.address).await?.into())
    }
}
