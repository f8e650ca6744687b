//! Challenges: what users invite each other to play, online or at a place.

use sea_orm_migration::prelude::*;

/// Challenges.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// The last one finds what is open in a region, by time; what is online has none.
const INDEXES: [&str; 3] = [
    r#"CREATE INDEX "challenge_hosted" ON "challenge" ("host", "id")"#,
    r#"CREATE INDEX "challenge_on_title" ON "challenge" ("title")"#,
    r#"CREATE INDEX "challenge_in_region" ON "challenge" ("region", "starts_at_ms", "id") WHERE "region" IS NOT NULL"#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A title that somebody plays is not deleted.
        let mut title = ForeignKey::create().from("challenge", "title").to("title", "id").to_owned();
        let mut host = ForeignKey::create()
            .from("challenge", "host")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("challenge")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("host").string())
                    .col(ColumnDef::new("title").big_integer().not_null())
                    .col(ColumnDef::new("session_type").small_integer().not_null())
                    .col(ColumnDef::new("audience").small_integer().not_null())
                    .col(ColumnDef::new("state").small_integer().not_null())
                    .col(ColumnDef::new("text").text().not_null())
                    .col(ColumnDef::new("capacity").integer().not_null())
                    .col(ColumnDef::new("starts_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("zone").string().not_null())
                    .col(ColumnDef::new("minutes").integer().not_null())
                    .col(ColumnDef::new("area").string())
                    .col(ColumnDef::new("cell").big_integer())
                    .col(ColumnDef::new("region").big_integer())
                    .col(ColumnDef::new("address").text())
                    .col(ColumnDef::new("brings").text().not_null())
                    .col(ColumnDef::new("needs").text().not_null())
                    .col(ColumnDef::new("reminded").boolean().not_null())
                    .col(ColumnDef::new("turns").big_integer().not_null())
                    .col(ColumnDef::new("revision").big_integer().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("changed_at_ms").big_integer().not_null())
                    .foreign_key(&mut host)
                    .foreign_key(&mut title)
                    .to_owned(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("challenge").to_owned()).await
    }
}
