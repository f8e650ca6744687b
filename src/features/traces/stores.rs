//! The stores of all studios, each opened when it is first needed.

use std::collections::BTreeMap;

use super::{
    model::WorldKey,
    store::{self, Store},
};
use crate::platform::{
    db::{Database, StudioId},
    error::StoreError,
};

/// Studios whose files are not open that one look at the revisions opens: the others' turn comes at the next looks.
const CLOSED_AT_ONCE: usize = 4;

/// The traces of all studios. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stores {
    database: Database,
}

impl Stores {
    /// In that database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The traces of the studio whose world this is.
    pub async fn of(&self, world: WorldKey) -> Result<Store, StoreError> {
        self.of_studio(world.studio()).await
    }

    /// The traces of a studio.
    pub async fn of_studio(&self, studio: StudioId) -> Result<Store, StoreError> {
        Ok(Store::new(self.database.tenant(studio).await?))
    }

    /// The durable revisions of these worlds, but of those that are gone, and, where opening a studio costs something, of
    /// those whose turn has not come: `turn` counts the looks.
    pub async fn revisions(&self, worlds: Vec<WorldKey>, turn: usize) -> Result<BTreeMap<WorldKey, i64>, StoreError> {
        let mut by_studio = BTreeMap::<StudioId, Vec<WorldKey>>::new();
        for world in worlds {
            by_studio.entry(world.studio()).or_default().push(world);
        }
        let (open, closed): (Vec<_>, Vec<_>) =
            by_studio.into_iter().partition(|(studio, _)| self.database.is_open(*studio));
        let after = if closed.is_empty() { 0 } else { turn.wrapping_mul(CLOSED_AT_ONCE) % closed.len() };
        let some = closed.len().min(CLOSED_AT_ONCE);
        let in_turn = closed.into_iter().cycle().skip(after).take(some);
        let mut asked = Vec::new();
        for (studio, worlds) in open.into_iter().chain(in_turn) {
            asked.push((self.of_studio(studio).await?, worlds));
        }
        match store::revisions(&asked).await {
            Err(StoreError::Refused(_)) => Ok(one_by_one(&asked).await),
            outcome => outcome,
        }
    }
}

/// A studio that is gone makes the statement for all fail.
async fn one_by_one(asked: &[(Store, Vec<WorldKey>)]) -> BTreeMap<WorldKey, i64> {
    let mut revisions = BTreeMap::new();
    for one in asked {
        revisions.extend(store::revisions(std::slice::from_ref(one)).await.unwrap_or_default());
    }
    revisions
}
