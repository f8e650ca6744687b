//! Answers to requests with an `Idempotency-Key`, kept for those who repeat them.

use sea_orm_migration::prelude::*;

/// Answers to requests with an `Idempotency-Key`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("kept_answer")
                    .col(ColumnDef::new("id").blob().not_null().primary_key())
                    .col(ColumnDef::new("caller").blob().not_null())
                    .col(ColumnDef::new("content").blob().not_null())
                    .col(ColumnDef::new("status").small_integer())
                    .col(ColumnDef::new("body").blob())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        let of_caller = Index::create()
            .name("kept_answer_caller")
            .table("kept_answer")
            .col("caller")
            .col("created_at_ms")
            .to_owned();
        manager.create_index(of_caller).await?;
        let by_age = Index::create().name("kept_answer_created").table("kept_answer").col("created_at_ms").to_owned();
        manager.create_index(by_age).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("kept_answer").to_owned()).await
    }
}
