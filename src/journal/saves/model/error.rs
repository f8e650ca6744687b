//! Why something can't be done with saves.

use super::{Conflict, MAX_CONTENTS, MAX_FILES, MAX_SLOTS, MAX_WAITING};
use crate::{
    catalogue::titles::TitleError,
    platform::{
        blobs::BlobError,
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
};

/// Why something can't be done by WebDAV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoorRefusal {
    /// Files lie in slots alone.
    #[error("Files lie in a slot: /dav/saves/{{folder}}/{{slot}}/…")]
    OutsideOfSlots,
    /// Slots stay where they are.
    #[error("A slot or a folder of slots is not moved: move what is in it.")]
    SlotsStay,
    /// There is something already.
    #[error("There is something at this path already.")]
    Exists,
    /// A part of the path is a file.
    #[error("A folder of this path is a file.")]
    InsideOfFile,
    /// It is a folder.
    #[error("This is a folder.")]
    IsFolder,
    /// It would be moved into itself.
    #[error("A folder is not moved into itself.")]
    IntoItself,
}

/// Why something can't be done with saves.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fields or parameters are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// The user has no such slot, or nothing at that path.
    #[error("There is no such save.")]
    NotFound,
    /// The slot has no such version.
    #[error("This save has no such version; perhaps it was one of the oldest.")]
    VersionNotFound,
    /// There is no such title for this person.
    #[error("There is no such game.")]
    GameNotFound,
    /// There is a slot of that name.
    #[error("You have a save of this name there already.")]
    Exists,
    /// Another version counts than the one that was to be followed.
    #[error("Another device was faster: both sets of files are in current.")]
    Stale(Box<Conflict>),
    /// The set is empty, or much smaller than the last.
    #[error(
        "This set has {files} files with {bytes} bytes; the last version has {last_files} files with {last_bytes} bytes. If that is right, \
         send it with force=true."
    )]
    Shrinks {
        /// Of the version that counts.
        last_files: u64,
        /// Of the version that counts.
        last_bytes: u64,
        /// Of what was sent.
        files: u64,
        /// Of what was sent.
        bytes: u64,
    },
    /// The version that is to be restored has files that never came.
    #[error("Some files of this version have not come.")]
    Incomplete,
    /// The user stores as much as one may.
    #[error("Your saves may take {most} bytes; they would take {needed}.")]
    Full {
        /// As much as one may.
        most: u64,
        /// With what was sent.
        needed: u64,
    },
    /// The user has as many slots as one may.
    #[error("You may have {MAX_SLOTS} saves.")]
    TooManySlots,
    /// A version would have too many files.
    #[error("A save may have {MAX_FILES} files and folders.")]
    TooManyFiles,
    /// The user has as many different files as one may.
    #[error("You may store {MAX_CONTENTS} different files.")]
    TooManyContents,
    /// As many versions of the slot wait for uploads as may.
    #[error("{MAX_WAITING} versions of this save wait for their files: finish one first.")]
    TooManyWaiting,
    /// It can't be done by WebDAV.
    #[error(transparent)]
    Door(#[from] DoorRefusal),
    /// The titles.
    #[error(transparent)]
    Titles(#[from] TitleError),
    /// The files.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SaveError {
    /// Whether there is no room for what was sent.
    #[must_use]
    pub fn is_no_room(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::TooManySlots | Self::TooManyFiles | Self::TooManyContents)
    }
}

impl DomainError for SaveError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::NotFound => (Kind::NotFound, "save_not_found"),
            Self::VersionNotFound => (Kind::NotFound, "save_version_not_found"),
            Self::GameNotFound => (Kind::NotFound, "game_not_found"),
            Self::Exists => (Kind::Conflict, "save_exists"),
            Self::Stale(_) => (Kind::PreconditionFailed, "stale"),
            Self::Shrinks { .. } => (Kind::Conflict, "save_shrinks"),
            Self::Incomplete => (Kind::Conflict, "save_incomplete"),
            Self::Full { .. } => (Kind::Conflict, "saves_full"),
            Self::TooManySlots | Self::TooManyFiles | Self::TooManyContents | Self::TooManyWaiting => {
                (Kind::Conflict, "too_many_saves")
            }
            Self::Door(DoorRefusal::Exists) => (Kind::PreconditionFailed, "precondition_failed"),
            Self::Door(DoorRefusal::InsideOfFile | DoorRefusal::IsFolder) => (Kind::Conflict, "webdav_conflict"),
            Self::Door(_) => (Kind::Forbidden, "webdav_forbidden"),
            Self::Titles(error) => error.kind(),
            Self::Blobs(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Titles(error) => Some(error),
            Self::Blobs(error) => Some(error),
            _ => None,
        }
    }

    fn store_error(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self { Some(error) } else { None }
    }

    fn needs_session(&self) -> bool {
        true
    }
}
