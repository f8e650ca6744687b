//! The check value of the secret key: it tells whether a key is the one with which this database was sealed, and nothing about the key.

use sea_orm_migration::prelude::*;

/// The check value of the secret key.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = ColumnDef::new("secret_key_check").text().not_null().default("").to_owned();
        manager.alter_table(Table::alter().table("installation").add_column(column).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("installation").drop_column("secret_key_check").to_owned()).await
    }
}
