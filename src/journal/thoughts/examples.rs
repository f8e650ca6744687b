//! Example values of thoughts.

pub use crate::journal::examples::{comment, game, thought, username};

/// A thought.
pub const TEXT: &str = "The **ending** is ||a beginning||.";

/// The same as HTML.
pub const HTML: &str = "<p>The <strong>ending</strong> is <span class=\"spoiler\">a beginning</span>.</p>\n";

/// A comment.
pub const COMMENT: &str = "I cried.";
