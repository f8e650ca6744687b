//! Moderation of what people write here: reports, one queue for moderators, what they decide, and appeals.
//!
//! - A user reports what they see: a thought, a comment, media, a challenge, or a person with their names and what they say of
//!   themselves. All reports of one *subject* are a *case*; somebody's second report of it replaces the first.
//! - Moderators read open cases and give a *verdict*: let it stand, hide it, take names or texts away, ban its author. Each is stored with
//!   what was before, and can be undone; the list of verdicts is the audit log, and nothing is removed from it.
//! - What is hidden is its owner's alone (`identity::profiles`): in lists, counts, searches, feeds and addresses of files. The owner sees
//!   that it is hidden and why, and may appeal once against each verdict, which brings the case back.
//! - Thoughts, comments and media are hidden without a moderator where enough accounts report them that are old enough; a reporter weighs
//!   less the more of their reports moderators have dismissed, and what a moderator has let stand stays until its author changes it
//!   (`model::weight`). Whether people or challenges are hidden, moderators alone decide.
//! - Nobody decides about what is theirs, nor about administrators; about moderators only administrators do.

mod api;
mod config;
mod examples;
mod model;
mod request;
mod response;
mod service;
mod store;

use crate::identity::notices::NoticeKind;

pub use self::{
    api::ModerationApi,
    config::{ModerationConfig, Settings},
    model::ModerationError,
    service::{Moderation, Sources},
};

/// Something was decided about something of the user's.
pub const MODERATED: NoticeKind = NoticeKind {
    name: "moderated",
    about: "It was decided about something that you wrote, or about your account.",
    romanian: "S-a luat o decizie despre ceva ce ai scris sau despre contul tău.",
};

/// A moderator has looked at what the user reported.
pub const REPORT_SETTLED: NoticeKind = NoticeKind {
    name: "report_settled",
    about: "A moderator has looked at what you reported.",
    romanian: "Un moderator a verificat ce ai raportat.",
};

/// The kinds of notices of this feature.
pub const NOTICE_KINDS: [NoticeKind; 2] = [MODERATED, REPORT_SETTLED];

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::{BODY_READERS, URI_READERS};
}
