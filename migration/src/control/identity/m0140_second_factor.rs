//! The second factors of accounts.

use sea_orm_migration::prelude::*;

/// The second factors of accounts.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("second_factor", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("second_factor")
                    .col(ColumnDef::new("user_id").string().not_null().primary_key())
                    .col(ColumnDef::new("secret").text().not_null())
                    .col(ColumnDef::new("begun_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("since_ms").big_integer())
                    .col(ColumnDef::new("used_step").big_integer().not_null())
                    .foreign_key(&mut user)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("second_factor").to_owned()).await
    }
}
