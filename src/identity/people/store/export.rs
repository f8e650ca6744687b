//! The SQL of the export of a user's data.

use entity::control::identity::{former_username, place, profile};
use sea_orm::{ColumnTrait, EntityTrait};

use super::Store;
use crate::{
    identity::access::UserId,
    platform::{db::Row, error::StoreError},
};

impl Store {
    /// The rows of a user in the tables of this feature that name nobody else, by table.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn own_rows(&self, user: &UserId) -> Result<Vec<(&'static str, Vec<Row>)>, StoreError> {
        let id = user.as_str();
        Ok(vec![
            ("profile", self.rows::<profile::Entity>(profile::Column::UserId.eq(id)).await?),
            ("former_usernames", self.rows::<former_username::Entity>(former_username::Column::UserId.eq(id)).await?),
            ("place", self.rows::<place::Entity>(place::Column::UserId.eq(id)).await?),
        ])
    }

    async fn rows<E: EntityTrait>(&self, condition: sea_orm::sea_query::Expr) -> Result<Vec<Row>, StoreError> {
        let transaction = self.control.begin_reading().await?;
        let rows = self.control.rows_where::<E>(&transaction, condition).await?;
        self.control.commit(transaction).await?;
        Ok(rows)
    }
}
