//! Services that judge people by a widget of theirs: reCAPTCHA, hCaptcha and Turnstile verify their tokens in the same form.

use std::{net::IpAddr, time::Duration};

use serde::Deserialize;
use url::{Url, form_urlencoded::Serializer};

use crate::platform::{
    outbound::{Host, HostSettings, Outbound, OutboundError},
    secret::Secret,
};

/// How long a service may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// Requests a minute to it, at most.
const PER_MINUTE: u32 = 6_000;

/// Bytes of an answer, at most.
const MAX_BYTES: usize = 16 * 1024;

/// What a score must be, where the service gives one instead of a verdict (reCAPTCHA v3).
const LEAST_SCORE: f64 = 0.5;

/// A service, as the operator has set it up.
#[derive(Clone, Debug)]
pub struct WidgetSettings {
    /// The name of this server there, which pages need.
    pub site_key: String,
    /// The secret of this server there.
    pub secret: Secret,
    /// Where tokens are verified.
    pub url: String,
    /// The host of this server's pages.
    pub host: Option<String>,
}

/// Verifies tokens.
#[derive(Clone, Debug)]
pub struct Widget {
    settings: WidgetSettings,
    host: Host,
    target: String,
}

#[derive(Deserialize)]
struct Verdict {
    success: bool,
    hostname: Option<String>,
    score: Option<f64>,
}

impl Widget {
    /// A service.
    ///
    /// # Errors
    /// [`OutboundError::Url`].
    pub fn new(settings: WidgetSettings, outbound: &Outbound) -> Result<Self, OutboundError> {
        let url = Url::parse(&settings.url).map_err(|_| OutboundError::Url(settings.url.clone()))?;
        let host = HostSettings {
            name: "bot_check",
            base: url.origin().ascii_serialization(),
            deadline: DEADLINE,
            per_minute: PER_MINUTE,
            max_bytes: MAX_BYTES,
        };
        Ok(Self { settings, host: outbound.host(host)?, target: url.path().to_owned() })
    }

    /// The name of this server there.
    #[must_use]
    pub fn site_key(&self) -> &str {
        &self.settings.site_key
    }

    /// Whether the service says that a token is a person's, of this server, at that address.
    ///
    /// # Errors
    /// It can't be asked.
    pub async fn verify(&self, token: &str, from: IpAddr) -> Result<bool, OutboundError> {
        let form = Serializer::new(String::new())
            .append_pair("secret", self.settings.secret.expose())
            .append_pair("response", token)
            .append_pair("remoteip", &from.to_string())
            .finish();
        let answer = self.host.post_form(&self.target, Secret::new(form), None).await?;
        let Ok(verdict) = serde_json::from_slice::<Verdict>(&answer.body) else {
            return Err(OutboundError::Connection("its answer can't be read".to_owned()));
        };
        // A token of another page would do for all of them.
        let is_ours = match (&verdict.hostname, &self.settings.host) {
            (Some(hostname), Some(host)) => hostname == host,
            _ => true,
        };
        Ok(verdict.success && is_ours && verdict.score.is_none_or(|score| score >= LEAST_SCORE))
    }
}
