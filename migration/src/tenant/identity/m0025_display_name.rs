//! Display names of players, and whether a moderator has locked them.

use sea_orm_migration::prelude::*;

/// Display names of players, and whether a moderator has locked them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let display_name = ColumnDef::new("display_name").text().to_owned();
        let name_locked = ColumnDef::new("name_locked").boolean().not_null().default(false).to_owned();
        // SQLite adds one column with each statement.
        for column in [display_name, name_locked] {
            manager.alter_table(Table::alter().table("player").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["name_locked", "display_name"] {
            manager.alter_table(Table::alter().table("player").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
