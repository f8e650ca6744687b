//! The answers: redirects of browsers, and lists of providers and identities.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::model::{Begun, ProviderCard};
use crate::{
    http::{no_store::NoStore, schema::Timestamp},
    identity::{accounts::LinkedIdentity, examples::TIME_MS},
};

const IDENTITY: &str = "01936b2f4c7e7a10b5d2c3e4f5a60718";

#[derive(ApiResponse)]
pub enum ProvidersListed {
    /// The providers.
    #[oai(status = 200)]
    Providers(NoStore<ProviderListResponse>),
}

#[derive(ApiResponse)]
pub enum IdentitiesListed {
    /// The identities.
    #[oai(status = 200)]
    Identities(NoStore<IdentityListResponse>),
}

/// A browser is sent elsewhere.
#[derive(ApiResponse)]
pub enum Redirected {
    /// To the address in `Location`.
    #[oai(status = 302)]
    To(
        /// Where to.
        #[oai(header = "Location")]
        String,
        /// What the browser keeps meanwhile, or its session.
        #[oai(header = "Set-Cookie")]
        Option<String>,
        /// No cache may store it.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

impl Redirected {
    /// To that address, with that cookie.
    pub fn new(location: String, set_cookie: Option<String>) -> Self {
        Self::To(location, set_cookie, "no-store".to_owned())
    }
}

#[derive(ApiResponse)]
pub enum LinkBegun {
    /// The browser is to go to the provider.
    #[oai(status = 200)]
    Url(
        NoStore<LinkBegunResponse>,
        /// What the browser keeps meanwhile.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

/// Where a page sends its browser, so that the person agrees there.
#[derive(Debug, Object)]
#[oai(example, rename = "LinkBegun")]
pub struct LinkBegunResponse {
    /// The address at the provider.
    authorization_url: String,
}

impl Example for LinkBegunResponse {
    fn example() -> Self {
        Self { authorization_url: "https://accounts.example/authorize?response_type=code".to_owned() }
    }
}

impl From<&Begun> for LinkBegunResponse {
    fn from(begun: &Begun) -> Self {
        Self { authorization_url: begun.url.clone() }
    }
}

/// A provider to sign in with.
#[derive(Debug, Object)]
#[oai(example, rename = "Provider")]
pub struct ProviderResponse {
    /// Its name in addresses.
    id: String,
    /// What people call it.
    display_name: String,
}

impl Example for ProviderResponse {
    fn example() -> Self {
        Self { id: "google".to_owned(), display_name: "Google".to_owned() }
    }
}

/// The providers to sign in with.
#[derive(Debug, Object)]
#[oai(example, rename = "ProviderList")]
pub struct ProviderListResponse {
    /// In the order in which they are to be shown.
    items: Vec<ProviderResponse>,
}

impl Example for ProviderListResponse {
    fn example() -> Self {
        Self { items: vec![ProviderResponse::example()] }
    }
}

impl From<Vec<ProviderCard>> for ProviderListResponse {
    fn from(providers: Vec<ProviderCard>) -> Self {
        let shown = |card: ProviderCard| ProviderResponse { id: card.id, display_name: card.display_name };
        Self { items: providers.into_iter().map(shown).collect() }
    }
}

/// An account at a provider with which the user can sign in.
#[derive(Debug, Object)]
#[oai(example, rename = "Identity")]
pub struct IdentityResponse {
    /// Its id here.
    identity_id: String,
    /// The provider's id.
    provider: String,
    /// What people call the provider.
    display_name: String,
    /// The email address that the provider named last; absent if it named none.
    #[oai(skip_serializing_if_is_none)]
    email: Option<String>,
    /// When it was linked.
    linked_at: Timestamp,
    /// When it was last used; absent if it was not.
    #[oai(skip_serializing_if_is_none)]
    used_at: Option<Timestamp>,
}

impl Example for IdentityResponse {
    fn example() -> Self {
        Self {
            identity_id: IDENTITY.to_owned(),
            provider: "google".to_owned(),
            display_name: "Google".to_owned(),
            email: Some("ann@example.org".to_owned()),
            linked_at: Timestamp(TIME_MS),
            used_at: Some(Timestamp(TIME_MS)),
        }
    }
}

/// The identities of a user.
#[derive(Debug, Object)]
#[oai(example, rename = "IdentityList")]
pub struct IdentityListResponse {
    /// In the order in which they were linked.
    items: Vec<IdentityResponse>,
}

impl Example for IdentityListResponse {
    fn example() -> Self {
        Self { items: vec![IdentityResponse::example()] }
    }
}

impl IdentityListResponse {
    /// With the names of the providers that there are.
    pub fn new(identities: Vec<LinkedIdentity>, providers: &[ProviderCard]) -> Self {
        let shown = |identity: LinkedIdentity| {
            let card = providers.iter().find(|card| card.id == identity.provider);
            IdentityResponse {
                display_name: card.map_or_else(|| identity.provider.clone(), |card| card.display_name.clone()),
                identity_id: identity.id,
                provider: identity.provider,
                email: Some(identity.email).filter(|email| !email.is_empty()),
                linked_at: Timestamp(identity.linked_at_ms),
                used_at: identity.used_at_ms.map(Timestamp),
            }
        };
        Self { items: identities.into_iter().map(shown).collect() }
    }
}
