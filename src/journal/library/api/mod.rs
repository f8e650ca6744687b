//! The routes of libraries: one's own under `/api/library`, those of others under `/api/users`.

mod entries;
mod imports;
mod libraries;

pub use self::{entries::EntriesApi, imports::ImportsApi, libraries::LibrariesApi};
