//! All SQL of titles, by what it is about. What other domains need for their own statements is in [`fragments`].

mod candidates;
pub mod fragments;
mod games;
mod lists;
mod lookups;
mod merging;
mod reading;
mod unclear;
mod writing;

use entity::control::catalogue::title;
use sea_orm::sea_query::{Expr, ExprTrait};

pub use self::{candidates::Candidate, writing::NewTitle};
use super::model::{Company, Facts, Genre, Name, Platform, Released, Title, TitleId};
use crate::{
    identity::access::UserId,
    platform::{db::Control, error::StoreError},
};

/// A transaction that writes.
pub type Transaction = sea_orm::DatabaseTransaction;

/// Titles in the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

/// Whose eyes look for titles that await approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight<'a> {
    /// What is approved.
    Approved,
    /// And what this user has added.
    User(&'a UserId),
    /// All.
    Administrator,
}

impl<'a> Sight<'a> {
    /// That of a user who is no administrator.
    #[must_use]
    pub fn of(viewer: Option<&'a UserId>) -> Self {
        viewer.map_or(Self::Approved, Self::User)
    }

    /// Whether a title with that author is seen.
    #[must_use]
    pub fn sees(self, pending_of: Option<&str>) -> bool {
        match (self, pending_of) {
            (_, None) | (Self::Administrator, _) => true,
            (Self::User(user), Some(author)) => user.as_str() == author,
            (Self::Approved, Some(_)) => false,
        }
    }

    /// The condition on the table `title` that a title is seen, and was not merged into another.
    fn condition(self) -> Expr {
        let author = || Expr::col(("title", title::Column::PendingOf));
        let is_there = Expr::col(("title", title::Column::MergedInto)).is_null();
        match self {
            Self::Administrator => is_there,
            Self::Approved => is_there.and(author().is_null()),
            Self::User(user) => is_there.and(author().is_null().or(author().eq(user.as_str()))),
        }
    }
}

impl Store {
    /// A store on these tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }
}

/// A row without what this program can't read, which it has not stored.
fn title_of(row: &title::Model) -> Result<Title, StoreError> {
    let unreadable = |what: String| StoreError::Statement(sea_orm::DbErr::Type(what));
    let name = |text: &str| Name::parse(text).map_err(|fault| unreadable(format!("title {}: {fault}", row.id)));
    let facts = Facts {
        name: name(&row.name)?,
        other_names: row.other_names.lines().map(name).collect::<Result<_, _>>()?,
        released: Released::stored(&row.released),
        publisher: Company::parse(&row.publisher).unwrap_or_default(),
        developer: Company::parse(&row.developer).unwrap_or_default(),
        platforms: words(&row.platforms).filter_map(|word| Platform::parse(word).ok()).collect(),
        genres: words(&row.genres).filter_map(|word| Genre::parse(word).ok()).collect(),
    };
    Ok(Title {
        id: TitleId(row.id),
        facts,
        pending_of: row.pending_of.as_deref().map(UserId::stored),
        external: Vec::new(),
        games: Vec::new(),
        revision: row.revision,
        created_at_ms: row.created_at_ms,
        changed_at_ms: row.changed_at_ms,
    })
}

/// The words of a stored list.
fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').filter(|word| !word.is_empty())
}

fn joined<T: ToString>(words: &[T], between: &str) -> String {
    words.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}
