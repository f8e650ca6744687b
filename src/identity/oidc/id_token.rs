//! What an issuer says of a person, and whether it is said to this server, for this request, now (`OpenID` Connect Core 1.0, 3.1.3.7).

use serde::Deserialize;

use super::model::OidcError;

/// Seconds by which clocks may differ.
const LEEWAY_SECS: f64 = 60.0;

/// Bytes of a subject, at most (`OpenID` Connect Core 1.0, 2).
const MAX_SUBJECT: usize = 255;

/// What a token is to be.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// The name of this server there.
    pub client_id: &'a str,
    /// The nonce of the request.
    pub nonce: &'a str,
    /// The present time, in seconds since the Unix epoch.
    pub now_secs: f64,
}

/// What an issuer says of a person.
#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    /// Who it is, for this issuer.
    pub sub: String,
    /// The email address.
    pub email: Option<String>,
    email_verified: Option<Flag>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: Option<f64>,
    nbf: Option<f64>,
    nonce: Option<String>,
    #[serde(flatten)]
    person: Person,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// A truth value, which some issuers write as text.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Text(String),
}

impl Person {
    /// Whether the issuer says that the address is theirs.
    #[must_use]
    pub fn is_email_verified(&self) -> bool {
        match &self.email_verified {
            Some(Flag::Bool(verified)) => *verified,
            Some(Flag::Text(text)) => text == "true",
            None => false,
        }
    }

    /// With what the issuer says elsewhere of the same person.
    ///
    /// # Errors
    /// It is of another person.
    pub fn with(self, more: Self) -> Result<Self, OidcError> {
        if more.sub == self.sub { Ok(more) } else { Err(OidcError::invalid("the user info is of somebody else")) }
    }
}

impl Audience {
    fn is_for(&self, client: &str, party: Option<&str>) -> bool {
        match self {
            Self::One(one) => one == client && party.is_none_or(|party| party == client),
            // With several, it must say which one asked.
            Self::Many(many) => {
                let asked = if many.len() == 1 { party.unwrap_or(client) } else { party.unwrap_or_default() };
                many.iter().any(|one| one == client) && asked == client
            }
        }
    }
}

/// Reads what a token says, whose signature is right.
///
/// # Errors
/// It is not for this request.
pub fn read(payload: &[u8], expected: &Expected<'_>) -> Result<Person, OidcError> {
    let claims: Claims = serde_json::from_slice(payload).map_err(|_| OidcError::invalid("the token lacks claims"))?;
    let Expected { issuer, client_id, nonce, now_secs } = *expected;
    let wrong = if claims.iss != issuer {
        "the token is of another issuer"
    } else if !claims.aud.is_for(client_id, claims.azp.as_deref()) {
        "the token is for another client"
    } else if claims.exp <= now_secs - LEEWAY_SECS {
        "the token has expired"
    } else if claims.iat.is_some_and(|iat| iat > now_secs + LEEWAY_SECS)
        || claims.nbf.is_some_and(|nbf| nbf > now_secs + LEEWAY_SECS)
    {
        "the token is of a time to come"
    } else if claims.nonce.as_deref() != Some(nonce) {
        "the token is for another request"
    } else if claims.person.sub.is_empty() || claims.person.sub.len() > MAX_SUBJECT {
        "the token says of nobody"
    } else {
        return Ok(claims.person);
    };
    Err(OidcError::invalid(wrong))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const EXPECTED: Expected<'_> =
        Expected { issuer: "https://i.example", client_id: "us", nonce: "n", now_secs: 1_000_000.0 };

    fn claims() -> Value {
        json!({
            "iss": "https://i.example", "sub": "7", "aud": "us", "exp": 1_000_060, "iat": 1_000_000, "nonce": "n",
            "email": "ann@example.org", "email_verified": true,
        })
    }

    fn outcome(changes: &Value) -> Result<Person, String> {
        let mut claims = claims();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        read(claims.to_string().as_bytes(), &EXPECTED).map_err(|error| error.to_string())
    }

    #[test]
    fn a_token_for_this_request_is_read() {
        for same in [
            json!({}),
            json!({"aud": ["us"]}),
            json!({"aud": ["us", "them"], "azp": "us"}),
            json!({"azp": "us"}),
            json!({"exp": 999_950.5}),
            json!({"email_verified": "true"}),
        ] {
            let person = outcome(&same).unwrap();
            assert_eq!((person.sub.as_str(), person.is_email_verified()), ("7", true), "{same}");
        }
        for unverified in [json!(false), json!("false"), json!("yes"), Value::Null] {
            assert!(!outcome(&json!({"email_verified": unverified})).unwrap().is_email_verified());
        }
    }

    #[test]
    fn a_token_for_anything_else_is_refused() {
        for (change, why) in [
            (json!({"iss": "https://i.example/"}), "another issuer"),
            (json!({"aud": "them"}), "another client"),
            (json!({"aud": []}), "another client"),
            (json!({"aud": ["us", "them"]}), "another client"),
            (json!({"aud": ["us", "them"], "azp": "them"}), "another client"),
            (json!({"azp": "them"}), "another client"),
            (json!({"exp": 999_940}), "expired"),
            (json!({"exp": "soon"}), "lacks claims"),
            (json!({"iat": 1_000_061}), "to come"),
            (json!({"nbf": 1_000_061}), "to come"),
            (json!({"nonce": "m"}), "another request"),
            (json!({"nonce": null}), "another request"),
            (json!({"sub": ""}), "of nobody"),
            (json!({"sub": "s".repeat(256)}), "of nobody"),
            (json!({"sub": 7}), "lacks claims"),
        ] {
            let refused = outcome(&change).unwrap_err();
            assert!(refused.contains(why), "{change}: {refused}");
        }
        assert!(read(b"[]", &EXPECTED).is_err());
    }

    #[test]
    fn user_info_is_of_the_same_person() {
        let person = |sub: &str| outcome(&json!({"sub": sub})).unwrap();
        assert!(person("7").with(person("7")).is_ok());
        assert!(person("7").with(person("8")).is_err());
    }
}
