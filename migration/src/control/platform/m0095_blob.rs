//! Files beside the database: a row for each, written before its bytes.

use sea_orm_migration::prelude::*;

/// Files beside the database: a row for each.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// What an owner has is added up from the index alone. The owners of the last index have gone.
const INDEXES: [&str; 3] = [
    r#"CREATE INDEX "blob_user" ON "blob" ("user_id", "bytes", "nonce")"#,
    r#"CREATE INDEX "blob_due" ON "blob" ("due_ms") WHERE "due_ms" IS NOT NULL"#,
    r#"CREATE INDEX "blob_left" ON "blob" ("key") WHERE "user_id" IS NULL AND "owned""#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The bytes must be removed before the row.
        let mut user = ForeignKey::create()
            .from("blob", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::SetNull)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("blob")
                    .col(ColumnDef::new("key").string().not_null().primary_key())
                    .col(ColumnDef::new("bucket").small_integer().not_null())
                    .col(ColumnDef::new("user_id").string())
                    .col(ColumnDef::new("owned").boolean().not_null())
                    .col(ColumnDef::new("media_type").string().not_null())
                    .col(ColumnDef::new("bytes").big_integer().not_null())
                    .col(ColumnDef::new("digest").string().not_null())
                    .col(ColumnDef::new("nonce").string())
                    .col(ColumnDef::new("due_ms").big_integer())
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
        manager.drop_table(Table::drop().table("blob").to_owned()).await
    }
}
