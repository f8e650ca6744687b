//! Reading whole entries.

use std::collections::BTreeMap;

use entity::control::journal::{library_entry, playthrough, state_change};
use sea_orm::{
    DatabaseTransaction, FromQueryResult, IntoSimpleExpr as _,
    sea_query::{LockType, Order, SelectStatement},
};

use super::{Store, of_titles};
use crate::{
    catalogue::titles::TitleId,
    identity::{access::UserId, people::Audience},
    journal::library::model::{Entry, Grade, PartialDate, Playthrough, Score, State, StateChange, Target, Written},
    platform::error::StoreError,
};

/// What of entries is read besides their rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// Their playthroughs.
    Playthroughs,
    /// Their playthroughs and their history.
    All,
}

impl From<library_entry::Model> for Entry {
    fn from(row: library_entry::Model) -> Self {
        let target = row.target_minor.zip(row.target_currency).map(|(minor, currency)| Target { minor, currency });
        Self {
            title: TitleId(row.title),
            state: State::of_number(row.state),
            since_ms: row.since_ms,
            added_ms: row.added_ms,
            changed_ms: row.changed_ms,
            revision: row.revision,
            score: row.score.and_then(|score| Score::of(score.into())),
            audience: Audience::stored(row.audience),
            loose_minutes: row.loose_minutes,
            target,
            written: Written(row.written),
            playthroughs: Vec::new(),
            history: Vec::new(),
        }
    }
}

impl From<playthrough::Model> for Playthrough {
    fn from(row: playthrough::Model) -> Self {
        Self {
            number: row.number,
            platform: row.platform,
            started: row.started.map(PartialDate::stored),
            finished: row.finished.map(PartialDate::stored),
            minutes: row.minutes,
            grade: row.grade.and_then(Grade::of_number),
            origin: row.origin,
            written: row.written,
        }
    }
}

impl Store {
    /// Runs a query by itself, or in a transaction.
    pub(super) async fn rows<M: FromQueryResult>(
        &self,
        transaction: Option<&DatabaseTransaction>,
        select: &SelectStatement,
    ) -> Result<Vec<M>, StoreError> {
        match transaction {
            Some(transaction) => self.control.returned(transaction, select).await,
            None => self.control.all(select).await,
        }
    }

    /// The entries of these titles. In a transaction nobody else changes them until it ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn entries(
        &self,
        transaction: Option<&DatabaseTransaction>,
        user: &UserId,
        titles: &[i64],
        with: With,
    ) -> Result<BTreeMap<i64, Entry>, StoreError> {
        if titles.is_empty() {
            return Ok(BTreeMap::new());
        }
        let is_user = library_entry::Column::User.into_simple_expr();
        let condition = of_titles(&self.control, user, is_user, library_entry::Column::Title, titles);
        let mut select = self.control.select::<library_entry::Entity>().and_where(condition).to_owned();
        select.order_by(library_entry::Column::Title, Order::Asc);
        if transaction.is_some() {
            select.lock(LockType::Update);
        }
        let rows: Vec<library_entry::Model> = self.rows(transaction, &select).await?;
        let mut entries: BTreeMap<i64, Entry> = rows.into_iter().map(|row| (row.title, row.into())).collect();
        self.fill(transaction, user, &mut entries, with).await?;
        Ok(entries)
    }

    /// Adds what belongs to these entries.
    pub(super) async fn fill(
        &self,
        transaction: Option<&DatabaseTransaction>,
        user: &UserId,
        entries: &mut BTreeMap<i64, Entry>,
        with: With,
    ) -> Result<(), StoreError> {
        let titles: Vec<i64> = entries.keys().copied().collect();
        if titles.is_empty() {
            return Ok(());
        }
        let is_user = playthrough::Column::User.into_simple_expr();
        let condition = of_titles(&self.control, user, is_user, playthrough::Column::Title, &titles);
        let select = self
            .control
            .select::<playthrough::Entity>()
            .and_where(condition)
            .order_by(playthrough::Column::Title, Order::Asc)
            .order_by(playthrough::Column::Number, Order::Asc)
            .to_owned();
        for row in self.rows::<playthrough::Model>(transaction, &select).await? {
            if let Some(entry) = entries.get_mut(&row.title) {
                entry.playthroughs.push(row.into());
            }
        }
        if with == With::Playthroughs {
            return Ok(());
        }
        let is_user = state_change::Column::User.into_simple_expr();
        let condition = of_titles(&self.control, user, is_user, state_change::Column::Title, &titles);
        let select = self
            .control
            .select::<state_change::Entity>()
            .and_where(condition)
            .order_by(state_change::Column::Title, Order::Asc)
            .order_by(state_change::Column::AtMs, Order::Asc)
            .to_owned();
        for row in self.rows::<state_change::Model>(transaction, &select).await? {
            if let Some(entry) = entries.get_mut(&row.title) {
                entry.history.push(StateChange { at_ms: row.at_ms, state: State::of_number(row.state) });
            }
        }
        Ok(())
    }
}
