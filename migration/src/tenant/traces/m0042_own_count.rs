//! How many traces a player has of each kind, in each scope and in all: quotas ask for it with every new trace, and counting would
//! take longer the more traces the player has.

use sea_orm_migration::prelude::*;

/// How many traces a player has of each kind, in each scope and in all.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// The scope of the count over all scopes. The control character keeps it apart from the scopes of games.
const ALL_SCOPES: &str = "\u{1}";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("own_count")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("author").text().not_null())
                    .col(ColumnDef::new("kind").small_integer().not_null())
                    .col(ColumnDef::new("scope").text().not_null())
                    .col(ColumnDef::new("count").integer().not_null())
                    .primary_key(Index::create().col("world").col("author").col("kind").col("scope"))
                    .to_owned(),
            )
            .await?;
        let connection = manager.get_connection();
        let count = |scope: &str, group_by: &str| {
            format!(
                r#"INSERT INTO "own_count" ("world", "author", "kind", "scope", "count")
                SELECT "world", "author", "kind", {scope}, count(*) FROM "trace" WHERE "minted" GROUP BY {group_by}"#
            )
        };
        let of_scopes = count(r#""scope""#, r#""world", "author", "kind", "scope""#);
        connection.execute_unprepared(&of_scopes).await?;
        let of_all = count(&format!("'{ALL_SCOPES}'"), r#""world", "author", "kind""#);
        connection.execute_unprepared(&of_all).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("own_count").to_owned()).await
    }
}
