//! The jobs of the write queue.

use super::{command::WorldCommand, insert::Insert, model::WorldKey};

/// A job of the write queue.
#[derive(Clone, Debug)]
pub enum Job<I> {
    /// Rows for the domain's bulk statement.
    Insert(I),
    /// A command.
    Command(WorldCommand),
}

impl<I: Insert> Job<I> {
    /// The world that it is for.
    pub fn world(&self) -> WorldKey {
        match self {
            Self::Insert(insert) => insert.world(),
            Self::Command(command) => command.world,
        }
    }

    /// The insert, if it is one.
    pub fn insert(&self) -> Option<&I> {
        match self {
            Self::Insert(insert) => Some(insert),
            Self::Command(_) => None,
        }
    }

    /// The command, if it is one.
    pub fn command(&self) -> Option<&WorldCommand> {
        match self {
            Self::Insert(_) => None,
            Self::Command(command) => Some(command),
        }
    }
}
