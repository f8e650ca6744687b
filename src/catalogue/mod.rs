//! The catalogue: games as the world knows them, so that journal, shop and play mean the same game without using each other.
//!
//! | feature | what it does |
//! |---|---|
//! | [`titles`] | names, platforms, genres and dates of titles; how they are found, added, approved and merged |
//!
//! The local catalogue is the authority: providers feed it, and it works without any.

mod examples;
mod tags;
pub mod titles;
