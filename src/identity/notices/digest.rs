//! Digests: the notices that a user wants by email too, together. When one is due, and what it says.
//!
//! - A notice asks for the first digest that is due after it, in its own transaction: one job, whatever else is told until then.
//! - Each user has a time of the day, so that not all are sent at once: within four hours of the European evening. Who wants one a week
//!   gets it on Mondays.
//! - It names people and kinds, nothing that anybody wrote. What was read meanwhile, or is hidden by now, is not in it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::model::{Notice, NoticeKind};
use crate::{
    identity::access::UserId,
    platform::{jobs::NewJob, token},
};

/// The kind of jobs that send a digest.
pub const KIND: &str = "notice_digest";

/// Notices in a digest at most; of more it says how many there are.
pub const MOST: usize = 20;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// From when on digests are sent, of a day in UTC.
const FROM_MS: i64 = 15 * HOUR_MS;

/// For how long: the users are spread over it.
const WITHIN_MS: i64 = 4 * HOUR_MS;

/// The first Monday, in days since the Unix epoch, which was a Thursday.
const FIRST_MONDAY: i64 = 4;

/// How often a user wants digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Each day.
    Daily,
    /// Each Monday.
    Weekly,
}

impl Rhythm {
    /// That of the number in a profile; nothing where none is wanted.
    #[must_use]
    pub fn of_number(number: i16) -> Option<Self> {
        match number {
            1 => Some(Self::Daily),
            2 => Some(Self::Weekly),
            _ => None,
        }
    }

    /// From one digest to the next, in milliseconds.
    fn period(self) -> i64 {
        if self == Self::Daily { DAY_MS } else { 7 * DAY_MS }
    }

    /// When a user's next digest after a time is due, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn next(self, user: &UserId, after_ms: i64) -> i64 {
        let [one, two, ..] = token::digest(user.as_str());
        let place = i64::from(u16::from_be_bytes([one, two]));
        let time = FROM_MS + WITHIN_MS * place / i64::from(u16::MAX);
        let period = self.period();
        let first = time + if self == Self::Weekly { FIRST_MONDAY * DAY_MS } else { 0 };
        after_ms + period - (after_ms - first).rem_euclid(period)
    }
}

/// A digest that is to be sent.
#[derive(Debug, Deserialize, Serialize)]
pub struct Digest {
    /// To whom.
    pub user: String,
    /// Of what is told from then on, in milliseconds since the Unix epoch.
    pub from_ms: i64,
    /// Of what is told before then: when it is due.
    pub to_ms: i64,
}

impl Digest {
    /// The job that sends a user's first digest after a time, unless it waits already.
    #[must_use]
    pub fn job(user: &UserId, rhythm: Rhythm, after_ms: i64) -> NewJob {
        let to_ms = rhythm.next(user, after_ms);
        let digest = Self { user: user.as_str().to_owned(), from_ms: to_ms - rhythm.period(), to_ms };
        NewJob::named(KIND, &digest).unique(Self::key(user, to_ms)).at(to_ms)
    }

    /// The keys of the jobs of which one waits for a user at most.
    #[must_use]
    pub fn waiting_keys(user: &UserId, now_ms: i64) -> [String; 2] {
        [Rhythm::Daily, Rhythm::Weekly].map(|rhythm| Self::key(user, rhythm.next(user, now_ms)))
    }

    fn key(user: &UserId, to_ms: i64) -> String {
        format!("{} {to_ms}", user.as_str())
    }
}

/// The sentences around the notices.
struct Frame {
    subject: &'static str,
    intro: &'static str,
    more: &'static str,
    times: &'static str,
    end: &'static str,
}

const ENGLISH: Frame = Frame {
    subject: "What is new for you",
    intro: "Since the last email:",
    more: "and more:",
    times: "times",
    end: "You get this because you asked for it. Your profile says how often, and the settings of notices of which kinds.",
};

const ROMANIAN: Frame = Frame {
    subject: "Ce este nou pentru tine",
    intro: "De la ultimul e-mail:",
    more: "și altele:",
    times: "ori",
    end: "Primești acest e-mail pentru că l-ai cerut. Profilul tău spune cât de des, iar setările notificărilor despre ce.",
};

/// The subject and the text of a digest in a language, of which the first part counts (`ro-RO` is Romanian); in English where there is
/// no translation.
#[must_use]
pub fn write(language: &str, notices: &[Notice], all: usize, kinds: &[NoticeKind]) -> (&'static str, String) {
    let is_romanian = language.split('-').next() == Some("ro");
    let frame = if is_romanian { ROMANIAN } else { ENGLISH };
    let mut text = format!("{}\n\n", frame.intro);
    for notice in notices {
        let Some(kind) = kinds.iter().find(|kind| kind.name == notice.kind) else { continue };
        let _infallible = write!(text, "  - {}", if is_romanian { kind.romanian } else { kind.about });
        if let Some(person) = &notice.person {
            let _infallible = write!(text, " ({})", person.username);
        }
        if notice.times > 1 {
            let _infallible = write!(text, ", {} {}", notice.times, frame.times);
        }
        text.push('\n');
    }
    if all > notices.len() {
        let _infallible = writeln!(text, "  - {} {}", frame.more, all - notices.len());
    }
    let _infallible = write!(text, "\n{}", frame.end);
    (frame.subject, text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_next_digest_is_within_the_period_at_the_same_time_of_day(after_ms in 0..4_000_000_000_000_i64, name in "[a-z]{1,9}") {
            let user = UserId::stored(&name);
            for (rhythm, days) in [(Rhythm::Daily, 1), (Rhythm::Weekly, 7)] {
                let next = rhythm.next(&user, after_ms);
                prop_assert!(next > after_ms && next <= after_ms + days * DAY_MS, "{next} after {after_ms}");
                prop_assert_eq!(rhythm.next(&user, next), next + days * DAY_MS, "one a period");
                prop_assert!((FROM_MS..=FROM_MS + WITHIN_MS).contains(&next.rem_euclid(DAY_MS)));
            }
            let monday = Rhythm::Weekly.next(&user, after_ms) / DAY_MS;
            prop_assert_eq!((monday - FIRST_MONDAY).rem_euclid(7), 0);
        }
    }
}
