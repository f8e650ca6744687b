//! Reports, cases and verdicts, and the pure rules about them.

mod error;
mod verdict;

pub use self::{
    error::ModerationError,
    verdict::{Action, Appeal, AppealState, Before, Decision, NewVerdict, Verdict},
};
use crate::{
    catalogue::titles::{TitleCard, TitleId},
    identity::{
        access::{ModerationReason, UserId},
        people::{Audience, PersonCard},
    },
    journal::media::Link,
    platform::named::Named,
};

/// Characters of the note of a report, or of a moderator, at most.
pub const MAX_NOTE: usize = 500;

/// Characters of an appeal at most.
pub const MAX_APPEAL: usize = 1_000;

/// Reports of one user in a day at most.
pub const MAX_REPORTS: u64 = 50;

/// Subjects of one decision at most.
pub const MAX_SUBJECTS: usize = 100;

/// The newest notes that are shown of a case.
pub const SHOWN_NOTES: usize = 5;

/// Reports of a case that are looked at.
pub const LOOKED_AT: u64 = 500;

/// What something is that can be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectKind {
    /// A thought or a review.
    Thought,
    /// A comment on a thought.
    Comment,
    /// A screenshot, a clip or a capture of an achievement.
    Media,
    /// A challenge or a gathering.
    Challenge,
    /// A person: their username, their display name, what they say of themselves, or what they do, as hosts too.
    Person,
}

impl Named for SubjectKind {
    const SET: &'static str = "ModerationKind";
    const MEMBERS: &'static [Self] = &[Self::Thought, Self::Comment, Self::Media, Self::Challenge, Self::Person];

    fn public_name(self) -> &'static str {
        match self {
            Self::Thought => "thought",
            Self::Comment => "comment",
            Self::Media => "media",
            Self::Challenge => "challenge",
            Self::Person => "person",
        }
    }
}

impl SubjectKind {
    /// Whether reports alone can hide it.
    #[must_use]
    pub fn is_hidden_by_reports(self) -> bool {
        matches!(self, Self::Thought | Self::Comment | Self::Media)
    }
}

/// The number by which a member of a closed set is stored: its place in the set. New members go to the end.
pub fn number<E: Named + PartialEq>(member: E) -> i16 {
    let at = E::MEMBERS.iter().position(|known| *known == member);
    at.and_then(|at| i16::try_from(at).ok()).unwrap_or_default()
}

/// The member of that number; `None` where a later release has stored it.
pub fn stored<E: Named>(number: i16) -> Option<E> {
    usize::try_from(number).ok().and_then(|at| E::MEMBERS.get(at)).copied()
}

/// Something that can be reported, by the id by which it is stored: of a person that of the user.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its id.
    pub id: String,
}

/// Something that can be reported, as a request names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSubject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its id on the wire: of a person the username.
    pub id: String,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Why.
    pub reason: ModerationReason,
    /// More about it; perhaps nothing.
    pub note: String,
}

/// Something that can be reported, as it is.
#[derive(Clone, Debug)]
pub struct SubjectNow {
    /// Whose it is; nobody where it outlived the account.
    pub author: Option<UserId>,
    /// What it says.
    pub text: String,
    /// The title that it is on.
    pub title: Option<TitleId>,
    /// The thought that it is on.
    pub thought: Option<i64>,
    /// Who sees it, as its owner asked.
    pub audience: Audience,
    /// Why it is hidden, if it is.
    pub hidden: Option<ModerationReason>,
    /// Its revision; 0 of what never changes.
    pub revision: i64,
    /// The media type, and the keys of the files.
    pub files: Option<Files>,
}

/// The files of media.
#[derive(Clone, Debug)]
pub struct Files {
    /// The media type.
    pub media_type: String,
    /// What is shown.
    pub file: Option<String>,
    /// The small picture.
    pub thumbnail: Option<String>,
    /// The turn of their links.
    pub turn: i16,
}

/// Which cases a moderator wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseState {
    /// Those with reports that nobody has settled, or with an appeal.
    #[default]
    Waiting,
    /// Those whose subjects are hidden, or banned.
    InForce,
}

impl Named for CaseState {
    const SET: &'static str = "ModerationState";
    const MEMBERS: &'static [Self] = &[Self::Waiting, Self::InForce];

    fn public_name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::InForce => "in_force",
        }
    }
}

/// A place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseCursor {
    /// Reports of the last case of the page before.
    pub reports: i32,
    /// Its id.
    pub case: i64,
}

impl CaseCursor {
    /// The cursor of that text.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let (reports, case) = text.split_once('-')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(reports) || !digits(case) {
            return None;
        }
        Some(Self { reports: reports.parse().ok()?, case: case.parse().ok()? })
    }

    /// Its text.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{}-{}", self.reports, self.case)
    }
}

/// A page of the queue that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct QueueRequest {
    /// Which cases.
    pub state: CaseState,
    /// Those of this kind alone.
    pub kind: Option<SubjectKind>,
    /// After this one.
    pub after: Option<CaseCursor>,
    /// Cases at most.
    pub limit: usize,
}

/// A case as it is stored.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its id.
    pub id: i64,
    /// What it is about.
    pub subject: Subject,
    /// Whose that is.
    pub author: Option<UserId>,
    /// Reports that nobody has settled.
    pub reports: i32,
    /// When the first of them came (Unix time in ms).
    pub first_ms: Option<i64>,
    /// When the last of them came.
    pub last_ms: Option<i64>,
    /// What it said when it was last reported.
    pub reported_text: String,
    /// The revision that a moderator let stand.
    pub stood_revision: Option<i64>,
    /// The verdict against which there is an appeal.
    pub appealed: Option<i64>,
}

/// Somebody whose thing is in the queue.
#[derive(Clone, Debug)]
pub struct Author {
    /// Their names.
    pub card: PersonCard,
    /// Whether they are banned.
    pub is_banned: bool,
}

/// A case with all that a moderator is shown.
#[derive(Clone, Debug)]
pub struct CaseWithCards {
    /// It.
    pub case: Case,
    /// The id of the subject on the wire.
    pub id: String,
    /// Whose it is.
    pub author: Option<Author>,
    /// The subject as it is; nothing where it is gone.
    pub now: Option<SubjectNow>,
    /// The title.
    pub title: Option<TitleCard>,
    /// The file of media.
    pub file: Option<Link>,
    /// The small picture of media.
    pub thumbnail: Option<Link>,
    /// How many open reports give which reason.
    pub reasons: Vec<(ModerationReason, u32)>,
    /// The newest notes.
    pub notes: Vec<String>,
    /// The verdict with the appeal.
    pub appealed: Option<Verdict>,
    /// The last verdict that was not undone.
    pub last_verdict: Option<VerdictWithNames>,
}

/// A verdict with the names of all concerned.
#[derive(Clone, Debug)]
pub struct VerdictWithNames {
    /// It.
    pub verdict: Verdict,
    /// The id of the subject on the wire.
    pub id: Option<String>,
    /// The username of the author.
    pub author: Option<String>,
    /// The username of who decided.
    pub moderator: Option<String>,
    /// The username of who undid it.
    pub undone_by: Option<String>,
}

/// What became of one subject of a decision.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The subject, as it was named.
    pub subject: NamedSubject,
    /// The verdict, or the word for why there is none.
    pub verdict: Result<i64, &'static str>,
}

/// What is known of somebody who has reported something.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// When their account was made (Unix time in ms).
    pub since_ms: i64,
    /// How many of their reports moderators have agreed with.
    pub upheld: i64,
    /// How many of their reports moderators have dismissed.
    pub dismissed: i64,
}

/// What a report weighs: nothing where the account is younger than `since_ms` says, otherwise at most 1, and less the more of the
/// reporter's reports were dismissed. Two dismissed ones weigh as much as one that was upheld, so that an account that has never been
/// right weighs a third after one mistake.
#[must_use]
pub fn weight(record: Record, since_ms: i64) -> f64 {
    if record.since_ms > since_ms {
        return 0.0;
    }
    let count = |number: i64| f64::from(i32::try_from(number.max(0)).unwrap_or(i32::MAX));
    let right = 1.0 + count(record.upheld);
    right / (right + 2.0 * count(record.dismissed))
}

/// A text that people read, of at most so many characters, without the white space around it.
///
/// # Errors
/// What is wrong with it.
pub fn parse_text(text: &str, most: usize) -> Result<String, String> {
    let text = text.trim();
    let chars = text.chars().count();
    if chars > most {
        return Err(format!("has {chars} characters; at most {most}"));
    }
    if text.chars().any(|char| char.is_control() && char != '\n') {
        return Err("has a control character".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_stored_and_read_back() {
        for kind in SubjectKind::MEMBERS {
            assert_eq!(stored(number(*kind)), Some(*kind));
        }
        assert_eq!(stored::<SubjectKind>(99), None, "of a later release");
    }

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is_one() {
        let cursor = CaseCursor { reports: 3, case: i64::MAX };
        assert_eq!(CaseCursor::of_text(&cursor.to_text()), Some(cursor));
        for invalid in ["", "3", "-3", "3-", "3-x", "3--1", "+3-1", "3-1-1", "99999999999-1"] {
            assert_eq!(CaseCursor::of_text(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn a_report_weighs_less_the_more_were_dismissed_and_nothing_of_a_young_account() {
        let of = |upheld, dismissed| weight(Record { since_ms: 5, upheld, dismissed }, 5);
        let is = |weight: f64, expected: f64| (weight - expected).abs() < 1e-9;
        assert!(is(of(0, 0), 1.0) && is(of(9, 0), 1.0), "at most one");
        assert!(is(of(0, 1), 1.0 / 3.0) && is(of(1, 1), 0.5) && is(of(0, 10), 1.0 / 21.0));
        assert!(is(weight(Record { since_ms: 6, upheld: 9, dismissed: 0 }, 5), 0.0), "too young");
    }

    #[test]
    fn texts_are_bounded_and_printable() {
        assert_eq!(parse_text(" a\nb ", 3), Ok("a\nb".to_owned()));
        assert!(parse_text(&"é".repeat(4), 3).unwrap_err().contains("4 characters; at most 3"));
        assert!(parse_text("a\u{7}", 3).is_err());
    }
}
