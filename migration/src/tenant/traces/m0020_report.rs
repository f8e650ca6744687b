//! Players' reports of traces, and the index of the moderation queue.

use sea_orm_migration::prelude::*;

/// Players' reports of traces, and the index of the moderation queue.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("report")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("trace").big_integer().not_null())
                    .col(ColumnDef::new("player").text().not_null())
                    .col(ColumnDef::new("reason").small_integer().not_null())
                    .col(ColumnDef::new("note").text())
                    .col(ColumnDef::new("settled").boolean().not_null().default(false))
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("trace").col("player"))
                    .to_owned(),
            )
            .await?;
        let queue = Index::create()
            .name("trace_queue")
            .table("trace")
            .col("world")
            .col("reports")
            .col("id")
            .and_where(Expr::cust("reports > 0 OR hidden"))
            .to_owned();
        manager.create_index(queue).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("trace_queue").table("trace").to_owned()).await?;
        manager.drop_table(Table::drop().table("report").to_owned()).await
    }
}
