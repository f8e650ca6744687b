//! Verifying signatures of others: JSON Web Signatures (RFC 7515) in their compact form, with keys from a JSON Web Key Set (RFC 7517).
//! RS256 and ES256 alone, which every issuer has; the token never chooses what its key is used for.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

/// Keys of a set, at most: further ones are not looked at.
const MAX_KEYS: usize = 50;

/// Bytes of a coordinate on the curve P-256.
const COORDINATE_BYTES: usize = 32;

/// Why a token is not verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// It is no token, or has extensions that must be understood.
    #[error("it is no signed token")]
    Malformed,
    /// It is signed in another way, or not at all.
    #[error("it is signed by an algorithm other than RS256 and ES256")]
    Algorithm,
    /// No key of the set has the id that it names.
    #[error("the key that it names is not in the set")]
    UnknownKey,
    /// The signature is wrong.
    #[error("its signature is wrong")]
    Signature,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Rs256,
    Es256,
}

/// The keys of an issuer.
#[derive(Clone, Debug, Default)]
pub struct KeySet(Vec<Key>);

#[derive(Clone, Debug)]
struct Key {
    id: Option<String>,
    public: PublicKey,
}

#[derive(Clone, Debug)]
enum PublicKey {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// The point in its uncompressed form (SEC 1, 2.3.3).
    P256(Vec<u8>),
}

#[derive(Deserialize)]
struct StoredSet {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct StoredKey {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn coordinate(text: &str) -> Option<Vec<u8>> {
    decoded(text).filter(|bytes| bytes.len() == COORDINATE_BYTES)
}

impl StoredKey {
    /// The key, if it is one that signs in a way that is known here.
    fn read(self) -> Option<Key> {
        let algorithm = match self.kty.as_str() {
            "RSA" => "RS256",
            "EC" if self.crv.as_deref() == Some("P-256") => "ES256",
            _ => return None,
        };
        let is_fit = self.usage.is_none_or(|usage| usage == "sig") && self.alg.is_none_or(|alg| alg == algorithm);
        let public = if algorithm == "RS256" {
            PublicKey::Rsa { n: decoded(&self.n?)?, e: decoded(&self.e?)? }
        } else {
            PublicKey::P256([vec![4], coordinate(&self.x?)?, coordinate(&self.y?)?].concat())
        };
        is_fit.then_some(Key { id: self.kid, public })
    }
}

impl Key {
    fn algorithm(&self) -> Algorithm {
        match self.public {
            PublicKey::Rsa { .. } => Algorithm::Rs256,
            PublicKey::P256(_) => Algorithm::Es256,
        }
    }

    fn verifies(&self, message: &[u8], signed: &[u8]) -> bool {
        match &self.public {
            PublicKey::Rsa { n, e } => {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signed).is_ok()
            }
            PublicKey::P256(point) => {
                let key = UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point);
                key.verify(message, signed).is_ok()
            }
        }
    }
}

impl KeySet {
    /// The keys of a set that can be used here; those of other kinds are passed over. `None` where it is no set.
    #[must_use]
    pub fn parse(json: &[u8]) -> Option<Self> {
        let set: StoredSet = serde_json::from_slice(json).ok()?;
        let keys = set.keys.into_iter().take(MAX_KEYS);
        Some(Self(keys.filter_map(|key| serde_json::from_value::<StoredKey>(key).ok()?.read()).collect()))
    }

    /// Verifies a token. Returns its payload.
    ///
    /// # Errors
    /// [`JwsError`].
    pub fn verify(&self, token: &str) -> Result<Vec<u8>, JwsError> {
        let (message, signed) = token.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(JwsError::Malformed)?;
        let header = decoded(header).ok_or(JwsError::Malformed)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| JwsError::Malformed)?;
        let (payload, signed) = decoded(payload).zip(decoded(signed)).ok_or(JwsError::Malformed)?;
        if header.crit.is_some() {
            return Err(JwsError::Malformed);
        }
        let algorithm = match header.alg.as_str() {
            "RS256" => Algorithm::Rs256,
            "ES256" => Algorithm::Es256,
            _ => return Err(JwsError::Algorithm),
        };
        let is_named = |key: &&Key| header.kid.is_none() || key.id == header.kid;
        let mut keys = self.0.iter().filter(is_named).filter(|key| key.algorithm() == algorithm).peekable();
        if keys.peek().is_none() {
            return Err(JwsError::UnknownKey);
        }
        if keys.any(|key| key.verifies(message.as_bytes(), &signed)) { Ok(payload) } else { Err(JwsError::Signature) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendices A.2 and A.3.
    const PAYLOAD: &str =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const RSA: &str = r#"{"kty":"RSA","kid":"one","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#;
    const RSA_SIGNED: &str = "eyJhbGciOiJSUzI1NiJ9.{}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    const EC: &str = r#"{"kty":"EC","crv":"P-256","kid":"two","use":"sig","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    const EC_SIGNED: &str = "eyJhbGciOiJFUzI1NiJ9.{}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn set(keys: &[&str]) -> KeySet {
        KeySet::parse(format!("{{\"keys\":[{}]}}", keys.join(",")).as_bytes()).unwrap()
    }

    fn token(signed: &str) -> String {
        signed.replace("{}", PAYLOAD)
    }

    /// A token whose header is that, with a signature that is none of its.
    fn headed(header: &str) -> String {
        let (_, signed) = EC_SIGNED.rsplit_once('.').unwrap();
        format!("{}.{PAYLOAD}.{signed}", URL_SAFE_NO_PAD.encode(header))
    }

    #[test]
    fn tokens_of_the_rfc_are_verified() {
        let both = set(&[EC, RSA]);
        for signed in [RSA_SIGNED, EC_SIGNED] {
            assert_eq!(both.verify(&token(signed)), Ok(decoded(PAYLOAD).unwrap()));
        }
    }

    #[test]
    fn what_is_not_signed_by_a_key_of_the_set_is_refused() {
        let both = set(&[EC, RSA]);
        let other = PAYLOAD.replacen("eyJ", "eyK", 1);
        for signed in [RSA_SIGNED, EC_SIGNED] {
            assert_eq!(both.verify(&signed.replace("{}", &other)), Err(JwsError::Signature));
            assert_eq!(set(&[]).verify(&token(signed)), Err(JwsError::UnknownKey));
        }
        assert_eq!(set(&[RSA]).verify(&token(EC_SIGNED)), Err(JwsError::UnknownKey), "a key of another kind");
        for (header, error) in [
            (r#"{"alg":"none"}"#, JwsError::Algorithm),
            (r#"{"alg":"None"}"#, JwsError::Algorithm),
            (r#"{"alg":"HS256"}"#, JwsError::Algorithm),
            (r#"{"alg":"PS256"}"#, JwsError::Algorithm),
            (r#"{"alg":"ES256","kid":"three"}"#, JwsError::UnknownKey),
            (r#"{"alg":"RS256","kid":"two"}"#, JwsError::UnknownKey),
            (r#"{"alg":"ES256","kid":"two"}"#, JwsError::Signature),
            (r#"{"alg":"ES256","crit":["b64"],"b64":false}"#, JwsError::Malformed),
            (r#"{"alg":7}"#, JwsError::Malformed),
        ] {
            assert_eq!(both.verify(&headed(header)), Err(error), "{header}");
        }
        let unsigned = format!("{}.{PAYLOAD}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
        for token in
            ["", ".", "..", "a.b", "a.b.c", "a.b.c.d", PAYLOAD, &unsigned, &token(EC_SIGNED).replace('.', "..")]
        {
            assert!(both.verify(token).is_err(), "{token}");
        }
    }

    #[test]
    fn keys_of_other_kinds_and_for_other_uses_are_passed_over() {
        let encrypting = EC.replace("\"sig\"", "\"enc\"");
        let other_algorithm = RSA.replace("\"kid\"", "\"alg\":\"RS512\",\"kid\"");
        let short = EC.replace("f83O", "f8");
        let odd =
            [r#"{"kty":"oct","k":"AQAB"}"#, r#"{"kty":"OKP","crv":"Ed25519","x":"AQAB"}"#, "7", r#"{"kty":"RSA"}"#];
        let keys: Vec<&str> = odd.into_iter().chain([encrypting.as_str(), &other_algorithm, &short]).collect();
        assert_eq!(set(&keys).0.len(), 0);
        assert!(KeySet::parse(b"{}").is_none() && KeySet::parse(b"[]").is_none());
    }
}
