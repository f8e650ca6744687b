//! What comes with requests: parameters of the pages that browsers pass through, and the body that begins a link.

use poem_openapi::{Object, types::Example};

use super::model::{Answered, LocalPath, MAX_PATH, OidcError};
use crate::{
    http::{
        declaration::{Param, Values},
        params::{self, QueryParams, QueryReader, UriReader},
    },
    identity::accounts::PasswordAttempt,
    platform::{
        codec::fields::{BodyReader, Fields},
        secret::Secret,
    },
};

const RETURN_TO: Param = Param {
    name: "return_to",
    about: "The path of this server that the browser is sent to afterwards. Absent: `/journal`.",
    values: Values::Text { max_bytes: MAX_PATH },
    example: "/journal",
};

/// Where a browser goes afterwards.
#[derive(Clone, Debug)]
pub struct ReturnTo(pub Option<LocalPath>);

impl QueryParams for ReturnTo {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        Some(Self(reader.optional(&RETURN_TO, LocalPath::parse)))
    }
}

/// Bytes of what a provider sends a browser back with, at most.
const MAX_ANSWER: usize = 4096;

const fn of_provider(name: &'static str, about: &'static str, example: &'static str) -> Param {
    Param { name, about, values: Values::Text { max_bytes: MAX_ANSWER }, example }
}

const STATE: Param = of_provider("state", "The state of the request.", "6f1d0c7be2a94d5f8b3a7c60e1f2d4a9");
const CODE: Param = of_provider("code", "The code that is exchanged for tokens.", "SplxlOBeZQQYbYS6WxSbIA");
const ISSUER: Param = of_provider("iss", "The issuer (RFC 9207).", "https://accounts.example");
const ERROR: Param = of_provider("error", "Why there is no code.", "access_denied");

/// What a provider sends a browser back with. It may send more, which is passed over.
#[derive(Clone, Debug)]
pub struct CallbackParams(pub Answered);

impl QueryParams for CallbackParams {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let mut text = |param| reader.optional(param, |text| Ok(text.to_owned()));
        let (state, code, issuer, error) = (text(&STATE), text(&CODE), text(&ISSUER), text(&ERROR));
        Some(Self(Answered { state, code: code.map(Secret::new), issuer, error }))
    }
}

/// The identity that is to be linked.
#[derive(Debug, Object)]
#[oai(example, rename = "NewIdentity")]
pub struct LinkRequest {
    /// The provider's id.
    #[oai(validator(max_length = 32))]
    provider: String,
    /// The account's password.
    #[oai(validator(max_length = 128))]
    password: String,
    /// The path of this server that the browser is sent to afterwards. Absent: `/account`.
    #[oai(validator(max_length = 512))]
    return_to: Option<String>,
}

impl Example for LinkRequest {
    fn example() -> Self {
        Self { provider: "google".to_owned(), password: "correct horse battery".to_owned(), return_to: None }
    }
}

impl LinkRequest {
    /// Parses the provider, the password, and where the browser goes afterwards.
    pub fn read(body: &[u8]) -> Result<(String, PasswordAttempt, Option<LocalPath>), OidcError> {
        let mut fields = Fields::read(body)?;
        let provider = fields.text("provider", |text| Ok(text.to_owned()));
        let password = fields.text("password", PasswordAttempt::parse);
        let return_to = fields.optional_text("return_to", LocalPath::parse);
        let read = provider.zip(password).zip(return_to);
        fields.done(read.map(|((provider, password), path)| (provider, password, path))).map_err(OidcError::Invalid)
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[("LinkRequest", |body| LinkRequest::read(body).is_ok())];

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[
    ("ReturnTo", |uri| params::read::<ReturnTo>(uri).is_ok()),
    ("CallbackParams", |uri| params::read::<CallbackParams>(uri).is_ok()),
];
