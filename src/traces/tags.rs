//! The tags of the routes of traces in the description of the API.

use poem_openapi::Tags;

/// A chapter of the description.
#[derive(Tags)]
pub enum Tag {
    /// What players leave in a world, and what others meet of it.
    Traces,
    /// Runs of players, frame by frame.
    Recordings,
    /// What players think of traces, and what their authors are told.
    Votes,
    /// What players report, and what moderators decide.
    Moderation,
}
