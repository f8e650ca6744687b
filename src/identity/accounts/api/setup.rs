//! The route of the first run.

use poem_openapi::OpenApi;

use super::{Made, Proving};
use crate::{
    http::{body::JsonBody, client::Client, no_store::NoStore, problem::Failure},
    identity::{
        accounts::{bodies::SetupRequest, service::Accounts},
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
    /// Make the administrator
    ///
    /// With the code that the server prints when it starts with a database in which there is no user. It is good once, and
    /// until the next start.
    #[oai(path = "/v1/setup", method = "post", operation_id = "setUp")]
    async fn set_up(&self, client: Client, body: JsonBody<SetupRequest>) -> Result<Made, Failure<Proving>> {
        let (code, email, password) = SetupRequest::read(&body.bytes)?;
        Ok(Made::Account(NoStore(self.accounts.set_up(&code, &email, password, client.address).await?.into())))
    }
}
