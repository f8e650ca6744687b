//! How many requests were made to a host in a month, where it allows so many.

use sea_orm_migration::prelude::*;

/// How many requests were made to a host in a month.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("outbound_month")
                    .col(ColumnDef::new("host").string().not_null())
                    .col(ColumnDef::new("month").string().not_null())
                    .col(ColumnDef::new("used").big_integer().not_null())
                    .primary_key(Index::create().col("host").col("month"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("outbound_month").to_owned()).await
    }
}
