//! What requests about libraries contain.

mod entries;
mod imports;
mod lists;

pub use self::{
    entries::{AddRequest, BODY_READERS, BulkRequest, EntryRequest, PlaythroughRequest, TargetRequest, TimeRequest},
    imports::{ExportQuery, ImportQuery, ResolutionRequest, RowQuery},
    lists::LibraryQuery,
};
use super::model::{EditId, Expected, ImportId, LibraryError};
use crate::{
    catalogue::titles::TitleId,
    http::{
        params::{self, UriReader},
        revised::{IfMatch, OptionalIfMatch},
    },
};

/// The readers of parameters here.
pub const URI_READERS: &[UriReader] = &[
    ("LibraryQuery", |uri| params::read::<LibraryQuery>(uri).is_ok()),
    ("ImportQuery", |uri| params::read::<ImportQuery>(uri).is_ok()),
    ("RowQuery", |uri| params::read::<RowQuery>(uri).is_ok()),
    ("ExportQuery", |uri| params::read::<ExportQuery>(uri).is_ok()),
];

/// The game of a path.
///
/// # Errors
/// [`LibraryError::EntryNotFound`]: text that is no id is no game's.
pub fn parse_game(text: &str) -> Result<TitleId, LibraryError> {
    TitleId::parse(text).map_err(|_| LibraryError::EntryNotFound)
}

/// What a request expects of the entry that it changes.
pub fn expected(if_match: OptionalIfMatch) -> Expected {
    match if_match.0 {
        None => Expected::Anything,
        Some(IfMatch::Any) => Expected::Something,
        Some(IfMatch::Revisions(revisions)) => Expected::These(revisions),
    }
}

/// The playthrough of a path.
///
/// # Errors
/// [`LibraryError::PlaythroughNotFound`].
pub fn parse_number(text: &str) -> Result<i16, LibraryError> {
    text.parse().map_err(|_| LibraryError::PlaythroughNotFound)
}

/// The row of a path.
///
/// # Errors
/// [`LibraryError::RowNotFound`].
pub fn parse_row(text: &str) -> Result<i32, LibraryError> {
    text.parse().map_err(|_| LibraryError::RowNotFound)
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The import of a path.
///
/// # Errors
/// [`LibraryError::ImportNotFound`].
pub fn parse_import(text: &str) -> Result<ImportId, LibraryError> {
    if is_id(text) { Ok(ImportId(text.to_owned())) } else { Err(LibraryError::ImportNotFound) }
}

/// The edit of a path.
///
/// # Errors
/// [`LibraryError::EditNotFound`].
pub fn parse_edit(text: &str) -> Result<EditId, LibraryError> {
    if is_id(text) { Ok(EditId(text.to_owned())) } else { Err(LibraryError::EditNotFound) }
}
