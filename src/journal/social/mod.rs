//! What happens around a user: the feed of those whom they follow, and all that a first page needs.
//!
//! - The feed is gathered when it is read: of each person whom the viewer follows, the newest of their thoughts, of the changes
//!   of state in their library and of their follows, each by an index, and no more than a page of each. Nothing is copied when
//!   something happens, so what is deleted, hidden or blocked is gone from all feeds at once.
//! - All of it is within the audiences of its owners. What an import has brought is no news.
//! - `GET /api/home` asks the database six times at most, the session included.

mod api;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{api::SocialApi, model::SocialError, service::Social};
