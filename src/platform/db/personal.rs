//! Tables that hold data about players: which rows are one player's. Each domain declares its own, and whoever exports or erases
//! a player goes through a list of them.

use std::fmt;

use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{
    DatabaseTransaction, EntityTrait,
    sea_query::{Alias, Expr, ExprTrait},
};

use super::{rows::Row, tables::Tables, world::WorldTables};
use crate::platform::error::StoreError;

type ReadRows = for<'a> fn(&'a Tables, &'a DatabaseTransaction, Expr) -> BoxFuture<'a, Result<Vec<Row>, StoreError>>;

type DeleteRows = for<'a> fn(&'a Tables, &'a DatabaseTransaction, Expr) -> BoxFuture<'a, Result<u64, StoreError>>;

/// A table of a studio that has a column `world` and one with the id of a player.
#[derive(Clone, Copy)]
pub struct PersonalTable {
    name: fn() -> &'static str,
    column: &'static str,
    read: ReadRows,
    delete: DeleteRows,
}

impl fmt::Debug for PersonalTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PersonalTable").field(&self.name()).field(&self.column).finish()
    }
}

impl PersonalTable {
    /// The table of an entity, whose rows are those of the player in `column`.
    #[must_use]
    pub fn of<E: EntityTrait>(column: &'static str) -> Self {
        Self {
            name: || E::default().table_name(),
            column,
            read: |tables, transaction, condition| tables.rows_where::<E>(transaction, condition).boxed(),
            delete: |tables, transaction, condition| tables.delete(transaction, E::default(), condition).boxed(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        (self.name)()
    }

    /// The column with the player's id.
    #[must_use]
    pub fn column(&self) -> &'static str {
        self.column
    }

    fn is_of(&self, tables: &WorldTables, player: &str) -> Expr {
        let column = |name: &'static str| Expr::col(Alias::new(name));
        column("world").eq(tables.world()).and(column(self.column).eq(player))
    }

    /// The rows of a player.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn rows(
        &self,
        tables: &WorldTables,
        transaction: &DatabaseTransaction,
        player: &str,
    ) -> Result<Vec<Row>, StoreError> {
        (self.read)(tables.tenant(), transaction, self.is_of(tables, player)).await
    }

    /// Deletes the rows of a player; returns how many.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn delete(
        &self,
        tables: &WorldTables,
        transaction: &DatabaseTransaction,
        player: &str,
    ) -> Result<u64, StoreError> {
        (self.delete)(tables.tenant(), transaction, self.is_of(tables, player)).await
    }
}
