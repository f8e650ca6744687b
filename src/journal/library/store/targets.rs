//! Price targets of wish lists, for whoever watches prices.

use entity::control::journal::library_entry;
use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, ExprTrait, Order},
};

use super::Store;
use crate::{
    catalogue::titles::TitleId,
    identity::access::UserId,
    journal::library::model::{State, Target},
    platform::error::StoreError,
};

/// A price at which somebody wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WishedPrice {
    /// Who.
    pub user: UserId,
    /// Of which title.
    pub title: TitleId,
    /// The price.
    pub target: Target,
}

impl Store {
    /// Price targets of entries that are wished for, after a title and a user, in their order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wished_prices(&self, after: Option<&WishedPrice>, limit: u64) -> Result<Vec<WishedPrice>, StoreError> {
        let column = |column: library_entry::Column| Expr::col(("library_entry", column));
        let mut select = self.control.select::<library_entry::Entity>();
        select
            .and_where(Expr::cust(r#""library_entry"."target_minor" IS NOT NULL"#))
            .and_where(library_entry::Column::State.eq(State::Wishlist.number()))
            .order_by_expr(column(library_entry::Column::Title), Order::Asc)
            .order_by_expr(column(library_entry::Column::User), Order::Asc)
            .limit(limit);
        if let Some(last) = after {
            let here = Expr::tuple([column(library_entry::Column::Title), column(library_entry::Column::User)]);
            select.and_where(here.gt(Expr::tuple([Expr::val(last.title.0), Expr::val(last.user.as_str())])));
        }
        let rows: Vec<library_entry::Model> = self.control.all(&select).await?;
        let wished = |row: library_entry::Model| {
            let target = Target { minor: row.target_minor?, currency: row.target_currency? };
            Some(WishedPrice { user: UserId::stored(&row.user), title: TitleId(row.title), target })
        };
        Ok(rows.into_iter().filter_map(wished).collect())
    }
}
