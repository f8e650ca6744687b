//! Why something can't be done with a library.

use crate::{
    catalogue::titles::TitleError,
    identity::people::PeopleError,
    platform::{
        codec::fields::Unreadable,
        error::{DomainError, Fault, Kind, StoreError},
    },
};

use super::{MAX_ENTRIES, TitledEntry};

/// Why something can't be done with a library.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The body can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fields or parameters are wrong.
    #[error("{}", Fault::summary(.0))]
    Invalid(Vec<Fault>),
    /// There is no such game for this person.
    #[error("There is no such game.")]
    GameNotFound,
    /// The game is in the library already.
    #[error("This game is in the library already.")]
    EntryExists,
    /// The game is not in the library.
    #[error("This game is not in the library.")]
    EntryNotFound,
    /// The entry has another revision than the change expects; as it is.
    #[error("The entry was changed meanwhile.")]
    Stale(Box<TitledEntry>),
    /// The entry has no such playthrough.
    #[error("The entry has no such playthrough.")]
    PlaythroughNotFound,
    /// The entry has as many playthroughs as it may.
    #[error("An entry has at most {0} playthroughs.")]
    TooManyPlaythroughs(usize),
    /// The library is full.
    #[error("A library has at most {MAX_ENTRIES} games.")]
    LibraryFull,
    /// There is no such edit of this person.
    #[error("There is no such edit, or the time to undo it is over.")]
    EditNotFound,
    /// There is no such import of this person.
    #[error("There is no such import, or its time is over.")]
    ImportNotFound,
    /// The import has no such row.
    #[error("The import has no such row.")]
    RowNotFound,
    /// The row is not one whose game is unclear, or the import was applied.
    #[error("Only a row whose game is unclear can be told which game it means.")]
    RowClear,
    /// The import is not in the state that this needs.
    #[error("This import is {0}: that can't be done with it.")]
    ImportNotReady(&'static str),
    /// The file is of no known form.
    #[error("The file is of no form that is known here: {0}.")]
    ImportUnknown(String),
    /// Steam says nothing about a private profile.
    #[error(
        "Steam answered without games: the profile or its game details are private. Make \"Game details\" public in Steam's \
         privacy settings, and fetch the file again."
    )]
    ProfilePrivate,
    /// The file breaks off, or is not what it says.
    #[error("The file can't be read: {0}.")]
    ImportBroken(String),
    /// The file is larger than an import may be.
    #[error("The file is larger than {0} bytes.")]
    ImportTooLarge(u64),
    /// The file has more rows than an import may have.
    #[error("The file has more than {0} rows.")]
    TooManyRows(i32),
    /// The person has as many imports as are kept.
    #[error("At most {0} imports are kept. Delete one, or wait until one has expired.")]
    TooManyImports(i64),
    /// Other imports are being read.
    #[error("Too many imports are running. Try again.")]
    ImportsBusy,
    /// The titles.
    #[error(transparent)]
    Titles(#[from] TitleError),
    /// The people.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A task of the program ended early.
    #[error("reading an import failed: {0}")]
    Broken(String),
}

impl DomainError for LibraryError {
    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Unreadable(Unreadable::Malformed(_)) => (Kind::Malformed, "malformed"),
            Self::Unreadable(Unreadable::NoObject) | Self::Invalid(_) => (Kind::Invalid, "invalid"),
            Self::GameNotFound => (Kind::NotFound, "game_not_found"),
            Self::EntryExists => (Kind::Conflict, "entry_exists"),
            Self::EntryNotFound => (Kind::NotFound, "entry_not_found"),
            Self::Stale(_) => (Kind::PreconditionFailed, "stale"),
            Self::PlaythroughNotFound => (Kind::NotFound, "playthrough_not_found"),
            Self::TooManyPlaythroughs(_) => (Kind::Conflict, "too_many_playthroughs"),
            Self::LibraryFull => (Kind::Conflict, "library_full"),
            Self::EditNotFound => (Kind::NotFound, "edit_not_found"),
            Self::ImportNotFound => (Kind::NotFound, "import_not_found"),
            Self::RowNotFound => (Kind::NotFound, "row_not_found"),
            Self::RowClear => (Kind::Conflict, "row_clear"),
            Self::ImportNotReady(_) => (Kind::Conflict, "import_not_ready"),
            Self::ImportUnknown(_) => (Kind::Invalid, "import_unknown"),
            Self::ProfilePrivate => (Kind::Invalid, "profile_private"),
            Self::ImportBroken(_) => (Kind::Invalid, "import_broken"),
            Self::ImportTooLarge(_) => (Kind::TooLarge, "import_too_large"),
            Self::TooManyRows(_) => (Kind::Invalid, "too_many_rows"),
            Self::TooManyImports(_) => (Kind::Conflict, "too_many_imports_kept"),
            Self::ImportsBusy => (Kind::Busy, "too_many_imports"),
            Self::Titles(error) => error.kind(),
            Self::People(error) => error.kind(),
            Self::Store(error) => (error.kind(), "database"),
            Self::Broken(_) => (Kind::Internal, "internal"),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn wrapped(&self) -> Option<&dyn DomainError> {
        match self {
            Self::Titles(error) => Some(error),
            Self::People(error) => Some(error),
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
