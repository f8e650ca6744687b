//! The errors of players.

use std::{sync::Arc, time::Duration};

use super::MAX_LEGACY_NAMES;
use crate::{
    identity::{accounts::AccountError, studios::StudioError},
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
        token::NoRandomness,
    },
};

/// Why a use case of players failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PlayerError {
    /// The body can't be parsed.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Members of the body are not valid.
    #[error("The request is not valid.")]
    Invalid(Vec<Fault>),
    /// Too many players were minted for the network; the time until more may be.
    #[error("Too many new players come from this network.")]
    TooManyPlayers(Duration),
    /// The idempotency key was used for another request, or the tokens that it gave were used already.
    #[error("This Idempotency-Key was used for another request, or its tokens have been used since.")]
    KeyReused,
    /// The refresh token is unknown, expired or revoked.
    #[error("The refresh token is not valid: it is not of this game, has expired, or its family was revoked.")]
    RefreshTokenInvalid,
    /// The refresh token was used before.
    #[error(
        "The refresh token was used before: somebody else has it too. All tokens that followed from it are revoked."
    )]
    RefreshTokenReused,
    /// The player created too many link codes; the time until more may be created.
    #[error("Too many codes were asked for.")]
    TooManyLinkCodes(Duration),
    /// The link code is unknown, used or expired.
    #[error("This code is not valid: it was never shown, was used, or has expired. Ask for another in the game.")]
    LinkCodeInvalid,
    /// The player belongs to another account.
    #[error("This player belongs to another account.")]
    LinkedToAnotherAccount,
    /// The account has the maximum number of players.
    #[error("An account has at most {0} players.")]
    TooManyLinks(u64),
    /// Accounts refused, or failed.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The player does not exist, or not any more.
    #[error("There is no such player.")]
    NotFound,
    /// A moderator has locked the player's display name.
    #[error("A moderator has removed this player's display name, and the player can't set another.")]
    NameLocked,
    /// The player may have no display name now.
    #[error("{detail}")]
    NameRefused {
        /// The error code.
        code: &'static str,
        /// Why, in words.
        detail: String,
    },
    /// The legacy name is bound to another player.
    #[error("This name is another player's.")]
    LegacyNameTaken,
    /// The player has the maximum number of legacy names.
    #[error("This player has {MAX_LEGACY_NAMES} names, and may have no more.")]
    TooManyLegacyNames,
    /// Writing to the studio's audit log failed.
    #[error(transparent)]
    Studio(#[from] StudioError),
    /// The database failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// The system gives no random bytes.
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
            Self::TooManyPlayers(_) => (Kind::TooMany, "too_many_players"),
            Self::KeyReused => (Kind::Invalid, "idempotency_key_reused"),
            Self::RefreshTokenInvalid => (Kind::Unauthenticated, "refresh_token_invalid"),
            Self::RefreshTokenReused => (Kind::Unauthenticated, "refresh_token_reused"),
            Self::TooManyLinkCodes(_) => (Kind::TooMany, "too_many_codes"),
            Self::LinkCodeInvalid => (Kind::Invalid, "code_not_valid"),
            Self::LinkedToAnotherAccount => (Kind::Conflict, "player_linked"),
            Self::TooManyLinks(_) => (Kind::Conflict, "too_many_players"),
            Self::Account(error) => error.kind(),
            Self::NotFound => (Kind::NotFound, "player_not_found"),
            Self::NameLocked => (Kind::Forbidden, "name_locked"),
            Self::NameRefused { code, .. } => (Kind::Forbidden, *code),
            Self::LegacyNameTaken => (Kind::Conflict, "seed_name_taken"),
            Self::TooManyLegacyNames => (Kind::Conflict, "too_many_seed_names"),
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
            Self::TooManyPlayers(wait) => Some(("new-players", *wait)),
            Self::TooManyLinkCodes(wait) => Some(("link-codes", *wait)),
            _ => None,
        }
    }
}
