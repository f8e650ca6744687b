//! Types and pure rules of notices.

use serde_json::{Map, Value};

use crate::identity::access::UserId;

/// Notices that a user keeps at most: what nobody reads must not grow.
pub const MAX_NOTICES: u64 = 500;

/// A kind of notices, as its domain declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeKind {
    /// Its name on the wire and in the database, for ever: at most 32 letters and underscores.
    pub name: &'static str,
    /// What a user is told with it, for those who set which kinds they want.
    pub about: &'static str,
}

/// A notice that is to be stored.
#[derive(Clone, Debug)]
pub struct NewNotice<'a> {
    /// Who is told.
    pub user: &'a UserId,
    /// The kind.
    pub kind: NoticeKind,
    /// Who did it, if it was a person: shown by username.
    pub actor: Option<&'a UserId>,
    /// The id of what it is about, as the API writes it.
    pub subject: Option<String>,
    /// Ids and numbers that this kind needs; no texts of users.
    pub detail: Option<Map<String, Value>>,
    /// Notices of one user with the same text here are one, which becomes new again: at most 100 bytes.
    pub fold: Option<String>,
}
