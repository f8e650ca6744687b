//! Names that clients give their own traces, so that nothing is left twice.

use sea_orm_migration::prelude::*;

/// Names that clients give their own traces.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("trace_ref")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("author").text().not_null())
                    .col(ColumnDef::new("ref").text().not_null())
                    .col(ColumnDef::new("trace").big_integer().not_null())
                    .col(ColumnDef::new("digest").blob().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("author").col("ref"))
                    .to_owned(),
            )
            .await?;
        let by_age = Index::create().name("trace_ref_age").table("trace_ref").col("created_at_ms").to_owned();
        manager.create_index(by_age).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("trace_ref").to_owned()).await
    }
}
