//! Types and pure rules of notices.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::{
    identity::{access::UserId, profiles::PersonCard},
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
        page::Page,
    },
};

/// Notices that a user keeps at most: what nobody reads must not grow.
pub const MAX_NOTICES: u64 = 500;

/// A kind of notices, as its domain declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeKind {
    /// Its name on the wire and in the database, for ever: at most 32 letters and underscores.
    pub name: &'static str,
    /// What a user is told with it, for those who set which kinds they want.
    pub about: &'static str,
    /// The same in Romanian, for emails.
    pub romanian: &'static str,
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

/// A notice, as its user reads it.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its id.
    pub id: i64,
    /// The name of its kind.
    pub kind: String,
    /// Who did it, if it was a person.
    pub person: Option<PersonCard>,
    /// The id of what it is about.
    pub subject: Option<String>,
    /// Ids and numbers of its kind.
    pub detail: Option<Value>,
    /// How often it has happened.
    pub times: i32,
    /// When it happened last (Unix time in ms).
    pub at_ms: i64,
    /// Whether it was read.
    pub is_read: bool,
}

/// A page of notices.
#[derive(Debug)]
pub struct NoticePage {
    /// The notices, the newest first.
    pub page: Page<Notice>,
    /// How many are unread, in all.
    pub unread: usize,
}

/// Which notices are marked as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marked {
    /// All that there are now.
    All,
    /// These.
    These(Vec<i64>),
}

/// Whether a user wants notices of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeSetting {
    /// The kind.
    pub kind: NoticeKind,
    /// Whether they are told at all.
    pub app: bool,
    /// Whether by email too, as their profile says how often.
    pub mail: bool,
}

/// Why a use case of notices failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoticeError {
    /// The body can't be parsed.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Members of the body are not valid.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The user has no such notice.
    #[error("There is no such notice.")]
    NotFound,
    /// There is no such kind of notices.
    #[error("There is no such kind of notices.")]
    KindNotFound,
    /// The user was deleted meanwhile.
    #[error("This account no longer exists.")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for NoticeError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl DomainError for NoticeError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotFound => (Kind::NotFound, "notice_not_found"),
            Self::KindNotFound => (Kind::NotFound, "notice_kind_not_found"),
            Self::Gone => (Kind::Unauthenticated, "account_gone"),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}
