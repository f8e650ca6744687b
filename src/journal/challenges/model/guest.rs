//! Guests, and what is noted and told of them.

use super::{ChallengeState, GuestState, table::Relation};
use crate::{identity::access::UserId, platform::named::Named};

/// Who made a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The host.
    Host,
    /// The guest whom it is about.
    Guest,
    /// The server, when a time had come.
    Server,
}

/// What was done, for the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It was made.
    Made,
    /// The host has changed it.
    Changed,
    /// A guest was invited.
    Invited,
    /// A guest comes.
    Accepted,
    /// A guest waits for a place.
    Waits,
    /// A place was offered to a guest.
    Offered,
    /// A guest does not come.
    Declined,
    /// A guest has not answered in time; or of all: nobody came.
    Expired,
    /// The host has removed a guest.
    Removed,
    /// A guest did not come, although they had accepted.
    NoShow,
    /// They came after all.
    ShowedUp,
    /// It was called off.
    Cancelled,
    /// It has taken place.
    Completed,
}

/// A line of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Who did it.
    pub by: By,
    /// What was done.
    pub what: What,
    /// The guest whom it is about.
    pub guest: Option<UserId>,
    /// The state of the challenge after it.
    pub state: ChallengeState,
}

/// What people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// They are invited.
    Invited,
    /// A place is free for them.
    PlaceFree,
    /// It was called off, or they were removed.
    Cancelled,
    /// Its time or its place is another.
    Changed,
    /// It is tomorrow.
    Reminder,
}

/// A guest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is known of a guest by itself")]
pub struct Guest {
    /// The row; none until it is stored.
    pub id: Option<i64>,
    /// Who it is.
    pub user: UserId,
    /// What has become of it.
    pub state: GuestState,
    /// Whether the host has invited them.
    pub is_invited: bool,
    /// Their turn on the waiting list.
    pub turn: Option<i64>,
    /// Until when a place is kept for them.
    pub answer_by_ms: Option<i64>,
    /// The devices that they bring.
    pub brings: String,
    /// Whether they accepted and did not come.
    pub no_show: bool,
    /// When the state became this.
    pub since_ms: i64,
    /// Whether they and the host have blocked each other.
    pub is_blocked: bool,
    /// Whether the row is to be written.
    pub is_changed: bool,
}

impl Guest {
    /// Somebody who was no guest before.
    pub(super) fn new(user: UserId, is_invited: bool) -> Self {
        Self {
            id: None,
            user,
            state: GuestState::Pending,
            is_invited,
            turn: None,
            answer_by_ms: None,
            brings: String::new(),
            no_show: false,
            since_ms: 0,
            is_blocked: false,
            is_changed: true,
        }
    }

    /// How they stand to the challenge.
    #[must_use]
    pub fn relation(&self) -> Relation {
        match self.state {
            GuestState::Pending if self.answer_by_ms.is_some() => Relation::Offered,
            GuestState::Pending => Relation::Invited,
            GuestState::Accepted => Relation::Accepted,
            GuestState::Waiting => Relation::Waiting,
            GuestState::Declined => Relation::Declined,
            GuestState::Expired => Relation::Expired,
            GuestState::Cancelled => Relation::Removed,
        }
    }

    /// Whether a place is taken by them, or kept for them.
    pub(super) fn takes_place(&self) -> bool {
        matches!(self.relation(), Relation::Accepted | Relation::Offered)
    }

    /// Whether they are asked, come or wait.
    pub(super) fn is_active(&self) -> bool {
        matches!(self.state, GuestState::Pending | GuestState::Accepted | GuestState::Waiting)
    }

    /// Gives them another state.
    pub(super) fn become_state(&mut self, state: GuestState, now_ms: i64) {
        self.state = state;
        self.turn = None;
        self.answer_by_ms = None;
        self.since_ms = now_ms;
        self.is_changed = true;
    }
}

impl Named for By {
    const SET: &'static str = "ChallengeMoveBy";
    const MEMBERS: &'static [Self] = &[Self::Host, Self::Guest, Self::Server];

    fn public_name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Guest => "guest",
            Self::Server => "server",
        }
    }
}

impl Named for What {
    const SET: &'static str = "ChallengeMoveWhat";
    const MEMBERS: &'static [Self] = &[
        Self::Made,
        Self::Changed,
        Self::Invited,
        Self::Accepted,
        Self::Waits,
        Self::Offered,
        Self::Declined,
        Self::Expired,
        Self::Removed,
        Self::NoShow,
        Self::ShowedUp,
        Self::Cancelled,
        Self::Completed,
    ];

    fn public_name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Changed => "changed",
            Self::Invited => "invited",
            Self::Accepted => "accepted",
            Self::Waits => "waits",
            Self::Offered => "offered",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Removed => "removed",
            Self::NoShow => "no_show",
            Self::ShowedUp => "showed_up",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
        }
    }
}

impl Named for Update {
    const SET: &'static str = "ChallengeUpdate";
    const MEMBERS: &'static [Self] = &[Self::Invited, Self::PlaceFree, Self::Cancelled, Self::Changed, Self::Reminder];

    fn public_name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::PlaceFree => "place_free",
            Self::Cancelled => "cancelled",
            Self::Changed => "changed",
            Self::Reminder => "reminder",
        }
    }
}
