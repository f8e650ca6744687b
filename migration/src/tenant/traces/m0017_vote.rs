//! Votes: at most one for each player and trace.

use sea_orm_migration::prelude::*;

/// Votes: at most one for each player and trace.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("vote")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("trace").big_integer().not_null())
                    .col(ColumnDef::new("player").text().not_null())
                    .col(ColumnDef::new("good").boolean().not_null())
                    .col(ColumnDef::new("weight").integer().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("trace").col("player"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("vote").to_owned()).await
    }
}
