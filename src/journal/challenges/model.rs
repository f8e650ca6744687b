//! Challenges and gatherings as they are made and shown, and their bounds. The moves are in [`roster`], who may make them in [`table`].

pub(super) mod emails;
mod error;
mod guest;
mod roster;
mod shown;
pub(super) mod table;
pub(super) mod text;

use std::time::Duration;

pub use self::{
    error::ChallengeError,
    guest::{By, Guest, Move, Update},
    roster::{Refused, Roster},
    shown::{Challenge, ChallengeWithCards, GuestWithCard, List, ListRequest, MoveWithCard, OwnGuest},
};
use crate::{
    catalogue::titles::{Platform, TitleId},
    identity::people::{Audience, Cell},
    platform::{named::Named, secret::Secret, zone::Zone},
};

/// Open challenges of one host at most.
pub const MAX_OPEN: u64 = 20;

/// Challenges of one host at most, those that are over included: one a week for twenty years.
pub const MAX_HOSTED: u64 = 1_000;

/// Guests of a challenge at most, whatever has become of them: all are read by each move.
pub const MAX_GUESTS: usize = 200;

/// Guests who can come at most.
pub const MAX_CAPACITY: i64 = 64;

/// Guests that one request names at most.
pub const MAX_NAMED: usize = 50;

/// Invitations of one host on one day at most.
pub const MAX_INVITATIONS: i64 = 50;

/// Moves of a challenge at most, so that nobody lets its history grow by coming and going. Then one can only leave, or end it.
pub const MAX_MOVES: i64 = 2_000;

/// Devices that one brings, or that are asked for, at most.
pub const MAX_DEVICES: usize = 10;

/// The latest beginning of a challenge, from now.
pub const LATEST: Duration = Duration::from_hours(24 * 366);

/// How long a challenge lasts at most.
pub const MAX_MINUTES: i64 = 7 * 24 * 60;

/// How long one lasts where its host does not say.
pub const USUAL_MINUTES: i64 = 180;

/// How long before it begins all are reminded.
pub const REMIND_BEFORE: Duration = Duration::from_hours(24);

/// How long after it began its address is wiped, and one that its host has not closed is completed.
pub const WIPE_AFTER: Duration = Duration::from_hours(7 * 24);

/// Moves of the history that are shown.
pub const SHOWN_MOVES: u64 = 200;

/// The id of a challenge. One with a higher id is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChallengeId(pub i64);

/// Whether one plays together at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionType {
    /// Each at home.
    Online,
    /// At a place: a gathering.
    Offline,
}

impl Named for SessionType {
    const SET: &'static str = "SessionType";
    const MEMBERS: &'static [Self] = &[Self::Online, Self::Offline];

    fn public_name(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
        }
    }
}

/// What has become of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeState {
    /// It is open, and nobody comes yet.
    Pending,
    /// Somebody comes.
    Accepted,
    /// All who were invited have said no.
    Declined,
    /// It was called off.
    Cancelled,
    /// Its time came, and nobody came.
    Expired,
    /// It has taken place.
    Completed,
}

impl Named for ChallengeState {
    const SET: &'static str = "ChallengeState";
    const MEMBERS: &'static [Self] =
        &[Self::Pending, Self::Accepted, Self::Declined, Self::Cancelled, Self::Expired, Self::Completed];

    fn public_name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Completed => "completed",
        }
    }
}

/// What has become of a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestState {
    /// They are asked: by an invitation, or because a place is free for them.
    Pending,
    /// They come.
    Accepted,
    /// They don't.
    Declined,
    /// They wait for a place.
    Waiting,
    /// The host has removed them, or has called it off.
    Cancelled,
    /// They have not answered in time.
    Expired,
}

impl Named for GuestState {
    const SET: &'static str = "GuestState";
    const MEMBERS: &'static [Self] =
        &[Self::Pending, Self::Accepted, Self::Declined, Self::Waiting, Self::Cancelled, Self::Expired];

    fn public_name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Waiting => "waiting",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// The number by which a member of a closed set is stored: its place in the set. New members go to the end.
pub fn number<E: Named + PartialEq>(member: E) -> i16 {
    let at = E::MEMBERS.iter().position(|known| *known == member);
    at.and_then(|at| i16::try_from(at).ok()).unwrap_or_default()
}

/// The member of that number; another one where a later release has stored it.
pub fn stored<E: Named>(number: i16, otherwise: E) -> E {
    usize::try_from(number).ok().and_then(|at| E::MEMBERS.get(at)).copied().unwrap_or(otherwise)
}

/// Devices as they are stored: a platform's word has no space.
#[must_use]
pub fn joined(devices: &[Platform]) -> String {
    devices.iter().map(Platform::as_str).collect::<Vec<_>>().join(" ")
}

/// The place of a gathering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Venue {
    /// What the host calls the area; everybody who sees the gathering sees it.
    pub area: String,
    /// The cell that it is in; none where it is the host's own.
    pub cell: Option<Cell>,
    /// The address; none where the host has not said it yet.
    pub address: Option<Secret>,
}

/// What a host decides about a challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// In words; perhaps none.
    pub text: String,
    /// Who may come without an invitation.
    pub audience: Audience,
    /// Guests at most.
    pub capacity: i32,
    /// When it begins.
    pub starts_at_ms: i64,
    /// The time zone in which the host means that.
    pub zone: Zone,
    /// How long it lasts.
    pub minutes: i32,
    /// Where; none of what is online.
    pub venue: Option<Venue>,
    /// The devices that the host brings.
    pub brings: Vec<Platform>,
    /// The devices that guests are asked to bring.
    pub needs: Vec<Platform>,
}

/// A challenge that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChallenge {
    /// The title.
    pub title: TitleId,
    /// Whether it is a gathering.
    pub session_type: SessionType,
    /// The usernames of who is invited.
    pub invited: Vec<String>,
    /// What the host decides.
    pub details: Details,
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What to do.
    pub action: table::Action,
    /// The usernames of the guests whom it is about.
    pub guests: Vec<String>,
    /// The devices that who accepts brings.
    pub brings: Vec<Platform>,
}

/// Whether a device of these can play a title on those platforms: where it is not known on which it is, any can.
#[must_use]
pub fn can_play<'a>(mut devices: impl Iterator<Item = &'a str>, platforms: &[String]) -> bool {
    devices.any(|device| platforms.is_empty() || platforms.iter().any(|platform| platform == device))
}

/// When something is to be done by itself: the reminder, the beginning, and the end of the address.
#[must_use]
pub fn moments(starts_at_ms: i64) -> [i64; 3] {
    use crate::platform::clock::ms;
    [starts_at_ms.saturating_sub(ms(REMIND_BEFORE)), starts_at_ms, starts_at_ms.saturating_add(ms(WIPE_AFTER))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_can_play_what_its_platform_is_of() {
        let pc = ["pc".to_owned()];
        assert!(can_play(["switch", "pc"].into_iter(), &pc));
        assert!(!can_play(["switch"].into_iter(), &pc) && !can_play([].into_iter(), &pc));
        assert!(can_play(["switch"].into_iter(), &[]), "where no platform is known any device may do");
        assert!(!can_play([].into_iter(), &[]));
    }

    #[test]
    fn members_are_stored_and_read_back() {
        for state in ChallengeState::MEMBERS {
            assert_eq!(stored(number(*state), ChallengeState::Expired), *state);
        }
        assert_eq!(stored(99, GuestState::Expired), GuestState::Expired, "of a later release");
    }
}
