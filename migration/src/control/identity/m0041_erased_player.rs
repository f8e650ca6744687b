//! Players who are being erased, or were a while ago: their tokens are signed, and would be valid until they expire.

use sea_orm_migration::prelude::*;

/// Players who are being erased, or were a while ago.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("erased_player")
                    .col(ColumnDef::new("digest").blob().not_null().primary_key())
                    .col(ColumnDef::new("studio").integer().not_null())
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("player").text())
                    .col(ColumnDef::new("until_ms").big_integer().not_null())
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("erased_player").to_owned()).await
    }
}
