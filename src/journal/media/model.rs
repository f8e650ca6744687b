//! Media as they are asked for and shown, and their bounds.

mod error;

pub use self::error::MediaError;
use crate::{
    catalogue::titles::{TitleCard, TitleId},
    identity::{
        access::{ModerationReason, UserId},
        people::{Audience, PersonCard},
    },
    platform::{
        blobs::{Digest, SignedRequest},
        named::Named,
    },
};

/// Pixels of a picture at most: those of a screen of 6K and a half.
pub const MAX_PIXELS: u64 = 24_000_000;

/// Media of one user at most.
pub const MAX_MEDIA: u64 = 5_000;

/// Media of one user on one title at most.
pub const MAX_ON_TITLE: u64 = 500;

/// Characters of a description at most.
pub const MAX_DESCRIPTION: usize = 500;

/// The id of a thing of media. One with a higher id was asked for later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MediaId(pub i64);

/// The name of a thing of media, a UUID that its client has made, as 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MediaUuid(String);

impl MediaUuid {
    /// The UUID of that text, with hyphens or without.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let uuid = uuid::Uuid::try_parse(text).ok()?;
        (matches!(text.len(), 32 | 36) && !uuid.is_nil()).then(|| Self(uuid.simple().to_string()))
    }

    /// One that is stored.
    pub(super) fn stored(text: String) -> Self {
        Self(text)
    }

    /// Its text, with hyphens.
    #[must_use]
    pub fn hyphenated(&self) -> String {
        uuid::Uuid::try_parse(&self.0).map_or_else(|_| self.0.clone(), |uuid| uuid.hyphenated().to_string())
    }

    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What something of media is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// A picture of a game.
    Screenshot,
    /// A short film of a game.
    Clip,
    /// A picture of an achievement.
    Achievement,
}

impl MediaKind {
    /// As it is stored.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Screenshot => 0,
            Self::Clip => 1,
            Self::Achievement => 2,
        }
    }

    pub(super) fn stored(number: i16) -> Self {
        Self::MEMBERS.iter().copied().find(|kind| kind.number() == number).unwrap_or(Self::Screenshot)
    }
}

impl Named for MediaKind {
    const SET: &'static str = "MediaKind";
    const MEMBERS: &'static [Self] = &[Self::Screenshot, Self::Clip, Self::Achievement];

    fn public_name(self) -> &'static str {
        match self {
            Self::Screenshot => "screenshot",
            Self::Clip => "clip",
            Self::Achievement => "achievement",
        }
    }
}

/// The media types that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// MP4.
    Mp4,
    /// WebM.
    Webm,
}

impl MediaType {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.public_name()
    }

    /// Whether it is one of clips.
    #[must_use]
    pub fn is_clip(self) -> bool {
        matches!(self, Self::Mp4 | Self::Webm)
    }
}

impl Named for MediaType {
    const SET: &'static str = "MediaType";
    const MEMBERS: &'static [Self] = &[Self::Png, Self::Jpeg, Self::Webp, Self::Gif, Self::Mp4, Self::Webm];

    fn public_name(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Mp4 => "video/mp4",
            Self::Webm => "video/webm",
        }
    }
}

/// What has become of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaState {
    /// It is expected, or being checked.
    Pending,
    /// It is shown.
    Ready,
    /// It was refused.
    Rejected,
}

impl MediaState {
    /// As it is stored.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Pending => 0,
            Self::Ready => 1,
            Self::Rejected => 2,
        }
    }

    pub(super) fn stored(number: i16) -> Self {
        Self::MEMBERS.iter().copied().find(|state| state.number() == number).unwrap_or(Self::Rejected)
    }
}

impl Named for MediaState {
    const SET: &'static str = "MediaState";
    const MEMBERS: &'static [Self] = &[Self::Pending, Self::Ready, Self::Rejected];

    fn public_name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Rejected => "rejected",
        }
    }
}

/// Why an upload was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Its content is of another type than was announced.
    AnotherType,
    /// It is damaged, or of a form that is not understood.
    Broken,
    /// It has more pixels than a picture may.
    TooManyPixels,
    /// The clip is longer than one may be.
    TooLong,
    /// The clip has a track that is neither pictures nor sound, or of a codec that is not played.
    OtherTrack,
}

impl Named for Refusal {
    const SET: &'static str = "MediaRefusal";
    const MEMBERS: &'static [Self] =
        &[Self::AnotherType, Self::Broken, Self::TooManyPixels, Self::TooLong, Self::OtherTrack];

    fn public_name(self) -> &'static str {
        match self {
            Self::AnotherType => "another_type",
            Self::Broken => "broken",
            Self::TooManyPixels => "too_many_pixels",
            Self::TooLong => "too_long",
            Self::OtherTrack => "other_track",
        }
    }
}

/// What an owner says about something of media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// In words; perhaps none.
    pub description: String,
    /// When it was taken.
    pub taken_at_ms: Option<i64>,
    /// Who sees it.
    pub audience: Audience,
}

/// A file as it is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    /// What it is.
    pub kind: MediaKind,
    /// Its type.
    pub media_type: MediaType,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub digest: Digest,
}

/// A file that can be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its signed address.
    pub url: String,
    /// Until when it works, in milliseconds since the Unix epoch.
    pub expires_ms: i64,
}

/// Something of media as a viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Its place in lists.
    pub id: MediaId,
    /// Its name.
    pub uuid: MediaUuid,
    /// Whose it is.
    pub owner: UserId,
    /// The title.
    pub title: TitleId,
    /// Why it is hidden from all but its owner, if it is.
    pub hidden: Option<ModerationReason>,
    /// What its owner says about it.
    pub said: Said,
    /// The file as it was announced.
    pub announced: Announced,
    /// What has become of it.
    pub state: MediaState,
    /// Why it was refused.
    pub reason: Option<Refusal>,
    /// The blob that is uploaded or checked.
    pub upload: Option<String>,
    /// The blob that is shown.
    pub file: Option<String>,
    /// The blob of the small picture.
    pub thumbnail: Option<String>,
    /// The turn of the links to its files.
    pub turn: i16,
    /// In base 64.
    pub thumb_hash: Option<String>,
    /// Pixels.
    pub size: Option<(u32, u32)>,
    /// Of a clip.
    pub duration_ms: Option<u32>,
    /// Raised by each change.
    pub revision: i64,
    /// When it was asked for.
    pub created_at_ms: i64,
    /// When it was last changed.
    pub changed_at_ms: Option<i64>,
}

/// Something of media with all that is shown of it.
#[derive(Clone, Debug)]
pub struct WithLinks {
    /// It.
    pub media: Media,
    /// Whose it is.
    pub owner: Option<PersonCard>,
    /// The title.
    pub title: Option<TitleCard>,
    /// The file, once it is ready.
    pub file: Option<Link>,
    /// The small picture of one.
    pub thumbnail: Option<Link>,
}

/// Something of media that waits for its upload.
#[derive(Clone, Debug)]
pub struct Asked {
    /// It.
    pub shown: WithLinks,
    /// The upload that it waits for.
    pub upload: SignedRequest,
}

/// A page of a list, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// The last id of the page before.
    pub after: Option<i64>,
    /// Things at most.
    pub limit: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_read_in_both_forms_and_nothing_else_is_one() {
        let text = "0193702d-9c4e-7a10-b5d2-c3e4f5a60718";
        let uuid = MediaUuid::parse(text).unwrap();
        assert_eq!(uuid.hyphenated(), text);
        assert_eq!(MediaUuid::parse(&text.replace('-', "").to_uppercase()), Some(uuid));
        for other in ["", "0193702d", "{0193702d-9c4e-7a10-b5d2-c3e4f5a60718}", &"0".repeat(32)] {
            assert_eq!(MediaUuid::parse(other), None, "{other}");
        }
    }
}
