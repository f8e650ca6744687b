//! Votes that a trace already had when it was imported.

use sea_orm_migration::prelude::*;

/// Votes that a trace already had when it was imported.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let base_good = ColumnDef::new("base_good").integer().not_null().default(0).to_owned();
        manager.alter_table(Table::alter().table("trace").add_column(base_good).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("trace").drop_column("base_good").to_owned()).await
    }
}
