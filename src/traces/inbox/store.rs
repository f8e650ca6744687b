//! The SQL that reads the inbox.

use entity::tenant::traces::inbox;
use sea_orm::{ColumnTrait, sea_query::Order};

use super::model::InboxItem;
use crate::{
    identity::access::Player,
    platform::{db::Database, error::StoreError},
    traces::trace::InboxEvent,
};

/// Reads the inbox table. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

impl Store {
    /// A store in that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// A player's items with ids above `after`, sorted by id, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn items(&self, player: &Player, after: i64, limit: u64) -> Result<Vec<InboxItem>, StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let find = tables
            .select::<inbox::Entity>()
            .and_where(inbox::Column::Player.eq(player.id.to_string()))
            .and_where(inbox::Column::Id.gt(after))
            .order_by(inbox::Column::Id, Order::Asc)
            .limit(limit)
            .to_owned();
        let rows: Vec<inbox::Model> = tables.all(&find).await?;
        Ok(rows.iter().filter_map(item).collect())
    }
}

/// `None` for an event that only a newer version of the program knows.
fn item(row: &inbox::Model) -> Option<InboxItem> {
    Some(InboxItem {
        id: row.id,
        event: InboxEvent::of_code(row.what)?,
        trace: row.trace,
        good: row.good,
        poor: row.poor,
        uses: row.uses,
        count: row.count,
        at_ms: row.at_ms,
    })
}
