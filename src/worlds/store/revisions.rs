//! Reading the durable revisions of many worlds of many studios.

use std::collections::BTreeMap;

use entity::tenant::worlds::world;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};

use super::WorldStore;
use crate::{
    platform::{
        db::{Dialect, StudioId},
        error::StoreError,
    },
    worlds::model::{Revision, WorldKey},
};

/// The most studios in one statement.
const STUDIOS_AT_ONCE: usize = 100;

#[derive(FromQueryResult)]
struct Row {
    studio: i32,
    id: i32,
    seq: i64,
    stamp: i64,
}

/// The durable revisions of these worlds, each group with the store of its studio; a world that does not exist is left
/// out. On PostgreSQL a few statements read all of them; on SQLite a file that can't be read is an error.
///
/// # Errors
/// [`StoreError`].
pub async fn revisions(stores: &[(WorldStore, Vec<WorldKey>)]) -> Result<BTreeMap<WorldKey, Revision>, StoreError> {
    let mut revisions = BTreeMap::new();
    for some in stores.chunks(STUDIOS_AT_ONCE) {
        let Some((first, _)) = some.first() else { continue };
        let mut rows: Vec<Row> = Vec::new();
        match first.tenant.dialect() {
            Dialect::Sqlite => {
                for (store, worlds) in some {
                    rows.extend(store.tenant.all(&store.select_revisions(worlds)).await?);
                }
            }
            Dialect::Postgres => {
                let selects = some.iter().map(|(store, worlds)| store.select_revisions(worlds));
                let all = selects.reduce(|mut all, one| {
                    all.union(UnionType::All, one);
                    all
                });
                if let Some(all) = all {
                    rows = first.tenant.all(&all).await?;
                }
            }
        }
        revisions.extend(
            rows.into_iter()
                .map(|Row { studio, id, seq, stamp }| (WorldKey::new(StudioId(studio), id), Revision { seq, stamp })),
        );
    }
    Ok(revisions)
}

impl WorldStore {
    fn select_revisions(&self, worlds: &[WorldKey]) -> SelectStatement {
        Query::select()
            .expr_as(Expr::val(self.tenant.studio().0), "studio")
            .columns([world::Column::Id, world::Column::Seq, world::Column::Stamp])
            .from(self.tenant.table(world::Entity))
            .and_where(world::Column::Id.is_in(worlds.iter().map(|world| world.world())))
            .to_owned()
    }
}
