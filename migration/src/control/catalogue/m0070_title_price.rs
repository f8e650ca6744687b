//! What titles cost: when a provider was asked, the lowest price ever, and what each store asks for now.

use sea_orm_migration::prelude::*;

use super::{id, of_title};

/// What titles cost.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("title_price")
                    .col(id(manager, "title").primary_key())
                    .col(ColumnDef::new("provider_game").string())
                    .col(ColumnDef::new("asked_ms").big_integer().not_null())
                    .col(ColumnDef::new("checked_ms").big_integer().not_null())
                    .col(ColumnDef::new("low_minor").big_integer())
                    .col(ColumnDef::new("low_at_ms").big_integer())
                    .foreign_key(&mut of_title("title_price"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("title_offer")
                    .col(id(manager, "title"))
                    .col(ColumnDef::new("store").integer().not_null())
                    .col(ColumnDef::new("store_name").string().not_null())
                    .col(ColumnDef::new("deal").string().not_null())
                    .col(ColumnDef::new("price_minor").big_integer().not_null())
                    .col(ColumnDef::new("regular_minor").big_integer())
                    .primary_key(Index::create().col("title").col("store"))
                    .foreign_key(&mut of_title("title_offer"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["title_offer", "title_price"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
