//! Migrations of the tables of the journal.

pub mod m0085_thought;
pub mod m0086_thought_version;
pub mod m0087_thought_comment;
pub mod m0088_thought_reaction;
