//! Routes: `/api/app-passwords`.

mod caller;

use poem_openapi::{OpenApi, param::Path};

pub use self::caller::app_user;
use super::{
    request::AppPasswordRequest,
    response::{AppPasswordMade, AppPasswordsListed},
    service::AppPasswords,
};
use crate::{
    http::{
        body::JsonBody,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, NotFound},
        no_store::NoStore,
    },
    identity::{access::request::Session, examples, tags::Tag},
};

/// The routes of app passwords. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppPasswordsApi {
    /// The feature.
    pub passwords: AppPasswords,
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Accounts")]
impl AppPasswordsApi {
    /// List your app passwords
    ///
    /// Without the passwords themselves, which are not stored.
    #[oai(path = "/app-passwords", method = "get", operation_id = "listAppPasswords")]
    async fn list(&self, session: Session) -> Result<AppPasswordsListed, Failure> {
        Ok(AppPasswordsListed::List(NoStore(self.passwords.list(&session.0.user).await?.into())))
    }

    /// Make an app password
    ///
    /// For a program that takes a user name (any) and a password, such as one that keeps saves under `/dav/saves`. It is shown once, and
    /// opens nothing else. You may have 20. The same request again makes another.
    #[oai(path = "/app-passwords", method = "post", operation_id = "makeAppPassword")]
    async fn make(
        &self,
        session: Session,
        body: JsonBody<AppPasswordRequest>,
    ) -> Result<AppPasswordMade, Failure<Conflict>> {
        let name = AppPasswordRequest::read(&body.bytes)?;
        Ok(AppPasswordMade::Made(NoStore(self.passwords.make(&session.0.user, name).await?.into())))
    }

    /// Revoke an app password
    ///
    /// Whoever has it can do nothing more from now on.
    #[oai(path = "/app-passwords/:password_id", method = "delete", operation_id = "revokeAppPassword")]
    async fn revoke(
        &self,
        session: Session,
        /// Its id.
        #[oai(example = "examples::app_password")]
        password_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<NotFound>> {
        self.passwords.revoke(&session.0.user, &password_id.0).await?;
        Ok(EmptyAnswer::Done)
    }
}
