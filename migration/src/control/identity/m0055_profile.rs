//! What people are to others: their usernames, and what they tell about themselves.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// What people are to others.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("profile", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let text = |name: &'static str| ColumnDef::new(name).text().not_null().default("").to_owned();
        let small = |name: &'static str| ColumnDef::new(name).small_integer().not_null().default(0).to_owned();
        let flag = |name: &'static str| ColumnDef::new(name).boolean().not_null().default(false).to_owned();
        let mut key = ColumnDef::new("username_key").string().not_null().unique_key().to_owned();
        if manager.get_database_backend() == DbBackend::Postgres {
            // Compared byte by byte, as SQLite does, whatever the locale of the server.
            key.extra("COLLATE \"C\"");
        }
        manager
            .create_table(
                Table::create()
                    .table("profile")
                    .col(ColumnDef::new("user_id").string().not_null().primary_key())
                    .col(ColumnDef::new("username").string().not_null())
                    .col(key)
                    .col(ColumnDef::new("username_at_ms").big_integer().not_null())
                    .col(text("display_name"))
                    .col(text("bio"))
                    .col(text("languages"))
                    .col(small("audience"))
                    .col(flag("found_by_name"))
                    .col(flag("found_by_place"))
                    .col(flag("found_by_statistics"))
                    .col(small("theme"))
                    .col(text("language"))
                    .col(text("currency"))
                    .col(small("mail"))
                    .col(ColumnDef::new("revision").big_integer().not_null().default(1))
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .foreign_key(&mut user)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("profile").to_owned()).await
    }
}
