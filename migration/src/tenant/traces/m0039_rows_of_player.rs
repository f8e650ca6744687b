//! Indexes by which the rows of a player are found, to export and erase them.

use sea_orm_migration::prelude::*;

/// Indexes by which the rows of a player are found.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Names of the indexes, their tables, and the columns with the player's id.
const INDEXES: [(&str, &str, &str); 4] = [
    ("vote_player", "vote", "player"),
    ("trace_use_player", "trace_use", "player"),
    ("report_player", "report", "player"),
    ("hidden_author_author", "hidden_author", "author"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, column) in INDEXES {
            let index = Index::create().name(name).table(table).col("world").col(column).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, _) in INDEXES {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }
}
