//! All SQL of falls of prices.

use std::collections::BTreeMap;

use entity::control::journal::price_fall;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::model::{Notified, PRICE_FELL, detail};
use crate::{
    catalogue::{prices::Amount, titles::TitleId},
    identity::{
        access::UserId,
        notices::{self, NewNotice},
    },
    journal::library::{Target, WishedPrice},
    platform::{clock, db::Control, error::StoreError},
};

/// Falls of prices in the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

fn this(title: TitleId, user: &UserId) -> Expr {
    price_fall::Column::Title.eq(title.0).and(price_fall::Column::User.eq(user.as_str()))
}

impl Store {
    /// A store on these tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// What users were told of a title, those from the first to the last.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notified(
        &self,
        title: TitleId,
        (first, last): (&UserId, &UserId),
    ) -> Result<BTreeMap<String, Notified>, StoreError> {
        let of_title = price_fall::Column::Title.eq(title.0);
        let of_users = price_fall::Column::User.between(first.as_str(), last.as_str());
        let select = self.control.select::<price_fall::Entity>().and_where(of_title).and_where(of_users).to_owned();
        let rows: Vec<price_fall::Model> = self.control.all(&select).await?;
        let notified = |row: price_fall::Model| {
            let target = Target { minor: row.target_minor, currency: row.target_currency };
            (row.user, Notified { target, usd_minor: row.usd_minor })
        };
        Ok(rows.into_iter().map(notified).collect())
    }

    /// Tells a user that a price, which is `cents` in US dollars, has fallen to their target; unless somebody else just did.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tell(&self, wish: &WishedPrice, cents: i64, amount: &Amount) -> Result<(), StoreError> {
        let WishedPrice { user, title, target } = wish;
        let row = price_fall::ActiveModel {
            title: Set(title.0),
            user: Set(user.as_str().to_owned()),
            target_minor: Set(target.minor),
            target_currency: Set(target.currency.clone()),
            usd_minor: Set(cents),
            shown_minor: Set(amount.minor),
            rate: Set(amount.rate.as_ref().map(crate::catalogue::prices::Rate::decimal)),
            rate_date: Set(amount.rate.as_ref().map(|rate| rate.date().to_owned())),
            at_ms: Set(clock::now_ms()),
        };
        let column = |column: price_fall::Column| Expr::col(("price_fall", column));
        let is_another = column(price_fall::Column::TargetMinor)
            .ne(target.minor)
            .or(column(price_fall::Column::TargetCurrency).ne(target.currency.clone()))
            .or(column(price_fall::Column::UsdMinor).gt(cents));
        let again = OnConflict::columns([price_fall::Column::Title, price_fall::Column::User])
            .update_columns([
                price_fall::Column::TargetMinor,
                price_fall::Column::TargetCurrency,
                price_fall::Column::UsdMinor,
                price_fall::Column::ShownMinor,
                price_fall::Column::Rate,
                price_fall::Column::RateDate,
                price_fall::Column::AtMs,
            ])
            .action_and_where(is_another)
            .to_owned();
        let mut insert = price_fall::Entity::insert(row).into_query();
        insert.into_table(self.control.table(price_fall::Entity)).on_conflict(again);
        let transaction = self.control.begin().await?;
        if self.control.execute(&transaction, &insert).await? == 0 {
            return self.control.commit(transaction).await;
        }
        let notice = NewNotice {
            user,
            kind: PRICE_FELL,
            actor: None,
            subject: Some(title.to_string()),
            detail: Some(detail(target, amount)),
            // A further fall takes the place of what was told before.
            fold: Some(format!("{} {title}", PRICE_FELL.name)),
        };
        notices::tell(&self.control, &transaction, &notice).await?;
        self.control.commit(transaction).await
    }

    /// Forgets what a user was told of a title: the fall is over.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget(&self, title: TitleId, user: &UserId) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        self.control.delete(&transaction, price_fall::Entity, this(title, user)).await?;
        self.control.commit(transaction).await
    }

    /// All that was told a user: title, price and currency, rate, its day, and when.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of_user(&self, user: &UserId) -> Result<Vec<serde_json::Value>, StoreError> {
        let of_user = price_fall::Column::User.eq(user.as_str());
        let select = self.control.select::<price_fall::Entity>().and_where(of_user).to_owned();
        let rows: Vec<price_fall::Model> = self.control.all(&select).await?;
        let row = |row: price_fall::Model| {
            serde_json::json!({
                "game": row.title.to_string(),
                "minor": row.shown_minor,
                "currency": row.target_currency,
                "target_minor": row.target_minor,
                "rate": row.rate,
                "rate_of": row.rate_date,
                "at": clock::format(row.at_ms),
            })
        };
        Ok(rows.into_iter().map(row).collect())
    }
}
