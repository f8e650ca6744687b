//! Challenges as they are shown, and lists of them.

use super::{ChallengeId, ChallengeState, Guest, GuestState, SessionType};
use crate::{
    catalogue::titles::{TitleCard, TitleId},
    identity::{
        access::{ModerationReason, UserId},
        people::{Audience, Band, Cell, PersonCard},
    },
    platform::{named::Named, secret::Secret, zone::Zone},
};

/// How a viewer who is a guest stands to a challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnGuest {
    /// What has become of it.
    pub state: GuestState,
    /// How many wait before them, and they: of who waits.
    pub position: Option<u64>,
    /// Until when a place is kept for them.
    pub answer_by_ms: Option<i64>,
    /// The devices that they bring.
    pub brings: String,
}

/// A challenge as one viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Its id.
    pub id: ChallengeId,
    /// The host; none where the account was deleted.
    pub host: Option<UserId>,
    /// The title.
    pub title: TitleId,
    /// Whether it is a gathering.
    pub session_type: SessionType,
    /// What has become of it.
    pub state: ChallengeState,
    /// Who may come without an invitation.
    pub audience: Audience,
    /// Why it is hidden from all but its host, if it is.
    pub hidden: Option<ModerationReason>,
    /// In words.
    pub text: String,
    /// Guests at most.
    pub capacity: i32,
    /// When it begins.
    pub starts_at_ms: i64,
    /// The time zone in which the host means that.
    pub zone: Zone,
    /// How long it lasts.
    pub minutes: i32,
    /// What the host calls the area.
    pub area: Option<String>,
    /// The cell that it is in.
    pub cell: Option<Cell>,
    /// The address, sealed.
    pub sealed_address: Option<String>,
    /// The devices that the host brings.
    pub brings: String,
    /// The devices that guests are asked to bring.
    pub needs: String,
    /// Guests who come.
    pub accepted: u64,
    /// Guests who wait.
    pub waiting: u64,
    /// The viewer, where they are a guest.
    pub own: Option<OwnGuest>,
    /// Raised by each change.
    pub revision: i64,
    /// When it was made.
    pub created_at_ms: i64,
    /// When it was last changed.
    pub changed_at_ms: i64,
}

impl Challenge {
    /// Whether the viewer, who sees it, may read its address.
    #[must_use]
    pub fn shows_address_to(&self, viewer: Option<&UserId>) -> bool {
        let is_host = viewer.is_some() && self.host.as_ref() == viewer;
        is_host || self.own.as_ref().is_some_and(|own| own.state == GuestState::Accepted)
    }
}

/// A guest as a host, or another guest, sees them.
#[derive(Clone, Debug)]
pub struct GuestWithCard {
    /// The guest.
    pub guest: Guest,
    /// Who it is, as far as the viewer may know.
    pub person: Option<PersonCard>,
}

/// A challenge with all that is shown of it.
#[derive(Clone, Debug)]
pub struct ChallengeWithCards {
    /// It.
    pub challenge: Challenge,
    /// The host.
    pub host: Option<PersonCard>,
    /// Whether the viewer is the host.
    pub is_own: bool,
    /// The title.
    pub title: Option<TitleCard>,
    /// How far away it is.
    pub band: Option<Band>,
    /// The address, for who may read it.
    pub address: Option<Secret>,
    /// Whether a device that somebody brings can play the title; as far as guests are read.
    pub can_play: Option<bool>,
    /// The guests, for the host and those who come.
    pub guests: Option<Vec<GuestWithCard>>,
}

/// A line of the history, as it is shown.
#[derive(Clone, Debug)]
pub struct MoveWithCard {
    /// Who did it.
    pub by: String,
    /// What was done.
    pub what: String,
    /// The guest whom it is about, as far as there is one.
    pub guest: Option<UserId>,
    /// Who that is.
    pub person: Option<PersonCard>,
    /// The state of the challenge after it.
    pub state: ChallengeState,
    /// When.
    pub at_ms: i64,
}

/// Which challenges a list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum List {
    /// Those of the user.
    #[default]
    Mine,
    /// Those whose guest the user is.
    Invited,
    /// Gatherings near the user that are open.
    Found,
}

impl Named for List {
    const SET: &'static str = "ChallengeList";
    const MEMBERS: &'static [Self] = &[Self::Mine, Self::Invited, Self::Found];

    fn public_name(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Invited => "invited",
            Self::Found => "found",
        }
    }
}

/// A page of a list: the newest first, and what was found by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// Which challenges.
    pub list: List,
    /// How far away at most, of what is found.
    pub within: Band,
    /// Of that title alone.
    pub title: Option<TitleId>,
    /// The time and the id of the last one on the page before.
    pub after: Option<(i64, i64)>,
    /// Challenges at most.
    pub limit: usize,
}
