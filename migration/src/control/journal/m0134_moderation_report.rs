//! Reports: one of each person and case.

use sea_orm_migration::prelude::*;

/// Reports.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = |column: &'static str, table: &'static str| {
            ForeignKey::create()
                .from("moderation_report", column)
                .to(table, "id")
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        manager
            .create_table(
                Table::create()
                    .table("moderation_report")
                    .col(ColumnDef::new("case_id").big_integer().not_null())
                    .col(ColumnDef::new("reporter").string().not_null())
                    .col(ColumnDef::new("reason").small_integer().not_null())
                    .col(ColumnDef::new("note").text().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .col(ColumnDef::new("outcome").small_integer().not_null().default(0))
                    .col(ColumnDef::new("dismissed").boolean().not_null().default(false))
                    .col(ColumnDef::new("verdict").big_integer())
                    .primary_key(Index::create().col("case_id").col("reporter"))
                    .foreign_key(&mut key("case_id", "moderation_case"))
                    .foreign_key(&mut key("reporter", "user"))
                    .to_owned(),
            )
            .await?;
        let index = Index::create()
            .name("moderation_report_reporter")
            .table("moderation_report")
            .col("reporter")
            .col("at_ms")
            .to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("moderation_report").to_owned()).await
    }
}
