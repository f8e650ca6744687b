//! The creation of a game's worlds.

use entity::tenant::worlds::world;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{OnConflict, Query},
};

use crate::{
    identity::access::Environment,
    platform::{db::Tenant, error::StoreError},
};

#[derive(FromQueryResult)]
struct IdRow {
    id: i32,
}

/// The key, in a studio's tables, of a game's world in an environment; the world is inserted if it does not exist.
///
/// # Errors
/// [`StoreError`].
pub async fn ensure_world(tenant: &Tenant, game: &str, environment: Environment) -> Result<i32, StoreError> {
    // Not through WorldTables: there is no key yet.
    let transaction = tenant.begin().await?;
    let insert = Query::insert()
        .into_table(tenant.table(world::Entity))
        .columns([world::Column::Game, world::Column::Environment])
        .values_panic([game.into(), environment.name().into()])
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .to_owned();
    tenant.execute(&transaction, &insert).await?;
    tenant.commit(transaction).await?;
    let find = tenant
        .select::<world::Entity>()
        .and_where(world::Column::Game.eq(game))
        .and_where(world::Column::Environment.eq(environment.name()))
        .to_owned();
    let rows: Vec<IdRow> = tenant.all(&find).await?;
    let inserted = rows.first().map(|row| row.id);
    inserted.ok_or_else(|| {
        StoreError::Statement(sea_orm::DbErr::RecordNotFound("the world that was just inserted".to_owned()))
    })
}
