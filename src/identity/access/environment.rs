//! The environments of a game.

use crate::platform::named::Named;

/// An environment of a game: each has a world of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Environment {
    /// For the public.
    Live,
    /// For development and tests.
    Dev,
}

impl Environment {
    /// All environments.
    pub const ALL: [Self; 2] = [Self::Live, Self::Dev];

    /// Its name in the API, on the command line and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Dev => "dev",
        }
    }

    /// The environment of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|environment| environment.name() == name)
    }
}

impl Named for Environment {
    const SET: &'static str = "Environment";
    const MEMBERS: &'static [Self] = &Self::ALL;

    fn public_name(self) -> &'static str {
        self.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_to_the_environment_that_has_them() {
        assert!(
            Environment::ALL.iter().all(|environment| Environment::parse(environment.name()) == Some(*environment))
        );
        assert_eq!(Environment::parse("test"), None);
    }
}
