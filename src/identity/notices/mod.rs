//! What users are told: that somebody follows them, invited them, or that a price fell.
//!
//! - The domain that a notice is about declares its kind ([`NoticeKind`]) and stores it in the transaction of what happened
//!   ([`tell`]); later transactions can't undo the one without the other.
//! - Who has switched a kind off is not told of it, nor is anybody told of what a person did whom they blocked, or who blocked
//!   them.
//! - What happens again and again may be one notice, which becomes unread again (`fold`).
//! - A user keeps the newest 500.

mod model;
mod store;

pub use self::{
    model::{NewNotice, NoticeKind},
    store::{tell, unread_count},
};
