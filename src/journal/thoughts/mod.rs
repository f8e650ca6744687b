//! Thoughts: what users think of titles, in Markdown.
//!
//! - A thought with a rating is a review. It needs the title in its author's library when it is written, and an author has one of
//!   each title.
//! - The Markdown is kept as it was written. The HTML is made when it is written (`markdown`), and made again where it is read
//!   once a release makes it otherwise.
//! - Who sees a thought is its audience; who sees a comment is whoever sees the thought, the profile of its writer, and no block
//!   between. Counts follow the same conditions, as far as they tell who.
//! - An author may close comments and reactions; what is there stays. Comments are deleted by their writers and by the author.
//! - Each change keeps what the thought was, for its author alone.
//! - The end of an account deletes all of this, or leaves public reviews without a name, if the user says so.

mod api;
mod examples;
mod markdown;
mod model;
mod request;
mod response;
mod service;
mod store;

use crate::identity::notices::NoticeKind;

pub use self::{
    api::ThoughtsApi,
    model::{Comment, CommentId, Kind, ListRequest, Rating, Thought, ThoughtError, ThoughtId, WithCards},
    service::Thoughts,
    store::PersonalRows,
};

/// Somebody has commented on a thought.
pub const COMMENTED: NoticeKind = NoticeKind {
    name: "thought_commented",
    about: "Somebody has commented on a thought of yours.",
    romanian: "Cineva a comentat la un gând al tău.",
};

/// Somebody likes a thought.
pub const LIKED: NoticeKind = NoticeKind {
    name: "thought_liked",
    about: "Somebody likes a thought of yours.",
    romanian: "Cuiva îi place un gând al tău.",
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::{
        markdown::{MAX_HTML_BYTES, render},
        request::{BODY_READERS, URI_READERS},
    };
}
