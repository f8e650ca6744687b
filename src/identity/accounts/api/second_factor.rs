//! The routes of second factors.

use poem_openapi::OpenApi;

use crate::{
    http::{
        body::JsonBody,
        client::Client,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, Forbidden, TooMany, Unauthorized},
        idempotency_key::IdempotencyKey,
        no_store::NoStore,
    },
    identity::{
        access::request::{Session, SessionCookie},
        accounts::{
            request::{FactorCodeRequest, PasswordAndFactorCodeRequest, PasswordRequest, SecondStepRequest},
            response::{RecoveryCodesShown, SecondFactorBegun, SecondFactorShown, SignInFinished},
            service::Accounts,
            session::SessionClient,
        },
        tags::Tag,
    },
};

/// The routes of second factors. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SecondFactorApi {
    /// The feature.
    pub accounts: Accounts,
}

#[OpenApi(tag = "Tag::Accounts")]
impl SecondFactorApi {
    /// Finish signing in
    ///
    /// The second step, for accounts with a second factor. With a wrong code (403) the challenge stays valid; after several each
    /// further one has to wait (429). The code of an app works once.
    #[oai(path = "/v1/account/sessions/second-factor", method = "post", operation_id = "finishSignIn")]
    async fn finish(
        &self,
        client: Client,
        jar: SessionCookie,
        key: IdempotencyKey<'_>,
        body: JsonBody<SecondStepRequest>,
    ) -> Result<SignInFinished, Failure<(Unauthorized, Forbidden, TooMany)>> {
        let (challenge, code) = SecondStepRequest::read(&body.bytes)?;
        let cookie = self.accounts.is_for_cookie(&challenge)?;
        if cookie {
            jar.check()?;
        }
        let idempotency_key = key.unless_empty().map(str::to_owned);
        let client = SessionClient { address: client.address, agent: client.agent, cookie, idempotency_key };
        let issued = self.accounts.finish_sign_in(&challenge, &code, client).await?;
        let set_cookie = cookie.then(|| jar.set(&issued.token, issued.lifetime));
        Ok(SignInFinished::Session(NoStore((&issued).into()), set_cookie))
    }

    /// Get the second factor
    #[oai(path = "/v1/account/second-factor", method = "get", operation_id = "getSecondFactor")]
    async fn show(&self, session: Session) -> Result<SecondFactorShown, Failure> {
        Ok(SecondFactorShown::SecondFactor(NoStore(self.accounts.second_factor(&session.0.user).await?.into())))
    }

    /// Begin a second factor
    ///
    /// With the password. Gives a secret for an authenticator app; signing in asks for it once a code has confirmed it. Another
    /// request gives another secret.
    #[oai(path = "/v1/account/second-factor", method = "post", operation_id = "beginSecondFactor")]
    async fn begin(
        &self,
        session: Session,
        body: JsonBody<PasswordRequest>,
    ) -> Result<SecondFactorBegun, Failure<(Conflict, TooMany)>> {
        let current = PasswordRequest::read(&body.bytes)?;
        let enrolment = self.accounts.begin_second_factor(&session.0.user, &current).await?;
        Ok(SecondFactorBegun::Enrolment(NoStore((&enrolment).into())))
    }

    /// Confirm the second factor
    ///
    /// With a code of the app. From then on signing in asks for one. Gives the recovery codes; the user is told by email.
    #[oai(path = "/v1/account/second-factor/confirm", method = "post", operation_id = "confirmSecondFactor")]
    async fn confirm(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<FactorCodeRequest>,
    ) -> Result<RecoveryCodesShown, Failure<(Conflict, TooMany)>> {
        let code = FactorCodeRequest::read(&body.bytes)?;
        let codes = self.accounts.confirm_second_factor(&session.0.user, &code, client.address).await?;
        Ok(RecoveryCodesShown::Codes(NoStore(codes.into())))
    }

    /// Replace the recovery codes
    ///
    /// With the password and a code. The earlier ones are void.
    #[oai(path = "/v1/account/second-factor/recovery-codes", method = "post", operation_id = "replaceRecoveryCodes")]
    async fn renew(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<PasswordAndFactorCodeRequest>,
    ) -> Result<RecoveryCodesShown, Failure<(Conflict, TooMany)>> {
        let (current, code) = PasswordAndFactorCodeRequest::read(&body.bytes)?;
        let proof = (&current, &code);
        let codes = self.accounts.renew_recovery_codes(&session.0.user, proof, client.address).await?;
        Ok(RecoveryCodesShown::Codes(NoStore(codes.into())))
    }

    /// Remove the second factor
    ///
    /// With the password and a code. The user is told by email. Whoever has lost the app and all recovery codes asks those who run the
    /// server, who can remove it.
    #[oai(path = "/v1/account/second-factor/remove", method = "post", operation_id = "removeSecondFactor")]
    async fn remove(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<PasswordAndFactorCodeRequest>,
    ) -> Result<EmptyAnswer, Failure<(Conflict, TooMany)>> {
        let (current, code) = PasswordAndFactorCodeRequest::read(&body.bytes)?;
        self.accounts.remove_second_factor(&session.0.user, (&current, &code), client.address).await?;
        Ok(EmptyAnswer::Done)
    }
}
