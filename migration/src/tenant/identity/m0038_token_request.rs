//! Which request asked for a refresh token, so that a repeated one is answered with the same tokens.

use sea_orm_migration::prelude::*;

/// Which request asked for a refresh token.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ColumnDef::new("client").blob().to_owned(),
            ColumnDef::new("request").blob().to_owned(),
            ColumnDef::new("content").blob().to_owned(),
            ColumnDef::new("created_at_ms").big_integer().not_null().default(0).to_owned(),
        ];
        // SQLite adds one column with each statement.
        for column in columns {
            manager.alter_table(Table::alter().table("player_token").add_column(column).to_owned()).await?;
        }
        let of_request =
            Index::create().name("player_token_request").table("player_token").col("request").unique().to_owned();
        manager.create_index(of_request).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("player_token_request").table("player_token").to_owned()).await?;
        for column in ["created_at_ms", "content", "request", "client"] {
            manager.alter_table(Table::alter().table("player_token").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
