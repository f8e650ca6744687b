//! Titles.

mod intake;
