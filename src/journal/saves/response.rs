//! Responses about saves.

mod files;
mod resources;
mod uploads;

use poem_openapi::{ApiResponse, Object, types::Example};

pub use self::{
    files::{ConflictResponse, ManifestResponse, stale_or},
    resources::{href, tag},
    uploads::{UploadsGiven, VersionAsked, VersionRestored},
};
use super::{
    examples,
    model::{HeldFor, ListedSlot, Origin, Version, VersionState},
};
use crate::{
    http::{
        conditional::ConditionalContent,
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    journal::{cards::GameCardResponse, examples::TIME_MS},
    platform::page::Page,
};

/// A version of a save, without its files.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "SaveVersion")]
pub struct VersionResponse {
    /// Its number in the save: one with a higher number was begun later.
    #[oai(validator(max_length = 20))]
    number: String,
    /// What has become of it: one that is `held` is kept beside the others without counting.
    state: OneOf<VersionState>,
    /// Why it is held.
    #[oai(skip_serializing_if_is_none)]
    held_for: Option<OneOf<HeldFor>>,
    /// How it came.
    origin: OneOf<Origin>,
    /// The device, or the app password, as you call it; absent where it was not said.
    #[oai(skip_serializing_if_is_none)]
    device: Option<String>,
    /// The number of the version that it follows; absent of the first.
    #[oai(skip_serializing_if_is_none, validator(max_length = 20))]
    base: Option<String>,
    /// The number of the version that it restores.
    #[oai(skip_serializing_if_is_none, validator(max_length = 20))]
    restored: Option<String>,
    /// How many files it has.
    files: u64,
    /// Their bytes.
    bytes: u64,
    /// When it was begun.
    created_at: Timestamp,
    /// When all of its files were there; absent until then.
    #[oai(skip_serializing_if_is_none)]
    finished_at: Option<Timestamp>,
}

impl From<Version> for VersionResponse {
    fn from(version: Version) -> Self {
        Self {
            number: version.number.to_string(),
            state: OneOf(version.state),
            held_for: version.held_for.map(OneOf),
            origin: OneOf(version.origin),
            device: Some(version.device).filter(|device| !device.is_empty()),
            base: version.base.map(|base| base.to_string()),
            restored: version.restored.map(|restored| restored.to_string()),
            files: version.files,
            bytes: version.bytes,
            created_at: Timestamp(version.created_at_ms),
            finished_at: version.finished_at_ms.map(Timestamp),
        }
    }
}

impl Example for VersionResponse {
    fn example() -> Self {
        Self {
            number: examples::number(),
            state: OneOf(VersionState::Kept),
            held_for: None,
            origin: OneOf(Origin::Api),
            device: Some(examples::DEVICE.to_owned()),
            base: Some("3".to_owned()),
            restored: None,
            files: 1,
            bytes: 48_213,
            created_at: Timestamp(TIME_MS),
            finished_at: Some(Timestamp(TIME_MS + 2_000)),
        }
    }
}

/// A save: a place for the files of one game, with versions.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "Save")]
pub struct SaveResponse {
    /// Its id.
    #[oai(validator(max_length = 20))]
    id: String,
    /// The game, where the folder is one.
    #[oai(skip_serializing_if_is_none)]
    game: Option<GameCardResponse>,
    /// The folder: the id of the game, or another name. By WebDAV the save is at `/dav/saves/{folder}/{name}`.
    folder: String,
    /// What it is called.
    name: String,
    /// The version that counts; absent before the first.
    #[oai(skip_serializing_if_is_none)]
    current: Option<VersionResponse>,
    /// The number of the version that counts, 0 before the first: what `ETag` begins with.
    #[oai(validator(max_length = 20))]
    revision: String,
    /// When it was made.
    created_at: Timestamp,
    /// When another version came to count.
    changed_at: Timestamp,
}

impl From<ListedSlot> for SaveResponse {
    fn from(ListedSlot { slot, title, current }: ListedSlot) -> Self {
        Self {
            id: slot.id.0.to_string(),
            game: title.map(GameCardResponse::from),
            revision: slot.revision().to_string(),
            folder: slot.folder,
            name: slot.name,
            current: current.map(VersionResponse::from),
            created_at: Timestamp(slot.created_at_ms),
            changed_at: Timestamp(slot.changed_at_ms),
        }
    }
}

impl Example for SaveResponse {
    fn example() -> Self {
        Self {
            id: examples::save(),
            game: Some(GameCardResponse::example()),
            folder: examples::game(),
            name: "main".to_owned(),
            current: Some(VersionResponse::example()),
            revision: examples::number(),
            created_at: Timestamp(TIME_MS),
            changed_at: Timestamp(TIME_MS + 2_000),
        }
    }
}

impl ConditionalContent for SaveResponse {
    const OK: &'static str = "The save.";
    const NOT_MODIFIED: &'static str = "It is as you have it.";
}

/// A page of saves, the newest first.
#[derive(Debug, Object)]
#[oai(example)]
pub struct SavePage {
    /// They.
    items: Vec<SaveResponse>,
    /// The `after` of the next page, of older ones; empty where there are none at all.
    #[oai(validator(max_length = 20))]
    next: String,
    /// Whether there are older ones.
    more: bool,
}

fn next(last: Option<i64>, after: Option<i64>) -> String {
    last.or(after).map_or_else(String::new, |id| id.to_string())
}

impl SavePage {
    /// A page.
    pub fn new(page: Page<ListedSlot>, after: Option<i64>) -> Self {
        let next = next(page.items.last().map(|shown| shown.slot.id.0), after);
        Self { more: page.more, items: page.items.into_iter().map(SaveResponse::from).collect(), next }
    }
}

impl Example for SavePage {
    fn example() -> Self {
        Self { items: vec![SaveResponse::example()], next: examples::save(), more: false }
    }
}

/// The answer that lists saves.
#[derive(ApiResponse)]
pub enum SavesListed {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<SavePage>),
}

/// A page of versions, the newest first.
#[derive(Debug, Object)]
#[oai(example)]
pub struct SaveVersionPage {
    /// They.
    items: Vec<VersionResponse>,
    /// The `after` of the next page, of older ones; empty where there are none at all.
    #[oai(validator(max_length = 20))]
    next: String,
    /// Whether there are older ones.
    more: bool,
}

impl SaveVersionPage {
    /// A page.
    pub fn new(page: Page<Version>, after: Option<i64>) -> Self {
        let next = next(page.items.last().map(|version| version.number), after);
        Self { more: page.more, items: page.items.into_iter().map(VersionResponse::from).collect(), next }
    }
}

impl Example for SaveVersionPage {
    fn example() -> Self {
        Self { items: vec![VersionResponse::example()], next: examples::number(), more: false }
    }
}

/// The answer that lists versions.
#[derive(ApiResponse)]
pub enum VersionsListed {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<SaveVersionPage>),
}
