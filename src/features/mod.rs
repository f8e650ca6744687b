//! What the product does: one folder each, all of one shape.
//!
//! | file | what is in it |
//! |---|---|
//! | `mod.rs` | what the feature is for, its rules, its face: others see only this |
//! | `api.rs` | HTTP in and out |
//! | `service.rs` | its use cases, as verbs of the domain |
//! | `store.rs` | all its SQL |
//! | `model.rs` | its types, its pure rules, its error |
//!
//! More files only where a feature needs them, named for what they hold.

pub mod accounts;
pub mod leaving;
pub mod meeting;
pub mod moderation;
pub mod players;
pub mod recordings;
pub mod studios;
pub mod traces;
pub mod voting;
