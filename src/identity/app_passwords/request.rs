//! Request bodies, and the app password of a request.

use base64::{Engine, engine::general_purpose::STANDARD};
use poem::{Request, http::header};
use poem_openapi::{Object, types::Example};

use super::model::{AppPasswordError, MAX_NAME};
use crate::platform::{
    codec::fields::{BodyReader, Fields},
    secret::Secret,
};

/// An app password to make.
#[derive(Debug, Object)]
#[oai(example, rename = "NewAppPassword")]
pub struct AppPasswordRequest {
    /// What you call the program or the device that gets it: 1 to 64 characters. It stands in the history of what it changes.
    #[oai(validator(min_length = 1, max_length = 64))]
    name: String,
}

impl Example for AppPasswordRequest {
    fn example() -> Self {
        Self { name: "Steam Deck".to_owned() }
    }
}

impl AppPasswordRequest {
    /// Reads a body; returns the name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<String, AppPasswordError> {
        let mut fields = Fields::read(body)?;
        let name = fields.text("name", |text| {
            let name = text.trim();
            let is_name = (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
            if is_name {
                return Ok(name.to_owned());
            }
            Err(format!("must have 1 to {MAX_NAME} characters, and no control characters"))
        });
        fields.refuse_others();
        fields.done(name).map_err(AppPasswordError::Invalid)
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[("AppPasswordRequest", |body| AppPasswordRequest::read(body).is_ok())];

/// The password of HTTP Basic; the user name may be any.
#[must_use]
pub fn basic(request: &Request) -> Option<Secret> {
    let (scheme, sent) = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(sent.trim()).ok()?).ok()?;
    text.split_once(':').map(|(_, password)| Secret::new(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_basic_is_found_whatever_the_user_is_called() {
        let sent = |text: &str| {
            let header = format!("basic {}", STANDARD.encode(text));
            basic(&Request::builder().header("authorization", header).finish())
        };
        assert_eq!(sent("ann:secret"), Some(Secret::new("secret")));
        assert_eq!(sent(":a:b"), Some(Secret::new("a:b")));
        assert_eq!(sent("ann"), None);
        assert_eq!(basic(&Request::builder().header("authorization", "Bearer x").finish()), None);
        assert_eq!(basic(&Request::builder().header("authorization", "Basic !").finish()), None);
    }
}
