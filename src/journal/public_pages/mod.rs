//! Pages that anybody can read, signed in or not, with JavaScript or without: what this is, a title, a person, a thought.
//!
//! They show what a stranger sees, to everybody the same: so they hold nothing that is only for some, and links to them show others
//! what the sender sees. Their texts are in the languages of `words`, the first of them that a browser wishes for.

mod api;
mod model;
mod response;
mod service;
mod words;

pub use self::{api::PublicPagesApi, service::PublicPages};
