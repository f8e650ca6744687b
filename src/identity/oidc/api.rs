//! The routes of signing in by a provider, and of the identities of an account.

use poem_openapi::{OpenApi, param::Path};

use super::{
    model::{LocalPath, OidcError, ProviderCard},
    pending::LIFETIME,
    request::{CallbackParams, LinkRequest, ReturnTo},
    response::{IdentitiesListed, IdentityListResponse, LinkBegun, ProvidersListed, Redirected},
    service::{Finished, Oidc, Outcome},
};
use crate::{
    http::{
        body::JsonBody,
        client::Client,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, NotFound, TooMany},
        no_store::NoStore,
        params::Params,
    },
    identity::{
        access::request::{Browser, Session, SessionCookie},
        accounts::{SessionClient, SignIn},
        tags::Tag,
    },
    platform::error::DomainError,
};

/// Where a browser goes after signing in, unless it said where.
const AFTER_SIGN_IN: &str = "/journal";

/// The page of signing in.
const SIGN_IN_PAGE: &str = "/account/sign-in";

/// The page of the account.
const ACCOUNT_PAGE: &str = "/account";

/// The routes of signing in by a provider, and of identities. Cheap to clone.
#[derive(Clone, Debug)]
pub struct OidcApi {
    /// The feature.
    pub oidc: Oidc,
}

fn provider_example() -> String {
    "google".to_owned()
}

fn identity_example() -> String {
    "01936b2f4c7e7a10b5d2c3e4f5a60718".to_owned()
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A path with further parameters.
fn with_query(path: &str, query: &str) -> String {
    format!("{path}{}{query}", if path.contains('?') { '&' } else { '?' })
}

/// The page that says what went wrong.
fn page_of(error: &OidcError, provider: &str, page: &str) -> String {
    let (_, code) = error.kind();
    with_query(page, &format!("error={code}&provider={}", encoded(provider)))
}

#[OpenApi(tag = "Tag::Accounts")]
impl OidcApi {
    /// List the providers to sign in with
    #[oai(path = "/v1/account/providers", method = "get", operation_id = "listProviders")]
    #[expect(clippy::unused_async, reason = "operations are async")]
    async fn providers(&self) -> Result<ProvidersListed, Failure> {
        Ok(ProvidersListed::Providers(NoStore(self.oidc.providers().into())))
    }

    /// Sign in by a provider
    ///
    /// For links of pages: sends the browser to the provider, and from there back to `return_to`, signed in. Whoever is new there gets
    /// an account, without a password. If something goes wrong the browser is sent to `/account/sign-in` with the problem's code in
    /// `error`; if the account has a second factor, with the challenge of the second step in the fragment.
    #[oai(path = "/v1/account/oidc/:provider/start", method = "get", operation_id = "startProviderSignIn")]
    async fn start(
        &self,
        browser: Browser,
        /// The provider's id.
        #[oai(example = "provider_example")]
        provider: Path<String>,
        return_to: Params<ReturnTo>,
    ) -> Result<Redirected, Failure> {
        let Params(ReturnTo(return_to)) = return_to;
        Ok(match self.oidc.begin(&provider.0, return_to.as_ref()).await {
            Ok(begun) => Redirected::new(begun.url, Some(browser.keep(&begun.cookie, LIFETIME))),
            Err(error) => {
                tracing::info!(provider = provider.0, %error, "signing in by a provider can't begin");
                Redirected::new(page_of(&error, &provider.0, SIGN_IN_PAGE), None)
            }
        })
    }

    /// Come back from a provider
    ///
    /// For the provider, which sends the browser here.
    #[oai(path = "/v1/account/oidc/:provider/callback", method = "get", operation_id = "finishProviderSignIn")]
    async fn callback(
        &self,
        browser: Browser,
        jar: SessionCookie,
        client: Client,
        /// The provider's id.
        #[oai(example = "provider_example")]
        provider: Path<String>,
        answered: Params<CallbackParams>,
    ) -> Result<Redirected, Failure> {
        let Params(CallbackParams(answered)) = answered;
        let client =
            SessionClient { address: client.address, agent: client.agent, cookie: true, idempotency_key: None };
        let who = (browser.user(), client);
        let outcome = self.oidc.finish(&provider.0, answered, browser.kept().as_ref(), who).await;
        let Outcome { return_to, is_link, finished } = outcome;
        let after = if is_link { ACCOUNT_PAGE } else { AFTER_SIGN_IN };
        let after = return_to.as_ref().map_or(after, LocalPath::as_str);
        Ok(match finished {
            Ok(Finished::SignedIn(SignIn::Session(issued))) => {
                Redirected::new(after.to_owned(), Some(jar.set(&issued.token, issued.lifetime)))
            }
            Ok(Finished::SignedIn(SignIn::SecondFactor(challenge))) => {
                let page = with_query(SIGN_IN_PAGE, &format!("return_to={}", encoded(after)));
                let page = format!("{page}#challenge={}", challenge.challenge.expose());
                Redirected::new(page, Some(browser.forget()))
            }
            Ok(Finished::Linked) => {
                let page = with_query(after, &format!("linked={}", encoded(&provider.0)));
                Redirected::new(page, Some(browser.forget()))
            }
            Err(error) => {
                let page = if is_link { after } else { SIGN_IN_PAGE };
                Redirected::new(page_of(&error, &provider.0, page), Some(browser.forget()))
            }
        })
    }

    /// List the identities
    ///
    /// The accounts at providers with which the user can sign in.
    #[oai(path = "/v1/account/identities", method = "get", operation_id = "listIdentities")]
    async fn identities(&self, session: Session) -> Result<IdentitiesListed, Failure> {
        let identities = self.oidc.accounts().identities(&session.0.user).await?;
        let providers: Vec<ProviderCard> = self.oidc.providers();
        Ok(IdentitiesListed::Identities(NoStore(IdentityListResponse::new(identities, &providers))))
    }

    /// Link an identity
    ///
    /// With the password. The page sends its browser to the address in the answer; it comes back to `return_to` with `linked`, or with
    /// the problem's code in `error`. The user is told by email.
    #[oai(path = "/v1/account/identities", method = "post", operation_id = "linkIdentity")]
    async fn link(
        &self,
        session: Session,
        browser: Browser,
        body: JsonBody<LinkRequest>,
    ) -> Result<LinkBegun, Failure<(NotFound, Conflict, TooMany)>> {
        let (provider, current, return_to) = LinkRequest::read(&body.bytes)?;
        let begun = self.oidc.begin_link(&session.0.user, &current, &provider, return_to.as_ref()).await?;
        Ok(LinkBegun::Url(NoStore((&begun).into()), browser.keep(&begun.cookie, LIFETIME)))
    }

    /// Unlink an identity
    ///
    /// The last way to sign in stays (409): set a password first. The user is told by email.
    #[oai(path = "/v1/account/identities/:identity_id", method = "delete", operation_id = "unlinkIdentity")]
    async fn unlink(
        &self,
        session: Session,
        /// The identity's id.
        #[oai(example = "identity_example")]
        identity_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(NotFound, Conflict)>> {
        self.oidc.accounts().unlink_identity(&session.0.user, &identity_id.0).await?;
        Ok(EmptyAnswer::Done)
    }
}
