//! The traces of players who are linked to an account: what a user has left in the games that a title is, and how it was met.
//!
//! - A user's traces are those of the players that they have linked, in all worlds of the studios' games that are the title. Which games
//!   those are is asked through a port ([`TitleGamesPort`]): titles are another domain's.
//! - The user sees all of them, hidden ones and those of groups too; nobody else sees anything here.
//! - Those that others have used most come first.

mod api;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::LinkedTracesApi,
    model::LinkedError,
    service::{GameNames, LinkedTraces, TitleGamesPort},
};
