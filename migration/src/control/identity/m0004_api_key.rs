//! API keys, and the revision that every change to a key raises: instances use it to find what changed since they last checked.

use sea_orm_migration::prelude::*;

/// API keys, and the revision that every change to a key raises.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("api_key")
                    .col(ColumnDef::new("id").text().not_null().primary_key())
                    .col(ColumnDef::new("studio").integer().not_null())
                    .col(ColumnDef::new("game").integer().not_null())
                    .col(ColumnDef::new("environment").text().not_null())
                    .col(ColumnDef::new("kind").text().not_null())
                    .col(ColumnDef::new("scopes").text().not_null())
                    .col(ColumnDef::new("label").text().not_null())
                    .col(ColumnDef::new("digest").blob().not_null())
                    .col(ColumnDef::new("family").text().not_null())
                    .col(ColumnDef::new("revision").big_integer().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("last_used_at_ms").big_integer())
                    .col(ColumnDef::new("revoked_at_ms").big_integer())
                    .to_owned(),
            )
            .await?;
        for (name, column) in [("api_key_revision", "revision"), ("api_key_studio", "studio")] {
            manager.create_index(Index::create().name(name).table("api_key").col(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("key_revision")
                    .col(ColumnDef::new("id").integer().not_null().primary_key())
                    .col(ColumnDef::new("revision").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        let first = Query::insert()
            .into_table("key_revision")
            .columns(["id", "revision"])
            .values_panic([1.into(), 0.into()])
            .to_owned();
        manager.execute(first).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("key_revision").to_owned()).await?;
        manager.drop_table(Table::drop().table("api_key").to_owned()).await
    }
}
