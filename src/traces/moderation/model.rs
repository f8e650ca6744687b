//! Types and pure rules of moderation, and the feature's error.

use std::sync::Arc;

use uuid::Uuid;

use crate::{
    identity::studios::StudioError,
    platform::{
        clock,
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
    traces::trace::{GroupKey, TraceError},
    worlds::{ScopeKey, WorldError},
};

/// Bytes of a note or a reason in words, at most.
const WORDS_BYTES: usize = 500;

/// Bytes of an author's name, at most, as of every trace's.
const AUTHOR_BYTES: usize = 64;

/// TraceWorlds that one decision names, at most.
pub const TRACES_AT_ONCE: usize = 500;

/// Authors that one player can hide, at most.
pub const HIDDEN_AUTHORS: u64 = 500;

/// Words for people: at most 500 bytes, no control characters.
///
/// # Errors
/// In words.
pub fn words(raw: &str) -> Result<String, String> {
    plain(raw, WORDS_BYTES)
}

/// An author as it stands in a trace: at most 64 bytes, no control characters, not empty.
///
/// # Errors
/// In words.
pub fn author(raw: &str) -> Result<String, String> {
    if raw.is_empty() { Err("is empty".to_owned()) } else { plain(raw, AUTHOR_BYTES) }
}

fn plain(raw: &str, most: usize) -> Result<String, String> {
    if raw.len() > most {
        return Err(format!("is {} bytes long; at most {most}", raw.len()));
    }
    if raw.chars().any(char::is_control) {
        return Err("has a control character".to_owned());
    }
    Ok(raw.to_owned())
}

/// A trace's id as it is written under `/v1`: a text of digits.
///
/// # Errors
/// In words.
pub fn trace_id(text: &str) -> Result<i64, String> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or_else(|| "must be a trace's id: a text of digits".to_owned())
}

/// A player who has met a trace, and does something about it.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// Who.
    pub player: Uuid,
    /// Which trace.
    pub trace: i64,
    /// The group that the player is of, as far as he says.
    pub group: Option<GroupKey>,
}

/// That a player may not leave, vote or report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Banned {
    /// Until then; nothing: for ever.
    pub until_ms: Option<i64>,
}

/// Why a player may not do something about a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// He may not do anything.
    #[error("This player is banned{}.", until(.0))]
    Banned(Banned),
    /// There is none that he can have met.
    #[error("There is no such trace.")]
    NotFound,
    /// It is his own.
    #[error("This trace is the player's own.")]
    Own,
}

fn until(banned: &Banned) -> String {
    banned.until_ms.map_or_else(String::new, |until_ms| format!(" until {}", clock::format(until_ms)))
}

impl Refused {
    /// What it means to whoever asked, and the word for it.
    #[must_use]
    pub fn kind(self) -> (Kind, &'static str) {
        match self {
            Self::Banned(_) => (Kind::Forbidden, "banned"),
            Self::NotFound => (Kind::NotFound, "trace_not_found"),
            Self::Own => (Kind::Conflict, "own_trace"),
        }
    }
}

/// What may be wrong with a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// It is advertising, or the same again and again.
    Spam,
    /// It insults or threatens.
    Abuse,
    /// It was not come by honestly.
    Cheating,
    /// It is sexual.
    Sexual,
    /// Something else; the note says what.
    Other,
}

impl Complaint {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Spam, Self::Abuse, Self::Cheating, Self::Sexual, Self::Other];

    /// As it is stored.
    #[must_use]
    pub fn code(self) -> i16 {
        match self {
            Self::Spam => 1,
            Self::Abuse => 2,
            Self::Cheating => 3,
            Self::Sexual => 4,
            Self::Other => 5,
        }
    }

    /// As it was stored.
    #[must_use]
    pub fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Abuse => "abuse",
            Self::Cheating => "cheating",
            Self::Sexual => "sexual",
            Self::Other => "other",
        }
    }

    /// As it was written.
    ///
    /// # Errors
    /// In words: it is none of them.
    pub fn parse(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|one| one.name() == name);
        found.ok_or_else(|| format!("must be one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// What a player says is wrong with a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What.
    pub complaint: Complaint,
    /// More about it.
    pub note: Option<String>,
}

/// Which traces are removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wiped {
    /// These.
    These(Vec<i64>),
    /// All that a player has left, in one scope where one is named.
    OfPlayer(Uuid, Option<ScopeKey>),
    /// All in a scope.
    InScope(ScopeKey),
    /// All that there are when it begins.
    Everything,
}

/// What a moderator does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Nobody is shown these any more.
    Hide(Vec<i64>),
    /// They are shown again.
    Restore(Vec<i64>),
    /// That player may not leave, vote or report, until then.
    Ban(Uuid, Banned),
    /// He may again.
    Unban(Uuid),
    /// TraceWorlds are removed for good.
    Wipe(Wiped),
}

impl Deed {
    /// As the audit has it: what was done, and to what.
    #[must_use]
    pub fn in_audit(&self) -> (&'static str, String) {
        let list = |ids: &[i64]| ids.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
        match self {
            Self::Hide(ids) => ("traces.hidden", format!("traces {}", list(ids))),
            Self::Restore(ids) => ("traces.restored", format!("traces {}", list(ids))),
            Self::Ban(player, banned) => ("player.banned", format!("player {player}{}", until(banned))),
            Self::Unban(player) => ("player.unbanned", format!("player {player}")),
            Self::Wipe(wiped) => {
                let what = match wiped {
                    Wiped::These(ids) => format!("traces {}", list(ids)),
                    Wiped::OfPlayer(player, None) => format!("all of player {player}"),
                    Wiped::OfPlayer(player, Some(scope)) => format!("all of player {player} in scope {scope}"),
                    Wiped::InScope(scope) => format!("all in scope {scope}"),
                    Wiped::Everything => "all".to_owned(),
                };
                ("traces.wiped", what)
            }
        }
    }
}

/// What a moderator does, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What.
    pub deed: Deed,
    /// Why, in his words.
    pub reason: String,
}

/// A place in the queue: behind what so many have reported, and among those behind that trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Players who have reported it.
    pub reports: i32,
    /// The trace.
    pub trace: i64,
}

impl Place {
    /// As it is written: `reports-trace`.
    ///
    /// # Errors
    /// In words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split_once('-');
        let place = parts.and_then(|(reports, trace)| {
            Some(Self { reports: reports.parse().ok().filter(|count| *count >= 0)?, trace: trace_id(trace).ok()? })
        });
        place.ok_or_else(|| "must be what `next` was".to_owned())
    }

    /// As it is written.
    #[must_use]
    pub fn print(self) -> String {
        format!("{}-{}", self.reports, self.trace)
    }
}

/// A trace that waits for a moderator, or is hidden.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its id.
    pub id: i64,
    /// What it is, as it is stored.
    pub kind: i16,
    /// Where.
    pub scope: String,
    /// Who left it.
    pub author: String,
    /// What it says, as the text of a JSON object.
    pub content: String,
    /// Votes for it,
    pub good: i32,
    /// and against it.
    pub poor: i32,
    /// When it was left.
    pub created_at_ms: i64,
    /// Whether nobody is shown it.
    pub hidden: bool,
    /// How many players have reported it since a moderator last decided.
    pub reports: i32,
    /// What they say is wrong, each once; those of before too.
    pub complaints: Vec<Complaint>,
    /// The newest of their notes.
    pub notes: Vec<String>,
}

/// An author whom a player does not want to see.
#[derive(Clone, Debug)]
pub struct HiddenAuthor {
    /// Who, as it stands in the traces.
    pub author: String,
    /// Since when.
    pub at_ms: i64,
}

/// Why something could not be reported or moderated.
#[derive(Debug, thiserror::Error)]
pub enum ModerationError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Something that was sent is wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The player may not.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// There is no such player.
    #[error("There is no such player in this world.")]
    NoPlayer,
    /// So many authors are hidden already.
    #[error("{HIDDEN_AUTHORS} authors are hidden already; that is the most.")]
    TooManyHidden,
    /// The world.
    #[error(transparent)]
    Traces(#[from] TraceError),
    /// The audit.
    #[error(transparent)]
    Studios(#[from] StudioError),
    /// The database.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for ModerationError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl From<WorldError> for ModerationError {
    fn from(error: WorldError) -> Self {
        Self::Traces(error.into())
    }
}

impl DomainError for ModerationError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::Refused(refused) => refused.kind(),
            Self::NoPlayer => (Kind::NotFound, "player_not_found"),
            Self::TooManyHidden => (Kind::Conflict, "too_many_hidden"),
            Self::Traces(error) => error.kind(),
            Self::Studios(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Traces(error) => Some(error),
            Self::Studios(error) => Some(error),
            _ => None,
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        assert!(Complaint::ALL.iter().all(|one| Complaint::of_code(one.code()) == Some(*one)));
        assert!(Complaint::ALL.iter().all(|one| Complaint::parse(one.name()) == Ok(*one)));
        let place = Place { reports: 3, trace: i64::MAX };
        assert_eq!(Place::parse(&place.print()), Ok(place));
        for no in ["", "3", "-3", "3-", "3-x", "3--1", "-3-1", "3-1-1"] {
            assert!(Place::parse(no).is_err(), "{no}");
        }
    }

    #[test]
    fn a_trace_id_is_digits_alone() {
        assert_eq!(trace_id("17"), Ok(17));
        for no in ["", "+1", "-1", "1.0", "x", "9223372036854775808", " 1"] {
            assert!(trace_id(no).is_err(), "{no}");
        }
    }

    #[test]
    fn words_are_bounded_and_plain() {
        assert!(words(&"é".repeat(250)).is_ok() && words(&"é".repeat(251)).is_err() && words("a\nb").is_err());
        assert!(author("").is_err() && author(&"a".repeat(64)).is_ok() && author(&"a".repeat(65)).is_err());
    }
}
