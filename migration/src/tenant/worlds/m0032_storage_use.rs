//! How much each world stores, and which scopes it has. The rows of a world appear and disappear with it; triggers on the tables
//! of the domains keep the numbers.

use sea_orm_migration::prelude::*;

/// How much each world stores, and which scopes it has.
#[derive(DeriveMigrationName)]
pub struct Migration;

const SQLITE: [&str; 2] = [
    r#"CREATE TRIGGER "storage_world_added" AFTER INSERT ON "world" BEGIN
        INSERT INTO "storage_use" ("world") VALUES (NEW."id");
    END"#,
    r#"CREATE TRIGGER "storage_world_removed" AFTER DELETE ON "world" BEGIN
        DELETE FROM "stored_scope" WHERE "world" = OLD."id";
        DELETE FROM "storage_use" WHERE "world" = OLD."id";
    END"#,
];

const POSTGRES: [&str; 2] = [
    r#"CREATE FUNCTION "storage_world"() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO {schema}.storage_use (world) VALUES (NEW.id);
        ELSE
            DELETE FROM {schema}.stored_scope WHERE world = OLD.id;
            DELETE FROM {schema}.storage_use WHERE world = OLD.id;
        END IF;
        RETURN NULL;
    END $body$"#,
    r#"CREATE TRIGGER "storage_world" AFTER INSERT OR DELETE ON "world" FOR EACH ROW EXECUTE FUNCTION "storage_world"()"#,
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("storage_use")
                    .col(ColumnDef::new("world").integer().not_null().primary_key())
                    .col(ColumnDef::new("bytes").big_integer().not_null().default(0))
                    .col(ColumnDef::new("scopes").big_integer().not_null().default(0))
                    // Traces with ids up to this one were counted by those who stored them.
                    .col(ColumnDef::new("counted_upto").big_integer().not_null().default(0))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("stored_scope")
                    .col(ColumnDef::new("world").integer().not_null())
                    .col(ColumnDef::new("scope").text().not_null())
                    .primary_key(Index::create().col("world").col("scope"))
                    .to_owned(),
            )
            .await?;
        let connection = manager.get_connection();
        connection.execute_unprepared(r#"INSERT INTO "storage_use" ("world") SELECT "id" FROM "world""#).await?;
        crate::tenant::run(manager, &SQLITE, &POSTGRES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = [r#"DROP TRIGGER "storage_world_added""#, r#"DROP TRIGGER "storage_world_removed""#];
        let postgres = [r#"DROP TRIGGER "storage_world" ON "world""#, r#"DROP FUNCTION "storage_world"()"#];
        crate::tenant::run(manager, &sqlite, &postgres).await?;
        manager.drop_table(Table::drop().table("stored_scope").to_owned()).await?;
        manager.drop_table(Table::drop().table("storage_use").to_owned()).await
    }
}
