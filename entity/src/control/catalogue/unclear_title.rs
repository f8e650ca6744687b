//! A record of a source whose title is unclear.

use sea_orm::entity::prelude::*;

/// A record of a source whose title is unclear.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unclear_title")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The source.
    pub source: String,
    /// Its id there; where the source has none, a digest of the record.
    pub external: String,
    /// The record, as JSON.
    pub record: String,
    /// The titles that it may be, separated by commas.
    pub candidates: String,
    /// When it came.
    pub at_ms: i64,
    /// Whether an administrator wants to hear no more of it.
    pub put_aside: bool,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
