//! Traces, and the index that finds the newest of a kind in a scope.

use sea_orm_migration::prelude::*;

/// Traces, and the index that finds the newest of a kind in a scope.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("trace")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("id").big_integer().not_null())
                    .col(ColumnDef::new("kind").small_integer().not_null())
                    .col(ColumnDef::new("scope").text().not_null())
                    .col(ColumnDef::new("author").text().not_null())
                    .col(ColumnDef::new("x").double())
                    .col(ColumnDef::new("y").double())
                    .col(ColumnDef::new("z").double())
                    .col(ColumnDef::new("body").text().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("trace_scope_newest")
                    .table("trace")
                    .col("world")
                    .col("scope")
                    .col("kind")
                    .col("id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("trace").to_owned()).await
    }
}
