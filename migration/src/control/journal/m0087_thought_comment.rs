//! Comments on thoughts.

use sea_orm_migration::prelude::*;

/// Comments on thoughts.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = |column: &'static str, table: &'static str| {
            ForeignKey::create()
                .from("thought_comment", column)
                .to(table, "id")
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        manager
            .create_table(
                Table::create()
                    .table("thought_comment")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("thought").big_integer().not_null())
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("text").text().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .foreign_key(&mut key("thought", "thought"))
                    .foreign_key(&mut key("user_id", "user"))
                    .to_owned(),
            )
            .await?;
        for (name, column) in [("thought_comment_order", "thought"), ("thought_comment_user", "user_id")] {
            let index = Index::create().name(name).table("thought_comment").col(column).col("id").to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("thought_comment").to_owned()).await
    }
}
