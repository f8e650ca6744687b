//! The routes of people: those of users here, of follows and blocks, and of finding people.

mod finding;
mod follows;

use poem_openapi::{OpenApi, param::Path};

pub use self::{
    finding::PeopleApi,
    follows::{BlocksApi, FollowsApi},
};
use super::{
    request::{DeleteUserRequest, ProfileRequest, UserRequest, UserStep},
    response::{MeResponse, PersonResponse, ProfileAnswer, UserAnswer},
    service::People,
};
use crate::{
    http::{
        body::JsonBody,
        client::Client,
        conditional::{Conditional, IfNoneMatch},
        failure::{Conflict, Failure, Forbidden, NotFound, TooMany},
        no_store::NoStore,
        problem::Problem,
        revised,
    },
    identity::{
        access::request::{Session, SessionCookie, Viewer},
        accounts::{Accounts, AffiliationsPort, Deletion, EmailSentResponse, SessionEnded},
        bot_checks::{BotChecks, ProofHeader, Purpose},
        examples,
        tags::Tag,
    },
};

/// The routes of users: themselves, and others. Cheap to clone.
#[derive(Clone, Debug)]
pub struct UsersApi {
    /// The feature.
    pub people: People,
    /// Accounts, which these routes make, show and delete as those under `/v1/account` do.
    pub accounts: Accounts,
    /// The other features' data about a user.
    pub affiliations: AffiliationsPort<Problem>,
    /// Asks for proofs that one is no bot.
    pub bot_checks: BotChecks,
}

#[OpenApi(prefix_path = "/api/users", tag = "Tag::People")]
impl UsersApi {
    /// Make an account, in two steps
    ///
    /// With the address alone: sends an email with a code to it (202). If the address has an account already, the email says so; the
    /// answer does not. With the code, a password and a username: makes the account (201). Sign in afterwards, with `POST
    /// /v1/account/sessions`. Where the username is taken (409), the code can be used again.
    #[oai(path = "/", method = "post", operation_id = "createUser")]
    async fn create(
        &self,
        client: Client,
        proof: ProofHeader,
        body: JsonBody<UserRequest>,
    ) -> Result<UserAnswer, Failure<(Conflict, TooMany)>> {
        match UserRequest::read(&body.bytes)? {
            UserStep::Ask(email, language) => {
                let sent = EmailSentResponse::new(email.to_string());
                self.bot_checks.check(Purpose::Email, client.address, proof.0.as_ref()).await?;
                self.accounts.register(email, language, client.address).await?;
                Ok(UserAnswer::Email(NoStore(sent)))
            }
            UserStep::Create(code, password, username) => {
                let account = self.accounts.create(&code, password, Some(&username), client.address).await?;
                let profile = self.people.own_profile(&account.user).await?;
                Ok(UserAnswer::Created(NoStore(MeResponse::new(account, profile))))
            }
        }
    }

    /// Get yourself
    ///
    /// Without a `username` none is chosen yet: choose one with PUT.
    #[oai(path = "/", method = "get", operation_id = "getMe")]
    async fn me(&self, session: Session, request: IfNoneMatch<'_>) -> Result<Conditional<MeResponse>, Failure> {
        let user = &session.0.user;
        let (account, profile) = (self.accounts.account(user).await?, self.people.own_profile(user).await?);
        let revision = profile.as_ref().map(|profile| profile.revision).unwrap_or_default();
        Ok(revised::answer(revision, &MeResponse::new(account, profile), &request))
    }

    /// Replace your profile
    ///
    /// What is absent is removed, but for the username, which stays. The username changes once in thirty days (429), and nobody else
    /// may take the former one for as long.
    #[oai(path = "/", method = "put", operation_id = "replaceProfile")]
    async fn replace(
        &self,
        session: Session,
        body: JsonBody<ProfileRequest>,
    ) -> Result<ProfileAnswer, Failure<(Conflict, TooMany)>> {
        let (user, change) = (&session.0.user, ProfileRequest::read(&body.bytes)?);
        let profile = self.people.replace_profile(user, &change).await?;
        let account = self.accounts.account(user).await?;
        Ok(ProfileAnswer::Me(NoStore(MeResponse::new(account, Some(profile)))))
    }

    /// Delete your account
    ///
    /// As `POST /v1/account/delete`: with all that is kept of you, and only with the password. With `keep_reviews` your reviews that
    /// everybody sees stay, without your name.
    #[oai(path = "/", method = "delete", operation_id = "deleteUser")]
    async fn delete(
        &self,
        session: Session,
        jar: SessionCookie,
        body: JsonBody<DeleteUserRequest>,
    ) -> Result<SessionEnded, Failure<(Forbidden, Conflict, TooMany)>> {
        let user = session.0.user;
        let Deletion { attempt, keep } = DeleteUserRequest::read(&body.bytes)?;
        self.accounts.delete::<Problem>(&user, &attempt, (self.affiliations.end)(user.clone(), keep)).await?;
        Ok(SessionEnded::Done(jar.clear()))
    }

    /// Get a person
    ///
    /// Who is unknown, does not show themselves to you, or is blocked, is answered alike (404).
    #[oai(path = "/:username", method = "get", operation_id = "getPerson")]
    async fn person(
        &self,
        viewer: Viewer,
        request: IfNoneMatch<'_>,
        /// The username, in any case.
        #[oai(example = "examples::username")]
        username: Path<String>,
    ) -> Result<Conditional<PersonResponse>, Failure<NotFound>> {
        let person = self.people.person(viewer.user(), &username.0).await?;
        let band = match viewer.user() {
            Some(viewer) => self.people.band(viewer, person.user()).await?,
            None => None,
        };
        let revision = person.revision;
        Ok(revised::answer(revision, &PersonResponse::new(person, band), &request))
    }
}
