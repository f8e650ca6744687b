//! The change log of a world: a row for each change or removal of a trace after it was left.

use sea_orm_migration::prelude::*;

/// The change log of a world.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("change")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("seq").big_integer().not_null())
                    .col(ColumnDef::new("trace").big_integer().not_null())
                    .col(ColumnDef::new("reason").small_integer().not_null())
                    .col(ColumnDef::new("scope").text().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("world").col("seq"))
                    .to_owned(),
            )
            .await?;
        let of_scope =
            Index::create().name("change_scope").table("change").col("world").col("scope").col("seq").to_owned();
        manager.create_index(of_scope).await?;
        let of_trace = Index::create().name("change_trace").table("change").col("world").col("trace").to_owned();
        manager.create_index(of_trace).await?;
        // Change log rows up to this sequence number may have been removed.
        let forgotten = ColumnDef::new("forgotten").big_integer().not_null().default(0).to_owned();
        manager.alter_table(Table::alter().table("world").add_column(forgotten).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("world").drop_column("forgotten").to_owned()).await?;
        manager.drop_table(Table::drop().table("change").to_owned()).await
    }
}
