//! Changes by WebDAV that will be one version.

use sea_orm_migration::prelude::*;

/// Changes by WebDAV that will be one version.
#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 1] = [r#"CREATE UNIQUE INDEX "save_window_slot" ON "save_window" ("slot_id", "password")"#];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut slot = ForeignKey::create()
            .from("save_window", "slot_id")
            .to("save_slot", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("save_window")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("slot_id").big_integer().not_null())
                    .col(ColumnDef::new("password").string().not_null())
                    .col(ColumnDef::new("device").string().not_null())
                    .col(ColumnDef::new("opened_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("changed_at_ms").big_integer().not_null())
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
        manager.drop_table(Table::drop().table("save_window").to_owned()).await
    }
}
