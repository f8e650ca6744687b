//! Marks traces imported as a world's history: they fill up scopes where players have left too few.

use sea_orm_migration::prelude::*;

/// Marks traces imported as a world's history: they fill up scopes where players have left too few.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let legacy = ColumnDef::new("legacy").boolean().not_null().default(false).to_owned();
        manager.alter_table(Table::alter().table("trace").add_column(legacy).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("trace").drop_column("legacy").to_owned()).await
    }
}
