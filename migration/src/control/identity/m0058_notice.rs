//! What users are told, and of which kinds they want to be told.

use sea_orm_migration::prelude::*;

/// What users are told, and of which kinds they want to be told.
#[derive(DeriveMigrationName)]
pub struct Migration;

fn to_user(table: &'static str, column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to("user", "id").on_delete(ForeignKeyAction::Cascade).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("notice")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("kind").string().not_null())
                    .col(ColumnDef::new("actor").string())
                    .col(ColumnDef::new("subject").text())
                    .col(ColumnDef::new("detail").text())
                    .col(ColumnDef::new("fold").string())
                    .col(ColumnDef::new("times").integer().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .col(ColumnDef::new("read_at_ms").big_integer())
                    .foreign_key(&mut to_user("notice", "user_id"))
                    .foreign_key(&mut to_user("notice", "actor"))
                    .to_owned(),
            )
            .await?;
        let index = |name: &'static str| Index::create().name(name).table("notice").to_owned();
        manager.create_index(index("notice_of_user").col("user_id").col("at_ms").col("id").to_owned()).await?;
        manager.create_index(index("notice_fold").col("user_id").col("fold").unique().to_owned()).await?;
        manager.create_index(index("notice_of_actor").col("actor").to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("notice_setting")
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("kind").string().not_null())
                    .col(ColumnDef::new("app").boolean().not_null())
                    .col(ColumnDef::new("mail").boolean().not_null())
                    .primary_key(Index::create().col("user_id").col("kind"))
                    .foreign_key(&mut to_user("notice_setting", "user_id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["notice_setting", "notice"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
