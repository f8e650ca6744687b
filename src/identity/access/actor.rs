//! Who did something, for the audit log.

use std::fmt;

use super::UserId;

/// Who did something, for the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor<'a> {
    /// Somebody who runs the program on its machine.
    CommandLine,
    /// The program itself.
    Cairn,
    /// A user who is signed in.
    User(&'a UserId),
    /// A studio's server, by the id of its key.
    Key(&'a str),
}

/// The form that the audit log stores.
impl fmt::Display for Actor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("command line"),
            Self::Cairn => f.write_str("cairn"),
            Self::User(user) => write!(f, "user:{user}"),
            Self::Key(id) => write!(f, "key:{id}"),
        }
    }
}
