//! Usernames and audiences.

mod search_words;
mod username;

pub use self::{search_words::search_words, username::Username};
use crate::{identity::access::UserId, platform::named::Named};

/// Who sees something of a user. The user sees all of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Everybody, whether they are signed in or not.
    Public = 0,
    /// Those who follow the user, and whom the user follows.
    Friends = 1,
    /// Nobody else.
    Private = 2,
}

impl Audience {
    /// The number by which it is stored: the higher, the fewer people.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Public => 0,
            Self::Friends => 1,
            Self::Private => 2,
        }
    }

    /// The audience that is stored as this number. What is not known is shown to nobody.
    #[must_use]
    pub fn stored(number: i16) -> Self {
        match number {
            0 => Self::Public,
            1 => Self::Friends,
            _ => Self::Private,
        }
    }
}

impl Named for Audience {
    const SET: &'static str = "Audience";
    const MEMBERS: &'static [Self] = &[Self::Public, Self::Friends, Self::Private];

    fn public_name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Friends => "friends",
            Self::Private => "private",
        }
    }
}

/// What is shown of a person beside what they did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonCard {
    /// The user; never on the wire.
    pub user: UserId,
    /// The username.
    pub username: String,
    /// What others call them.
    pub display_name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_stored_and_read_back() {
        for audience in Audience::MEMBERS {
            assert_eq!(Audience::stored(audience.number()), *audience);
        }
        assert_eq!(Audience::stored(7), Audience::Private, "of a later release");
    }
}
