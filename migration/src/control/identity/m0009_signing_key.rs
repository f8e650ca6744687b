//! The secrets with which this installation signs tokens.

use sea_orm_migration::prelude::*;

/// The secrets with which this installation signs tokens.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("signing_key")
                    .col(ColumnDef::new("purpose").text().not_null().primary_key())
                    .col(ColumnDef::new("secret").blob().not_null())
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("signing_key").to_owned()).await
    }
}
