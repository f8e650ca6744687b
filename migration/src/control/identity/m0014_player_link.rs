//! Links from players to accounts, and the codes that make such a link.

use sea_orm_migration::prelude::*;

/// Links from players to accounts, and the codes that make such a link.
#[derive(DeriveMigrationName)]
pub struct Migration;

fn of_studio(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, "studio").to("studio", "id").on_delete(ForeignKeyAction::Cascade).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("player_link", "user")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("player_link")
                    .col(ColumnDef::new("studio").integer().not_null())
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("player").string().not_null())
                    .col(ColumnDef::new("user").string().not_null())
                    .col(ColumnDef::new("linked_at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("studio").col("world").col("player"))
                    .foreign_key(&mut of_studio("player_link"))
                    .foreign_key(&mut user)
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("player_link_user").table("player_link").col("user").to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("link_code")
                    .col(ColumnDef::new("studio").integer().not_null())
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("player").string().not_null())
                    .col(ColumnDef::new("digest").blob().not_null().unique_key())
                    .col(ColumnDef::new("expires_at_ms").big_integer().not_null())
                    // A player has one code at a time, the newest.
                    .primary_key(Index::create().col("studio").col("world").col("player"))
                    .foreign_key(&mut of_studio("link_code"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["link_code", "player_link"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
