//! Response bodies: a game as its key sees it, and all of its settings.

use poem_openapi::{Object, types::Example};

use super::model::{KindRules, Rules};
use crate::identity::access::{Environment, Grant, StudioAccess};

/// The game of the examples.
pub fn example_game() -> String {
    "moss".to_owned()
}

fn example_rules() -> Rules {
    Rules { axes: "y up, right-handed".to_owned(), units: "metres".to_owned(), ..Rules::default() }
}

/// A game as its key sees it.
#[derive(Debug, Object)]
#[oai(rename = "Game", example)]
pub struct GameResponse {
    /// The game's name in addresses.
    game: String,
    /// `live` or `dev`.
    environment: String,
    /// The id of the key, where one was shown.
    #[oai(skip_serializing_if_is_none)]
    key: Option<String>,
    /// `publishable` or `secret`, where a key was shown.
    #[oai(skip_serializing_if_is_none)]
    kind: Option<String>,
    /// What the key may do: `read`, `write`, `moderate`, `admin`.
    #[oai(skip_serializing_if_is_empty)]
    scopes: Vec<String>,
    /// Traces of an older content version are shown to nobody.
    content_version_min: i32,
    /// Bytes of a request's body, at most.
    max_body_bytes: u64,
    /// One for each kind of trace.
    kinds: Vec<KindResponse>,
}

impl GameResponse {
    pub(super) fn new(
        (game, environment): (&str, Environment),
        key: Option<&Grant>,
        rules: &Rules,
        max_body_bytes: u64,
    ) -> Self {
        Self {
            game: game.to_owned(),
            environment: environment.name().to_owned(),
            key: key.map(|grant| grant.key.to_string()),
            kind: key.map(|grant| grant.kind.name().to_owned()),
            scopes: key.into_iter().flat_map(|grant| grant.permissions.names()).map(str::to_owned).collect(),
            content_version_min: rules.content_version_min,
            max_body_bytes,
            kinds: rules.kinds.iter().map(KindResponse::of).collect(),
        }
    }
}

impl Example for GameResponse {
    fn example() -> Self {
        let rules = example_rules();
        Self {
            game: example_game(),
            environment: "live".to_owned(),
            key: Some("7m2k0qv9x4ta".to_owned()),
            kind: Some("publishable".to_owned()),
            scopes: vec!["read".to_owned(), "write".to_owned()],
            content_version_min: rules.content_version_min,
            max_body_bytes: 1_048_576,
            kinds: rules.kinds.iter().map(KindResponse::of).collect(),
        }
    }
}

/// What a game decides about one kind of trace, as its clients need it.
#[derive(Debug, Object)]
#[oai(rename = "GameKind")]
struct KindResponse {
    /// `object`, `message`, `phantom` or `bloodstain`.
    kind: String,
    /// Whether players may leave it.
    enabled: bool,
    /// How many of it a deck shows.
    deck_size: u16,
    /// How many one player may have in one scope.
    quota_scope: u32,
    /// How many one player may have in all.
    quota_total: u32,
    /// Beyond that: `evict` (the player's oldest of that kind goes) or `reject`.
    on_quota: String,
    /// Seconds after which it goes; 0: never.
    expires_s: u32,
}

impl KindResponse {
    fn of(rules: &KindRules) -> Self {
        Self {
            kind: rules.kind.name().to_owned(),
            enabled: rules.enabled,
            deck_size: rules.deck_size,
            quota_scope: rules.quota_scope,
            quota_total: rules.quota_total,
            on_quota: rules.on_quota.name().to_owned(),
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
    /// `live` or `dev`.
    environment: String,
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
    /// A trace that so many players have reported is hidden; 0: none is.
    hidden_at_reports: u16,
    /// Frames of a recording, at most.
    max_frames: u32,
    /// Bytes of a recording as stored, at most.
    max_recording_bytes: u32,
    /// What the game's axes are, for those who read the traces; nothing is converted. Absent where it was not said.
    #[oai(skip_serializing_if_is_none)]
    axes: Option<String>,
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
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            game: game.to_owned(),
            environment: environment.name().to_owned(),
            content_version_min: rules.content_version_min,
            max_body_bytes,
            decks: rules.decks,
            refresh_s: rules.refresh_s,
            public_reads: rules.public_reads,
            hidden_at_reports: rules.hidden_at_reports,
            max_frames: rules.max_frames,
            max_recording_bytes: rules.max_recording_bytes,
            axes: said(&rules.axes),
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
    /// `object`, `message`, `phantom` or `bloodstain`.
    kind: String,
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
    /// Beyond that: `evict` (the player's oldest of that kind goes) or `reject`.
    on_quota: String,
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
