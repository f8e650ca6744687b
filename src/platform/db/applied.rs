//! Which migrations were applied to which tables.

use std::collections::{BTreeMap, BTreeSet};

use migration::Tenant;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, FromQueryResult, Statement,
    sea_query::{Expr, ExprTrait, Query},
};
use sea_orm_migration::{MigratorTrait, SchemaManager};

use super::{Limits, Target, connect, lost, schema::SchemaError, tenant::StudioId};
use crate::platform::error::StoreError;

/// Studios in one statement that reads applied migrations.
const STUDIOS_AT_ONCE: usize = 100;

/// All studios.
pub(super) async fn studios(control: &DatabaseConnection) -> Result<Vec<StudioId>, StoreError> {
    let studios = Query::select()
        .column(entity::control::identity::studio::Column::Id)
        .from(entity::control::identity::studio::Entity)
        .to_owned();
    let rows = control.query_all(&studios).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id").map(StudioId)).collect::<Result<_, _>>()?)
}

/// The migrations that were applied to the tables of each of these studios.
pub(super) async fn applied_to(
    target: &Target,
    limits: Limits,
    control: &DatabaseConnection,
    studios: Vec<StudioId>,
) -> Result<BTreeMap<StudioId, BTreeSet<String>>, SchemaError> {
    let mut all = BTreeMap::new();
    match target {
        Target::Postgres { .. } => {
            let mut applied = applied_in_schemas(control, &studios).await?;
            all.extend(studios.into_iter().map(|studio| (studio, applied.remove(&studio).unwrap_or_default())));
        }
        Target::Sqlite { folder } => {
            for studio in studios {
                let file = folder.join(studio.file());
                let applied = if lost::is_missing_or_empty(&file) {
                    BTreeSet::new()
                } else {
                    applied_in_file(target, limits, studio).await.map_err(|error| lost::named(&error, file))?
                };
                all.insert(studio, applied);
            }
        }
    }
    Ok(all)
}

async fn applied_in_file(target: &Target, limits: Limits, studio: StudioId) -> Result<BTreeSet<String>, StoreError> {
    let connection = connect::migrating(target, limits, Some(studio)).await?;
    let applied = applied_by::<Tenant>(&connection).await?;
    connection.close().await?;
    Ok(applied)
}

/// The migrations that were applied to the tables in the connection's default schema.
pub(super) async fn applied_by<M: MigratorTrait>(
    connection: &DatabaseConnection,
) -> Result<BTreeSet<String>, StoreError> {
    let table = M::migration_table_name();
    if !SchemaManager::new(connection).has_table(table.to_string()).await? {
        return Ok(BTreeSet::new());
    }
    let rows = connection.query_all(&Query::select().column("version").from(table).to_owned()).await?;
    Ok(rows.iter().map(|row| row.try_get("", "version")).collect::<Result<_, _>>()?)
}

#[derive(FromQueryResult)]
struct AppliedRow {
    studio: i32,
    version: String,
}

/// The applied migrations of all schemas, in a few statements: one for each schema would take seconds where there are
/// hundreds.
async fn applied_in_schemas(
    control: &DatabaseConnection,
    studios: &[StudioId],
) -> Result<BTreeMap<StudioId, BTreeSet<String>>, StoreError> {
    let table = Tenant::migration_table_name().to_string();
    let schemas = migrated_schemas(control).await?;
    let created: Vec<StudioId> = studios.iter().copied().filter(|studio| schemas.contains(&studio.schema())).collect();
    let mut applied = BTreeMap::<StudioId, BTreeSet<String>>::new();
    for chunk in created.chunks(STUDIOS_AT_ONCE) {
        let select =
            |studio: &StudioId| format!(r#"SELECT {studio} AS studio, version FROM "{}"."{table}""#, studio.schema());
        let all = chunk.iter().map(select).collect::<Vec<_>>().join(" UNION ALL ");
        for row in control.query_all_raw(Statement::from_string(DbBackend::Postgres, all)).await? {
            let AppliedRow { studio, version } = AppliedRow::from_query_result(&row, "")?;
            applied.entry(StudioId(studio)).or_default().insert(version);
        }
    }
    Ok(applied)
}

/// The schemas that have had migrations.
pub(super) async fn migrated_schemas(control: &DatabaseConnection) -> Result<BTreeSet<String>, StoreError> {
    let table = Tenant::migration_table_name().to_string();
    let with_table = Query::select()
        .expr(Expr::col("schemaname").cast_as("text"))
        .from("pg_tables")
        .and_where(Expr::col("tablename").eq(table.as_str()))
        .to_owned();
    let rows = control.query_all(&with_table).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}
