//! All SQL of prices.

use entity::control::catalogue::{exchange_rate, title_offer, title_price};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};

use super::model::{Currency, Known, Low, Offer, Rate, Rates};
use crate::{
    catalogue::titles::TitleId,
    platform::{db::Control, error::StoreError, named::Named},
};

/// Prices in the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

impl Store {
    /// A store on these tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// What is known of a title's prices.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn known(&self, title: TitleId) -> Result<Known, StoreError> {
        let is_title = title_price::Column::Title.eq(title.0);
        let select = self.control.select::<title_price::Entity>().and_where(is_title).to_owned();
        let Some(price) = self.control.all::<title_price::Model>(&select).await?.pop() else {
            return Ok(Known::default());
        };
        let is_title = title_offer::Column::Title.eq(title.0);
        let select = self.control.select::<title_offer::Entity>().and_where(is_title).to_owned();
        let rows: Vec<title_offer::Model> = self.control.all(&select).await?;
        let offer = |row: title_offer::Model| Offer {
            store: row.store,
            store_name: row.store_name,
            deal: row.deal,
            cents: row.price_minor,
            regular_cents: row.regular_minor,
        };
        let mut offers: Vec<Offer> = rows.into_iter().map(offer).collect();
        offers.sort_by(|one, other| (one.cents, &one.store_name).cmp(&(other.cents, &other.store_name)));
        let low = price.low_minor.zip(price.low_at_ms).map(|(cents, at_ms)| Low { cents, at_ms });
        Ok(Known {
            provider_game: price.provider_game,
            asked_ms: price.asked_ms,
            checked_ms: price.checked_ms,
            low,
            offers,
        })
    }

    /// Notes that the provider was asked for a title, and has not said anything.
    ///
    /// # Errors
    /// [`StoreError`]: a rejected row where there is no such title any more.
    pub async fn note_asked(&self, title: TitleId, now_ms: i64) -> Result<(), StoreError> {
        let row = title_price::ActiveModel {
            title: Set(title.0),
            provider_game: Set(None),
            asked_ms: Set(now_ms),
            checked_ms: Set(0),
            low_minor: Set(None),
            low_at_ms: Set(None),
        };
        let again =
            OnConflict::column(title_price::Column::Title).update_column(title_price::Column::AskedMs).to_owned();
        let mut insert = title_price::Entity::insert(row).into_query();
        insert.into_table(self.control.table(title_price::Entity)).on_conflict(again);
        let transaction = self.control.begin().await?;
        self.control.execute(&transaction, &insert).await?;
        self.control.commit(transaction).await
    }

    /// Stores what is known of a title's prices, in the place of what was.
    ///
    /// # Errors
    /// [`StoreError`]: a rejected row where there is no such title any more.
    pub async fn replace(&self, title: TitleId, known: &Known) -> Result<(), StoreError> {
        let row = title_price::ActiveModel {
            title: Set(title.0),
            provider_game: Set(known.provider_game.clone()),
            asked_ms: Set(known.asked_ms),
            checked_ms: Set(known.checked_ms),
            low_minor: Set(known.low.map(|low| low.cents)),
            low_at_ms: Set(known.low.map(|low| low.at_ms)),
        };
        let again = OnConflict::column(title_price::Column::Title)
            .update_columns([
                title_price::Column::ProviderGame,
                title_price::Column::AskedMs,
                title_price::Column::CheckedMs,
                title_price::Column::LowMinor,
                title_price::Column::LowAtMs,
            ])
            .to_owned();
        let mut insert = title_price::Entity::insert(row).into_query();
        insert.into_table(self.control.table(title_price::Entity)).on_conflict(again);
        let offer = |offer: &Offer| title_offer::ActiveModel {
            title: Set(title.0),
            store: Set(offer.store),
            store_name: Set(offer.store_name.clone()),
            deal: Set(offer.deal.clone()),
            price_minor: Set(offer.cents),
            regular_minor: Set(offer.regular_cents),
        };
        let transaction = self.control.begin().await?;
        // First of all: of two that store a title's prices at once the second waits here.
        self.control.execute(&transaction, &insert).await?;
        self.control.delete(&transaction, title_offer::Entity, title_offer::Column::Title.eq(title.0)).await?;
        self.control.insert(&transaction, known.offers.iter().map(offer).collect()).await?;
        self.control.commit(transaction).await
    }

    /// The rates that are known.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rates(&self) -> Result<Rates, StoreError> {
        let codes = Currency::CONVERTED.map(Named::public_name);
        let is_shown = exchange_rate::Column::Currency.is_in(codes);
        let select = self.control.select::<exchange_rate::Entity>().and_where(is_shown).to_owned();
        let rows: Vec<exchange_rate::Model> = self.control.all(&select).await?;
        let checked_ms = rows.iter().map(|row| row.checked_ms).min().unwrap_or_default();
        let rate =
            |row: exchange_rate::Model| Rate::new(Currency::of_public_name(&row.currency)?, row.billionths, &row.date);
        Ok(Rates { rates: rows.into_iter().filter_map(rate).collect(), checked_ms })
    }

    /// Stores rates, unless those of a later day are known; then only that the provider was asked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_rates(&self, rates: &[Rate], now_ms: i64) -> Result<(), StoreError> {
        let row = |rate: &Rate| exchange_rate::ActiveModel {
            currency: Set(rate.currency.public_name().to_owned()),
            billionths: Set(rate.billionths()),
            date: Set(rate.date().to_owned()),
            checked_ms: Set(now_ms),
        };
        let transaction = self.control.begin().await?;
        for rate in rates {
            let again = OnConflict::column(exchange_rate::Column::Currency)
                .update_columns([
                    exchange_rate::Column::Billionths,
                    exchange_rate::Column::Date,
                    exchange_rate::Column::CheckedMs,
                ])
                .action_and_where(Expr::col(("exchange_rate", exchange_rate::Column::Date)).lte(rate.date()))
                .to_owned();
            let mut insert = exchange_rate::Entity::insert(row(rate)).into_query();
            insert.into_table(self.control.table(exchange_rate::Entity)).on_conflict(again);
            if self.control.execute(&transaction, &insert).await? == 0 {
                let update = Query::update()
                    .table(self.control.table(exchange_rate::Entity))
                    .value(exchange_rate::Column::CheckedMs, now_ms)
                    .and_where(exchange_rate::Column::Currency.eq(rate.currency.public_name()))
                    .to_owned();
                self.control.execute(&transaction, &update).await?;
            }
        }
        self.control.commit(transaction).await
    }
}
