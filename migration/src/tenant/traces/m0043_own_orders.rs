//! Indexes by which a player's traces are found in the order of their ids: those of a kind in all scopes, which quotas and lists
//! of one's own traces need, and the references of traces.

use sea_orm_migration::prelude::*;

/// Indexes by which a player's traces are found in the order of their ids.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_kind = Index::create()
            .name("trace_own_kind")
            .table("trace")
            .col("world")
            .col("author")
            .col("kind")
            .col("id")
            .and_where(Expr::cust("minted"))
            .to_owned();
        manager.create_index(of_kind).await?;
        let of_references = Index::create()
            .name("trace_ref_trace")
            .table("trace_ref")
            .col("world")
            .col("author")
            .col("trace")
            .to_owned();
        manager.create_index(of_references).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("trace_ref_trace").table("trace_ref").to_owned()).await?;
        manager.drop_index(Index::drop().name("trace_own_kind").table("trace").to_owned()).await
    }
}
