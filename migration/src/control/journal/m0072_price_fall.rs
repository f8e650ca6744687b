//! Which falls of prices users were told of: each once.

use sea_orm_migration::prelude::*;

use super::of_user;

/// Which falls of prices users were told of.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_title = ForeignKey::create()
            .from("price_fall", "title")
            .to("title", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("price_fall")
                    .col(ColumnDef::new("title").big_integer().not_null())
                    .col(ColumnDef::new("user").string().not_null())
                    .col(ColumnDef::new("target_minor").big_integer().not_null())
                    .col(ColumnDef::new("target_currency").string().not_null())
                    .col(ColumnDef::new("usd_minor").big_integer().not_null())
                    .col(ColumnDef::new("shown_minor").big_integer().not_null())
                    .col(ColumnDef::new("rate").string())
                    .col(ColumnDef::new("rate_date").string())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("title").col("user"))
                    .foreign_key(&mut of_user("price_fall"))
                    .foreign_key(&mut of_title.clone())
                    .to_owned(),
            )
            .await?;
        // By which they go with the user.
        manager.create_index(Index::create().name("price_fall_user").table("price_fall").col("user").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("price_fall").to_owned()).await
    }
}
