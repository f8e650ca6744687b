//! An entry of a library: a title with its state, its playthroughs and what the person thinks of it in a number.

use serde::{Deserialize, Serialize};

use super::{MAX_CHANGES, MAX_PLAYTHROUGHS, partial_date::PartialDate};
use crate::{
    catalogue::titles::TitleId,
    identity::people::Audience,
    platform::{clock, named::Named},
};

/// What somebody does with a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// They want to play it.
    Wishlist,
    /// They play it.
    Ongoing,
    /// They have finished it.
    Completed,
    /// They have stopped for a while.
    Paused,
    /// They have given it up.
    Dropped,
}

impl State {
    /// Its number in the database.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Wishlist => 0,
            Self::Ongoing => 1,
            Self::Completed => 2,
            Self::Paused => 3,
            Self::Dropped => 4,
        }
    }

    /// The state of a number in the database.
    #[must_use]
    pub fn of_number(number: i16) -> Self {
        Self::MEMBERS.iter().copied().find(|state| state.number() == number).unwrap_or(Self::Wishlist)
    }
}

impl Named for State {
    const SET: &'static str = "LibraryState";
    const MEMBERS: &'static [Self] = &[Self::Wishlist, Self::Ongoing, Self::Completed, Self::Paused, Self::Dropped];

    fn public_name(self) -> &'static str {
        match self {
            Self::Wishlist => "wishlist",
            Self::Ongoing => "ongoing",
            Self::Completed => "completed",
            Self::Paused => "paused",
            Self::Dropped => "dropped",
        }
    }
}

/// How far a playthrough went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// To the end of the story.
    Story,
    /// Everything there is.
    Everything,
    /// It has no end.
    Endless,
    /// It was given up.
    Abandoned,
}

impl Grade {
    /// Its number in the database.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Story => 0,
            Self::Everything => 1,
            Self::Endless => 2,
            Self::Abandoned => 3,
        }
    }

    /// The grade of a number in the database.
    #[must_use]
    pub fn of_number(number: i16) -> Option<Self> {
        Self::MEMBERS.iter().copied().find(|grade| grade.number() == number)
    }
}

impl Named for Grade {
    const SET: &'static str = "PlaythroughGrade";
    const MEMBERS: &'static [Self] = &[Self::Story, Self::Everything, Self::Endless, Self::Abandoned];

    fn public_name(self) -> &'static str {
        match self {
            Self::Story => "story",
            Self::Everything => "everything",
            Self::Endless => "endless",
            Self::Abandoned => "abandoned",
        }
    }
}

/// A score of 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Score(pub u8);

impl Score {
    /// The score of a number; nothing where it is out of range.
    #[must_use]
    pub fn of(number: i64) -> Option<Self> {
        u8::try_from(number).ok().filter(|number| *number <= 100).map(Self)
    }
}

/// The price at which the person wants to be told of a title that they wish for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// In minor units of the currency, such as cents.
    pub minor: i64,
    /// The currency, by ISO 4217.
    pub currency: String,
}

/// What of an entry a person has written, which no import overwrites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Written(pub i16);

impl Written {
    /// The state.
    pub const STATE: Self = Self(1);
    /// The score.
    pub const SCORE: Self = Self(2);
    /// The time.
    pub const TIME: Self = Self(4);
    /// All of it.
    pub const ALL: Self = Self(7);

    /// This and that.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether that was written.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// One run through a title.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Playthrough {
    /// Its number in the entry.
    pub number: i16,
    /// The platform, by its word in the catalogue.
    pub platform: Option<String>,
    /// When it began.
    pub started: Option<PartialDate>,
    /// When it ended.
    pub finished: Option<PartialDate>,
    /// How long it took.
    pub minutes: Option<i32>,
    /// How far it went.
    pub grade: Option<Grade>,
    /// The row of which import it comes from.
    pub origin: Option<String>,
    /// Whether a person has written it: no import overwrites it.
    pub written: bool,
}

impl Playthrough {
    /// Whether it says the same as another, whatever its number and origin.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.platform, &self.started, &self.finished, self.minutes, self.grade)
            == (&other.platform, &other.started, &other.finished, other.minutes, other.grade)
    }
}

/// A state that an entry had from some time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StateChange {
    /// From when on (Unix time in ms).
    pub at_ms: i64,
    /// The state.
    pub state: State,
}

/// A title in somebody's library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The title.
    pub title: TitleId,
    /// What the person does with it.
    pub state: State,
    /// Since when (Unix time in ms).
    pub since_ms: i64,
    /// When it came into the library (Unix time in ms).
    pub added_ms: i64,
    /// When it was changed last (Unix time in ms).
    pub changed_ms: i64,
    /// Raised by each change.
    pub revision: i64,
    /// The person's own score.
    pub score: Option<Score>,
    /// Who sees it.
    pub audience: Audience,
    /// Time that belongs to no playthrough.
    pub loose_minutes: i32,
    /// The price target.
    pub target: Option<Target>,
    /// What a person has written.
    pub written: Written,
    /// By their numbers.
    pub playthroughs: Vec<Playthrough>,
    /// Its states, the oldest first; the last one is the present one.
    pub history: Vec<StateChange>,
}

impl Entry {
    /// The time of all playthroughs.
    #[must_use]
    pub fn played_minutes(&self) -> i32 {
        self.playthroughs.iter().filter_map(|one| one.minutes).fold(0, i32::saturating_add)
    }

    /// All of its time.
    #[must_use]
    pub fn minutes(&self) -> i32 {
        self.loose_minutes.saturating_add(self.played_minutes())
    }

    /// Gives it a state from some time on. Nothing changes where it has that state already.
    pub fn change_state(&mut self, state: State, at_ms: i64) {
        if self.state == state {
            return;
        }
        // An older time than that of the last change would put the history out of order.
        let at_ms = at_ms.max(self.since_ms.saturating_add(1));
        (self.state, self.since_ms) = (state, at_ms);
        self.history.push(StateChange { at_ms, state });
        let surplus = self.history.len().saturating_sub(MAX_CHANGES);
        self.history.drain(..surplus);
    }

    /// Notes that it was changed now.
    pub fn touch(&mut self, now_ms: i64) {
        self.changed_ms = now_ms;
        self.revision = now_ms.max(self.revision.saturating_add(1));
    }

    /// The number of its next playthrough; nothing where it has as many as it may.
    #[must_use]
    pub fn next_number(&self) -> Option<i16> {
        let last = self.playthroughs.iter().map(|one| one.number).max().unwrap_or_default();
        last.checked_add(1).filter(|_| self.playthroughs.len() < MAX_PLAYTHROUGHS)
    }
}

/// An entry to be made by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// The title.
    pub title: TitleId,
    /// Its state.
    pub state: State,
    /// The person's score.
    pub score: Option<Score>,
    /// Who sees it.
    pub audience: Audience,
    /// Time that belongs to no playthrough.
    pub loose_minutes: i32,
    /// The price target.
    pub target: Option<Target>,
}

impl NewEntry {
    /// The entry that it makes now.
    #[must_use]
    pub fn into_entry(self) -> Entry {
        let now_ms = clock::now_ms();
        let score = self.score.map_or(Written::default(), |_| Written::SCORE);
        let time = if self.loose_minutes > 0 { Written::TIME } else { Written::default() };
        Entry {
            title: self.title,
            state: self.state,
            since_ms: now_ms,
            added_ms: now_ms,
            changed_ms: now_ms,
            revision: now_ms,
            score: self.score,
            audience: self.audience,
            loose_minutes: self.loose_minutes,
            target: self.target,
            written: Written::STATE.and(score).and(time),
            playthroughs: Vec::new(),
            history: vec![StateChange { at_ms: now_ms, state: self.state }],
        }
    }
}

/// What a person changes of an entry: each part stays as it is where it is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::option_option, reason = "unchanged, removed, set")]
pub struct EntryChange {
    /// The state.
    pub state: Option<State>,
    /// The score.
    pub score: Option<Option<Score>>,
    /// The audience.
    pub audience: Option<Audience>,
    /// The price target.
    pub target: Option<Option<Target>>,
    /// What becomes of the time of the whole entry.
    pub time: Option<super::minutes::TimeChange>,
}

impl EntryChange {
    /// Changes an entry; returns whether anything is different now.
    ///
    /// # Errors
    /// What is wrong with the time, in words.
    pub fn apply(&self, entry: &mut Entry, now_ms: i64) -> Result<bool, String> {
        let before = entry.clone();
        if let Some(time) = self.time {
            let (played, total) = (entry.played_minutes(), time.apply(entry.minutes())?);
            if total < played {
                return Err(format!("gives {total} minutes, and the playthroughs alone have {played}"));
            }
            entry.loose_minutes = total - played;
            entry.written = entry.written.and(Written::TIME);
        }
        if let Some(state) = self.state {
            entry.change_state(state, now_ms);
            entry.written = entry.written.and(Written::STATE);
        }
        if let Some(score) = self.score {
            entry.score = score;
            entry.written = entry.written.and(Written::SCORE);
        }
        entry.audience = self.audience.unwrap_or(entry.audience);
        if let Some(target) = &self.target {
            entry.target.clone_from(target);
        }
        let is_changed = *entry != before;
        if is_changed {
            entry.touch(now_ms);
        }
        Ok(is_changed)
    }
}

/// What a person writes of a playthrough: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaythroughChange {
    /// The platform.
    pub platform: Option<String>,
    /// When it began.
    pub started: Option<PartialDate>,
    /// When it ended.
    pub finished: Option<PartialDate>,
    /// What becomes of its time; without any it has none.
    pub time: Option<super::minutes::TimeChange>,
    /// How far it went.
    pub grade: Option<Grade>,
}

impl PlaythroughChange {
    /// The playthrough in place of `before`.
    ///
    /// # Errors
    /// What is wrong with the time, in words.
    pub fn into_playthrough(self, before: Playthrough) -> Result<Playthrough, String> {
        let minutes = self.time.map(|time| time.apply(before.minutes.unwrap_or_default())).transpose()?;
        let Self { platform, started, finished, grade, .. } = self;
        Ok(Playthrough { platform, started, finished, minutes, grade, written: true, ..before })
    }
}
