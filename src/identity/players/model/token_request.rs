//! Which request asks for tokens. A repeated one is answered with the same refresh token: that is derived again, from a secret
//! of this installation and from what only the client knows, and is stored nowhere.

use std::net::IpAddr;

use uuid::Uuid;

use super::RefreshTokenDigest;
use crate::platform::{
    db::StudioId,
    network::Network,
    secret::Secret,
    signer::{SIGNATURE_BYTES, Signer},
    token::NoRandomness,
};

/// The client that asks for tokens.
#[derive(Clone, Debug)]
pub struct TokenClient {
    /// Its IP address.
    pub address: IpAddr,
    /// Its user agent.
    pub agent: String,
    /// The `Idempotency-Key` of its request.
    pub idempotency_key: Option<String>,
}

/// What a client asks for.
#[derive(Clone, Copy, Debug)]
pub enum TokenPurpose {
    /// To sign in.
    SignIn,
    /// To stay signed in.
    Refresh,
}

/// A request that has an `Idempotency-Key`, as signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestDigest {
    /// Of the key, with the client and the world: strangers who use the same key do not meet.
    pub request: [u8; SIGNATURE_BYTES],
    /// Of what was asked under the key.
    pub content: [u8; SIGNATURE_BYTES],
}

/// A request for tokens.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The client's network and program, as a signature.
    pub client: [u8; SIGNATURE_BYTES],
    /// The request, if it has an `Idempotency-Key`.
    pub digest: Option<RequestDigest>,
    key: Option<Secret>,
}

/// The first half of what is derived from these parts, which is as good as a signature.
fn sign(signer: &Signer, parts: &[&[u8]]) -> [u8; SIGNATURE_BYTES] {
    signer.derive(parts).first_chunk().copied().unwrap_or_default()
}

impl TokenRequest {
    /// The request of a client in a world, for `content`.
    #[must_use]
    pub fn new(
        signer: &Signer,
        (studio, world): (StudioId, i32),
        purpose: TokenPurpose,
        client: TokenClient,
        content: &[&[u8]],
    ) -> Self {
        let purpose: &[u8] = match purpose {
            TokenPurpose::SignIn => b"sign in",
            TokenPurpose::Refresh => b"refresh",
        };
        let TokenClient { address, agent, idempotency_key } = client;
        let network = Network::subscriber(address).to_string();
        let client = sign(signer, &[b"client", network.as_bytes(), agent.as_bytes()]);
        let (studio, world) = (studio.0.to_be_bytes(), world.to_be_bytes());
        let digest = idempotency_key.as_ref().map(|key| RequestDigest {
            request: sign(signer, &[b"request", purpose, &studio, &world, &client, key.as_bytes()]),
            content: sign(signer, &[&[&b"content"[..]], content].concat()),
        });
        Self { client, digest, key: idempotency_key.map(Secret::new) }
    }

    /// The first refresh token of a family: derived from the `Idempotency-Key`, random without one.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn first_token(&self, signer: &Signer, family: Uuid) -> Result<(RefreshTokenDigest, Secret), NoRandomness> {
        match &self.key {
            Some(key) => {
                let parts = [&b"first"[..], key.expose().as_bytes(), family.as_bytes()];
                Ok(RefreshTokenDigest::derived(signer, &parts))
            }
            None => RefreshTokenDigest::generate(),
        }
    }
}

/// The refresh token that follows one in its family.
#[must_use]
pub fn next_token(signer: &Signer, used: &Secret) -> (RefreshTokenDigest, Secret) {
    RefreshTokenDigest::derived(signer, &[b"next", used.expose().as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(agent: &str, key: &str, content: &[&[u8]]) -> TokenRequest {
        let client = TokenClient {
            address: [203, 0, 113, 9].into(),
            agent: agent.to_owned(),
            idempotency_key: Some(key.to_owned()),
        };
        TokenRequest::new(&Signer::new(&[7; 32]), (StudioId(1), 1), TokenPurpose::SignIn, client, content)
    }

    #[test]
    fn a_request_is_the_same_again_and_differs_in_each_of_its_parts() {
        let asked = request("game/1", "k", &[b"a"]);
        assert_eq!(request("game/1", "k", &[b"a"]).digest, asked.digest);
        let asked = asked.digest.unwrap();
        for other in [request("game/2", "k", &[b"a"]), request("game/1", "l", &[b"a"])] {
            assert_ne!(other.digest.unwrap().request, asked.request);
        }
        let other = request("game/1", "k", &[b"b"]).digest.unwrap();
        assert!(other.request == asked.request && other.content != asked.content);
    }

    #[test]
    fn a_token_is_derived_again_by_who_knows_the_key_and_the_secret() {
        let (signer, family) = (Signer::new(&[7; 32]), Uuid::from_u128(1));
        let asked = request("game/1", "k", &[]);
        let first = asked.first_token(&signer, family).unwrap();
        assert_eq!(asked.first_token(&signer, family).unwrap(), first);
        assert_ne!(asked.first_token(&signer, Uuid::from_u128(2)).unwrap(), first);
        assert_ne!(asked.first_token(&Signer::new(&[8; 32]), family).unwrap(), first);
        assert_ne!(request("game/1", "l", &[]).first_token(&signer, family).unwrap(), first);
        let next = next_token(&signer, &first.1);
        assert_eq!(next_token(&signer, &first.1), next);
        assert!(next.1 != first.1 && next_token(&Signer::new(&[8; 32]), &first.1) != next);
        assert!(!format!("{asked:?}").contains("\"k\""));
    }
}
