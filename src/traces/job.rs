//! What waits to be committed.

use super::{
    model::{NewTraces, WorldKey},
    store::WorldCommand,
};

/// What waits to be committed.
#[derive(Clone, Debug)]
pub enum Job {
    /// Traces of a seed client.
    NewTraces(NewTraces),
    /// Anything else.
    Command(WorldCommand),
}

impl Job {
    /// The world that it is for.
    pub fn world(&self) -> WorldKey {
        match self {
            Self::NewTraces(leave) => leave.world,
            Self::Command(act) => act.world,
        }
    }

    /// What it leaves, if it is that.
    pub fn leave(&self) -> Option<&NewTraces> {
        match self {
            Self::NewTraces(leave) => Some(leave),
            Self::Command(_) => None,
        }
    }

    /// What it does otherwise.
    pub fn run(&self) -> Option<&WorldCommand> {
        match self {
            Self::NewTraces(_) => None,
            Self::Command(act) => Some(act),
        }
    }
}
