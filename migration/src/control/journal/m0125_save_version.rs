//! Versions of save slots.

use sea_orm_migration::prelude::*;

/// Versions of save slots.
#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 1] = [r#"CREATE UNIQUE INDEX "save_version_number" ON "save_version" ("slot_id", "number")"#];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut slot = ForeignKey::create()
            .from("save_version", "slot_id")
            .to("save_slot", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("save_version")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("slot_id").big_integer().not_null())
                    .col(ColumnDef::new("number").big_integer().not_null())
                    .col(ColumnDef::new("state").small_integer().not_null())
                    .col(ColumnDef::new("held_for").small_integer())
                    .col(ColumnDef::new("origin").small_integer().not_null())
                    .col(ColumnDef::new("device").string().not_null())
                    .col(ColumnDef::new("base").big_integer())
                    .col(ColumnDef::new("restored").big_integer())
                    .col(ColumnDef::new("files").integer().not_null())
                    .col(ColumnDef::new("bytes").big_integer().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("finished_at_ms").big_integer())
                    .foreign_key(&mut slot)
                    .to_owned(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("save_version").to_owned()).await
    }
}
