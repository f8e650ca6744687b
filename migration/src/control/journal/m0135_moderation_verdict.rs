//! Verdicts: who decided what about what, in order. It is the audit log of moderation, too, so rows outlive cases and accounts.

use sea_orm_migration::prelude::*;

/// Verdicts.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = |column: &'static str, table: &'static str| {
            ForeignKey::create()
                .from("moderation_verdict", column)
                .to(table, "id")
                .on_delete(ForeignKeyAction::SetNull)
                .to_owned()
        };
        manager
            .create_table(
                Table::create()
                    .table("moderation_verdict")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("case_id").big_integer())
                    .col(ColumnDef::new("kind").small_integer().not_null())
                    .col(ColumnDef::new("subject").string().not_null())
                    .col(ColumnDef::new("author").string())
                    .col(ColumnDef::new("action").small_integer().not_null())
                    .col(ColumnDef::new("reason").small_integer())
                    .col(ColumnDef::new("note").text().not_null())
                    .col(ColumnDef::new("until_ms").big_integer())
                    .col(ColumnDef::new("automatic").boolean().not_null())
                    .col(ColumnDef::new("moderator").string())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .col(ColumnDef::new("before").text().not_null())
                    .col(ColumnDef::new("undone_at_ms").big_integer())
                    .col(ColumnDef::new("undone_by").string())
                    .col(ColumnDef::new("appeal").text())
                    .col(ColumnDef::new("appeal_at_ms").big_integer())
                    .col(ColumnDef::new("appeal_state").small_integer().not_null().default(0))
                    .foreign_key(&mut key("case_id", "moderation_case"))
                    .foreign_key(&mut key("author", "user"))
                    .foreign_key(&mut key("moderator", "user"))
                    .foreign_key(&mut key("undone_by", "user"))
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            ("moderation_verdict_case", ["case_id", "id"].as_slice()),
            ("moderation_verdict_author", &["author", "id"]),
            ("moderation_verdict_moderator", &["moderator"]),
            ("moderation_verdict_undone_by", &["undone_by"]),
        ] {
            let mut index = Index::create().name(name).table("moderation_verdict").to_owned();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("moderation_verdict").to_owned()).await
    }
}
