//! Request bodies.

use poem_openapi::{Object, types::Example};

use super::model::{Axes, OnQuota, RulesPatch, SettingsError, TextRule};
use crate::{http::schema::OneOf, platform::codec::fields::BodyReader, traces::TraceKind};

/// A change of a game's settings: what it does not name stays as it is, and a name that is not here is refused. 0 counts as
/// absent for what starts at 1.
#[derive(Debug, Default, Object)]
#[oai(rename = "GameSettingsChange", example)]
pub struct SettingsRequest {
    /// Traces of an older content version are shown to nobody.
    #[oai(validator(minimum(value = "0"), maximum(value = "2147483647")))]
    content_version_min: Option<i32>,
    /// How many decks a scope has, from 1.
    #[oai(validator(minimum(value = "0"), maximum(value = "64")))]
    decks: Option<u8>,
    /// Seconds between two rebuilds of a deck at the least, from 1.
    #[oai(validator(minimum(value = "0"), maximum(value = "3600")))]
    refresh_s: Option<u16>,
    /// Whether `?game=` reads without a key.
    public_reads: Option<bool>,
    /// A trace is hidden at so many reports of established players, of which the last may be anybody's; 0: none is.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000")))]
    hidden_at_reports: Option<u16>,
    /// Whether the v0 routes are open. Without them only players with a token write.
    v0: Option<bool>,
    /// What players may write: `free` texts; sentences of the game's own `templates`; or nothing (`off`).
    text: Option<OneOf<TextRule>>,
    /// How many templates the game has, numbered from 1: a sentence with another one is refused. 0: any may be sent.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000")))]
    templates: Option<u32>,
    /// How many words, likewise.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000")))]
    words: Option<u32>,
    /// How many conjunctions, likewise.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000")))]
    conjunctions: Option<u32>,
    /// How many gestures, likewise.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000")))]
    gestures: Option<u32>,
    /// The most frames of a recording, from 1.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000")))]
    max_frames: Option<u32>,
    /// The most bytes of a recording as stored, from 1024.
    #[oai(validator(minimum(value = "0"), maximum(value = "1048576")))]
    max_recording_bytes: Option<u32>,
    /// Which way the game's axes point, for readers of the traces; nothing is converted.
    axes: Option<OneOf<Axes>>,
    /// What one of the game's units of length is, such as `m` or `cm`; at most 32 bytes.
    #[oai(validator(max_length = 32))]
    units: Option<String>,
    /// The changes of kinds of traces, at most one for each.
    #[oai(validator(max_items = 4))]
    kinds: Option<Vec<KindRequest>>,
}

/// A change of what a game decides about one kind of trace.
#[derive(Debug, Object)]
#[oai(rename = "KindSettingsChange")]
struct KindRequest {
    /// The kind.
    kind: OneOf<TraceKind>,
    /// Whether players may leave it.
    enabled: Option<bool>,
    /// How many of it a deck shows.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000")))]
    deck_size: Option<u16>,
    /// How many candidates for a deck are read, in each of the orders that the sampler reads; from 1.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    pool: Option<u16>,
    /// How many one player may have in one scope.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000")))]
    quota_scope: Option<u32>,
    /// How many one player may have in all.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000000")))]
    quota_total: Option<u32>,
    /// What happens beyond these quotas.
    on_quota: Option<OneOf<OnQuota>>,
    /// How many a scope keeps, from 1, and no more than the server lets a scope keep (`scope_objects` and so on): the oldest go
    /// beyond it.
    #[oai(validator(minimum(value = "0"), maximum(value = "100000000")))]
    keep: Option<u32>,
    /// Seconds after which it expires; 0: never.
    #[oai(validator(minimum(value = "0"), maximum(value = "315360000")))]
    expires_s: Option<u32>,
}

impl Example for SettingsRequest {
    fn example() -> Self {
        let message = KindRequest {
            kind: OneOf(TraceKind::Message),
            enabled: None,
            deck_size: Some(20),
            pool: None,
            quota_scope: None,
            quota_total: None,
            on_quota: Some(OneOf(OnQuota::Reject)),
            keep: None,
            expires_s: None,
        };
        Self {
            decks: Some(4),
            axes: Some(OneOf(Axes::YUpLeft)),
            units: Some("m".to_owned()),
            kinds: Some(vec![message]),
            ..Self::default()
        }
    }
}

impl SettingsRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// As [`RulesPatch::parse`].
    pub fn read(body: &[u8]) -> Result<RulesPatch, SettingsError> {
        RulesPatch::parse(body)
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[("SettingsRequest", |body| SettingsRequest::read(body).is_ok())];
