//! What a US dollar is worth in other currencies.

use sea_orm_migration::prelude::*;

/// What a US dollar is worth in other currencies.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("exchange_rate")
                    .col(ColumnDef::new("currency").string().not_null().primary_key())
                    // A billionth is finer than any rate that is published, and a whole number is added up exactly.
                    .col(ColumnDef::new("billionths").big_integer().not_null())
                    .col(ColumnDef::new("date").string().not_null())
                    .col(ColumnDef::new("checked_ms").big_integer().not_null())
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("exchange_rate").to_owned()).await
    }
}
