//! The routes of accounts, under `/v1/account`; those of second factors in [`second_factor`], that of the first run in [`setup`].

mod second_factor;
mod setup;

use std::sync::Arc;

use futures_util::FutureExt;
use poem_openapi::{OpenApi, param::Path};

pub use self::{second_factor::SecondFactorApi, setup::SetupApi};
use super::{
    model::{AccountError, Deletion},
    ports::AffiliationsPort,
    request::{
        AddressRequest, ChangeEmailRequest, ChangePasswordRequest, CodeAndPasswordRequest, CodeRequest,
        DeletionRequest, SignInRequest,
    },
    response::{
        AccountCreated, AccountExportResponse, AccountExported, AccountShown, EmailAccepted, SessionEnded,
        SessionListResponse, SessionOpened, SessionsListed,
    },
    service::Accounts,
    session::{SessionClient, SignIn},
};
use crate::{
    http::{
        body::JsonBody,
        client::Client,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, Forbidden, NotFound, TooMany, Unauthorized},
        idempotency_key::IdempotencyKey,
        no_store::NoStore,
        problem::Problem,
    },
    identity::{
        access::request::{Session, SessionCookie, SessionUser, VerifySession},
        bot_checks::{BotChecks, ProofHeader, Purpose},
        examples,
        tags::Tag,
    },
};

/// The routes of accounts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AccountsApi {
    /// The feature.
    pub accounts: Accounts,
    /// The other features' data about a user.
    pub affiliations: AffiliationsPort<Problem>,
    /// Asks for proofs that one is no bot.
    pub bot_checks: BotChecks,
}

impl AccountsApi {
    /// The function by which the extractors find the session of a token.
    #[must_use]
    pub fn verifier(&self) -> VerifySession {
        let accounts = self.accounts.clone();
        Arc::new(move |token| {
            let accounts = accounts.clone();
            async move {
                let session = accounts.session(&token).await?;
                Ok(session.map(|session| SessionUser { user: session.user, session: session.id, ban: session.ban }))
            }
            .boxed()
        })
    }
}

#[OpenApi(tag = "Tag::Accounts")]
impl AccountsApi {
    /// Request an account
    ///
    /// Sends an email with a code to the address. If the address has an account already, the email says so; the answer
    /// does not. A network that asks for many is asked for a proof (403 `proof_needed`).
    #[oai(path = "/v1/account/register", method = "post", operation_id = "register")]
    async fn register(
        &self,
        client: Client,
        proof: ProofHeader,
        body: JsonBody<AddressRequest>,
    ) -> Result<EmailAccepted, Failure<TooMany>> {
        let (email, language) = AddressRequest::read(&body.bytes)?;
        let accepted = EmailAccepted::new(email.to_string());
        self.bot_checks.check(Purpose::Email, client.address, proof.0.as_ref()).await?;
        self.accounts.register(email, language, client.address).await?;
        Ok(accepted)
    }

    /// Create the account
    ///
    /// With the code from the email, which confirms the address. Sign in afterwards.
    #[oai(path = "/v1/account", method = "post", operation_id = "createAccount")]
    async fn create(
        &self,
        client: Client,
        body: JsonBody<CodeAndPasswordRequest>,
    ) -> Result<AccountCreated, Failure<(Conflict, TooMany)>> {
        let (code, password) = CodeAndPasswordRequest::read(&body.bytes)?;
        Ok(self.accounts.create(&code, password, None, client.address).await?.into())
    }

    /// Get the account
    #[oai(path = "/v1/account", method = "get", operation_id = "getAccount")]
    async fn show(&self, session: Session) -> Result<AccountShown, Failure> {
        Ok(self.accounts.export(&session.0.user).await?.account.into())
    }

    /// Delete the account
    ///
    /// Deletes the account with its data. It can't be undone, so the password is needed. Studios are not notified, and the
    /// linked players remain players, without their display names. With `keep_reviews` the reviews that everybody sees stay, without
    /// their author. A studio's last owner is refused (409) until somebody else owns the studio too.
    #[oai(path = "/v1/account/delete", method = "post", operation_id = "deleteAccount")]
    async fn delete(
        &self,
        session: Session,
        jar: SessionCookie,
        body: JsonBody<DeletionRequest>,
    ) -> Result<SessionEnded, Failure<(Conflict, TooMany)>> {
        let user = session.0.user;
        let Deletion { attempt, keep } = DeletionRequest::read(&body.bytes)?;
        self.accounts.delete::<Problem>(&user, &attempt, (self.affiliations.end)(user.clone(), keep)).await?;
        Ok(SessionEnded::Done(jar.clear()))
    }

    /// Export all data of the account
    ///
    /// An answer that breaks off is incomplete.
    #[oai(path = "/v1/account/export", method = "get", operation_id = "exportAccount")]
    async fn export(&self, session: Session) -> Result<AccountExported, Failure> {
        let SessionUser { user, session, .. } = session.0;
        let affiliations = (self.affiliations.list)(user.clone()).await?;
        let data = self.accounts.export(&user).await?;
        let library = (self.affiliations.library)(user).await?;
        Ok(AccountExported::new(&AccountExportResponse::new(data, affiliations, &session), library))
    }

    /// Sign in
    ///
    /// Returns a bearer token, or sets a cookie for a page of this server. An unknown address and a wrong password get the
    /// same answer. After several attempts each further one has to wait, longer each time (429). A repeated request with the
    /// same `Idempotency-Key` opens a session in place of the first, which has ended then. Where the account has a second factor, a
    /// right password gets a challenge (202), with which the second step opens the session. A network from which many wrong passwords
    /// came is asked for a proof (403 `proof_needed`).
    #[oai(path = "/v1/account/sessions", method = "post", operation_id = "signIn")]
    async fn sign_in(
        &self,
        client: Client,
        jar: SessionCookie,
        key: IdempotencyKey<'_>,
        proof: ProofHeader,
        body: JsonBody<SignInRequest>,
    ) -> Result<SessionOpened, Failure<(Unauthorized, Forbidden, TooMany)>> {
        let (email, attempt, cookie) = SignInRequest::read(&body.bytes)?;
        if cookie {
            jar.check()?;
        }
        let from = client.address;
        self.bot_checks.check(Purpose::SignIn, from, proof.0.as_ref()).await?;
        let idempotency_key = key.unless_empty().map(str::to_owned);
        let session_client = SessionClient { address: client.address, agent: client.agent, cookie, idempotency_key };
        let signed_in = self.accounts.sign_in(&email, &attempt, session_client).await;
        if matches!(signed_in, Err(AccountError::WrongCredentials)) {
            self.bot_checks.count_failure(from).await;
        }
        Ok(match signed_in? {
            SignIn::Session(issued) => {
                let set_cookie = cookie.then(|| jar.set(&issued.token, issued.lifetime));
                SessionOpened::Session(NoStore((&issued).into()), set_cookie)
            }
            SignIn::SecondFactor(challenge) => SessionOpened::SecondFactor(NoStore((&challenge).into())),
        })
    }

    /// List the open sessions
    #[oai(path = "/v1/account/sessions", method = "get", operation_id = "listSessions")]
    async fn sessions(&self, session: Session) -> Result<SessionsListed, Failure> {
        let SessionUser { user, session, .. } = session.0;
        let data = self.accounts.export(&user).await?;
        Ok(SessionsListed::Sessions(NoStore(SessionListResponse::new(data, &session))))
    }

    /// Sign out everywhere
    ///
    /// Ends every session, including this one.
    #[oai(path = "/v1/account/sessions", method = "delete", operation_id = "signOutEverywhere")]
    async fn sign_out_everywhere(&self, session: Session, jar: SessionCookie) -> Result<SessionEnded, Failure> {
        self.accounts.sign_out_everywhere(&session.0.user).await?;
        Ok(SessionEnded::Done(jar.clear()))
    }

    /// Sign out
    #[oai(path = "/v1/account/sessions/current", method = "delete", operation_id = "signOut")]
    async fn sign_out(&self, session: Session, jar: SessionCookie) -> Result<SessionEnded, Failure> {
        let SessionUser { user, session, .. } = session.0;
        self.accounts.sign_out(&user, &session).await?;
        Ok(SessionEnded::Done(jar.clear()))
    }

    /// End one session
    #[oai(path = "/v1/account/sessions/:session_id", method = "delete", operation_id = "endSession")]
    async fn end_session(
        &self,
        session: Session,
        /// The session's id.
        #[oai(example = "examples::session")]
        session_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<NotFound>> {
        self.accounts.sign_out(&session.0.user, &session_id.0).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Request a password reset
    ///
    /// Sends an email with a code to the address. If the address has no account, the email says so; the answer does not. A network
    /// that asks for many is asked for a proof (403 `proof_needed`).
    #[oai(path = "/v1/account/password/forgotten", method = "post", operation_id = "requestPasswordReset")]
    async fn request_password_reset(
        &self,
        client: Client,
        proof: ProofHeader,
        body: JsonBody<AddressRequest>,
    ) -> Result<EmailAccepted, Failure<TooMany>> {
        let (email, language) = AddressRequest::read(&body.bytes)?;
        let accepted = EmailAccepted::new(email.to_string());
        self.bot_checks.check(Purpose::Email, client.address, proof.0.as_ref()).await?;
        self.accounts.request_password_reset(email, language, client.address).await?;
        Ok(accepted)
    }

    /// Reset the password
    ///
    /// With the code from the email. Ends every session.
    #[oai(path = "/v1/account/password/reset", method = "post", operation_id = "resetPassword")]
    async fn reset_password(
        &self,
        client: Client,
        body: JsonBody<CodeAndPasswordRequest>,
    ) -> Result<EmptyAnswer, Failure<(Conflict, TooMany)>> {
        let (code, password) = CodeAndPasswordRequest::read(&body.bytes)?;
        self.accounts.reset_password(&code, password, client.address).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Change the password
    ///
    /// With the present password. Ends every session, including this one.
    #[oai(path = "/v1/account/password/change", method = "post", operation_id = "changePassword")]
    async fn change_password(
        &self,
        session: Session,
        jar: SessionCookie,
        body: JsonBody<ChangePasswordRequest>,
    ) -> Result<SessionEnded, Failure<(Conflict, TooMany)>> {
        let (current, password) = ChangePasswordRequest::read(&body.bytes)?;
        self.accounts.change_password(&session.0.user, &current, password).await?;
        Ok(SessionEnded::Done(jar.clear()))
    }

    /// Request a change of the email address
    ///
    /// With the password. Sends an email with a code to the new address. If that has an account, the email says so; the
    /// answer does not.
    #[oai(path = "/v1/account/email/change", method = "post", operation_id = "requestEmailChange")]
    async fn request_email_change(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<ChangeEmailRequest>,
    ) -> Result<EmailAccepted, Failure<(Conflict, TooMany)>> {
        let (email, current) = ChangeEmailRequest::read(&body.bytes)?;
        let accepted = EmailAccepted::new(email.to_string());
        self.accounts.request_email_change(&session.0.user, &current, email, client.address).await?;
        Ok(accepted)
    }

    /// Change the email address
    ///
    /// With the code from the email, in a session of the account. The old address is notified by email.
    #[oai(path = "/v1/account/email/confirm", method = "post", operation_id = "confirmEmailChange")]
    async fn confirm_email_change(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<CodeRequest>,
    ) -> Result<AccountShown, Failure<(Conflict, TooMany)>> {
        let code = CodeRequest::read(&body.bytes)?;
        Ok(self.accounts.confirm_email_change(&session.0.user, &code, client.address).await?.into())
    }
}
