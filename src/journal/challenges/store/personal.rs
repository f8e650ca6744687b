//! All rows of one user, for an export.

use entity::control::journal::{challenge, challenge_guest, challenge_move};
use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, ExprTrait, Query},
};

use super::Store;
use crate::{
    identity::access::UserId,
    platform::{db::Row, error::StoreError},
};

/// All rows of one user, as they are stored; addresses sealed.
#[derive(Clone, Debug, Default)]
pub struct PersonalRows {
    /// Challenges that they host.
    pub hosted: Vec<Row>,
    /// What they are the guest of.
    pub guest_of: Vec<Row>,
    /// The history of what they host, and of them as a guest.
    pub moves: Vec<Row>,
}

impl Store {
    /// All rows of a user.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn personal_rows(&self, user: &UserId) -> Result<PersonalRows, StoreError> {
        let transaction = self.control.begin_reading().await?;
        let own = challenge::Column::Host.eq(user.as_str());
        let hosted = self.control.rows_where::<challenge::Entity>(&transaction, own).await?;
        let own = challenge_guest::Column::UserId.eq(user.as_str());
        let guest_of = self.control.rows_where::<challenge_guest::Entity>(&transaction, own).await?;
        let own = challenge_move::Column::Guest.eq(user.as_str());
        let mut moves = self.control.rows_where::<challenge_move::Entity>(&transaction, own).await?;
        let theirs = Query::select()
            .column(challenge::Column::Id)
            .from(self.control.table(challenge::Entity))
            .and_where(challenge::Column::Host.eq(user.as_str()))
            .to_owned();
        // Without the guests, who are others.
        let of_own = Expr::col(challenge_move::Column::Challenge)
            .in_subquery(theirs)
            .and(challenge_move::Column::Guest.is_null());
        moves.extend(self.control.rows_where::<challenge_move::Entity>(&transaction, of_own).await?);
        self.control.commit(transaction).await?;
        Ok(PersonalRows { hosted, guest_of, moves })
    }
}
