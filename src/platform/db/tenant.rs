//! The two handles on data: [`Control`] for the tables that exist once in an installation, [`Tenant`] for one studio's.
//! Each adds its schema or file, so that no statement can forget it.

use std::{fmt, ops::Deref};

use entity::control::platform::installation;
use sea_orm::{
    DatabaseTransaction, FromQueryResult,
    sea_query::{LockType, Query},
};

use super::{tables::Tables, world::WorldTables};
use crate::platform::error::StoreError;

/// A studio's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct StudioId(pub i32);

impl StudioId {
    pub(super) fn schema(self) -> String {
        format!("studio_{}", self.0)
    }

    pub(super) fn file(self) -> String {
        format!("studio_{}.sqlite", self.0)
    }
}

impl fmt::Display for StudioId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One studio's data, with the operations of [`Tables`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tenant {
    studio: StudioId,
    tables: Tables,
}

impl Tenant {
    pub(super) fn new(studio: StudioId, tables: Tables) -> Self {
        Self { studio, tables }
    }

    /// The studio.
    #[must_use]
    pub fn studio(&self) -> StudioId {
        self.studio
    }

    /// One world's rows: statements made with it can't reach another world's.
    #[must_use]
    pub fn world(&self, world: i32) -> WorldTables {
        WorldTables::new(self.clone(), world)
    }
}

impl Deref for Tenant {
    type Target = Tables;

    fn deref(&self) -> &Tables {
        &self.tables
    }
}

/// The control tables, with the operations of [`Tables`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Control(Tables);

impl Control {
    pub(super) fn new(tables: Tables) -> Self {
        Self(tables)
    }

    /// Begins a transaction that writes and holds the lock on the installation's row: such transactions, on any instance, run
    /// one after the other.
    ///
    /// # Errors
    /// It can't begin, or not in time.
    pub async fn begin_exclusive(&self) -> Result<DatabaseTransaction, StoreError> {
        let transaction = self.begin().await?;
        let lock = Query::select()
            .column(installation::Column::Id)
            .from(self.table(installation::Entity))
            .lock(LockType::Update)
            .to_owned();
        let _locked: Vec<IdRow> = self.returned(&transaction, &lock).await?;
        Ok(transaction)
    }
}

#[derive(FromQueryResult)]
struct IdRow {
    #[expect(dead_code, reason = "the lock is what matters")]
    id: String,
}

impl Deref for Control {
    type Target = Tables;

    fn deref(&self) -> &Tables {
        &self.0
    }
}
