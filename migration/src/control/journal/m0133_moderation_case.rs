//! Cases: what was reported or decided about, once for each subject. The queue of moderators is those that are open.

use sea_orm_migration::prelude::*;

/// Cases of moderation.
#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 4] = [
    r#"CREATE INDEX "moderation_case_open" ON "moderation_case" ("reports", "id") WHERE "open""#,
    r#"CREATE INDEX "moderation_case_in_force" ON "moderation_case" ("reports", "id") WHERE "in_force""#,
    r#"CREATE INDEX "moderation_case_open_kind" ON "moderation_case" ("kind", "reports", "id") WHERE "open""#,
    r#"CREATE INDEX "moderation_case_in_force_kind" ON "moderation_case" ("kind", "reports", "id") WHERE "in_force""#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut author = ForeignKey::create()
            .from("moderation_case", "author")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("moderation_case")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("kind").small_integer().not_null())
                    .col(ColumnDef::new("subject").string().not_null())
                    .col(ColumnDef::new("author").string())
                    .col(ColumnDef::new("open").boolean().not_null())
                    .col(ColumnDef::new("in_force").boolean().not_null().default(false))
                    .col(ColumnDef::new("reports").integer().not_null().default(0))
                    .col(ColumnDef::new("first_ms").big_integer())
                    .col(ColumnDef::new("last_ms").big_integer())
                    .col(ColumnDef::new("reported_text").text().not_null())
                    .col(ColumnDef::new("stood_revision").big_integer())
                    .col(ColumnDef::new("appealed").big_integer())
                    .foreign_key(&mut author)
                    .to_owned(),
            )
            .await?;
        let subject = Index::create()
            .name("moderation_case_subject")
            .table("moderation_case")
            .col("kind")
            .col("subject")
            .unique()
            .to_owned();
        manager.create_index(subject).await?;
        let author = Index::create().name("moderation_case_author").table("moderation_case").col("author").to_owned();
        manager.create_index(author).await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("moderation_case").to_owned()).await
    }
}
