//! Titles: games as the world knows them. The API calls them games.
//!
//! - A title that a user adds is visible to them alone until an administrator approves it. From then on nobody is its author.
//! - A title has one or more names. They are compared by their folded form ([`fold`]): without case, accents and punctuation.
//! - Records of others (imports, providers) are merged by their external ids first, then by folded name, year and platform. A
//!   record that may be a title or may not be goes into a queue for administrators; nothing is made one, or two, in silence.
//! - Of two titles that an administrator merges one takes the place of the other, and answers for its id.
//! - A title that something refers to can't be deleted.
//! - Other domains keep ids, and ask for [`TitleCard`]s; for lists in the order of names, or filtered by platform or genre, they
//!   take [`fragments`], so that they never name these tables.

mod api;
mod file;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::{StudioGamesApi, TitlesApi, UnclearTitlesApi},
    file::{LineReader, Origin, UnreadableLine},
    model::{
        Company, Count, ExternalId, Facets, Facts, Filter, Genre, MAX_NAMES, Name, NameMatch, NameQuery, Platform,
        Record, Released, Settlement, Title, TitleCard, TitleCursor, TitleError, TitleId, TitlePage, TitleQuery,
        UnclearRecord, fold, parse_source,
    },
    response::{GameCardResponse, SourceResponse},
    service::{Change, SLICE, Taken, Titles},
    store::fragments,
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::{BODY_READERS, URI_READERS};
}
