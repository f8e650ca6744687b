//! The routes of accounts, under `/v1/account`; the first run's in [`setup`].

mod setup;
mod user_data;

use std::sync::Arc;

use futures_util::FutureExt;
use poem_openapi::{ApiResponse, OpenApi, param::Path};

pub use self::{setup::SetupApi, user_data::UserData};
use super::{
    bodies::{
        AddressRequest, ChangeEmailRequest, ChangePasswordRequest, CodeAndPasswordRequest, CodeRequest,
        PasswordRequest, SignInRequest,
    },
    service::Accounts,
    session::Opener,
    wire::{AccountResponse, Export, LetterSent, OpenedSession, SessionsResponse},
};
use crate::{
    http::{
        body::JsonBody,
        client::Client,
        docs::Tag,
        no_store::NoStore,
        problem::{Answers, Failure, Problem},
    },
    identity::access::request::session::{Jar, Session, SignedIn, Verifier},
};

/// The routes of accounts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AccountsApi {
    /// The feature.
    pub accounts: Accounts,
    /// What other features keep of a user.
    pub user_data: UserData,
}

/// With a body, for anybody.
struct Asking;

impl Answers for Asking {
    const STATUSES: &'static [u16] = &[400, 408, 413, 415, 422, 429, 503];
}

/// With a body and a code.
struct Proving;

impl Answers for Proving {
    const STATUSES: &'static [u16] = &[400, 408, 409, 413, 415, 422, 429, 503];
}

/// With a body and a password.
struct SigningIn;

impl Answers for SigningIn {
    const STATUSES: &'static [u16] = &[400, 401, 403, 408, 413, 415, 422, 429, 503];
}

/// With a body and a password, for good.
struct Parting;

impl Answers for Parting {
    const STATUSES: &'static [u16] = &[400, 401, 403, 408, 409, 413, 415, 422, 429, 503];
}

/// With a body and a code, in a session.
struct ProvingWithin;

impl Answers for ProvingWithin {
    const STATUSES: &'static [u16] = &[400, 401, 403, 408, 409, 413, 415, 422, 429, 503];
}

/// In a session.
struct Within;

impl Answers for Within {
    const STATUSES: &'static [u16] = &[401, 503];
}

/// In a session, changing something.
struct Changing;

impl Answers for Changing {
    const STATUSES: &'static [u16] = &[401, 403, 503];
}

/// In a session, changing something that may not be there.
struct ChangingOne;

impl Answers for ChangingOne {
    const STATUSES: &'static [u16] = &[401, 403, 404, 503];
}

#[derive(ApiResponse)]
enum Sent {
    /// A letter is on its way. The answer is the same whether the address has an account or not.
    #[oai(status = 202)]
    Email(NoStore<LetterSent>),
}

#[derive(ApiResponse)]
enum Made {
    /// The account is there.
    #[oai(status = 201)]
    Account(NoStore<AccountResponse>),
}

#[derive(ApiResponse)]
enum Shown {
    /// The account.
    #[oai(status = 200)]
    Account(NoStore<AccountResponse>),
}

#[derive(ApiResponse)]
enum Opened {
    /// The session is open.
    #[oai(status = 201)]
    Session(
        NoStore<OpenedSession>,
        /// The session, where a cookie was asked for.
        #[oai(header = "Set-Cookie")]
        Option<String>,
    ),
}

#[derive(ApiResponse)]
enum Listed {
    /// The sessions.
    #[oai(status = 200)]
    SessionVerifier(NoStore<SessionsResponse>),
}

#[derive(ApiResponse)]
enum Exported {
    /// Everything.
    #[oai(status = 200)]
    Everything(
        NoStore<Export>,
        /// So that a browser saves it as a file.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

#[derive(ApiResponse)]
enum Done {
    /// Done.
    #[oai(status = 204)]
    Done,
}

#[derive(ApiResponse)]
enum SignedOut {
    /// The session has ended.
    #[oai(status = 204)]
    Done(
        /// Takes the cookie away.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

impl AccountsApi {
    /// What finds the session of a token, for `http`.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        let accounts = self.accounts.clone();
        Arc::new(move |token| {
            let accounts = accounts.clone();
            async move {
                let found = accounts.session(&token).await?;
                Ok(found.map(|found| SignedIn { user: found.user, session: found.id }))
            }
            .boxed()
        })
    }
}

#[OpenApi(tag = "Tag::Accounts")]
impl AccountsApi {
    /// Ask for an account
    ///
    /// A letter with a code goes to the address. Where there is an account already, the letter says so; the answer does
    /// not.
    #[oai(path = "/v1/account/register", method = "post", operation_id = "register")]
    async fn register(&self, client: Client, body: JsonBody<AddressRequest>) -> Result<Sent, Failure<Asking>> {
        let email = AddressRequest::read(&body.bytes)?;
        let told = email.to_string();
        self.accounts.register(email, client.address).await?;
        Ok(Sent::Email(NoStore(LetterSent { email: told })))
    }

    /// Make the account
    ///
    /// With the code from the letter, which proves the address. Then sign in.
    #[oai(path = "/v1/account", method = "post", operation_id = "makeAccount")]
    async fn make(&self, client: Client, body: JsonBody<CodeAndPasswordRequest>) -> Result<Made, Failure<Proving>> {
        let (code, password) = CodeAndPasswordRequest::read(&body.bytes)?;
        Ok(Made::Account(NoStore(self.accounts.make(&code, password, client.address).await?.into())))
    }

    /// The account
    #[oai(path = "/v1/account", method = "get", operation_id = "getAccount")]
    async fn show(&self, session: Session) -> Result<Shown, Failure<Within>> {
        Ok(Shown::Account(NoStore(self.accounts.export(&session.0.user).await?.account.into())))
    }

    /// Delete the account
    ///
    /// With its data; the studios that it belonged to are told nothing, and the players that it had stay players. It can't
    /// be undone, so it asks for the password again. A studio's last owner is refused (409): somebody else must own it
    /// first.
    #[oai(path = "/v1/account/delete", method = "post", operation_id = "deleteAccount")]
    async fn delete(
        &self,
        session: Session,
        jar: Jar,
        body: JsonBody<PasswordRequest>,
    ) -> Result<SignedOut, Failure<Parting>> {
        let user = session.0.user;
        let attempt = PasswordRequest::read(&body.bytes)?;
        self.accounts.delete::<Problem>(&user, &attempt, (self.user_data.part)(user.clone())).await?;
        Ok(SignedOut::Done(jar.take()))
    }

    /// Export all data of the account
    #[oai(path = "/v1/account/export", method = "get", operation_id = "exportAccount")]
    async fn export(&self, session: Session) -> Result<Exported, Failure<Within>> {
        let SignedIn { user, session } = session.0;
        let held = (self.user_data.list)(user.clone()).await?;
        let everything = Export::new(self.accounts.export(&user).await?, held, &session);
        Ok(Exported::Everything(NoStore(everything), r#"attachment; filename="account.json""#.to_owned()))
    }

    /// Sign in
    ///
    /// Gives a bearer token, or, to a page of this server, a cookie. An unknown address and a wrong password are answered
    /// alike. Who tries often must wait, longer each time (429).
    #[oai(path = "/v1/account/sessions", method = "post", operation_id = "signIn")]
    async fn sign_in(
        &self,
        client: Client,
        jar: Jar,
        body: JsonBody<SignInRequest>,
    ) -> Result<Opened, Failure<SigningIn>> {
        let (email, attempt, cookie) = SignInRequest::read(&body.bytes)?;
        if cookie {
            jar.check()?;
        }
        let by = Opener { address: client.address, agent: client.agent, cookie };
        let opened = self.accounts.sign_in(&email, &attempt, by).await?;
        let set_cookie = cookie.then(|| jar.give(&opened.token, opened.lasts));
        Ok(Opened::Session(NoStore((&opened).into()), set_cookie))
    }

    /// The open sessions
    #[oai(path = "/v1/account/sessions", method = "get", operation_id = "listSessions")]
    async fn sessions(&self, session: Session) -> Result<Listed, Failure<Within>> {
        let SignedIn { user, session } = session.0;
        let everything = self.accounts.export(&user).await?;
        Ok(Listed::SessionVerifier(NoStore(SessionsResponse::new(everything, &session))))
    }

    /// Sign out everywhere
    ///
    /// Ends every session, this one too.
    #[oai(path = "/v1/account/sessions", method = "delete", operation_id = "signOutEverywhere")]
    async fn sign_out_everywhere(&self, session: Session, jar: Jar) -> Result<SignedOut, Failure<Changing>> {
        self.accounts.sign_out_everywhere(&session.0.user).await?;
        Ok(SignedOut::Done(jar.take()))
    }

    /// Sign out
    #[oai(path = "/v1/account/sessions/current", method = "delete", operation_id = "signOut")]
    async fn sign_out(&self, session: Session, jar: Jar) -> Result<SignedOut, Failure<Changing>> {
        let SignedIn { user, session } = session.0;
        self.accounts.sign_out(&user, &session).await?;
        Ok(SignedOut::Done(jar.take()))
    }

    /// End one session
    #[oai(path = "/v1/account/sessions/:session_id", method = "delete", operation_id = "endSession")]
    async fn end_session(
        &self,
        session: Session,
        /// Names the session.
        session_id: Path<String>,
    ) -> Result<Done, Failure<ChangingOne>> {
        self.accounts.sign_out(&session.0.user, &session_id.0).await?;
        Ok(Done::Done)
    }

    /// Ask for a new password
    ///
    /// A letter with a code goes to the address. Where there is no account, the letter says so; the answer does not.
    #[oai(path = "/v1/account/password/forgotten", method = "post", operation_id = "askForPassword")]
    async fn ask_reset(&self, client: Client, body: JsonBody<AddressRequest>) -> Result<Sent, Failure<Asking>> {
        let email = AddressRequest::read(&body.bytes)?;
        let told = email.to_string();
        self.accounts.ask_reset(email, client.address).await?;
        Ok(Sent::Email(NoStore(LetterSent { email: told })))
    }

    /// Set a new password
    ///
    /// With the code from the letter. Ends every session.
    #[oai(path = "/v1/account/password/reset", method = "post", operation_id = "resetPassword")]
    async fn reset(&self, client: Client, body: JsonBody<CodeAndPasswordRequest>) -> Result<Done, Failure<Proving>> {
        let (code, password) = CodeAndPasswordRequest::read(&body.bytes)?;
        self.accounts.reset(&code, password, client.address).await?;
        Ok(Done::Done)
    }

    /// Change the password
    ///
    /// With the password so far. Ends every session, this one too.
    #[oai(path = "/v1/account/password/change", method = "post", operation_id = "changePassword")]
    async fn change_password(
        &self,
        session: Session,
        jar: Jar,
        body: JsonBody<ChangePasswordRequest>,
    ) -> Result<SignedOut, Failure<SigningIn>> {
        let (current, password) = ChangePasswordRequest::read(&body.bytes)?;
        self.accounts.change_password(&session.0.user, &current, password).await?;
        Ok(SignedOut::Done(jar.take()))
    }

    /// Ask for another address
    ///
    /// With the password. A letter with a code goes to the new address. Where that has an account, the letter says so;
    /// the answer does not.
    #[oai(path = "/v1/account/email/change", method = "post", operation_id = "askForEmail")]
    async fn ask_email(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<ChangeEmailRequest>,
    ) -> Result<Sent, Failure<SigningIn>> {
        let (email, current) = ChangeEmailRequest::read(&body.bytes)?;
        let told = email.to_string();
        self.accounts.ask_email(&session.0.user, &current, email, client.address).await?;
        Ok(Sent::Email(NoStore(LetterSent { email: told })))
    }

    /// Change the address
    ///
    /// With the code from the letter, in a session of the account. The old address gets a letter too.
    #[oai(path = "/v1/account/email/confirm", method = "post", operation_id = "changeEmail")]
    async fn change_email(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<CodeRequest>,
    ) -> Result<Shown, Failure<ProvingWithin>> {
        let code = CodeRequest::read(&body.bytes)?;
        let account = self.accounts.change_email(&session.0.user, &code, client.address).await?;
        Ok(Shown::Account(NoStore(account.into())))
    }
}
