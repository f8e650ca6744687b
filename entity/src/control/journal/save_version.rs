//! Versions of save slots.

use sea_orm::entity::prelude::*;

/// A version of a save slot: a set of files.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "save_version")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The slot.
    pub slot_id: i64,
    /// Its number in the slot.
    pub number: i64,
    /// Uploading, kept or held.
    pub state: i16,
    /// Why it is held.
    pub held_for: Option<i16>,
    /// How it came.
    pub origin: i16,
    /// The device, as its user calls it; perhaps empty.
    pub device: String,
    /// The number of the version that it follows.
    pub base: Option<i64>,
    /// The number of the version that it restores.
    pub restored: Option<i64>,
    /// Its files.
    pub files: i32,
    /// The bytes of these.
    pub bytes: i64,
    /// When it was begun.
    pub created_at_ms: i64,
    /// When all of its files were there.
    pub finished_at_ms: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
