//! People as moderators see them.

use serde::{Deserialize, Serialize};

use crate::identity::{
    access::{Ban, ModerationReason},
    profiles::PersonCard,
};

/// What somebody may do with what others write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    /// Whether they administer the installation.
    pub administrator: bool,
    /// Whether they were made a moderator.
    pub moderator: bool,
}

impl Powers {
    /// Whether they moderate.
    #[must_use]
    pub fn moderates(self) -> bool {
        self.administrator || self.moderator
    }

    /// Whether they may decide about somebody with other powers: nobody about administrators, and only those about moderators.
    #[must_use]
    pub fn reach(self, other: Self) -> bool {
        self.moderates() && !other.administrator && (self.administrator || !other.moderator)
    }
}

/// Somebody as moderators see them.
#[derive(Clone, Debug)]
pub struct ModeratedPerson {
    /// Their names.
    pub card: PersonCard,
    /// What they say of themselves.
    pub bio: String,
    /// The revision of their profile.
    pub revision: i64,
    /// Why their profile is hidden, if it is.
    pub hidden: Option<ModerationReason>,
    /// That they are banned, if they are.
    pub ban: Option<Ban>,
    /// What they may do themselves.
    pub powers: Powers,
}

/// The names that were taken from somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// The username.
    pub username: String,
    /// When it was changed last (Unix time in ms).
    pub username_at_ms: i64,
    /// The display name; empty where there was none.
    pub display_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moderators_decide_about_people_and_administrators_about_moderators_too() {
        let powers = |administrator, moderator| Powers { administrator, moderator };
        let (nobody, moderator, administrator) = (powers(false, false), powers(false, true), powers(true, false));
        for (one, other, reaches) in [
            (nobody, nobody, false),
            (moderator, nobody, true),
            (moderator, moderator, false),
            (moderator, administrator, false),
            (administrator, nobody, true),
            (administrator, moderator, true),
            (administrator, administrator, false),
        ] {
            assert_eq!(one.reach(other), reaches, "{one:?} {other:?}");
        }
    }
}
