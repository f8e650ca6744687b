//! Migrations of the tenant tables, which exist once for each studio, a folder for each domain.

pub mod identity;
pub mod platform;
pub mod traces;
pub mod worlds;

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, Statement},
};

/// Runs the statements of the database in use. `{schema}` in those of PostgreSQL is the studio's schema: what a trigger runs has
/// the search path of its caller.
async fn run<S: AsRef<str>>(manager: &SchemaManager<'_>, sqlite: &[S], postgres: &[S]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if manager.get_database_backend() != DbBackend::Postgres {
        for statement in sqlite {
            connection.execute_unprepared(statement.as_ref()).await?;
        }
        return Ok(());
    }
    let current = Statement::from_string(DbBackend::Postgres, "SELECT current_schema()::text");
    let row = connection.query_one_raw(current).await?;
    let schema = row.map(|row| row.try_get_by_index::<String>(0)).transpose()?.unwrap_or_default();
    for statement in postgres {
        connection.execute_unprepared(&statement.as_ref().replace("{schema}", &format!(r#""{schema}""#))).await?;
    }
    Ok(())
}
