//! Guests of challenges.

use sea_orm_migration::prelude::*;

/// Guests of challenges.
#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 3] = [
    r#"CREATE UNIQUE INDEX "challenge_guest_of" ON "challenge_guest" ("challenge", "user_id")"#,
    r#"CREATE INDEX "challenge_guest_state" ON "challenge_guest" ("challenge", "state", "turn")"#,
    r#"CREATE INDEX "challenge_guest_user" ON "challenge_guest" ("user_id", "challenge")"#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = |column: &'static str, table: &'static str| {
            ForeignKey::create()
                .from("challenge_guest", column)
                .to(table, "id")
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        manager
            .create_table(
                Table::create()
                    .table("challenge_guest")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("challenge").big_integer().not_null())
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("state").small_integer().not_null())
                    .col(ColumnDef::new("invited").boolean().not_null())
                    .col(ColumnDef::new("turn").big_integer())
                    .col(ColumnDef::new("answer_by_ms").big_integer())
                    .col(ColumnDef::new("brings").text().not_null())
                    .col(ColumnDef::new("no_show").boolean().not_null())
                    .col(ColumnDef::new("since_ms").big_integer().not_null())
                    .foreign_key(&mut key("challenge", "challenge"))
                    .foreign_key(&mut key("user_id", "user"))
                    .to_owned(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("challenge_guest").to_owned()).await
    }
}
