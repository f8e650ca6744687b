//! Who may move what, and when. `docs/journal.md` has the same table, and a test walks through all of it.

use super::ChallengeState;
use crate::platform::named::Named;

/// What somebody does with a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Come, or wait for a place.
    Accept,
    /// Not come, or no more.
    Decline,
    /// Invite guests.
    Invite,
    /// Remove guests.
    Remove,
    /// Note that guests who had accepted did not come.
    NoShow,
    /// Note that they came after all.
    ShowedUp,
    /// Say that it has taken place.
    Complete,
    /// Call it off.
    Cancel,
    /// Change what the host has decided.
    Change,
}

impl Named for Action {
    const SET: &'static str = "ChallengeAction";
    /// Without [`Action::Change`], which has a route of its own.
    const MEMBERS: &'static [Self] = &[
        Self::Accept,
        Self::Decline,
        Self::Invite,
        Self::Remove,
        Self::NoShow,
        Self::ShowedUp,
        Self::Complete,
        Self::Cancel,
    ];

    fn public_name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Invite => "invite",
            Self::Remove => "remove",
            Self::NoShow => "no_show",
            Self::ShowedUp => "showed_up",
            Self::Complete => "complete",
            Self::Cancel => "cancel",
            Self::Change => "change",
        }
    }
}

/// How somebody stands to a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Its host.
    Host,
    /// Invited, and has not answered.
    Invited,
    /// A place that became free is kept for them.
    Offered,
    /// They come.
    Accepted,
    /// They wait for a place.
    Waiting,
    /// They have said no.
    Declined,
    /// They have not answered in time.
    Expired,
    /// The host has removed them.
    Removed,
    /// They see it, and have nothing to do with it yet.
    Other,
}

/// The state of a challenge, and whether its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nobody comes yet.
    Pending,
    /// Somebody comes.
    Accepted,
    /// All who were invited have said no.
    Declined,
    /// Somebody comes, and it has begun.
    Begun,
    /// It was called off.
    Cancelled,
    /// Its time has come, and nobody came.
    Expired,
    /// It has taken place.
    Completed,
}

impl Phase {
    /// That of a challenge.
    #[must_use]
    pub fn of(state: ChallengeState, has_begun: bool) -> Self {
        match (state, has_begun) {
            (ChallengeState::Pending, false) => Self::Pending,
            (ChallengeState::Accepted, false) => Self::Accepted,
            (ChallengeState::Declined, false) => Self::Declined,
            (ChallengeState::Accepted, true) => Self::Begun,
            (ChallengeState::Cancelled, _) => Self::Cancelled,
            (ChallengeState::Completed, _) => Self::Completed,
            (ChallengeState::Expired | ChallengeState::Pending | ChallengeState::Declined, _) => Self::Expired,
        }
    }
}

/// Until it begins.
const OPEN: &[Phase] = &[Phase::Pending, Phase::Accepted, Phase::Declined];

/// The phases in which somebody who stands so to it may do that.
fn phases(relation: Relation, action: Action) -> &'static [Phase] {
    match (relation, action) {
        (Relation::Host, Action::Change | Action::Invite)
        | (Relation::Invited | Relation::Offered, Action::Accept | Action::Decline)
        | (Relation::Accepted | Relation::Waiting, Action::Decline)
        | (Relation::Declined | Relation::Expired | Relation::Other, Action::Accept) => OPEN,
        // There is nobody left to remove once all have declined.
        (Relation::Host, Action::Remove) => &[Phase::Pending, Phase::Accepted],
        (Relation::Host, Action::Cancel) => &[Phase::Pending, Phase::Accepted, Phase::Declined, Phase::Begun],
        (Relation::Host, Action::Complete) => &[Phase::Begun],
        (Relation::Host, Action::NoShow | Action::ShowedUp) => &[Phase::Begun, Phase::Completed],
        _ => &[],
    }
}

/// Whether somebody may do that now.
#[must_use]
pub fn allows(relation: Relation, action: Action, phase: Phase) -> bool {
    phases(relation, action).contains(&phase)
}

/// Whether it is the host's to do.
#[must_use]
pub fn is_for_hosts(action: Action) -> bool {
    !matches!(action, Action::Accept | Action::Decline)
}
