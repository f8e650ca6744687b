//! What waits to be committed.

use super::{
    model::{Leave, WorldKey},
    store::WorldAct,
};

/// What waits to be committed.
#[derive(Clone, Debug)]
pub enum Job {
    /// Traces of a seed client.
    Leave(Leave),
    /// Anything else.
    Act(WorldAct),
}

impl Job {
    /// The world that it is for.
    pub fn world(&self) -> WorldKey {
        match self {
            Self::Leave(leave) => leave.world,
            Self::Act(act) => act.world,
        }
    }

    /// What it leaves, if it is that.
    pub fn leave(&self) -> Option<&Leave> {
        match self {
            Self::Leave(leave) => Some(leave),
            Self::Act(_) => None,
        }
    }

    /// What it does otherwise.
    pub fn act(&self) -> Option<&WorldAct> {
        match self {
            Self::Leave(_) => None,
            Self::Act(act) => Some(act),
        }
    }
}
