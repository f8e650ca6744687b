//! The progress of an import, so that an interrupted one can resume.

use sea_orm_migration::prelude::*;

/// The progress of an import, so that an interrupted one can resume.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("import")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("input").text().not_null())
                    .col(ColumnDef::new("lines").big_integer().not_null())
                    .col(ColumnDef::new("digest").text().not_null())
                    .primary_key(Index::create().col("world").col("input"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("import").to_owned()).await
    }
}
