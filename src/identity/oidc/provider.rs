//! One provider: what it says of itself, its keys, and the exchange of a code for what it says of a person.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::sync::Mutex;
use url::{Url, form_urlencoded::Serializer};

use super::{
    id_token::{self, Expected, Person},
    model::{OidcError, ProviderSettings, is_safe},
    pending::Pending,
};
use crate::platform::{
    clock,
    jws::{JwsError, KeySet},
    outbound::{Answer, Host, HostSettings, Outbound, OutboundError},
    secret::Secret,
};

/// How long what a provider says of itself is taken for true.
const KNOWN_FOR: Duration = Duration::from_hours(1);

/// How long it is when the provider can't be asked.
const KNOWN_WITHOUT_ASKING: Duration = Duration::from_hours(24);

/// The keys are asked for again because of an unknown one after this time, at the earliest.
const KEYS_EVERY: Duration = Duration::from_mins(1);

/// Requests a minute to one endpoint, at most.
const PER_MINUTE: u32 = 600;

/// Bytes of an answer, at most.
const MAX_BYTES: usize = 256 * 1024;

/// How long a provider may take for one answer.
const DEADLINE: Duration = Duration::from_secs(20);

/// A provider to sign in with.
#[derive(Debug)]
pub struct Provider {
    /// How it is set up.
    pub settings: ProviderSettings,
    /// Where it sends browsers back to.
    redirect_uri: String,
    outbound: Outbound,
    known: Mutex<Option<Arc<Known>>>,
}

/// What a provider says of itself.
#[derive(Clone, Debug)]
struct Known {
    authorization: Url,
    token: Endpoint,
    jwks: Endpoint,
    user_info: Option<Endpoint>,
    /// Whether the secret goes into the form rather than into a header.
    secret_in_form: bool,
    keys: KeySet,
    read_at_ms: i64,
    /// When the keys were asked for because of an unknown one.
    keys_at_ms: i64,
}

/// Where something is asked for.
#[derive(Clone, Debug)]
struct Endpoint {
    host: Host,
    target: String,
}

/// `OpenID` Connect Discovery 1.0, 3.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

fn read<T: DeserializeOwned>(answer: &Answer, what: &str) -> Result<T, OidcError> {
    if answer.status != 200 {
        return Err(OidcError::invalid(format!("{what}: it answered {}", answer.status)));
    }
    serde_json::from_slice(&answer.body).map_err(|_| OidcError::invalid(format!("{what} can't be read")))
}

fn percent_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

impl Provider {
    /// A provider of the server at that URL.
    #[must_use]
    pub fn new(settings: ProviderSettings, server: &str, outbound: Outbound) -> Self {
        let redirect_uri = format!("{server}/v1/account/oidc/{}/callback", settings.id);
        Self { settings, redirect_uri, outbound, known: Mutex::new(None) }
    }

    /// The address at which the provider asks a person whether they agree.
    ///
    /// # Errors
    /// [`OidcError::Failed`].
    pub async fn authorization_url(&self, pending: &Pending) -> Result<String, OidcError> {
        let challenge = {
            use base64::engine::general_purpose::URL_SAFE_NO_PAD;
            URL_SAFE_NO_PAD.encode(crate::platform::token::digest(&pending.verifier))
        };
        let mut url = self.known().await?.authorization.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &self.settings.scopes)
            .append_pair("state", &pending.state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Exchanges a code for what the provider says of the person.
    ///
    /// # Errors
    /// [`OidcError::Failed`].
    pub async fn person(&self, code: &Secret, pending: &Pending) -> Result<Person, OidcError> {
        let known = self.known().await?;
        let tokens = self.exchange(&known, code, pending).await?;
        let payload = match known.keys.verify(&tokens.id_token) {
            // It may have changed its keys.
            Err(JwsError::UnknownKey) => self.with_new_keys().await?.keys.verify(&tokens.id_token),
            verified => verified,
        };
        let payload = payload.map_err(|error| OidcError::invalid(format!("the token: {error}")))?;
        let ProviderSettings { issuer, client_id, .. } = &self.settings;
        let now_secs = std::time::Duration::from_millis(u64::try_from(clock::now_ms()).unwrap_or_default());
        let expected = Expected { issuer, client_id, nonce: &pending.nonce, now_secs: now_secs.as_secs_f64() };
        let person = id_token::read(&payload, &expected)?;
        match (&person.email, &known.user_info, tokens.access_token) {
            (None, Some(endpoint), Some(token)) => {
                let authorization = Secret::new(format!("Bearer {token}"));
                let answer = endpoint.host.get_authorized(&endpoint.target, authorization).await?;
                person.with(read(&answer, "the user info")?)
            }
            _ => Ok(person),
        }
    }

    async fn exchange(&self, known: &Known, code: &Secret, pending: &Pending) -> Result<Tokens, OidcError> {
        let ProviderSettings { client_id, client_secret, .. } = &self.settings;
        let in_header = !client_secret.is_empty() && !known.secret_in_form;
        // RFC 6749, 2.3.1.
        let pair = || format!("{}:{}", percent_encoded(client_id), percent_encoded(client_secret.expose()));
        let authorization = in_header.then(|| Secret::new(format!("Basic {}", STANDARD.encode(pair()))));
        let form = self.exchange_form(code, pending, in_header);
        read(&known.token.host.post_form(&known.token.target, form, authorization).await?, "the exchange of the code")
    }

    fn exchange_form(&self, code: &Secret, pending: &Pending, is_secret_in_header: bool) -> Secret {
        let ProviderSettings { client_id, client_secret, .. } = &self.settings;
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code.expose())
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("code_verifier", &pending.verifier);
        if !is_secret_in_header {
            form.append_pair("client_id", client_id);
            if !client_secret.is_empty() {
                form.append_pair("client_secret", client_secret.expose());
            }
        }
        Secret::new(form.finish())
    }

    /// What the provider says of itself, asked for where that is too long ago.
    async fn known(&self) -> Result<Arc<Known>, OidcError> {
        // Who comes meanwhile waits for the same answer.
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| known.read_at_ms > clock::ms_ago(KNOWN_FOR)) {
            return Ok(Arc::clone(known));
        }
        match self.discover().await {
            Ok(found) => Ok(Arc::clone(known.insert(Arc::new(found)))),
            Err(error) => {
                let kept = known.as_ref().filter(|known| known.read_at_ms > clock::ms_ago(KNOWN_WITHOUT_ASKING));
                tracing::warn!(provider = self.settings.id, %error, "a provider to sign in with can't be asked");
                kept.map(Arc::clone).ok_or(error)
            }
        }
    }

    /// The same with the keys of this moment.
    async fn with_new_keys(&self) -> Result<Arc<Known>, OidcError> {
        let mut known = self.known.lock().await;
        let Some(present) = known.as_ref() else { return Err(OidcError::invalid("its keys are not known")) };
        if present.keys_at_ms > clock::ms_ago(KEYS_EVERY) {
            return Ok(Arc::clone(present));
        }
        let keys = read_keys(&present.jwks).await?;
        let renewed = Known { keys, keys_at_ms: clock::now_ms(), ..(**present).clone() };
        Ok(Arc::clone(known.insert(Arc::new(renewed))))
    }

    async fn discover(&self) -> Result<Known, OidcError> {
        let ProviderSettings { issuer, .. } = &self.settings;
        let document = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document = self.endpoint(&document)?;
        let metadata: Metadata = read(&document.host.get(&document.target).await?, "what it says of itself")?;
        if metadata.issuer != *issuer {
            return Err(OidcError::invalid(format!("it says that its issuer is {:?}", metadata.issuer)));
        }
        let jwks = self.endpoint(&metadata.jwks_uri)?;
        let methods = metadata.token_endpoint_auth_methods_supported;
        let has = |methods: &[String], name| methods.iter().any(|method| method == name);
        let secret_in_form =
            methods.is_some_and(|methods| !has(&methods, "client_secret_basic") && has(&methods, "client_secret_post"));
        let keys = read_keys(&jwks).await?;
        Ok(Known {
            authorization: self.url(&metadata.authorization_endpoint)?,
            token: self.endpoint(&metadata.token_endpoint)?,
            jwks,
            user_info: metadata.userinfo_endpoint.map(|url| self.endpoint(&url)).transpose()?,
            secret_in_form,
            keys,
            read_at_ms: clock::now_ms(),
            keys_at_ms: 0,
        })
    }

    fn url(&self, text: &str) -> Result<Url, OidcError> {
        let url = Url::parse(text).ok().filter(is_safe);
        // Over https nothing of it goes over http.
        let url = url.filter(|url| url.scheme() == "https" || self.settings.issuer.starts_with("http:"));
        url.ok_or_else(|| OidcError::invalid(format!("{text:?} is no https address")))
    }

    fn endpoint(&self, text: &str) -> Result<Endpoint, OidcError> {
        let url = self.url(text)?;
        let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let settings = HostSettings {
            name: "oidc",
            base: url.origin().ascii_serialization(),
            deadline: DEADLINE,
            per_minute: PER_MINUTE,
            max_bytes: MAX_BYTES,
        };
        Ok(Endpoint { host: self.outbound.host(settings)?, target })
    }
}

async fn read_keys(endpoint: &Endpoint) -> Result<KeySet, OidcError> {
    let answer = endpoint.host.get(&endpoint.target).await?;
    if answer.status != 200 {
        return Err(OutboundError::Unwell(answer.status, clock::now_ms()).into());
    }
    KeySet::parse(&answer.body).ok_or_else(|| OidcError::invalid("its keys can't be read"))
}
