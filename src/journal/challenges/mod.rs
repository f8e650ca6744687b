//! Challenges: users invite each other to play a title, online or at a place. One at a place is a gathering.
//!
//! - A host invites guests by name, or lets everybody or friends come (the audience). There are so many places; who comes later waits,
//!   and a place that is free is offered in order, until a deadline.
//! - Every move is one transaction on the locked challenge with all its guests. The moves are pure rules (`model::roster`), who may make
//!   them is a table (`model::table`), and each leaves a line of history.
//! - What time does (deadlines, the reminder, the beginning, the end of an address) is done by jobs, and settled before each move however
//!   late they are.
//! - The address is sealed. The host and the guests who come read it; it stands in clear in no row, job, notice, email or log, and is wiped
//!   a week after the beginning. Everybody else who sees the gathering sees its area. Answers to POST leave it out, since they are kept
//!   for repeated requests.
//! - A block between host and guest hides the challenge from the guest and the guest from the host, and takes the guest's place back.
//! - When a host's account ends, what is open is called off, so that guests are told.

mod api;
mod calendar;
mod config;
mod examples;
mod model;
mod request;
mod response;
mod service;
mod store;

use crate::identity::notices::NoticeKind;

pub use self::{
    api::ChallengesApi,
    config::{ChallengesConfig, Settings},
    model::{ChallengeError, ChallengeId},
    service::Challenges,
    store::PersonalRows,
};

/// Somebody has invited the user.
pub const INVITED: NoticeKind = NoticeKind {
    name: "challenge_invited",
    about: "Somebody invites you to play.",
    romanian: "Cineva te invită la joc.",
};

/// Somebody comes.
pub const ACCEPTED: NoticeKind = NoticeKind {
    name: "challenge_accepted",
    about: "Somebody has accepted your challenge.",
    romanian: "Cineva a acceptat provocarea ta.",
};

/// A place became free for the user.
pub const PLACE_FREE: NoticeKind = NoticeKind {
    name: "challenge_place_free",
    about: "A place is free for you, for a while.",
    romanian: "S-a eliberat un loc pentru tine, pentru un timp.",
};

/// It was called off.
pub const CANCELLED: NoticeKind = NoticeKind {
    name: "challenge_cancelled",
    about: "A challenge was called off, or your place in it was taken back.",
    romanian: "O provocare s-a anulat, sau locul tău a fost retras.",
};

/// Its time or its place is another.
pub const CHANGED: NoticeKind = NoticeKind {
    name: "challenge_changed",
    about: "The time or the place of a challenge has changed.",
    romanian: "Ora sau locul unei provocări s-a schimbat.",
};

/// It begins within a day.
pub const REMINDER: NoticeKind = NoticeKind {
    name: "challenge_reminder",
    about: "A challenge that you take part in begins within a day.",
    romanian: "O provocare la care participi începe în mai puțin de o zi.",
};

/// The kinds of notices of this feature.
pub const NOTICE_KINDS: [NoticeKind; 6] = [INVITED, ACCEPTED, PLACE_FREE, CANCELLED, CHANGED, REMINDER];

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::{BODY_READERS, URI_READERS};
}
