//! Response bodies: a game as its key sees it, and all of its settings.

use poem_openapi::{Object, types::Example};

use super::model::{Axes, KindRules, OnQuota, Rules, TextRule};
use crate::{
    http::schema::OneOf,
    identity::access::{Environment, Grant, KeyKind, Permission, StudioAccess},
    traces::TraceKind,
};

/// The game of the examples.
pub fn example_game() -> String {
    "moss".to_owned()
}

fn example_rules() -> Rules {
    Rules { axes: Some(Axes::YUpLeft), units: "m".to_owned(), ..Rules::default() }
}

/// The limits of this server that clients need to know.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// Bytes of a request's body, at most.
    pub max_body_bytes: u64,
    /// The longest wait for changes, in seconds.
    pub max_wait_s: u16,
    /// The most items of a batch.
    pub max_batch: u16,
    /// The longest recording, in milliseconds.
    pub max_duration_ms: u32,
}

/// A game as its key sees it.
#[derive(Debug, Object)]
#[oai(rename = "Game", example)]
pub struct GameResponse {
    /// The game's name in addresses.
    game: String,
    /// Its environment.
    environment: OneOf<Environment>,
    /// The id of the key, where one was shown.
    #[oai(skip_serializing_if_is_none)]
    key: Option<String>,
    /// The kind of the key, where one was shown.
    #[oai(skip_serializing_if_is_none)]
    kind: Option<OneOf<KeyKind>>,
    /// What the key may do, where one was shown.
    #[oai(skip_serializing_if_is_none)]
    scopes: Option<Vec<OneOf<Permission>>>,
    /// Traces of an older content version are shown to nobody.
    content_version_min: i32,
    /// Which way the game's axes point; nothing is converted. Absent where the game has not said.
    #[oai(skip_serializing_if_is_none)]
    axes: Option<OneOf<Axes>>,
    /// What one of the game's units of length is. Absent where the game has not said.
    #[oai(skip_serializing_if_is_none)]
    units: Option<String>,
    /// Seconds after which to ask for a deck again.
    refresh_s: u16,
    /// The longest `wait_s` of a request for changes.
    max_wait_s: u16,
    /// The most items of a batch of traces, votes or uses.
    max_batch: u16,
    /// Bytes of a request's body, at most.
    max_body_bytes: u64,
    /// Whether the v0 routes are open.
    v0: bool,
    /// What players may write: `free` texts; sentences of the game's own `templates`; or nothing (`off`).
    text: OneOf<TextRule>,
    /// How many templates the game has, numbered from 1; 0: any may be sent.
    templates: u32,
    /// How many words, likewise.
    words: u32,
    /// How many conjunctions, likewise.
    conjunctions: u32,
    /// How many gestures, likewise.
    gestures: u32,
    /// The limits of recordings.
    recording: RecordingLimits,
    /// One for each kind of trace.
    kinds: Vec<KindResponse>,
}

/// The limits of recordings.
#[derive(Debug, Object)]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
struct RecordingLimits {
    /// The most frames.
    max_frames: u32,
    /// The most bytes, as stored.
    max_bytes: u32,
    /// The longest time from the first frame to the last, in milliseconds.
    max_duration_ms: u32,
}

impl GameResponse {
    pub(super) fn new(
        (game, environment): (&str, Environment),
        key: Option<&Grant>,
        rules: &Rules,
        limits: ServerLimits,
    ) -> Self {
        let ServerLimits { max_body_bytes, max_wait_s, max_batch, max_duration_ms } = limits;
        Self {
            game: game.to_owned(),
            environment: OneOf(environment),
            key: key.map(|grant| grant.key.to_string()),
            kind: key.map(|grant| OneOf(grant.kind)),
            scopes: key.map(|grant| grant.permissions.iter().map(OneOf).collect()),
            content_version_min: rules.content_version_min,
            axes: rules.axes.map(OneOf),
            units: said(&rules.units),
            refresh_s: rules.refresh_s,
            max_wait_s,
            max_batch,
            max_body_bytes,
            v0: rules.v0,
            text: OneOf(rules.text),
            templates: rules.templates,
            words: rules.words,
            conjunctions: rules.conjunctions,
            gestures: rules.gestures,
            recording: RecordingLimits {
                max_frames: rules.max_frames,
                max_bytes: rules.max_recording_bytes,
                max_duration_ms,
            },
            kinds: rules.kinds.iter().map(KindResponse::of).collect(),
        }
    }
}

/// A text that the game may not have said.
fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Example for GameResponse {
    fn example() -> Self {
        let limits =
            ServerLimits { max_body_bytes: 1_048_576, max_wait_s: 60, max_batch: 32, max_duration_ms: 86_400_000 };
        Self {
            key: Some("7m2k0qv9x4ta".to_owned()),
            kind: Some(OneOf(KeyKind::Publishable)),
            scopes: Some(vec![OneOf(Permission::Read), OneOf(Permission::Write)]),
            ..Self::new((&example_game(), Environment::Live), None, &example_rules(), limits)
        }
    }
}

/// What a game decides about one kind of trace, as its clients need it.
#[derive(Debug, Object)]
#[oai(rename = "GameKind")]
struct KindResponse {
    /// The kind.
    kind: OneOf<TraceKind>,
    /// Whether players may leave it.
    enabled: bool,
    /// How many of it a deck shows.
    deck_size: u16,
    /// How many one player may have in one scope.
    quota_scope: u32,
    /// How many one player may have in all.
    quota_total: u32,
    /// What happens beyond that: `evict` removes the player's oldest of that kind.
    on_quota: OneOf<OnQuota>,
    /// Seconds after which it goes; 0: never.
    expires_s: u32,
}

impl KindResponse {
    fn of(rules: &KindRules) -> Self {
        Self {
            kind: OneOf(rules.kind),
            enabled: rules.enabled,
            deck_size: rules.deck_size,
            quota_scope: rules.quota_scope,
            quota_total: rules.quota_total,
            on_quota: OneOf(rules.on_quota),
            expires_s: rules.expires_s.unwrap_or_default(),
        }
    }
}

/// All settings of a game in one environment.
#[derive(Debug, Object)]
#[oai(rename = "GameSettings", example)]
pub struct SettingsResponse {
    /// The game's name in addresses.
    game: String,
    /// The environment.
    environment: OneOf<Environment>,
    /// Traces of an older content version are shown to nobody.
    content_version_min: i32,
    /// Bytes of a request's body, at most: a setting of the server.
    max_body_bytes: u64,
    /// How many decks a scope has.
    decks: u8,
    /// Seconds between two times that a deck is made anew, at the least.
    refresh_s: u16,
    /// Whether `?game=` reads without a key.
    public_reads: bool,
    /// A trace is hidden at so many reports of established players, of which the last may be anybody's; 0: none is.
    hidden_at_reports: u16,
    /// Whether the v0 routes are open.
    v0: bool,
    /// What players may write: `free` texts; sentences of the game's own `templates`; or nothing (`off`).
    text: OneOf<TextRule>,
    /// How many templates the game has, numbered from 1; 0: any may be sent.
    templates: u32,
    /// How many words, likewise.
    words: u32,
    /// How many conjunctions, likewise.
    conjunctions: u32,
    /// How many gestures, likewise.
    gestures: u32,
    /// Frames of a recording, at most.
    max_frames: u32,
    /// Bytes of a recording as stored, at most.
    max_recording_bytes: u32,
    /// Which way the game's axes point, for readers of the traces; nothing is converted. Absent where it was not said.
    #[oai(skip_serializing_if_is_none)]
    axes: Option<OneOf<Axes>>,
    /// What one of the game's units is: likewise.
    #[oai(skip_serializing_if_is_none)]
    units: Option<String>,
    /// One for each kind of trace.
    kinds: Vec<KindSettingsResponse>,
}

impl SettingsResponse {
    pub(super) fn new(access: &StudioAccess, rules: &Rules, max_body_bytes: u64) -> Self {
        Self::of_game(&access.game, access.environment, rules, max_body_bytes)
    }

    fn of_game(game: &str, environment: Environment, rules: &Rules, max_body_bytes: u64) -> Self {
        Self {
            game: game.to_owned(),
            environment: OneOf(environment),
            content_version_min: rules.content_version_min,
            max_body_bytes,
            decks: rules.decks,
            refresh_s: rules.refresh_s,
            public_reads: rules.public_reads,
            hidden_at_reports: rules.hidden_at_reports,
            v0: rules.v0,
            text: OneOf(rules.text),
            templates: rules.templates,
            words: rules.words,
            conjunctions: rules.conjunctions,
            gestures: rules.gestures,
            max_frames: rules.max_frames,
            max_recording_bytes: rules.max_recording_bytes,
            axes: rules.axes.map(OneOf),
            units: said(&rules.units),
            kinds: rules.kinds.iter().map(KindSettingsResponse::of).collect(),
        }
    }
}

impl Example for SettingsResponse {
    fn example() -> Self {
        Self::of_game(&example_game(), Environment::Live, &example_rules(), 1_048_576)
    }
}

/// All that a game decides about one kind of trace.
#[derive(Debug, Object)]
#[oai(rename = "GameKindSettings")]
struct KindSettingsResponse {
    /// The kind.
    kind: OneOf<TraceKind>,
    /// Whether players may leave it.
    enabled: bool,
    /// How many of it a deck shows.
    deck_size: u16,
    /// How many candidates for a deck are looked at, in each of the orders that the sampler reads.
    pool: u16,
    /// How many one player may have in one scope.
    quota_scope: u32,
    /// How many one player may have in all.
    quota_total: u32,
    /// What happens beyond that: `evict` removes the player's oldest of that kind.
    on_quota: OneOf<OnQuota>,
    /// How many a scope keeps, of all players: the oldest go.
    keep: u32,
    /// Seconds after which it goes; 0: never.
    expires_s: u32,
}

impl KindSettingsResponse {
    fn of(rules: &KindRules) -> Self {
        let KindResponse { kind, enabled, deck_size, quota_scope, quota_total, on_quota, expires_s } =
            KindResponse::of(rules);
        let (pool, keep) = (rules.pool, rules.keep);
        Self { kind, enabled, deck_size, pool, quota_scope, quota_total, on_quota, keep, expires_s }
    }
}
