//! The tables of the journal.

pub mod thought;
pub mod thought_comment;
pub mod thought_reaction;
pub mod thought_version;
