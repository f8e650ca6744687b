//! The settings of media.

use serde::Deserialize;

use crate::platform::config::{OutOfRange, Section, within};

/// The settings of media: see `config/default.toml`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of the settings")]
pub struct MediaConfig {
    media_image_bytes: u64,
    media_clip_bytes: u64,
    media_clip_secs: u32,
}

/// The bounds of files.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Bytes of a picture.
    pub image_bytes: u64,
    /// Bytes of a clip.
    pub clip_bytes: u64,
    /// Milliseconds of a clip.
    pub clip_ms: u32,
}

impl Section for MediaConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("media_image_bytes", self.media_image_bytes, 1024..=67_108_864)?;
        within("media_clip_bytes", self.media_clip_bytes, 1024..=1_073_741_824)?;
        within("media_clip_secs", self.media_clip_secs, 1..=3600)
    }
}

impl From<&MediaConfig> for Settings {
    fn from(config: &MediaConfig) -> Self {
        let MediaConfig { media_image_bytes: image_bytes, media_clip_bytes: clip_bytes, media_clip_secs } = *config;
        Self { image_bytes, clip_bytes, clip_ms: media_clip_secs.saturating_mul(1000) }
    }
}
