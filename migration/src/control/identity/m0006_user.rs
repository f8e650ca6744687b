//! Users: people with an account.

use sea_orm_migration::prelude::*;

/// Users: people with an account.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("user")
                    .col(ColumnDef::new("id").string().not_null().primary_key())
                    .col(ColumnDef::new("email").text().not_null())
                    .col(ColumnDef::new("email_key").string().not_null().unique_key())
                    .col(ColumnDef::new("password").text().not_null())
                    .col(ColumnDef::new("epoch").big_integer().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("password_at_ms").big_integer().not_null())
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("user").to_owned()).await
    }
}
