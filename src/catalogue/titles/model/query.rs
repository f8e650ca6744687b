//! Which titles are sought, and what is found; and the queue of records whose title is unclear.

use std::sync::Arc;

use super::{Genre, Platform, Record, TitleCard, TitleId};
use crate::platform::page::Page;

/// What search and lists leave out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// The platform that titles must be on.
    pub platform: Option<Platform>,
    /// The genre that titles must be of.
    pub genre: Option<Genre>,
    /// The first year of release.
    pub year_from: Option<i32>,
    /// The last year of release.
    pub year_to: Option<i32>,
}

/// Which titles are sought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TitleQuery {
    /// What somebody has typed; empty lists all in the order of names.
    pub text: String,
    /// What is left out.
    pub filter: Filter,
    /// Only what awaits approval: the user's own, or all for an administrator.
    pub pending: bool,
    /// Whether titles are counted by platform, genre and year.
    pub facets: bool,
}

/// Where a page of titles begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TitleCursor {
    /// After a title, in a list.
    After(TitleId),
    /// After so many, in a search.
    Place(usize),
}

/// How many titles there are of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The platform, genre or year.
    pub value: String,
    /// How many.
    pub count: i64,
}

/// How many titles there are of each platform, genre and year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By platform, the most first.
    pub platforms: Vec<Count>,
    /// By genre, the most first.
    pub genres: Vec<Count>,
    /// By year, the most first.
    pub years: Vec<Count>,
}

/// A page of titles.
#[derive(Clone, Debug)]
pub struct TitlePage {
    /// The titles.
    pub page: Page<TitleCard>,
    /// Where the next page begins.
    pub next: Option<TitleCursor>,
    /// The counts of all pages.
    pub facets: Option<Arc<Facets>>,
}

/// A record that an administrator must look at.
#[derive(Clone, Debug)]
pub struct UnclearRecord {
    /// Its id.
    pub id: i64,
    /// When it came.
    pub at_ms: i64,
    /// What it says.
    pub record: Record,
    /// The titles that it may be.
    pub candidates: Vec<TitleId>,
}

/// What an administrator decides about a record of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It is this title.
    Same(TitleId),
    /// It is a title of its own.
    New,
    /// It is none.
    PutAside,
}
