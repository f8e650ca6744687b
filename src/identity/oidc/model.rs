//! Providers, where a browser goes afterwards, and why somebody can't be signed in.

use std::sync::Arc;

use url::Url;

use crate::{
    identity::accounts::AccountError,
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
        outbound::OutboundError,
        sealing::SealingError,
        secret::Secret,
        token::NoRandomness,
    },
};

/// Bytes of a path to return to, at most.
pub const MAX_PATH: usize = 512;

/// A provider, as the operator has set it up.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its name in addresses.
    pub id: String,
    /// What people call it.
    pub display_name: String,
    /// Its issuer, as its tokens name it.
    pub issuer: String,
    /// The name of this server there.
    pub client_id: String,
    /// The secret of this server there; empty where it has none.
    pub client_secret: Secret,
    /// What is asked for, with spaces between.
    pub scopes: String,
}

/// A provider that people can choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderCard {
    /// Its name in addresses.
    pub id: String,
    /// What people call it.
    pub display_name: String,
}

/// Whether a text can be an issuer: `https`, or `http` on this machine, without a query.
#[must_use]
pub fn is_issuer(text: &str) -> bool {
    let is_of_url = |url: &Url| url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    text.len() <= 500 && Url::parse(text).is_ok_and(|url| is_of_url(&url) && is_safe(&url))
}

/// Whether what goes there and comes back is nobody else's: `https`, or this machine.
#[must_use]
pub fn is_safe(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    }
}

/// A path of this server that a browser is sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Parses a path, with a query perhaps.
    ///
    /// # Errors
    /// It could lead elsewhere, or is too long.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_PATH {
            return Err(format!("is longer than {MAX_PATH} bytes"));
        }
        // Browsers take a backslash for a slash, and pass over tabs and line breaks.
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#');
        if is_plain && text.starts_with('/') && !text.starts_with("//") {
            return Ok(Self(text.to_owned()));
        }
        Err("must be a path of this server, such as /journal".to_owned())
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A request that was begun: where the browser goes, and what it keeps.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The address at the provider.
    pub url: String,
    /// The cookie.
    pub cookie: Secret,
}

/// What a provider sends a browser back with.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// The state of the request.
    pub state: Option<String>,
    /// The code, which is good for the exchange.
    pub code: Option<Secret>,
    /// The issuer (RFC 9207).
    pub issuer: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// Why somebody can't be signed in by a provider.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OidcError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fields are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// No provider has this id.
    #[error("There is no such provider to sign in with.")]
    ProviderNotFound,
    /// The person did not agree, at the provider.
    #[error("The provider was not allowed to say who you are.")]
    Denied,
    /// The provider can't be reached, or what it says can't be believed.
    #[error("The provider can't be asked now, or its answer is not valid: {0}")]
    Failed(String),
    /// The answer belongs to no request of this browser, or to one that is over.
    #[error("This took too long, or was begun in another browser. Begin again.")]
    StateNotValid,
    /// Whoever began to link an identity is signed out.
    #[error("This session has ended. Sign in again.")]
    SignedOut,
    /// Accounts refuse.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl OidcError {
    /// An answer of the provider that can't be believed.
    pub fn invalid(what: impl Into<String>) -> Self {
        Self::Failed(what.into())
    }
}

impl From<OutboundError> for OidcError {
    fn from(error: OutboundError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<NoRandomness> for OidcError {
    fn from(error: NoRandomness) -> Self {
        Self::Account(error.into())
    }
}

impl From<SealingError> for OidcError {
    fn from(error: SealingError) -> Self {
        Self::Account(error.into())
    }
}

impl From<StoreError> for OidcError {
    fn from(error: StoreError) -> Self {
        Self::Account(AccountError::Store(Arc::new(error)))
    }
}

impl DomainError for OidcError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::ProviderNotFound => (Kind::NotFound, "provider_not_found"),
            Self::Denied => (Kind::Forbidden, "provider_denied"),
            Self::Failed(_) => (Kind::Unavailable, "provider_failed"),
            Self::StateNotValid => (Kind::Forbidden, "state_not_valid"),
            Self::SignedOut => (Kind::Unauthenticated, "session_not_valid"),
            Self::Account(error) => error.kind(),
        }
    }

    fn faults(&self) -> &[Fault] {
        match self {
            Self::Invalid(faults) => faults,
            Self::Account(error) => error.faults(),
            _ => &[],
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Account(error) = self { error.store_error() } else { None }
    }

    fn exhausted_limit(&self) -> Option<(&'static str, std::time::Duration)> {
        if let Self::Account(error) = self { error.exhausted_limit() } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_sent_to_paths_of_this_server_alone() {
        for path in ["/", "/journal", "/account?tab=1", "/a/b?c=%2F%2Fevil.example", "/%5Cevil"] {
            assert_eq!(LocalPath::parse(path).unwrap().as_str(), path);
        }
        for elsewhere in [
            "",
            "journal",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a b",
            "/\tb",
            "/a\r\nSet-Cookie: b",
            "/a#b",
            "/ă",
            &format!("/{}", "a".repeat(MAX_PATH)),
        ] {
            assert!(LocalPath::parse(elsewhere).is_err(), "{elsewhere}");
        }
    }

    #[test]
    fn an_issuer_is_reached_over_https_or_on_this_machine() {
        for issuer in
            ["https://accounts.google.com", "https://a.example/realms/b", "http://127.0.0.1:3000", "http://[::1]:1"]
        {
            assert!(is_issuer(issuer), "{issuer}");
        }
        for other in
            ["", "accounts.google.com", "http://a.example", "https://a@b.example", "https://a?b", "ftp://localhost"]
        {
            assert!(!is_issuer(other), "{other}");
        }
    }
}
