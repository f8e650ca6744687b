//! A title: a game as the world knows it.

use sea_orm::entity::prelude::*;

/// A title: a game as the world knows it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The folded name, by which lists are in order.
    pub name_key: String,
    /// Its other names, each in a line of its own; all names are rows of `title_name`.
    pub other_names: String,
    /// The year of its first release.
    pub year: Option<i32>,
    /// The day, month or year of its first release, as far as it is known; may be empty.
    pub released: String,
    /// Who published it; may be empty.
    pub publisher: String,
    /// Who made it; may be empty.
    pub developer: String,
    /// Its platforms, separated by commas; the rows of `title_platform`.
    pub platforms: String,
    /// Its genres, separated by commas; the rows of `title_genre`.
    pub genres: String,
    /// Its author, who alone sees it, until it is approved.
    pub pending_of: Option<String>,
    /// The title that has taken its place.
    pub merged_into: Option<i64>,
    /// Raised by each change.
    pub revision: i64,
    /// When it was created.
    pub created_at_ms: i64,
    /// When it was last changed.
    pub changed_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
