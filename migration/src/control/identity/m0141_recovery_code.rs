//! Codes that stand in for a second factor that is lost.

use sea_orm_migration::prelude::*;

/// Codes that stand in for a second factor that is lost.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut factor = ForeignKey::create()
            .from("recovery_code", "user_id")
            .to("second_factor", "user_id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("recovery_code")
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("digest").binary().not_null())
                    .primary_key(Index::create().col("user_id").col("digest"))
                    .foreign_key(&mut factor)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("recovery_code").to_owned()).await
    }
}
