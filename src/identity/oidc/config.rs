//! The settings of providers to sign in with.

use std::{collections::BTreeSet, fmt};

use serde::Deserialize;

use super::model::{ProviderSettings, is_issuer};
use crate::platform::{
    config::{OutOfRange, Section},
    secret::Secret,
};

/// Providers, at most: they stand under each other on a page.
const MAX_PROVIDERS: usize = 20;

/// Bytes of what a setting of a provider says, at most.
const MAX_BYTES: usize = 500;

/// The settings of providers to sign in with: see `config/default.toml`.
#[derive(Clone, Deserialize)]
pub struct OidcConfig {
    oidc_providers: Vec<ProviderConfig>,
}

impl fmt::Debug for OidcConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // There are secrets in it.
        f.write_str("OidcConfig { oidc_providers: <secret> }")
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderConfig {
    id: String,
    display_name: String,
    issuer: String,
    client_id: String,
    #[serde(default)]
    client_secret: Secret,
    #[serde(default)]
    scopes: Vec<String>,
}

impl ProviderConfig {
    fn is_right(&self) -> bool {
        let is_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_scope = |scope: &String| scope.bytes().all(|byte| byte.is_ascii_graphic());
        (1..=32).contains(&self.id.len())
            && self.id.bytes().all(is_id)
            && (1..=64).contains(&self.display_name.chars().count())
            && is_issuer(&self.issuer)
            && (1..=MAX_BYTES).contains(&self.client_id.len())
            && self.client_secret.expose().len() <= MAX_BYTES
            && self.scopes.len() <= MAX_PROVIDERS
            && self.scopes.iter().all(is_scope)
    }
}

impl OidcConfig {
    /// The providers.
    #[must_use]
    pub fn providers(&self) -> Vec<ProviderSettings> {
        let settings = |provider: &ProviderConfig| ProviderSettings {
            id: provider.id.clone(),
            display_name: provider.display_name.clone(),
            issuer: provider.issuer.clone(),
            client_id: provider.client_id.clone(),
            client_secret: provider.client_secret.clone(),
            scopes: match provider.scopes.as_slice() {
                [] => "openid email".to_owned(),
                scopes => {
                    let others = scopes.iter().filter(|scope| *scope != "openid");
                    others.fold("openid".to_owned(), |all, scope| format!("{all} {scope}"))
                }
            },
        };
        self.oidc_providers.iter().map(settings).collect()
    }
}

impl Section for OidcConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        let ids: BTreeSet<&str> = self.oidc_providers.iter().map(|provider| provider.id.as_str()).collect();
        let wrong = self.oidc_providers.iter().find(|provider| !provider.is_right());
        let value = if let Some(provider) = wrong {
            format!("something else (the provider {:?})", provider.id)
        } else if ids.len() < self.oidc_providers.len() || ids.len() > MAX_PROVIDERS {
            format!("a list of {}", self.oidc_providers.len())
        } else {
            return Ok(());
        };
        let bound = format!(
            "at most {MAX_PROVIDERS} providers, each with an id of its own (a-z, 0-9 and hyphens), display_name, issuer (https) and client_id"
        );
        Err(OutOfRange { key: "oidc_providers", value, bound })
    }
}
