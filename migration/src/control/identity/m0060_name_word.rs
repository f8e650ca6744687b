//! The words of usernames and display names, by which people are searched.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// The words of usernames and display names.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut profile = ForeignKey::create()
            .from("name_word", "user_id")
            .to("profile", "user_id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let mut word = ColumnDef::new("word").string().not_null().to_owned();
        if manager.get_database_backend() == DbBackend::Postgres {
            // A prefix is a range only where words are compared byte by byte.
            word.extra("COLLATE \"C\"");
        }
        manager
            .create_table(
                Table::create()
                    .table("name_word")
                    .col(word)
                    .col(ColumnDef::new("user_id").string().not_null())
                    .primary_key(Index::create().col("word").col("user_id"))
                    .foreign_key(&mut profile)
                    .to_owned(),
            )
            .await?;
        let of_user = Index::create().name("name_word_user").table("name_word").col("user_id").to_owned();
        manager.create_index(of_user).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("name_word").to_owned()).await
    }
}
