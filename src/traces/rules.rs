//! What a game decides about its traces, in the words that every feature uses.

use serde::{Deserialize, Serialize};

/// What a trace is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(i16)]
pub enum TraceKind {
    /// A thing placed in the world.
    Object = 1,
    /// Words.
    Message = 2,
    /// A recorded run.
    Phantom = 3,
    /// The place of a death, perhaps with the run that led there. The seed's clients don't see it.
    Bloodstain = 4,
}

impl TraceKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Object, Self::Message, Self::Phantom, Self::Bloodstain];

    /// As it is stored.
    #[must_use]
    pub fn code(self) -> i16 {
        match self {
            Self::Object => 1,
            Self::Message => 2,
            Self::Phantom => 3,
            Self::Bloodstain => 4,
        }
    }

    /// As it was stored.
    #[must_use]
    pub fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether a recording may belong to it.
    #[must_use]
    pub fn has_recording(self) -> bool {
        matches!(self, Self::Phantom | Self::Bloodstain)
    }

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Message => "message",
            Self::Phantom => "phantom",
            Self::Bloodstain => "bloodstain",
        }
    }

    /// As it was written.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What happens to a trace that would be one too many of its author's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnQuota {
    /// The same player's oldest of that kind goes.
    Evict,
    /// It is refused.
    Reject,
}

impl OnQuota {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Evict, Self::Reject];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Evict => "evict",
            Self::Reject => "reject",
        }
    }

    /// As it was written.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// How many traces of a kind a scope keeps at most, on this server.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Objects.
    pub objects: u32,
    /// Messages.
    pub messages: u32,
    /// Phantoms; and as many bloodstains.
    pub phantoms: u32,
}

impl Keep {
    /// For one kind.
    #[must_use]
    pub fn of(&self, kind: TraceKind) -> u32 {
        match kind {
            TraceKind::Object => self.objects,
            TraceKind::Message => self.messages,
            TraceKind::Phantom | TraceKind::Bloodstain => self.phantoms,
        }
    }
}

/// What a game decides about one kind of trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindRules {
    /// Which kind.
    pub kind: TraceKind,
    /// Whether players may leave it.
    pub enabled: bool,
    /// How many of it a deck shows.
    pub deck_size: u16,
    /// How many candidates for a deck are looked at, in each of the orders that the sampler reads.
    pub pool: u16,
    /// How many one player may have in one scope.
    pub quota_scope: u32,
    /// How many one player may have in all.
    pub quota_total: u32,
    /// What happens beyond that.
    pub on_quota: OnQuota,
    /// How many a scope keeps, of all players: the oldest go.
    pub keep: u32,
    /// Seconds after which it goes; `None`, written as 0: never.
    #[serde(with = "or_never")]
    pub expires_s: Option<u32>,
}

/// What a game decides about its traces, in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Older traces are shown to nobody under `/v1`.
    pub content_version_min: i32,
    /// How many decks a scope has.
    pub decks: u8,
    /// Seconds between two times that a deck is made anew, at the least.
    pub refresh_s: u16,
    /// Whether `?game=` reads without a key.
    pub public_reads: bool,
    /// A trace that so many players have reported is hidden; 0: none is.
    pub hidden_at_reports: u16,
    /// Frames of a recording, at most.
    pub max_frames: u32,
    /// Bytes of a recording as stored, at most.
    pub max_recording_bytes: u32,
    /// What the game's axes are: for those who read the traces; nothing is converted.
    pub axes: String,
    /// What one of the game's units is: likewise.
    pub units: String,
    /// One for each kind, in the order of [`TraceKind::ALL`].
    pub kinds: [KindRules; 4],
}

/// A number that is written as 0 where there is none: what is left out of a change stays as it is.
mod or_never {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde asks for it so")]
    pub fn serialize<S: Serializer>(number: &Option<u32>, serializer: S) -> Result<S::Ok, S::Error> {
        number.unwrap_or_default().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
        u32::deserialize(deserializer).map(|number| (number > 0).then_some(number))
    }
}

const DAY_S: u32 = 24 * 60 * 60;

impl Default for Rules {
    fn default() -> Self {
        let kind = |kind, deck_size, pool, [quota_scope, quota_total]: [u32; 2], on_quota, keep, expires_s| KindRules {
            kind,
            enabled: true,
            deck_size,
            pool,
            quota_scope,
            quota_total,
            on_quota,
            keep,
            expires_s,
        };
        Self {
            content_version_min: 0,
            decks: 8,
            refresh_s: 10,
            public_reads: false,
            hidden_at_reports: 3,
            max_frames: 12_000,
            max_recording_bytes: 256 * 1024,
            axes: String::new(),
            units: String::new(),
            kinds: [
                kind(TraceKind::Object, 100, 400, [100, 1_000], OnQuota::Reject, 100_000, None),
                kind(TraceKind::Message, 40, 400, [10, 100], OnQuota::Evict, 100_000, None),
                kind(TraceKind::Phantom, 3, 60, [3, 30], OnQuota::Evict, 1_000, Some(30 * DAY_S)),
                kind(TraceKind::Bloodstain, 32, 200, [5, 50], OnQuota::Evict, 1_000, Some(7 * DAY_S)),
            ],
        }
    }
}

impl Rules {
    /// What a new game has on a server whose scopes keep so many: so many.
    #[must_use]
    pub fn of_new(most: Keep) -> Self {
        let mut rules = Self::default();
        for kind in &mut rules.kinds {
            kind.keep = most.of(kind.kind);
        }
        rules
    }

    /// These, on a server whose scopes keep so many at most.
    #[must_use]
    pub fn on(mut self, most: Keep) -> Self {
        for kind in &mut self.kinds {
            kind.keep = kind.keep.min(most.of(kind.kind));
        }
        self
    }

    /// Those for one kind.
    #[must_use]
    pub fn of(&self, kind: TraceKind) -> &KindRules {
        let [object, message, phantom, bloodstain] = &self.kinds;
        match kind {
            TraceKind::Object => object,
            TraceKind::Message => message,
            TraceKind::Phantom => phantom,
            TraceKind::Bloodstain => bloodstain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        assert!(TraceKind::ALL.iter().all(|one| TraceKind::of_name(one.name()) == Some(*one)));
        assert!(TraceKind::ALL.iter().all(|one| TraceKind::of_code(one.code()) == Some(*one)));
        assert!(OnQuota::ALL.iter().all(|one| OnQuota::of_name(one.name()) == Some(*one)));
        let rules = Rules::default();
        assert_eq!(serde_json::from_str::<Rules>(&serde_json::to_string(&rules).unwrap()).unwrap(), rules);
    }

    #[test]
    fn a_scope_keeps_no_more_than_the_server_lets_it() {
        let most = Keep { objects: 7, messages: 1_000_000, phantoms: 20 };
        let keeps = |rules: Rules| rules.kinds.map(|kind| kind.keep);
        assert_eq!(keeps(Rules::of_new(most)), [7, 1_000_000, 20, 20]);
        assert_eq!(keeps(Rules::default().on(most)), [7, 100_000, 20, 20]);
    }

    #[test]
    fn rules_stand_in_the_order_of_the_kinds() {
        assert!(TraceKind::ALL.iter().all(|kind| Rules::default().of(*kind).kind == *kind));
    }
}
