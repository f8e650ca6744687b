//! Types and pure rules of players, and the feature's error.

mod link;

use std::{sync::Arc, time::Duration};

use uuid::Uuid;

pub use self::link::LinkCode;
use crate::{
    identity::{access::model::Player, accounts::AccountError, studios::StudioError},
    platform::{
        codec::{fields::Unreadable, hex},
        db::StudioId,
        error::{DomainError, Fault, Kind, StoreError},
        secret::Secret,
        signer::{SIGNATURE_BYTES, Signer},
        token::{self, NoRandomness},
    },
};

/// Bytes of a device's id.
const DEVICE_BYTES: std::ops::RangeInclusive<usize> = 16..=128;

/// Bytes of a name under which a seed's client writes.
const SEED_NAME_BYTES: std::ops::RangeInclusive<usize> = 1..=64;

/// Names that one player may have.
pub const SEED_NAMES: usize = 100;

/// What a player's token begins with.
const TOKEN_PREFIX: &str = "pt_";

/// What a refresh token begins with.
const REFRESH_PREFIX: &str = "rt_";

/// The form of a token's inside; raised when that changes.
const TOKEN_FORM: u8 = 1;

/// Bytes of a token's inside: form, studio, world, player, end.
const TOKEN_BYTES: usize = 1 + 4 + 4 + 16 + 8;

/// What is kept of a device's id. Whoever knows a device's id is its player, so it must not be guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device(pub [u8; 32]);

impl Device {
    /// Of that id.
    ///
    /// # Errors
    /// In words: it is too short or too long.
    pub fn parse(raw: &str) -> Result<Self, String> {
        if !DEVICE_BYTES.contains(&raw.len()) {
            let (least, most) = (DEVICE_BYTES.start(), DEVICE_BYTES.end());
            return Err(format!("is {} bytes long; {least} to {most}", raw.len()));
        }
        Ok(Self(token::digest(raw)))
    }
}

/// A name under which a seed's client writes: its `u_uuid`, a claim until it is bound to a player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyName(String);

impl LegacyName {
    /// Of that text.
    ///
    /// # Errors
    /// No client can write under it.
    pub fn parse(raw: &str) -> Result<Self, PlayerError> {
        let wrong = |detail: String| PlayerError::Invalid(vec![Fault::new("u_uuid", detail)]);
        if !SEED_NAME_BYTES.contains(&raw.len()) {
            let (least, most) = (SEED_NAME_BYTES.start(), SEED_NAME_BYTES.end());
            return Err(wrong(format!("is {} bytes long; {least} to {most}", raw.len())));
        }
        if raw.contains('\0') {
            return Err(wrong("has a NUL in it".to_owned()));
        }
        Ok(Self(raw.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A refresh token that was shown: its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refresh(pub [u8; 32]);

impl Refresh {
    /// Of that text, whatever it is: one that was never given out is not found.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(token::digest(text))
    }

    /// A new one, and its text.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn draw() -> Result<(Self, Secret), NoRandomness> {
        let text = format!("{REFRESH_PREFIX}{}", token::draw::<32>()?.expose());
        Ok((Self::of(&text), Secret::new(text)))
    }
}

/// The token of a player, good until then.
#[must_use]
pub fn print_token(player: &Player, expires_at_ms: i64, signer: &Signer) -> Secret {
    let mut inside = Vec::with_capacity(TOKEN_BYTES + SIGNATURE_BYTES);
    inside.push(TOKEN_FORM);
    inside.extend(player.studio.0.to_be_bytes());
    inside.extend(player.world.to_be_bytes());
    inside.extend(player.id.as_bytes());
    inside.extend(expires_at_ms.to_be_bytes());
    let signature = signer.sign(&inside);
    inside.extend(signature);
    Secret::new(format!("{TOKEN_PREFIX}{}", hex::of_bytes(&inside)))
}

/// The player whose token this is, if it is one of ours and good at that time.
#[must_use]
pub fn read_token(text: &str, now_ms: i64, signer: &Signer) -> Option<Player> {
    let bytes = hex::to_bytes(text.strip_prefix(TOKEN_PREFIX)?)?;
    let (inside, signature) = bytes.split_last_chunk::<SIGNATURE_BYTES>()?;
    if inside.len() != TOKEN_BYTES || !signer.verify(inside, signature) {
        return None;
    }
    let (&[form], rest) = inside.split_first_chunk::<1>()?;
    let (studio, rest) = rest.split_first_chunk::<4>()?;
    let (world, rest) = rest.split_first_chunk::<4>()?;
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let (expires, _) = rest.split_first_chunk::<8>()?;
    let (studio, world) = (StudioId(i32::from_be_bytes(*studio)), i32::from_be_bytes(*world));
    let good = form == TOKEN_FORM && now_ms < i64::from_be_bytes(*expires);
    good.then(|| Player { studio, world, id: Uuid::from_bytes(*id) })
}

/// A player who is signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub player: Uuid,
    /// Proves it, for a short time.
    pub token: Secret,
    /// Until then.
    pub expires_at_ms: i64,
    /// Gives the next token, once.
    pub refresh: Secret,
}

/// The deck that a player is shown: taken modulo the number of decks, so that those who ask without naming one are spread
/// evenly. The last bits of a UUID of version 7 are random.
#[must_use]
pub fn deck_of(player: Uuid) -> u16 {
    player.as_bytes().last_chunk().map_or(0, |last| u16::from_be_bytes(*last))
}

/// Why something could not be done with players.
#[derive(Debug, thiserror::Error)]
pub enum PlayerError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Something in the body is wrong.
    #[error("The request is not valid.")]
    Invalid(Vec<Fault>),
    /// Too many players were minted for that network.
    #[error("Too many new players come from this network.")]
    TooMany(Duration),
    /// The refresh token is none that is good.
    #[error("The refresh token is not valid: it is none of this game's, has ended, or its family was revoked.")]
    RefreshInvalid,
    /// The refresh token was used before.
    #[error(
        "The refresh token was used before: somebody else has it too. All tokens that followed from it have ended."
    )]
    RefreshReused,
    /// The player asked for too many codes.
    #[error("Too many codes were asked for.")]
    TooManyCodes(Duration),
    /// The code is none that is good.
    #[error("This code is not valid: it was never shown, was used, or has ended. Ask for another in the game.")]
    CodeNotValid,
    /// The player belongs to another account.
    #[error("This player belongs to another account.")]
    LinkedElsewhere,
    /// The account has as many players as one may.
    #[error("An account has at most {0} players.")]
    TooManyLinks(u64),
    /// Accounts can't do their part.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// There is no such player any more.
    #[error("There is no such player.")]
    Gone,
    /// The name is another player's.
    #[error("This name is another player's.")]
    SeedNameTaken,
    /// The player has as many names as one may have.
    #[error("This player has {SEED_NAMES} names, and may have no more.")]
    TooManySeedNames,
    /// What was done can't be written down.
    #[error(transparent)]
    Studio(#[from] StudioError),
    /// The database.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// The system's random source.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl From<StoreError> for PlayerError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for PlayerError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::TooMany(_) => (Kind::TooMany, "too_many_players"),
            Self::RefreshInvalid => (Kind::Unauthenticated, "refresh_token_invalid"),
            Self::RefreshReused => (Kind::Unauthenticated, "refresh_token_reused"),
            Self::TooManyCodes(_) => (Kind::TooMany, "too_many_codes"),
            Self::CodeNotValid => (Kind::Invalid, "code_not_valid"),
            Self::LinkedElsewhere => (Kind::Conflict, "player_linked"),
            Self::TooManyLinks(_) => (Kind::Conflict, "too_many_players"),
            Self::Account(error) => error.kind(),
            Self::Gone => (Kind::NotFound, "player_not_found"),
            Self::SeedNameTaken => (Kind::Conflict, "seed_name_taken"),
            Self::TooManySeedNames => (Kind::Conflict, "too_many_seed_names"),
            Self::Studio(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
            Self::NoRandomness(_) => (Kind::Internal, "internal"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Account(error) => Some(error),
            Self::Studio(error) => Some(error),
            _ => None,
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn exhausted_limit(&self) -> Option<(&'static str, Duration)> {
        match self {
            Self::TooMany(wait) => Some(("new-players", *wait)),
            Self::TooManyCodes(wait) => Some(("link-codes", *wait)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player() -> Player {
        Player { studio: StudioId(3), world: 7, id: Uuid::from_u128(0x0193_6b2f_4c7e_7a10_b5d2_c3e4_f5a6_0718) }
    }

    #[test]
    fn a_token_is_its_players_until_it_ends() {
        let signer = Signer::new(&[1; 32]);
        let token = print_token(&player(), 1_000, &signer);
        assert_eq!(read_token(token.expose(), 999, &signer), Some(player()));
        assert_eq!(read_token(token.expose(), 1_000, &signer), None);
        assert_eq!(read_token(token.expose(), 0, &Signer::new(&[2; 32])), None);
    }

    #[test]
    fn no_letter_of_a_token_can_be_another() {
        let signer = Signer::new(&[1; 32]);
        let token = print_token(&player(), 1_000, &signer).expose().to_owned();
        for at in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[at] = if other[at] == b'0' { b'1' } else { b'0' };
            assert_eq!(read_token(&String::from_utf8(other).unwrap(), 0, &signer), None, "at {at}");
        }
        for bad in ["", "pt_", "pt_zz", &token[..token.len() - 2], &format!("{token}00"), &token.replace("pt_", "")] {
            assert_eq!(read_token(bad, 0, &signer), None, "{bad:?}");
        }
    }

    #[test]
    fn a_device_has_an_id_that_is_not_guessed() {
        assert!(Device::parse(&"a".repeat(16)).is_ok() && Device::parse(&"a".repeat(128)).is_ok());
        assert!(Device::parse(&"a".repeat(15)).is_err() && Device::parse(&"a".repeat(129)).is_err());
    }
}
