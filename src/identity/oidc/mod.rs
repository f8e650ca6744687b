//! Signing in with accounts of others: any issuer of `OpenID` Connect that the operator names, by authorization code with PKCE.
//!
//! - What an issuer says is believed only as far as its signature and its claims go (`id_token`), and only for the request that this
//!   browser has begun: state, nonce and code verifier travel in a sealed cookie of the browser, hold for ten minutes and work once.
//! - Each provider has a callback of its own, and a state names its provider: the answer of one issuer is never taken for another's.
//! - Issuers are asked through `platform::outbound`, which refuses private networks unless a setting allows them.
//! - Who an identity belongs to, accounts know. An address of an existing account is never a reason to sign in to it: whoever has both
//!   signs in and links them.
//! - Pages are only sent to paths of this server.

mod api;
mod config;
mod id_token;
mod model;
mod pending;
mod provider;
mod request;
mod response;
mod service;

pub use self::{api::OidcApi, config::OidcConfig, service::Oidc};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::{BODY_READERS, URI_READERS};
}
