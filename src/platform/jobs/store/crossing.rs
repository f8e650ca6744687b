//! The SQL of jobs that cross into the control tables.

use entity::control::platform::crossing;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryTrait, Set, sea_query::OnConflict};

use crate::platform::{
    clock,
    db::{StudioId, Tables},
    error::StoreError,
};

/// Records that a job of a studio has arrived in the control tables; returns whether it had not arrived before.
///
/// # Errors
/// [`StoreError`].
pub async fn arrive(
    control: &Tables,
    transaction: &DatabaseTransaction,
    (studio, world, id): (StudioId, i32, String),
) -> Result<bool, StoreError> {
    let row =
        crossing::ActiveModel { studio: Set(studio.0), world: Set(world), id: Set(id), at_ms: Set(clock::now_ms()) };
    let mut insert = crossing::Entity::insert_many([row]).into_query();
    insert.into_table(control.table(crossing::Entity)).on_conflict(OnConflict::new().do_nothing().to_owned());
    Ok(control.execute(transaction, &insert).await? == 1)
}

/// Forgets what arrived before that time.
///
/// # Errors
/// [`StoreError`].
pub async fn forget_arrivals(control: &Tables, before_ms: i64) -> Result<u64, StoreError> {
    let transaction = control.begin().await?;
    let rows = control.delete(&transaction, crossing::Entity, crossing::Column::AtMs.lte(before_ms)).await?;
    control.commit(transaction).await?;
    Ok(rows)
}
