//! What was looked for at a provider of titles, and which titles that has brought.

use sea_orm_migration::prelude::*;

/// What was looked for at a provider of titles.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("title_discovery")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("query_key").string().not_null().unique_key())
                    .col(ColumnDef::new("query").string().not_null())
                    .col(ColumnDef::new("asked_ms").big_integer().not_null())
                    .col(ColumnDef::new("done_ms").big_integer().not_null())
                    .col(ColumnDef::new("titles").text().not_null())
                    .col(ColumnDef::new("unclear").integer().not_null())
                    .to_owned(),
            )
            .await?;
        let at = Index::create().name("title_discovery_at").table("title_discovery").col("asked_ms").to_owned();
        manager.create_index(at).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("title_discovery").to_owned()).await
    }
}
