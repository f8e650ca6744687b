//! How many files there are of each bucket.

use sea_orm::entity::prelude::*;

/// How many files there are of a bucket, with those that are expected.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blob_usage")]
pub struct Model {
    /// The bucket.
    #[sea_orm(primary_key, auto_increment = false)]
    pub bucket: i16,
    /// Files.
    pub blobs: i64,
    /// Their bytes together.
    pub bytes: i64,
}

/// No relations: the table stands alone.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
