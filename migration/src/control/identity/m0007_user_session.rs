//! Sessions of users.

use sea_orm_migration::prelude::*;

/// Sessions of users.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("user_session")
                    .col(ColumnDef::new("digest").blob().not_null().primary_key())
                    .col(ColumnDef::new("id").string().not_null().unique_key())
                    .col(ColumnDef::new("user").string().not_null())
                    .col(ColumnDef::new("epoch").big_integer().not_null())
                    .col(ColumnDef::new("cookie").boolean().not_null())
                    .col(ColumnDef::new("address").text().not_null())
                    .col(ColumnDef::new("agent").text().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("used_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("expires_at_ms").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("user_session_user").table("user_session").col("user").to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("user_session").to_owned()).await
    }
}
