//! The files of saves, each once for a user.

use sea_orm_migration::prelude::*;

/// The files of saves.
#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 3] = [
    r#"CREATE UNIQUE INDEX "save_content_digest" ON "save_content" ("user_id", "digest")"#,
    r#"CREATE UNIQUE INDEX "save_content_blob" ON "save_content" ("blob") WHERE "blob" IS NOT NULL"#,
    r#"CREATE INDEX "save_content_awaited" ON "save_content" ("user_id") WHERE "awaited""#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("save_content", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("save_content")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("digest").string().not_null())
                    .col(ColumnDef::new("bytes").big_integer().not_null())
                    .col(ColumnDef::new("blob").string())
                    .col(ColumnDef::new("awaited").boolean().not_null())
                    .foreign_key(&mut user)
                    .to_owned(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("save_content").to_owned()).await
    }
}
