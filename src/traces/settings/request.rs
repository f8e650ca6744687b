//! Request bodies.

use poem_openapi::{Object, types::Example};

use super::model::{RulesPatch, SettingsError};
use crate::traces::TraceKind;

/// A change of a game's settings: what it does not name stays as it is, and a name that is not here is refused.
#[derive(Debug, Object)]
#[oai(example)]
pub struct SettingsRequest {
    /// 0 to 2147483647.
    content_version_min: Option<i32>,
    /// 1 to 64.
    decks: Option<u8>,
    /// 1 to 3600.
    refresh_s: Option<u16>,
    /// Whether `?game=` reads without a key.
    public_reads: Option<bool>,
    /// 0 to 1000.
    hidden_at_reports: Option<u16>,
    /// 1 to 100000.
    max_frames: Option<u32>,
    /// 1024 to 1048576.
    max_recording_bytes: Option<u32>,
    /// At most 100 bytes.
    axes: Option<String>,
    /// At most 100 bytes.
    units: Option<String>,
    /// At most one for each kind.
    kinds: Option<Vec<KindRequest>>,
}

/// A change of what a game decides about one kind of trace.
#[derive(Debug, Object)]
struct KindRequest {
    /// `object`, `message`, `phantom` or `bloodstain`.
    kind: String,
    /// Whether players may leave it.
    enabled: Option<bool>,
    /// 0 to 1000.
    deck_size: Option<u16>,
    /// 1 to 10000.
    pool: Option<u16>,
    /// 0 to 1000000.
    quota_scope: Option<u32>,
    /// 0 to 10000000.
    quota_total: Option<u32>,
    /// `evict` or `reject`.
    on_quota: Option<String>,
    /// 1 to 100000000, and no more than the server lets a scope keep (`scope_objects` and so on): the oldest go beyond it.
    keep: Option<u32>,
    /// 0 to 315360000; 0: never.
    expires_s: Option<u32>,
}

impl Example for SettingsRequest {
    fn example() -> Self {
        let message = KindRequest {
            kind: TraceKind::Message.name().to_owned(),
            enabled: None,
            deck_size: Some(20),
            pool: None,
            quota_scope: None,
            quota_total: None,
            on_quota: Some("reject".to_owned()),
            keep: None,
            expires_s: None,
        };
        Self {
            content_version_min: None,
            decks: Some(4),
            refresh_s: None,
            public_reads: None,
            hidden_at_reports: None,
            max_frames: None,
            max_recording_bytes: None,
            axes: None,
            units: None,
            kinds: Some(vec![message]),
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
