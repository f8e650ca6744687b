//! Which request opened a session or issued a key, so that a repeated one gets the same session or key, with a new secret.

use sea_orm_migration::prelude::*;

/// Which request opened a session or issued a key.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// The tables, their new columns, and the index on the first of these.
const TABLES: [(&str, &[&str], &str); 2] =
    [("user_session", &["request"], "user_session_request"), ("api_key", &["request", "content"], "api_key_request")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns, index) in TABLES {
            for column in columns {
                let column = ColumnDef::new(*column).blob().to_owned();
                manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
            }
            manager.create_index(Index::create().name(index).table(table).col("request").unique().to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns, index) in TABLES {
            manager.drop_index(Index::drop().name(index).table(table).to_owned()).await?;
            for column in columns {
                manager.alter_table(Table::alter().table(table).drop_column(*column).to_owned()).await?;
            }
        }
        Ok(())
    }
}
