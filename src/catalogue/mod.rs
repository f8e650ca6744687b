//! The catalogue: games as the world knows them, so that journal, shop and play mean the same game without using each other.
//!
//! | feature | what it does |
//! |---|---|
//! | [`titles`] | names, platforms, genres and dates of titles; how they are found, added, approved and merged |
//! | [`discovery`] | finds titles at a provider that are not here yet |
//! | [`prices`] | what titles cost in stores, in several currencies |
//!
//! The local catalogue is the authority: providers feed it, and it works without any.

pub mod discovery;
mod examples;
pub mod prices;
mod tags;
pub mod titles;
