//! Kinds of failure that every layer above can distinguish without knowing HTTP or SQL.

use std::{error::Error, fmt, time::Duration};

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError, sqlite::SqliteError},
};

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
    /// The caller asks for another version than there is.
    PreconditionFailed,
    /// The caller must say which version the request is about.
    PreconditionRequired,
    /// The address is too long.
    UriTooLong,
    /// The headers are too many or too long.
    HeadersTooLarge,
    /// Not known here.
    NotImplemented,
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
    /// There is no room on the database's disk: nothing was stored.
    #[error("the database's disk is full: {0}")]
    DiskFull(String),
    /// A row was rejected (SQLSTATE classes 22 and 23); the other rows of its batch are not at fault.
    #[error("the database rejected a row")]
    InvalidRow(#[source] DbErr),
    /// The transaction was rolled back because of a concurrent one (SQLSTATE class 40); it can be retried.
    #[error("the transaction conflicted with another")]
    Conflict(#[source] DbErr),
    /// The database's user may not do this (SQLSTATE 42501), or not even see the schema (3F000).
    #[error(
        "the database's user lacks a right (SQLSTATE {}); docs/operations.md says under Rights on PostgreSQL which it needs",
        code(.0)
    )]
    Denied(#[source] DbErr),
    /// The statement can't work: a bug, or a fault of the installation.
    #[error("the database rejected the statement")]
    Statement(#[source] DbErr),
}

/// An error and its causes in one line, as far as the error does not say them itself. Unlike the debug form it holds no values of
/// rows, which PostgreSQL adds to its errors as details.
#[must_use]
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}

fn code(error: &DbErr) -> String {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return String::new();
    };
    cause.as_database_error().and_then(DatabaseError::code).unwrap_or_default().into_owned()
}

impl StoreError {
    /// The code that the database gave: an SQLSTATE, or a number of SQLite's. Empty where it gave none.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::InvalidRow(error) | Self::Conflict(error) | Self::Denied(error) | Self::Statement(error) => {
                code(error)
            }
            Self::Unavailable(_) | Self::DiskFull(_) => String::new(),
        }
    }

    /// What it means to the caller.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) | Self::DiskFull(_) | Self::Conflict(_) => Kind::Unavailable,
            Self::InvalidRow(_) | Self::Denied(_) | Self::Statement(_) => Kind::Internal,
        }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let class = match &error {
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Class::Unavailable,
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => match &**cause {
                sqlx::Error::Database(refusal) => Class::of(&**refusal),
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => Class::Unavailable,
                _ => Class::Statement,
            },
            _ => Class::Statement,
        };
        match class {
            Class::Unavailable => Self::Unavailable(error.to_string()),
            Class::DiskFull => Self::DiskFull(error.to_string()),
            Class::InvalidRow => Self::InvalidRow(error),
            Class::Conflict => Self::Conflict(error),
            Class::Denied => Self::Denied(error),
            Class::Statement => Self::Statement(error),
        }
    }
}

/// The classes of failures: the variants of [`StoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Unavailable,
    DiskFull,
    InvalidRow,
    Conflict,
    Denied,
    Statement,
}

impl Class {
    /// The class of a refusal. The two databases have codes of their own: 42501 is a missing right in one, and no code in the
    /// other, which counts classes in the low byte.
    fn of(refusal: &dyn DatabaseError) -> Self {
        let code = refusal.code().unwrap_or_default();
        if refusal.try_downcast_ref::<SqliteError>().is_some() {
            code.parse().map_or(Self::Statement, Self::of_sqlite)
        } else {
            Self::of_postgres(&code)
        }
    }

    /// PostgreSQL's codes have five characters; the first two are the class (its manual, appendix A).
    fn of_postgres(code: &str) -> Self {
        match code.as_bytes() {
            [b'2', b'2' | b'3', _, _, _] => Self::InvalidRow,
            [b'4', b'0', _, _, _] => Self::Conflict,
            b"42501" | b"3F000" => Self::Denied,
            b"53100" => Self::DiskFull,
            // 08 connection, 53 resources, 55P03 lock not available, 57 operator (shutdown, time-out),
            // 25006 read-only: a primary that has become a standby.
            [b'0', b'8', _, _, _] | [b'5', b'3' | b'7', _, _, _] | b"55P03" | b"25006" => Self::Unavailable,
            _ => Self::Statement,
        }
    }

    /// SQLite's codes are numbers whose low byte is the class (sqlite.org/rescode.html).
    fn of_sqlite(code: u32) -> Self {
        match code & 0xff {
            // BUSY, LOCKED.
            5 | 6 => Self::Conflict,
            // FULL.
            13 => Self::DiskFull,
            // READONLY, IOERR, CANTOPEN.
            8 | 10 | 14 => Self::Unavailable,
            // TOOBIG, CONSTRAINT, MISMATCH.
            18..=20 => Self::InvalidRow,
            _ => Self::Statement,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_one_database_is_not_read_as_one_of_the_other() {
        assert_eq!((Class::of_postgres("42501"), Class::of_postgres("3F000")), (Class::Denied, Class::Denied));
        assert_eq!(Class::of_postgres("40001"), Class::Conflict);
        assert_eq!(Class::of_postgres("23505"), Class::InvalidRow);
        assert_eq!(Class::of_postgres("57014"), Class::Unavailable);
        for code in 0..=99_999 {
            let text = format!("{code:05}");
            let expected = match (code / 1000, code) {
                (22 | 23, _) => Class::InvalidRow,
                (40, _) => Class::Conflict,
                (_, 53100) => Class::DiskFull,
                (8 | 53 | 57, _) | (_, 25006) => Class::Unavailable,
                (_, 42501) => Class::Denied,
                _ => Class::Statement,
            };
            assert_eq!(Class::of_postgres(&text), expected, "{text}");
        }
        for (code, class) in [
            (5, Class::Conflict),
            (517, Class::Conflict),
            (13, Class::DiskFull),
            (8, Class::Unavailable),
            (2067, Class::InvalidRow),
            (1, Class::Statement),
            (11, Class::Statement),
        ] {
            assert_eq!(Class::of_sqlite(code), class, "{code}");
        }
    }
}
