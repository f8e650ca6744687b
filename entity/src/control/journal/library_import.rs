//! An import into a library.

use sea_orm::entity::prelude::*;

/// An import into a library.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "library_import")]
pub struct Model {
    /// A UUID.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Whose library.
    pub user: String,
    /// The program that wrote the file.
    pub source: i16,
    /// What it may do: 0 new, 1 time, 2 all.
    pub mode: i16,
    /// The state of new entries whose rows say none.
    pub state: Option<i16>,
    /// The audience of new entries.
    pub audience: i16,
    /// How far it is: 0 ready, 1 applying, 2 applied, 3 undoing, 4 undone.
    pub status: i16,
    /// Rows that add a game.
    pub new: i32,
    /// Rows that change an entry.
    pub changed: i32,
    /// Rows that change nothing.
    pub same: i32,
    /// Rows whose game is not known.
    pub unclear: i32,
    /// Rows that can't be used.
    pub refused: i32,
    /// How far it was applied: the last row.
    pub applied_upto: i32,
    /// What it has changed.
    pub edit: Option<String>,
    /// When the file was read.
    pub made_ms: i64,
    /// Until when it is kept.
    pub expires_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
