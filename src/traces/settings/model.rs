//! What a game decides about its traces, with the defaults; and the feature's error. How a change of it is read and applied
//! is in [`patch`].

mod patch;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::patch::{RulesPatch, differences, print};
use crate::{
    identity::studios::StudioError,
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
        named::Named,
    },
    traces::TraceKind,
};

/// What happens when a player leaves a trace beyond their quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnQuota {
    /// Their oldest trace of that kind is removed.
    Evict,
    /// The new trace is refused.
    Reject,
}

impl OnQuota {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Evict, Self::Reject];

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Evict => "evict",
            Self::Reject => "reject",
        }
    }

    /// The one of that name on the wire.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|on_quota| on_quota.name() == name)
    }
}

impl Named for OnQuota {
    const SET: &'static str = "QuotaRule";
    const MEMBERS: &'static [Self] = &Self::ALL;

    fn public_name(self) -> &'static str {
        self.name()
    }
}

/// Which way a game's axes point, for readers of its traces: nothing is converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axes {
    /// Y points up, right-handed: Godot, glTF.
    YUpRight,
    /// Y points up, left-handed: Unity.
    YUpLeft,
    /// Z points up, right-handed: Blender.
    ZUpRight,
    /// Z points up, left-handed: Unreal.
    ZUpLeft,
}

impl Named for Axes {
    const SET: &'static str = "Axes";
    const MEMBERS: &'static [Self] = &[Self::YUpRight, Self::YUpLeft, Self::ZUpRight, Self::ZUpLeft];

    fn public_name(self) -> &'static str {
        match self {
            Self::YUpRight => "y_up_right",
            Self::YUpLeft => "y_up_left",
            Self::ZUpRight => "z_up_right",
            Self::ZUpLeft => "z_up_left",
        }
    }
}

/// What players may write in the traces of a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextRule {
    /// No words at all: neither texts nor sentences.
    Off,
    /// Sentences of the game's own templates and words.
    Templates,
    /// Texts of their own too.
    Free,
}

impl Named for TextRule {
    const SET: &'static str = "TextRule";
    const MEMBERS: &'static [Self] = &[Self::Off, Self::Templates, Self::Free];

    fn public_name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Templates => "templates",
            Self::Free => "free",
        }
    }
}

/// How many traces of each kind a scope keeps at most on this server, whatever its game decides.
#[derive(Clone, Copy, Debug)]
pub struct ScopeLimits {
    /// Objects.
    pub objects: u32,
    /// Messages.
    pub messages: u32,
    /// Phantoms; and as many bloodstains.
    pub phantoms: u32,
}

impl ScopeLimits {
    /// The limit of one kind.
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
    /// The kind.
    pub kind: TraceKind,
    /// Whether players may leave it.
    pub enabled: bool,
    /// How many of it a deck shows.
    pub deck_size: u16,
    /// How many candidates for a deck are read, in each of the orders that the sampler reads.
    pub pool: u16,
    /// How many one player may have in one scope.
    pub quota_scope: u32,
    /// How many one player may have in all.
    pub quota_total: u32,
    /// What happens beyond these quotas.
    pub on_quota: OnQuota,
    /// How many a scope keeps, of all players: the oldest are removed.
    pub keep: u32,
    /// Seconds after which a trace expires; `None`, written as 0: never.
    #[serde(with = "or_never")]
    pub expires_s: Option<u32>,
}

/// What a game decides about its traces, in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Traces of an older content version are not shown under `/v1`.
    pub content_version_min: i32,
    /// How many decks a scope has.
    pub decks: u8,
    /// Seconds between two rebuilds of a deck, at the least.
    pub refresh_s: u16,
    /// Whether `?game=` reads without a key.
    pub public_reads: bool,
    /// A trace is hidden at so many reports of established players, of which the last may be anybody's; 0: never.
    pub hidden_at_reports: u16,
    /// Whether the v0 routes are open.
    pub v0: bool,
    /// What players may write.
    pub text: TextRule,
    /// How many templates the game has, numbered from 1; 0: it has not said.
    pub templates: u32,
    /// How many words, likewise.
    pub words: u32,
    /// How many conjunctions, likewise.
    pub conjunctions: u32,
    /// How many gestures, likewise.
    pub gestures: u32,
    /// Frames of a recording, at most.
    pub max_frames: u32,
    /// Bytes of a recording as stored, at most.
    pub max_recording_bytes: u32,
    /// Which way the game's axes point, if it has said.
    pub axes: Option<Axes>,
    /// What one of the game's units of length is, for readers of the traces; empty if it has not said.
    pub units: String,
    /// One for each kind, in the order of [`TraceKind::ALL`].
    pub kinds: [KindRules; 4],
}

/// Writes `None` as 0, because what a patch leaves out stays as it is.
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
            v0: true,
            text: TextRule::Free,
            templates: 0,
            words: 0,
            conjunctions: 0,
            gestures: 0,
            max_frames: 12_000,
            max_recording_bytes: 256 * 1024,
            axes: None,
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
    /// The rules of a new game: the defaults, and scopes keep as many traces as `limits` allow.
    #[must_use]
    pub fn of_new_game(limits: ScopeLimits) -> Self {
        let mut rules = Self::default();
        for kind in &mut rules.kinds {
            kind.keep = limits.of(kind.kind);
        }
        rules
    }

    /// These rules, with scopes that keep no more than `limits` allow.
    #[must_use]
    pub fn limited(mut self, limits: ScopeLimits) -> Self {
        for kind in &mut self.kinds {
            kind.keep = kind.keep.min(limits.of(kind.kind));
        }
        self
    }

    /// The rules of one kind.
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

/// Why settings can't be shown or changed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SettingsError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Some members are wrong.
    #[error("{}", list(.0))]
    Invalid(Vec<Fault>),
    /// The studio or game can't be read or changed.
    #[error(transparent)]
    Studio(#[from] StudioError),
    /// The database.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for SettingsError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

fn list(faults: &[Fault]) -> String {
    let faults: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect();
    faults.join("; ")
}

impl DomainError for SettingsError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::Studio(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        if let Self::Studio(error) = self { Some(error) } else { None }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_survive_serialisation() {
        assert!(OnQuota::ALL.iter().all(|on_quota| OnQuota::of_name(on_quota.name()) == Some(*on_quota)));
        let rules = Rules::default();
        assert_eq!(serde_json::from_str::<Rules>(&serde_json::to_string(&rules).unwrap()).unwrap(), rules);
    }

    #[test]
    fn a_scope_keeps_no_more_than_the_server_allows() {
        let limits = ScopeLimits { objects: 7, messages: 1_000_000, phantoms: 20 };
        let keeps = |rules: Rules| rules.kinds.map(|kind| kind.keep);
        assert_eq!(keeps(Rules::of_new_game(limits)), [7, 1_000_000, 20, 20]);
        assert_eq!(keeps(Rules::default().limited(limits)), [7, 100_000, 20, 20]);
    }

    #[test]
    fn rules_are_in_the_order_of_the_kinds() {
        assert!(TraceKind::ALL.iter().all(|kind| Rules::default().of(*kind).kind == *kind));
    }
}
