//! The namespace of this database in a shared cache, and the database for which it was drawn: a copy of the database finds that it is
//! another one, and draws its own.

use sea_orm_migration::prelude::*;

/// The namespace of this database in a shared cache, and the database for which it was drawn.
#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: [&str; 2] = ["namespace", "drawn_for"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            let column = ColumnDef::new(column).text().not_null().default("").to_owned();
            manager.alter_table(Table::alter().table("installation").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("installation").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
