//! What users are told: that somebody follows them, invited them, or that a price fell.
//!
//! - The domain that a notice is about declares its kind ([`NoticeKind`]) and stores it in the transaction of what happened
//!   ([`tell`]), so that there is neither a notice of what did not happen nor anything that nobody was told of.
//! - Who has switched a kind off is not told of it, nor is anybody told of what a person did whom they blocked, or who blocked
//!   them.
//! - What happens again and again may be one notice, which becomes unread again (`fold`).
//! - A user keeps the newest 500.
//! - What they want by email too comes together (`digest`), once a day or a week as their profile says.

mod api;
mod digest;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::NoticesApi,
    model::{NewNotice, NoticeError, NoticeKind},
    service::Notices,
    store::{tell, unread_count},
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::{BODY_READERS, URI_READERS};
}
