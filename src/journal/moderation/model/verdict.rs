//! Verdicts: what was decided about something.

use serde::{Deserialize, Serialize};

use super::Subject;
use crate::{
    identity::{
        access::{ModerationReason, UserId},
        sanctions::Names,
    },
    platform::named::Named,
};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It stands: it is shown again where it was hidden, and its reports are dismissed.
    Restore,
    /// It is hidden from all but its author.
    Hide,
    /// The names of a person are taken away.
    ClearName,
    /// What a person says of themselves is taken away.
    ClearBio,
    /// A person is banned.
    Ban,
    /// A person is banned no longer.
    Unban,
    /// What was decided stays: an appeal is refused.
    Uphold,
    /// A person was made a moderator.
    Appoint,
    /// A person is a moderator no longer.
    Dismiss,
}

impl Named for Action {
    const SET: &'static str = "ModerationVerdictAction";
    const MEMBERS: &'static [Self] = &[
        Self::Restore,
        Self::Hide,
        Self::ClearName,
        Self::ClearBio,
        Self::Ban,
        Self::Unban,
        Self::Uphold,
        Self::Appoint,
        Self::Dismiss,
    ];

    fn public_name(self) -> &'static str {
        match self {
            Self::Restore => "restore",
            Self::Hide => "hide",
            Self::ClearName => "clear_name",
            Self::ClearBio => "clear_bio",
            Self::Ban => "ban",
            Self::Unban => "unban",
            Self::Uphold => "uphold",
            Self::Appoint => "appoint",
            Self::Dismiss => "dismiss",
        }
    }
}

impl Action {
    /// Whether it is about the author of what it was asked for, whatever that is.
    #[must_use]
    pub fn is_about_author(self) -> bool {
        matches!(self, Self::ClearName | Self::ClearBio | Self::Ban | Self::Unban)
    }

    /// Whether it takes something from the author, who is told why and may appeal.
    #[must_use]
    pub fn is_against_author(self) -> bool {
        matches!(self, Self::Hide | Self::ClearName | Self::ClearBio | Self::Ban)
    }

    /// The actions of which the last one is in force, if it is one of these.
    #[must_use]
    pub fn replaced_by(self) -> &'static [Self] {
        match self {
            Self::Hide | Self::Restore => &[Self::Hide, Self::Restore],
            Self::Ban | Self::Unban => &[Self::Ban, Self::Unban],
            _ => &[],
        }
    }

    /// Whether the reports of the case were right; `None` where it does not settle them.
    #[must_use]
    pub fn agrees_with_reports(self) -> Option<bool> {
        match self {
            Self::Restore => Some(false),
            Self::Hide | Self::ClearName | Self::ClearBio | Self::Ban => Some(true),
            Self::Unban | Self::Uphold | Self::Appoint | Self::Dismiss => None,
        }
    }

    /// Whether an appeal that waits is granted by it.
    #[must_use]
    pub fn grants_appeal(self) -> bool {
        matches!(self, Self::Restore | Self::Unban)
    }
}

/// An action that a moderator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision(pub Action);

impl Named for Decision {
    const SET: &'static str = "ModerationDecision";
    const MEMBERS: &'static [Self] = &[
        Self(Action::Restore),
        Self(Action::Hide),
        Self(Action::ClearName),
        Self(Action::ClearBio),
        Self(Action::Ban),
        Self(Action::Unban),
        Self(Action::Uphold),
    ];

    fn public_name(self) -> &'static str {
        self.0.public_name()
    }
}

/// What a moderator asks for, of each of several subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVerdict {
    /// What is done.
    pub action: Action,
    /// Why.
    pub reason: Option<ModerationReason>,
    /// More about it, for the author; perhaps nothing.
    pub note: String,
    /// When a ban ends (Unix time in ms).
    pub until_ms: Option<i64>,
}

/// What was before a verdict, so that it can be undone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Why it was hidden.
    pub hidden: Option<i16>,
    /// That its author was banned: until when, and why.
    pub ban: Option<(Option<i64>, i16)>,
    /// The names that were taken away.
    pub names: Option<Names>,
    /// What was taken away that a person said of themselves.
    pub bio: Option<String>,
    /// The revision that had been let stand.
    pub stood_revision: Option<i64>,
}

/// What became of an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppealState {
    /// Nobody has decided it.
    Open,
    /// It was refused.
    Refused,
    /// It was granted.
    Granted,
}

impl AppealState {
    /// As it is stored.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Open => 1,
            Self::Refused => 2,
            Self::Granted => 3,
        }
    }
}

impl Named for AppealState {
    const SET: &'static str = "AppealState";
    const MEMBERS: &'static [Self] = &[Self::Open, Self::Refused, Self::Granted];

    fn public_name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Refused => "refused",
            Self::Granted => "granted",
        }
    }
}

/// What an author says against a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// What became of it.
    pub state: AppealState,
    /// What they say.
    pub text: String,
    /// When (Unix time in ms).
    pub at_ms: i64,
}

/// What was decided about something.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Its id.
    pub id: i64,
    /// The case.
    pub case: Option<i64>,
    /// What it is about.
    pub subject: Subject,
    /// Whose that is.
    pub author: Option<UserId>,
    /// What was decided.
    pub action: Action,
    /// Why.
    pub reason: Option<ModerationReason>,
    /// More about it.
    pub note: String,
    /// When a ban ends (Unix time in ms).
    pub until_ms: Option<i64>,
    /// Whether reports alone decided it.
    pub automatic: bool,
    /// Who decided it.
    pub moderator: Option<UserId>,
    /// When.
    pub at_ms: i64,
    /// What was before.
    pub before: Before,
    /// When it was undone.
    pub undone_at_ms: Option<i64>,
    /// Who undid it.
    pub undone_by: Option<UserId>,
    /// What its author says against it.
    pub appeal: Option<Appeal>,
    /// Whether no later verdict has replaced it, it was not undone, and it has not ended.
    pub is_in_force: bool,
}
