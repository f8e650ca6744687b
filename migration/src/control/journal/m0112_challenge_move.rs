//! The history of challenges: what was done, by whom, about whom.

use sea_orm_migration::prelude::*;

/// The history of challenges.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = |column: &'static str, table: &'static str| {
            ForeignKey::create()
                .from("challenge_move", column)
                .to(table, "id")
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        manager
            .create_table(
                Table::create()
                    .table("challenge_move")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("challenge").big_integer().not_null())
                    .col(ColumnDef::new("guest").string())
                    .col(ColumnDef::new("by").string().not_null())
                    .col(ColumnDef::new("what").string().not_null())
                    .col(ColumnDef::new("state").small_integer().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .foreign_key(&mut key("challenge", "challenge"))
                    .foreign_key(&mut key("guest", "user"))
                    .to_owned(),
            )
            .await?;
        for (name, column) in [("challenge_move_order", "challenge"), ("challenge_move_guest", "guest")] {
            let index = Index::create().name(name).table("challenge_move").col(column).col("id").to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("challenge_move").to_owned()).await
    }
}
