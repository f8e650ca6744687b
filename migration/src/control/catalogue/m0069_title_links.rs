//! Which titles studios' games are, and the records of others that an administrator must look at.

use sea_orm_migration::prelude::*;

use super::{id, of_title};

/// Which titles studios' games are, and records whose title is unclear.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("title_game")
                    .col(ColumnDef::new("game").integer().not_null().primary_key())
                    .col(id(manager, "title"))
                    .col(ColumnDef::new("since_ms").big_integer().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .from("title_game", "game")
                            .to("game", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(&mut of_title("title_game"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("title_game_title").table("title_game").col("title").to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("unclear_title")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("source").string().not_null())
                    .col(ColumnDef::new("external").string().not_null())
                    .col(ColumnDef::new("record").text().not_null())
                    .col(ColumnDef::new("candidates").text().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    // One that was put aside stays, so that it does not come again with the next import.
                    .col(ColumnDef::new("put_aside").boolean().not_null().default(false))
                    .to_owned(),
            )
            .await?;
        let open = r#"CREATE INDEX "unclear_title_open" ON "unclear_title" ("id") WHERE NOT "put_aside""#;
        manager.get_connection().execute_unprepared(open).await?;
        let once = Index::create()
            .name("unclear_title_once")
            .table("unclear_title")
            .col("source")
            .col("external")
            .unique()
            .to_owned();
        manager.create_index(once).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["unclear_title", "title_game"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
