//! What moderators of the installation decide about people, as far as every request must know it: bans, and their reasons.

use crate::platform::{clock, named::Named};

/// Why something is reported, hidden or removed, or somebody banned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModerationReason {
    /// It insults or threatens somebody.
    Abuse,
    /// It advertises, or is there again and again.
    Spam,
    /// It is sexual.
    Sexual,
    /// It shows or praises violence.
    Violence,
    /// It tells what somebody keeps to themselves.
    PersonalData,
    /// It pretends to be somebody else.
    Impersonation,
    /// It is against the law.
    Illegal,
    /// It tells how a game ends, without saying so.
    Spoiler,
    /// Something else.
    Other,
}

impl ModerationReason {
    /// The number by which it is stored: its place in the set. New members go to the end.
    #[must_use]
    pub fn number(self) -> i16 {
        let at = Self::MEMBERS.iter().position(|known| *known == self);
        at.and_then(|at| i16::try_from(at).ok()).unwrap_or_default()
    }

    /// The reason of that number; [`ModerationReason::Other`] where a later release has stored it.
    #[must_use]
    pub fn stored(number: i16) -> Self {
        usize::try_from(number).ok().and_then(|at| Self::MEMBERS.get(at)).copied().unwrap_or(Self::Other)
    }
}

impl Named for ModerationReason {
    const SET: &'static str = "ModerationReason";
    const MEMBERS: &'static [Self] = &[
        Self::Abuse,
        Self::Spam,
        Self::Sexual,
        Self::Violence,
        Self::PersonalData,
        Self::Impersonation,
        Self::Illegal,
        Self::Spoiler,
        Self::Other,
    ];

    fn public_name(self) -> &'static str {
        match self {
            Self::Abuse => "abuse",
            Self::Spam => "spam",
            Self::Sexual => "sexual",
            Self::Violence => "violence",
            Self::PersonalData => "personal_data",
            Self::Impersonation => "impersonation",
            Self::Illegal => "illegal",
            Self::Spoiler => "spoiler",
            Self::Other => "other",
        }
    }
}

/// That somebody may read, export and delete, and write nothing that others could see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ban {
    /// Until when (Unix time in ms); `None`: for good.
    pub until_ms: Option<i64>,
    /// Why.
    pub reason: ModerationReason,
}

impl Ban {
    /// How the end of a ban without one is stored.
    const FOR_GOOD: i64 = i64::MAX;

    /// The ban that is stored; `None` where there is none, or where it has ended.
    #[must_use]
    pub fn stored(until_ms: Option<i64>, reason: Option<i16>) -> Option<Self> {
        let until_ms = until_ms.filter(|until_ms| *until_ms > clock::now_ms())?;
        let reason = reason.map_or(ModerationReason::Other, ModerationReason::stored);
        Some(Self { until_ms: Some(until_ms).filter(|until_ms| *until_ms != Self::FOR_GOOD), reason })
    }

    /// Its end, as it is stored.
    #[must_use]
    pub fn stored_until_ms(self) -> i64 {
        self.until_ms.unwrap_or(Self::FOR_GOOD)
    }
}

/// The routes by which somebody who is banned may still write: what nobody else is shown, and what they say against the ban.
const STILL_WRITABLE: [&str; 5] = ["/api/app-passwords", "/api/blocks", "/api/notices", "/api/saves", "/api/verdicts"];

/// Whether a ban forbids a request that changes something, by its path. What only takes back is never forbidden.
#[must_use]
pub fn forbids(method: &str, path: &str) -> bool {
    let is_below = |root: &&str| path.strip_prefix(*root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    !matches!(method, "GET" | "HEAD" | "OPTIONS" | "DELETE")
        && path.starts_with("/api/")
        && !STILL_WRITABLE.iter().any(is_below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_stored_and_read_back() {
        for reason in ModerationReason::MEMBERS {
            assert_eq!(ModerationReason::stored(reason.number()), *reason);
        }
        assert_eq!(ModerationReason::stored(99), ModerationReason::Other, "of a later release");
    }

    #[test]
    fn a_ban_ends_at_its_time_and_one_without_an_end_never_does() {
        let ban = |until_ms| Ban::stored(until_ms, Some(ModerationReason::Spam.number()));
        let soon = clock::now_ms() + 60_000;
        assert_eq!(ban(Some(soon)), Some(Ban { until_ms: Some(soon), reason: ModerationReason::Spam }));
        assert_eq!((ban(None), ban(Some(clock::now_ms()))), (None, None));
        let for_good = Ban { until_ms: None, reason: ModerationReason::Spam };
        assert_eq!(ban(Some(for_good.stored_until_ms())), Some(for_good));
    }

    #[test]
    fn a_ban_forbids_what_others_could_see() {
        for (method, path) in
            [("POST", "/api/thoughts"), ("PUT", "/api/users"), ("POST", "/api/reports"), ("POST", "/api/savesx")]
        {
            assert!(forbids(method, path), "{method} {path}");
        }
        for (method, path) in [
            ("GET", "/api/thoughts"),
            ("DELETE", "/api/thoughts/1"),
            ("PUT", "/api/saves/1"),
            ("POST", "/api/verdicts/1/appeal"),
            ("PUT", "/api/blocks/eve"),
            ("POST", "/v1/account/delete"),
        ] {
            assert!(!forbids(method, path), "{method} {path}");
        }
    }
}
