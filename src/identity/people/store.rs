//! All SQL of people: cards here, [`profiles`], [`follows`] and [`blocks`], [`places`], and the [`search`].

mod blocks;
mod export;
mod follows;
mod places;
mod ports;
mod profiles;
mod search;

use entity::control::identity::{follow, profile};
use sea_orm::{
    DatabaseTransaction, EntityName, FromQueryResult, IntoSimpleExpr as _,
    sea_query::{Alias, Condition, Expr, ExprTrait, LockType, Order, Query, SelectStatement},
};

pub use self::ports::StatisticsPort;

use crate::{
    identity::{
        access::UserId,
        profiles::{PersonCard, Username, known_to},
    },
    platform::{db::Control, error::StoreError},
};

/// Reads and writes people. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
    statistics: StatisticsPort,
}

#[derive(FromQueryResult)]
struct CardRow {
    user_id: String,
    username: String,
    display_name: String,
}

/// A row that is only counted.
#[derive(FromQueryResult)]
struct UserRow {
    #[expect(dead_code, reason = "the statement returns something")]
    user_id: String,
}

impl From<CardRow> for PersonCard {
    fn from(row: CardRow) -> Self {
        let display_name = Some(row.display_name).filter(|name| !name.is_empty());
        Self { user: UserId::stored(&row.user_id), username: row.username, display_name }
    }
}

/// That the viewer follows `owner`: a condition of other statements, whose column `owner` must name its table.
#[must_use]
pub fn followed_by(viewer: &UserId, owner: impl Into<Expr>) -> Expr {
    let followed = Query::select()
        .column(follow::Column::Followed)
        .from(Alias::new(follow::Entity.table_name()))
        .and_where(follow::Column::Follower.into_simple_expr().eq(viewer.as_str()))
        .to_owned();
    owner.into().in_subquery(followed)
}

fn of_profile(column: profile::Column) -> Expr {
    Expr::col(("profile", column))
}

impl Store {
    /// A store over the control database, which asks the port for what libraries hold.
    #[must_use]
    pub fn new(control: Control, statistics: StatisticsPort) -> Self {
        Self { control, statistics }
    }

    /// The cards of all people.
    fn all_cards(&self) -> SelectStatement {
        Query::select()
            .columns(
                [profile::Column::UserId, profile::Column::Username, profile::Column::DisplayName]
                    .map(|column| ("profile", column)),
            )
            .from(self.control.table(profile::Entity))
            .to_owned()
    }

    /// The cards that the viewer may see.
    fn known(&self, viewer: Option<&UserId>) -> SelectStatement {
        let audience = of_profile(profile::Column::Audience);
        let known: Condition = known_to(viewer, of_profile(profile::Column::UserId), audience);
        self.all_cards().cond_where(known).to_owned()
    }

    /// Locks the profiles of two users until the transaction ends, always in one order; returns how many of the two have one.
    async fn lock_profiles(&self, transaction: &DatabaseTransaction, users: [&UserId; 2]) -> Result<usize, StoreError> {
        let lock = Query::select()
            .column(profile::Column::UserId)
            .from(self.control.table(profile::Entity))
            .and_where(profile::Column::UserId.into_simple_expr().is_in(users.map(UserId::as_str)))
            .order_by(profile::Column::UserId, Order::Asc)
            .lock(LockType::Update)
            .to_owned();
        Ok(self.control.returned::<UserRow>(transaction, &lock).await?.len())
    }

    /// The cards of those users that the viewer may see, in no order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn cards(&self, viewer: Option<&UserId>, users: &[UserId]) -> Result<Vec<PersonCard>, StoreError> {
        let these = of_profile(profile::Column::UserId).is_in(users.iter().map(UserId::as_str));
        let select = self.known(viewer).and_where(these).to_owned();
        let rows: Vec<CardRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(PersonCard::from).collect())
    }

    /// The person of that username, if the viewer may know of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, viewer: Option<&UserId>, username: &Username) -> Result<Option<PersonCard>, StoreError> {
        let named = of_profile(profile::Column::UsernameKey).eq(username.key());
        let select = self.known(viewer).and_where(named).to_owned();
        let rows: Vec<CardRow> = self.control.all(&select).await?;
        // Another name that only looks like it is another person's.
        Ok(rows.into_iter().find(|row| username.is(&row.username)).map(PersonCard::from))
    }
}
