//! Why something can't be done with challenges.

use std::time::Duration;

use super::{ChallengeWithCards, MAX_GUESTS, MAX_HOSTED, MAX_INVITATIONS, MAX_MOVES, MAX_OPEN, Refused, table::Phase};
use crate::{
    catalogue::titles::TitleError,
    identity::people::PeopleError,
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
        sealing::SealingError,
    },
};

/// Why something can't be done with challenges.
#[derive(Debug, thiserror::Error)]
pub enum ChallengeError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fields or parameters are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such challenge, or not for this person.
    #[error("There is no such challenge, or none that you can see.")]
    NotFound,
    /// There is no such title for everybody.
    #[error("There is no such game, or it awaits approval: guests could not see it.")]
    GameNotFound,
    /// It is for the host to do.
    #[error("Only the host can do this.")]
    HostOnly,
    /// The state does not allow it.
    #[error("This can't be done while the challenge is as it is: {}.", in_words(*.0))]
    NotNow(Phase),
    /// The person is no guest, or not in such a state.
    #[error("{0} is no guest of whom this can be said.")]
    NotThisGuest(String),
    /// One can't be one's own guest.
    #[error("You are the host, and can't be your own guest.")]
    Oneself,
    /// The host and the guest could not see who the other is.
    #[error("The other would not see that it is you: your profile is not visible to them.")]
    ProfileHidden,
    /// The host has not said where they are, nor where the gathering is.
    #[error("Say where it is (place), or where you are (/api/people/place).")]
    PlaceNeeded,
    /// It was changed since it was read.
    #[error("It was changed meanwhile; what it is now is in current.")]
    Stale(Box<ChallengeWithCards>),
    /// The host has as many challenges as one may.
    #[error("You may have {MAX_OPEN} open challenges, and {MAX_HOSTED} in all.")]
    TooManyChallenges,
    /// It has as many guests as one may.
    #[error("A challenge has at most {MAX_GUESTS} guests, those who declined included.")]
    TooManyGuests,
    /// It was moved as often as one may.
    #[error("There were {MAX_MOVES} moves: one can only decline, and end it.")]
    TooManyMoves,
    /// The host has sent as many invitations on this day as one may.
    #[error("You may send {MAX_INVITATIONS} invitations a day.")]
    TooManyInvitations(Duration),
    /// More places are taken than there would be.
    #[error("More guests come than there would be places: remove some first.")]
    PlacesTaken,
    /// There is no key for addresses.
    #[error("This server has no secret key yet, without which it keeps no addresses. Those who run it can make one.")]
    SecretKeyMissing,
    /// Sealing or opening an address failed.
    #[error("sealing an address failed: {0}")]
    Sealing(SealingError),
    /// The titles.
    #[error(transparent)]
    Titles(#[from] TitleError),
    /// The people.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn in_words(phase: Phase) -> &'static str {
    match phase {
        Phase::Pending => "nobody has accepted yet",
        Phase::Accepted => "it has not begun",
        Phase::Declined => "all have declined",
        Phase::Begun => "it has begun",
        Phase::Cancelled => "it was called off",
        Phase::Expired => "its time has come, and nobody had accepted",
        Phase::Completed => "it has taken place",
    }
}

impl From<SealingError> for ChallengeError {
    fn from(error: SealingError) -> Self {
        match error {
            SealingError::KeyMissing => Self::SecretKeyMissing,
            other => Self::Sealing(other),
        }
    }
}

impl ChallengeError {
    /// A move that is not made, about a guest of that username.
    #[must_use]
    pub fn refused(refused: Refused, guest: &str) -> Self {
        match refused {
            Refused::NotNow(phase) => Self::NotNow(phase),
            Refused::NotThisGuest => Self::NotThisGuest(guest.to_owned()),
            Refused::TooManyGuests => Self::TooManyGuests,
            Refused::PlacesTaken => Self::PlacesTaken,
        }
    }
}

impl DomainError for ChallengeError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotFound => (Kind::NotFound, "challenge_not_found"),
            Self::GameNotFound => (Kind::NotFound, "game_not_found"),
            Self::HostOnly => (Kind::Forbidden, "host_only"),
            Self::NotNow(_) => (Kind::Conflict, "not_now"),
            Self::NotThisGuest(_) => (Kind::Conflict, "not_this_guest"),
            Self::Oneself => (Kind::Conflict, "oneself"),
            Self::ProfileHidden => (Kind::Forbidden, "profile_hidden"),
            Self::PlaceNeeded => (Kind::Conflict, "place_needed"),
            Self::Stale(_) => (Kind::PreconditionFailed, "stale"),
            Self::TooManyChallenges => (Kind::Conflict, "too_many_challenges"),
            Self::TooManyGuests => (Kind::Conflict, "too_many_guests"),
            Self::TooManyMoves => (Kind::Conflict, "too_many_moves"),
            Self::TooManyInvitations(_) => (Kind::TooMany, "too_many_invitations"),
            Self::PlacesTaken => (Kind::Conflict, "places_taken"),
            Self::SecretKeyMissing => (Kind::Unavailable, "sealing_key_missing"),
            Self::Sealing(_) => (Kind::Internal, "internal"),
            Self::Titles(error) => error.kind(),
            Self::People(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Titles(error) => Some(error),
            Self::People(error) => Some(error),
            _ => None,
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn exhausted_limit(&self) -> Option<(&'static str, Duration)> {
        if let Self::TooManyInvitations(wait) = self { Some(("invitations", *wait)) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}
