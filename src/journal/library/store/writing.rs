//! Writing entries.

use entity::control::journal::{library_count, library_entry, playthrough, state_change};
use sea_orm::{
    ActiveValue::NotSet,
    ColumnTrait, DatabaseTransaction, FromQueryResult, IntoSimpleExpr as _, Set,
    sea_query::{Alias, Expr, ExprTrait, Func, OnConflict, Query},
};

use super::{Store, counts::TOTAL, of_titles};
use crate::{
    identity::access::UserId,
    journal::library::model::{Entry, MAX_ENTRIES, Playthrough},
    platform::error::StoreError,
};

#[derive(FromQueryResult)]
struct TitleRow {
    #[expect(dead_code, reason = "the statement returns something")]
    title: i64,
}

#[derive(FromQueryResult)]
struct SumRow {
    sum: i64,
}

fn playthrough_row(user: &UserId, entry: &Entry, run: &Playthrough) -> playthrough::ActiveModel {
    playthrough::ActiveModel {
        user: Set(user.as_str().to_owned()),
        title: Set(entry.title.0),
        number: Set(run.number),
        audience: Set(entry.audience.number()),
        platform: Set(run.platform.clone()),
        started: Set(run.started.as_ref().map(ToString::to_string)),
        finished: Set(run.finished.as_ref().map(ToString::to_string)),
        minutes: Set(run.minutes),
        grade: Set(run.grade.map(crate::journal::library::model::Grade::number)),
        origin: Set(run.origin.clone()),
        written: Set(run.written),
    }
}

impl Store {
    /// How many entries a library has, as a query.
    fn size(&self, user: &UserId) -> sea_orm::sea_query::SelectStatement {
        let sum = Func::coalesce([library_count::Column::Entries.into_simple_expr().sum(), Expr::val(0)]);
        Query::select()
            .expr_as(Expr::from(sum).cast_as(Alias::new("bigint")), "sum")
            .from(self.control.table(library_count::Entity))
            .and_where(library_count::Column::User.eq(user.as_str()))
            .and_where(library_count::Column::Audience.is_in([0, 1, 2]))
            .and_where(library_count::Column::Kind.eq(TOTAL))
            .and_where(library_count::Column::Key.eq(""))
            .to_owned()
    }

    /// How many entries a library has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count(&self, transaction: Option<&DatabaseTransaction>, user: &UserId) -> Result<i64, StoreError> {
        let rows: Vec<SumRow> = self.rows(transaction, &self.size(user)).await?;
        Ok(rows.first().map_or(0, |row| row.sum))
    }

    /// Adds an entry without playthroughs; whether that was done. It is not where the library has the title, or is full. One
    /// statement: triggers do the rest.
    ///
    /// # Errors
    /// [`StoreError`]: a rejected row where there is no such title or user any more.
    pub async fn add(&self, user: &UserId, entry: &Entry) -> Result<bool, StoreError> {
        let target = entry.target.as_ref();
        let has_room = Expr::SubQuery(None, Box::new(self.size(user).into())).lt(MAX_ENTRIES);
        let values = Query::select()
            .exprs([
                Expr::val(user.as_str()),
                Expr::val(entry.title.0),
                Expr::val(entry.state.number()),
                Expr::val(entry.since_ms),
                Expr::val(entry.added_ms),
                Expr::val(entry.changed_ms),
                Expr::val(entry.revision),
                Expr::val(entry.score.map(|score| i16::from(score.0))),
                Expr::val(entry.audience.number()),
                Expr::val(entry.loose_minutes),
                Expr::val(target.map(|target| target.minor)),
                Expr::val(target.map(|target| target.currency.clone())),
                Expr::val(entry.written.0),
            ])
            .and_where(has_room)
            .to_owned();
        let mut insert = Query::insert().into_table(self.control.table(library_entry::Entity)).to_owned();
        insert.columns([
            library_entry::Column::User,
            library_entry::Column::Title,
            library_entry::Column::State,
            library_entry::Column::SinceMs,
            library_entry::Column::AddedMs,
            library_entry::Column::ChangedMs,
            library_entry::Column::Revision,
            library_entry::Column::Score,
            library_entry::Column::Audience,
            library_entry::Column::LooseMinutes,
            library_entry::Column::TargetMinor,
            library_entry::Column::TargetCurrency,
            library_entry::Column::Written,
        ]);
        insert.select_from(values).map_err(|error| StoreError::Statement(sea_orm::DbErr::Type(error.to_string())))?;
        insert.on_conflict(OnConflict::new().do_nothing().to_owned());
        insert.returning_col(library_entry::Column::Title);
        let rows: Vec<TitleRow> = self.control.write_one(&insert).await?;
        Ok(!rows.is_empty())
    }

    /// Inserts whole entries, which the library does not have.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_entries<'a>(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        entries: impl IntoIterator<Item = &'a Entry> + Clone,
    ) -> Result<(), StoreError> {
        let row = |entry: &Entry| library_entry::ActiveModel {
            user: Set(user.as_str().to_owned()),
            title: Set(entry.title.0),
            state: Set(entry.state.number()),
            since_ms: Set(entry.since_ms),
            added_ms: Set(entry.added_ms),
            changed_ms: Set(entry.changed_ms),
            revision: Set(entry.revision),
            score: Set(entry.score.map(|score| score.0.into())),
            audience: Set(entry.audience.number()),
            loose_minutes: Set(entry.loose_minutes),
            // The triggers of playthroughs add theirs.
            played_minutes: NotSet,
            target_minor: Set(entry.target.as_ref().map(|target| target.minor)),
            target_currency: Set(entry.target.as_ref().map(|target| target.currency.clone())),
            written: Set(entry.written.0),
        };
        let rows: Vec<_> = entries.clone().into_iter().map(row).collect();
        self.control.insert(transaction, rows).await?;
        let runs = entries
            .clone()
            .into_iter()
            .flat_map(|entry| entry.playthroughs.iter().map(move |run| playthrough_row(user, entry, run)));
        let runs: Vec<_> = runs.collect();
        self.control.insert(transaction, runs).await?;
        // The trigger of entries has noted the present state.
        let changes = entries.into_iter().flat_map(|entry| {
            let present = (entry.since_ms, entry.state);
            let older = entry.history.iter().filter(move |change| (change.at_ms, change.state) != present);
            older.map(move |change| state_change::ActiveModel {
                user: Set(user.as_str().to_owned()),
                title: Set(entry.title.0),
                at_ms: Set(change.at_ms),
                state: Set(change.state.number()),
                // It is long ago.
                told: Set(false),
            })
        });
        let changes: Vec<_> = changes.collect();
        self.control.insert(transaction, changes).await
    }

    /// Removes entries with all that belongs to them; returns how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_entries(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        titles: &[i64],
    ) -> Result<u64, StoreError> {
        if titles.is_empty() {
            return Ok(0);
        }
        let is_user = library_entry::Column::User.into_simple_expr();
        let condition = of_titles(&self.control, user, is_user, library_entry::Column::Title, titles);
        self.control.delete(transaction, library_entry::Entity, condition).await
    }

    /// Puts entries in the place of those that the library has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replace_entries<'a>(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        entries: impl IntoIterator<Item = &'a Entry> + Clone,
    ) -> Result<(), StoreError> {
        let titles: Vec<i64> = entries.clone().into_iter().map(|entry| entry.title.0).collect();
        self.delete_entries(transaction, user, &titles).await?;
        self.insert_entries(transaction, user, entries).await
    }

    /// Stores the values of an entry, without its playthroughs and its history, which triggers keep.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn update_entry(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let target = entry.target.as_ref();
        let update = Query::update()
            .table(self.control.table(library_entry::Entity))
            .value(library_entry::Column::State, entry.state.number())
            .value(library_entry::Column::SinceMs, entry.since_ms)
            .value(library_entry::Column::ChangedMs, entry.changed_ms)
            .value(library_entry::Column::Revision, entry.revision)
            .value(library_entry::Column::Score, entry.score.map(|score| i16::from(score.0)))
            .value(library_entry::Column::Audience, entry.audience.number())
            .value(library_entry::Column::LooseMinutes, entry.loose_minutes)
            .value(library_entry::Column::TargetMinor, target.map(|target| target.minor))
            .value(library_entry::Column::TargetCurrency, target.map(|target| target.currency.clone()))
            .value(library_entry::Column::Written, entry.written.0)
            .and_where(library_entry::Column::User.eq(user.as_str()))
            .and_where(library_entry::Column::Title.eq(entry.title.0))
            .to_owned();
        self.control.execute(transaction, &update).await?;
        Ok(())
    }

    /// Puts a playthrough in the place of the one with its number, or removes that.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_playthrough(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        entry: &Entry,
        number: i16,
        run: Option<&Playthrough>,
    ) -> Result<(), StoreError> {
        let this = playthrough::Column::User
            .eq(user.as_str())
            .and(playthrough::Column::Title.eq(entry.title.0))
            .and(playthrough::Column::Number.eq(number));
        self.control.delete(transaction, playthrough::Entity, this).await?;
        let rows: Vec<_> = run.iter().map(|run| playthrough_row(user, entry, run)).collect();
        self.control.insert(transaction, rows).await
    }
}
