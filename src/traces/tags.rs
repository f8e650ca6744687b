//! The tags of traces in the API description.

use poem_openapi::Tags;

/// A tag of operations in the API description.
#[derive(Tags)]
pub enum Tag {
    /// The traces that players leave in a world, and that others find there.
    Traces,
    /// Recorded runs of players, frame by frame.
    Recordings,
    /// Votes for and against traces, and the inboxes of their authors.
    Votes,
    /// Reports of players, and the decisions of moderators.
    Moderation,
}
