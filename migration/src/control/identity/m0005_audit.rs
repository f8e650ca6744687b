//! The audit log. Triggers in the database refuse updates and deletions of its rows.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// The audit log. Triggers in the database refuse updates and deletions of its rows.
#[derive(DeriveMigrationName)]
pub struct Migration;

const SQLITE: &str = "
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;";

const POSTGRES: &str = "
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit is append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION audit_refuse();";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("audit")
                    .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .col(ColumnDef::new("studio").integer())
                    .col(ColumnDef::new("actor").text().not_null())
                    .col(ColumnDef::new("action").text().not_null())
                    .col(ColumnDef::new("object").text().not_null())
                    .col(ColumnDef::new("detail").text().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("audit_studio").table("audit").col("studio").col("id").to_owned())
            .await?;
        let guard = if manager.get_database_backend() == DbBackend::Postgres { POSTGRES } else { SQLITE };
        manager.get_connection().execute_unprepared(guard).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("audit").to_owned()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION audit_refuse()").await?;
        }
        Ok(())
    }
}
