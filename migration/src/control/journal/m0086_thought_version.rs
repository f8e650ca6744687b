//! What thoughts were before they were changed.

use sea_orm_migration::prelude::*;

/// What thoughts were before they were changed.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut thought = ForeignKey::create()
            .from("thought_version", "thought")
            .to("thought", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("thought_version")
                    .col(ColumnDef::new("thought").big_integer().not_null())
                    .col(ColumnDef::new("revision").big_integer().not_null())
                    .col(ColumnDef::new("audience").small_integer().not_null())
                    .col(ColumnDef::new("rating").small_integer())
                    .col(ColumnDef::new("spoiler").boolean().not_null())
                    .col(ColumnDef::new("text").text().not_null())
                    .col(ColumnDef::new("until_ms").big_integer().not_null())
                    .primary_key(Index::create().col("thought").col("revision"))
                    .foreign_key(&mut thought)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("thought_version").to_owned()).await
    }
}
