//! Save slots of users: places for the saves of one game.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use super::ordered_text;

/// Save slots of users.
#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 3] = [
    r#"CREATE UNIQUE INDEX "save_slot_path" ON "save_slot" ("user_id", "folder", "name")"#,
    r#"CREATE INDEX "save_slot_user" ON "save_slot" ("user_id", "id")"#,
    r#"CREATE INDEX "save_slot_title" ON "save_slot" ("title")"#,
];

/// As with media: a title that awaits approval goes with its author, and what refers to it must be gone by then.
const POSTGRES: &str = "
CREATE FUNCTION save_user_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN DELETE FROM save_slot WHERE user_id = OLD.id; RETURN OLD; END $$;
CREATE TRIGGER save_user_removed BEFORE DELETE ON \"user\" FOR EACH ROW EXECUTE FUNCTION save_user_removed();";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("save_slot", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        let mut title = ForeignKey::create().from("save_slot", "title").to("title", "id").to_owned();
        manager
            .create_table(
                Table::create()
                    .table("save_slot")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ordered_text(manager, "folder"))
                    .col(ordered_text(manager, "name"))
                    .col(ColumnDef::new("title").big_integer())
                    .col(ColumnDef::new("current").big_integer())
                    .col(ColumnDef::new("last").big_integer().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("changed_at_ms").big_integer().not_null())
                    .foreign_key(&mut user)
                    .foreign_key(&mut title)
                    .to_owned(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared(POSTGRES).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            let drop = r#"DROP TRIGGER save_user_removed ON "user"; DROP FUNCTION save_user_removed()"#;
            manager.get_connection().execute_unprepared(drop).await?;
        }
        manager.drop_table(Table::drop().table("save_slot").to_owned()).await
    }
}
