//! Kinds of failure that every layer above can distinguish without knowing HTTP or SQL.

use std::{fmt, time::Duration};

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// What a failure means to the caller. `http::problem` maps each to a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The bytes are not what their content type says.
    Malformed,
    /// Well-formed, but wrong in shape, range or combination.
    Invalid,
    /// Larger than a limit.
    TooLarge,
    /// Of an unsupported media type or content coding.
    UnsupportedMedia,
    /// Not authenticated: credentials are missing or not valid.
    Unauthenticated,
    /// The caller is known, but not allowed.
    Forbidden,
    /// It does not exist, or not for this caller.
    NotFound,
    /// It existed, and does no longer.
    Gone,
    /// It conflicts with the current state.
    Conflict,
    /// Too many requests or attempts.
    TooMany,
    /// The client sent too slowly.
    TimedOut,
    /// A queue or another resource is full; worth a retry.
    Busy,
    /// A dependency is not available; worth a retry.
    Unavailable,
    /// An internal error.
    Internal,
}

/// One fault in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: a JSON pointer (RFC 6901) into the body, or `?name` for a query parameter, or a header's name.
    pub pointer: String,
    /// What is wrong, with the limit where there is one.
    pub detail: String,
}

impl Fault {
    /// A fault at `pointer`.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }

    /// One sentence for all faults.
    #[must_use]
    pub fn summary(faults: &[Self]) -> String {
        match faults {
            [only] => format!("{} {}.", only.pointer, only.detail),
            several => format!("{} things are wrong in what was sent; see errors.", several.len()),
        }
    }
}

/// The error of a feature, as far as its answer depends on it. `http::problem` converts all of them. The error's text
/// is shown to the caller, except for [`Kind::Internal`].
pub trait DomainError: fmt::Display {
    /// The kind, and the code: a word for programs, which does not change.
    fn kind(&self) -> (Kind, &'static str);

    /// What is wrong in what was sent.
    fn faults(&self) -> &[Fault] {
        &[]
    }

    /// The error of another feature that this one only passes on; the caller is answered as for that one.
    fn wrapped(&self) -> Option<&dyn DomainError> {
        None
    }

    /// The failed call to the database that this error only passes on.
    fn store_error(&self) -> Option<&StoreError> {
        None
    }

    /// The name of the limit that is exhausted, and how long until some of it is available again.
    fn exhausted_limit(&self) -> Option<(&'static str, Duration)> {
        None
    }

    /// Whether a caller who is not authenticated should sign in, rather than show a key.
    fn needs_session(&self) -> bool {
        false
    }
}

/// A failed call to the database, classified by what can be done about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No response in time, or the connection broke: the statement may or may not have taken effect.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// A row was rejected (SQLSTATE classes 22 and 23); the other rows of its batch are not at fault.
    #[error("the database rejected a row")]
    InvalidRow(#[source] DbErr),
    /// The transaction was rolled back because of a concurrent one (SQLSTATE class 40); it can be retried.
    #[error("the transaction conflicted with another")]
    Conflict(#[source] DbErr),
    /// The statement can't work: a bug, or a fault of the installation.
    #[error("the database rejected the statement")]
    Statement(#[source] DbErr),
}

impl StoreError {
    /// What it means to the caller.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) | Self::Conflict(_) => Kind::Unavailable,
            Self::InvalidRow(_) | Self::Statement(_) => Kind::Internal,
        }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let code = match &error {
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => return Self::Unavailable(error.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => match &**cause {
                sqlx::Error::Database(refusal) => refusal.code().unwrap_or_default().into_owned(),
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => return Self::Unavailable(error.to_string()),
                _ => return Self::Statement(error),
            },
            _ => return Self::Statement(error),
        };
        // PostgreSQL's codes have five characters (its manual, appendix A); SQLite's are numbers whose low byte is
        // the class (sqlite.org/rescode.html).
        match code.as_bytes() {
            [b'2', b'2' | b'3', _, _, _] => Self::InvalidRow(error),
            [b'4', b'0', _, _, _] => Self::Conflict(error),
            // 08 connection, 53 resources, 55P03 lock not available, 57 operator (shutdown, time-out),
            // 25006 read-only: a primary that has become a standby.
            [b'0', b'8', _, _, _] | [b'5', b'3' | b'7', _, _, _] | b"55P03" | b"25006" => {
                Self::Unavailable(error.to_string())
            }
            _ => match code.parse::<u32>().map(|code| code & 0xff) {
                Ok(5 | 6) => Self::Conflict(error),
                Ok(10 | 13 | 14) => Self::Unavailable(error.to_string()),
                Ok(18..=20) => Self::InvalidRow(error),
                _ => Self::Statement(error),
            },
        }
    }
}
