//! Names under which v0 clients may not write: the `u_uuid` that they claim. Bans of players are in `ban`.

use sea_orm_migration::prelude::*;

/// Names under which v0 clients may not write.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("claimed_ban")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("author").text().not_null())
                    .col(ColumnDef::new("until_ms").big_integer())
                    .col(ColumnDef::new("reason").text().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("author"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("claimed_ban").to_owned()).await
    }
}
