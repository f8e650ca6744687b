//! The tokens of players: signed and short-lived; and the refresh tokens, of which only digests are stored.

use uuid::Uuid;

use crate::{
    identity::access::Player,
    platform::{
        codec::hex,
        db::StudioId,
        secret::Secret,
        signer::{SIGNATURE_BYTES, Signer},
        token::{self, NoRandomness},
    },
};

/// The prefix of players' tokens.
const TOKEN_PREFIX: &str = "pt_";

/// The prefix of refresh tokens.
const REFRESH_PREFIX: &str = "rt_";

/// The version of a token's payload; raised when its format changes.
const TOKEN_VERSION: u8 = 1;

/// Bytes of a token's payload: version, studio, world, player, expiry.
const PAYLOAD_BYTES: usize = 1 + 4 + 4 + 16 + 8;

/// The digest of a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshTokenDigest(pub [u8; 32]);

impl RefreshTokenDigest {
    /// The digest of any text; one that was never issued is not found in the database.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(token::digest(text))
    }

    /// A new refresh token: its digest and its text.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn generate() -> Result<(Self, Secret), NoRandomness> {
        Ok(Self::of_bytes(&token::bytes::<32>()?))
    }

    /// The refresh token that is derived from these parts, one of which nobody else knows: its digest and its text.
    #[must_use]
    pub fn derived(signer: &Signer, parts: &[&[u8]]) -> (Self, Secret) {
        Self::of_bytes(&signer.derive(parts))
    }

    fn of_bytes(bytes: &[u8; 32]) -> (Self, Secret) {
        let text = format!("{REFRESH_PREFIX}{}", hex::of_bytes(bytes));
        (Self::of(&text), Secret::new(text))
    }
}

/// The token of a player: `pt_` and the payload with its signature in hexadecimal. `expires_at_ms` is Unix time.
#[must_use]
pub fn encode_token(player: &Player, expires_at_ms: i64, signer: &Signer) -> Secret {
    let mut bytes = Vec::with_capacity(PAYLOAD_BYTES + SIGNATURE_BYTES);
    bytes.push(TOKEN_VERSION);
    bytes.extend(player.studio.0.to_be_bytes());
    bytes.extend(player.world.to_be_bytes());
    bytes.extend(player.id.as_bytes());
    bytes.extend(expires_at_ms.to_be_bytes());
    let signature = signer.sign(&bytes);
    bytes.extend(signature);
    Secret::new(format!("{TOKEN_PREFIX}{}", hex::of_bytes(&bytes)))
}

/// The player of a token, if its signature is ours and it has not expired.
#[must_use]
pub fn verify_token(text: &str, now_ms: i64, signer: &Signer) -> Option<Player> {
    let bytes = hex::to_bytes(text.strip_prefix(TOKEN_PREFIX)?)?;
    let (payload, signature) = bytes.split_last_chunk::<SIGNATURE_BYTES>()?;
    if payload.len() != PAYLOAD_BYTES || !signer.verify(payload, signature) {
        return None;
    }
    let (&[version], rest) = payload.split_first_chunk::<1>()?;
    let (studio, rest) = rest.split_first_chunk::<4>()?;
    let (world, rest) = rest.split_first_chunk::<4>()?;
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let (expires_at_ms, _) = rest.split_first_chunk::<8>()?;
    let (studio, world) = (StudioId(i32::from_be_bytes(*studio)), i32::from_be_bytes(*world));
    let is_valid = version == TOKEN_VERSION && now_ms < i64::from_be_bytes(*expires_at_ms);
    is_valid.then(|| Player { studio, world, id: Uuid::from_bytes(*id) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player() -> Player {
        Player { studio: StudioId(3), world: 7, id: Uuid::from_u128(0x0193_6b2f_4c7e_7a10_b5d2_c3e4_f5a6_0718) }
    }

    #[test]
    fn a_token_is_its_players_until_it_expires() {
        let signer = Signer::new(&[1; 32]);
        let token = encode_token(&player(), 1_000, &signer);
        assert_eq!(verify_token(token.expose(), 999, &signer), Some(player()));
        assert_eq!(verify_token(token.expose(), 1_000, &signer), None);
        assert_eq!(verify_token(token.expose(), 0, &Signer::new(&[2; 32])), None);
    }

    #[test]
    fn no_character_of_a_token_can_be_changed() {
        let signer = Signer::new(&[1; 32]);
        let token = encode_token(&player(), 1_000, &signer).expose().to_owned();
        for at in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[at] = if other[at] == b'0' { b'1' } else { b'0' };
            assert_eq!(verify_token(&String::from_utf8(other).unwrap(), 0, &signer), None, "at {at}");
        }
        for bad in ["", "pt_", "pt_zz", &token[..token.len() - 2], &format!("{token}00"), &token.replace("pt_", "")] {
            assert_eq!(verify_token(bad, 0, &signer), None, "{bad:?}");
        }
    }
}
