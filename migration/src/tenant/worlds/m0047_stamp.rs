//! A random number of the transaction that has raised a world's sequence last: instances compare it with what was announced, so that
//! announcements of a copy of the database do not last.

use sea_orm_migration::prelude::*;

/// A random number of the transaction that has raised a world's sequence last.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let stamp = ColumnDef::new("stamp").big_integer().not_null().default(0).to_owned();
        manager.alter_table(Table::alter().table("world").add_column(stamp).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("world").drop_column("stamp").to_owned()).await
    }
}
