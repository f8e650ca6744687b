//! Codes sent to an email address, to prove that the requester can read its mail.

use sea_orm_migration::prelude::*;

/// Codes sent to an email address, to prove that the requester can read its mail.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("user_code")
                    .col(ColumnDef::new("digest").blob().not_null().primary_key())
                    .col(ColumnDef::new("purpose").small_integer().not_null())
                    .col(ColumnDef::new("email").text().not_null())
                    .col(ColumnDef::new("email_key").string().not_null())
                    .col(ColumnDef::new("user").string().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("expires_at_ms").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("user_code_email_key").table("user_code").col("email_key").to_owned())
            .await?;
        manager.create_index(Index::create().name("user_code_user").table("user_code").col("user").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("user_code").to_owned()).await
    }
}
