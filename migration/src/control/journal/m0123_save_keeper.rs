//! How much users store with their saves.

use sea_orm_migration::prelude::*;

/// How much users store with their saves.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("save_keeper", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("save_keeper")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("user_id").string().not_null().unique_key())
                    .col(ColumnDef::new("contents").big_integer().not_null())
                    .col(ColumnDef::new("bytes").big_integer().not_null())
                    .foreign_key(&mut user)
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("save_keeper").to_owned()).await
    }
}
