//! Types and pure rules of moderation, and the feature's error.

mod error;

use std::fmt;

use uuid::Uuid;

pub use self::error::ModerationError;
use crate::{
    platform::{error::Kind, named::Named},
    traces::{
        TraceKind,
        gate::{Ban, BannedAuthor},
        trace::{AuthorKind, GroupKey},
    },
    worlds::ScopeKey,
};

/// Longest note of a report or reason of a moderator, in bytes.
const FREE_TEXT_BYTES: usize = 500;

/// Longest author, in bytes: the same limit as for the author of any trace.
const AUTHOR_BYTES: usize = 64;

/// Most traces that one action may name.
pub const TRACES_PER_ACTION: usize = 500;

/// Most authors that one player may hide.
pub const HIDDEN_AUTHORS: u64 = 500;

/// Text that people read: at most 500 bytes, no control characters.
///
/// # Errors
/// What is wrong with it, as the detail of a fault.
pub fn parse_free_text(text: &str) -> Result<String, String> {
    printable(text, FREE_TEXT_BYTES)
}

/// The author of a trace: 1 to 64 bytes, no control characters.
///
/// # Errors
/// What is wrong with it, as the detail of a fault.
pub fn parse_author(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("is empty".to_owned()) } else { printable(text, AUTHOR_BYTES) }
}

/// An author that a v0 client claims: 1 to 64 bytes, anything but NUL, as they may be sent.
///
/// # Errors
/// What is wrong with it, as the detail of a fault.
pub fn parse_claimed_author(text: &str) -> Result<String, String> {
    if text.len() > AUTHOR_BYTES {
        return Err(format!("is {} bytes long; at most {AUTHOR_BYTES}", text.len()));
    }
    if text.contains('\0') { Err("has a NUL in it".to_owned()) } else { Ok(text.to_owned()) }
}

fn printable(text: &str, max_bytes: usize) -> Result<String, String> {
    if text.len() > max_bytes {
        return Err(format!("is {} bytes long; at most {max_bytes}", text.len()));
    }
    if text.chars().any(char::is_control) {
        return Err("has a control character".to_owned());
    }
    Ok(text.to_owned())
}

/// A trace's id as `/v1` writes it: decimal digits.
///
/// # Errors
/// What is wrong with it, as the detail of a fault.
pub fn parse_trace_id(text: &str) -> Result<i64, String> {
    let only_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| only_digits).ok_or_else(|| "must be a trace's id: a text of digits".to_owned())
}

/// A player who votes for, uses or reports a trace.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// The player.
    pub player: Uuid,
    /// The trace's id.
    pub trace: i64,
    /// The group that the player claims to belong to.
    pub group: Option<GroupKey>,
}

/// Why a player may not interact with a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InteractionError {
    /// The player is banned.
    #[error("This player is banned{0}.")]
    Banned(Ban),
    /// There is no such trace, or the player can't see it.
    #[error("There is no such trace.")]
    TraceNotFound,
    /// The player is its author.
    #[error("This trace is the player's own.")]
    OwnTrace,
}

impl InteractionError {
    /// The kind and the problem code.
    #[must_use]
    pub fn kind(self) -> (Kind, &'static str) {
        match self {
            Self::Banned(_) => (Kind::Forbidden, "banned"),
            Self::TraceNotFound => (Kind::NotFound, "trace_not_found"),
            Self::OwnTrace => (Kind::Conflict, "own_trace"),
        }
    }
}

/// Why a trace is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportReason {
    /// Advertising or repetition.
    Spam,
    /// Insults or threats.
    Abuse,
    /// The trace was made by cheating.
    Cheating,
    /// Sexual content.
    Sexual,
    /// Anything else; the note explains it.
    Other,
}

impl ReportReason {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Spam, Self::Abuse, Self::Cheating, Self::Sexual, Self::Other];

    /// The stored code.
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

    /// The reason with a stored code; `None` for codes of newer versions.
    #[must_use]
    pub fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The name in requests and responses.
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

    /// The reason of that name.
    ///
    /// # Errors
    /// There is none, as the detail of a fault.
    pub fn parse(name: &str) -> Result<Self, String> {
        let reason = Self::ALL.into_iter().find(|reason| reason.name() == name);
        reason.ok_or_else(|| format!("must be one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

impl Named for ReportReason {
    const SET: &'static str = "ReportReason";
    const MEMBERS: &'static [Self] = &Self::ALL;

    fn public_name(self) -> &'static str {
        self.name()
    }
}

/// A player's report of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The reason.
    pub reason: ReportReason,
    /// The player's own words about it.
    pub note: Option<String>,
}

/// What a moderator thought of the reports of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They were right: the trace is hidden or removed.
    Upheld,
    /// They were not: it is shown.
    Dismissed,
}

/// Which traces a moderator removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemovalTarget {
    /// The traces with these ids.
    Traces(Vec<i64>),
    /// All traces of an author, or those in one scope.
    Author(BannedAuthor, Option<ScopeKey>),
    /// All traces in a scope.
    Scope(ScopeKey),
    /// All traces of the world.
    World,
}

/// What a moderator does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModerationAction {
    /// Hides traces.
    Hide(Vec<i64>),
    /// Shows hidden traces again.
    Restore(Vec<i64>),
    /// Bans an author.
    Ban(BannedAuthor, Ban),
    /// Lifts an author's ban.
    Unban(BannedAuthor),
    /// Deletes traces.
    Remove(RemovalTarget),
    /// Removes a player's display name, and locks it.
    ClearName(Uuid),
    /// Lets a player have a display name again.
    AllowName(Uuid),
}

impl ModerationAction {
    /// The audit log's name of the action, and its detail.
    #[must_use]
    pub fn audit_entry(&self) -> (&'static str, String) {
        let list = |ids: &[i64]| ids.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
        match self {
            Self::Hide(ids) => ("traces.hidden", format!("traces {}", list(ids))),
            Self::Restore(ids) => ("traces.restored", format!("traces {}", list(ids))),
            Self::Ban(author, ban) => ("player.banned", format!("{author}{ban}")),
            Self::Unban(author) => ("player.unbanned", author.to_string()),
            Self::ClearName(player) => ("player.name_cleared", format!("player {player}")),
            Self::AllowName(player) => ("player.name_allowed", format!("player {player}")),
            Self::Remove(target) => {
                let detail = match target {
                    RemovalTarget::Traces(ids) => format!("traces {}", list(ids)),
                    RemovalTarget::Author(author, None) => format!("all of {author}"),
                    RemovalTarget::Author(author, Some(scope)) => format!("all of {author} in scope {scope}"),
                    RemovalTarget::Scope(scope) => format!("all in scope {scope}"),
                    RemovalTarget::World => "all".to_owned(),
                };
                ("traces.wiped", detail)
            }
        }
    }
}

/// A moderator's action and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The action.
    pub action: ModerationAction,
    /// The reason in the moderator's words; may be empty.
    pub reason: String,
}

/// A position in the moderation queue, which is sorted by reports and id, both descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueCursor {
    /// Reports of the last trace of a page.
    pub reports: i32,
    /// That trace's id.
    pub trace: i64,
}

impl QueueCursor {
    /// Parses `reports-trace`.
    ///
    /// # Errors
    /// It is no cursor, as the detail of a fault.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split_once('-');
        let cursor = parts.and_then(|(reports, trace)| {
            let reports = reports.parse().ok().filter(|count| *count >= 0)?;
            Some(Self { reports, trace: parse_trace_id(trace).ok()? })
        });
        cursor.ok_or_else(|| "must be what `next` was".to_owned())
    }
}

impl fmt::Display for QueueCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.reports, self.trace)
    }
}

/// A trace in the moderation queue: reported or hidden.
#[derive(Clone, Debug)]
pub struct QueueItem {
    /// The trace's id.
    pub id: i64,
    /// Its kind; `None` if this version does not know it.
    pub kind: Option<TraceKind>,
    /// Its scope.
    pub scope: String,
    /// Its author.
    pub author: String,
    /// Whether the author is a player, or a name that was claimed.
    pub author_kind: AuthorKind,
    /// What it says, as the text of a JSON object.
    pub content: String,
    /// Votes for it, imported ones included.
    pub good: i32,
    /// Votes against it.
    pub poor: i32,
    /// When it was left.
    pub created_at_ms: i64,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Number of reports since a moderator's last decision.
    pub reports: i32,
    /// The different reasons of all its reports, settled ones included.
    pub reasons: Vec<ReportReason>,
    /// The newest notes.
    pub notes: Vec<String>,
    /// Where it lies, if anywhere.
    pub position: Option<[f64; 3]>,
    /// The version of the game's content that it was left in.
    pub content_version: i32,
}

/// An author whose traces a player has hidden.
#[derive(Clone, Debug)]
pub struct HiddenAuthor {
    /// The author, as in traces.
    pub author: String,
    /// When the player hid them.
    pub hidden_at_ms: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_codes_and_cursors_are_read_back() {
        assert!(ReportReason::ALL.iter().all(|reason| ReportReason::of_code(reason.code()) == Some(*reason)));
        assert!(ReportReason::ALL.iter().all(|reason| ReportReason::parse(reason.name()) == Ok(*reason)));
        let cursor = QueueCursor { reports: 3, trace: i64::MAX };
        assert_eq!(QueueCursor::parse(&cursor.to_string()), Ok(cursor));
        for invalid in ["", "3", "-3", "3-", "3-x", "3--1", "-3-1", "3-1-1"] {
            assert!(QueueCursor::parse(invalid).is_err(), "{invalid}");
        }
    }

    #[test]
    fn a_trace_id_is_digits_alone() {
        assert_eq!(parse_trace_id("17"), Ok(17));
        for invalid in ["", "+1", "-1", "1.0", "x", "9223372036854775808", " 1"] {
            assert!(parse_trace_id(invalid).is_err(), "{invalid}");
        }
    }

    #[test]
    fn free_text_and_authors_are_bounded_and_printable() {
        assert!(parse_free_text(&"é".repeat(250)).is_ok() && parse_free_text(&"é".repeat(251)).is_err());
        assert!(parse_free_text("a\nb").is_err());
        assert!(parse_author("").is_err() && parse_author(&"a".repeat(64)).is_ok());
        assert!(parse_author(&"a".repeat(65)).is_err());
    }
}
