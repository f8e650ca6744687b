//! Which jobs of studios have arrived in the control tables: each is taken over once.

use sea_orm_migration::prelude::*;

/// Which jobs of studios have arrived in the control tables.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("crossing")
                    .col(ColumnDef::new("studio").integer().not_null())
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("id").string().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("studio").col("world").col("id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("crossing_at").table("crossing").col("at_ms").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("crossing").to_owned()).await
    }
}
