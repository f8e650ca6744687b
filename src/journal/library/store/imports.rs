//! Imports, and the rows of their files.

use entity::control::journal::{library_import, library_import_row};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{Expr, LockType, Order, Query, SelectStatement},
};

use super::Store;
use crate::{
    catalogue::titles::TitleId,
    identity::{access::UserId, people::Audience},
    journal::library::model::{
        EditId, Import, ImportCounts, ImportId, ImportMode, ImportOptions, ImportRow, ImportSource, ImportStatus,
        ImportedEntry, Outcome, RowPage, State,
    },
    platform::{
        clock,
        codec::json,
        error::StoreError,
        page::{Page, rows_for},
    },
};

/// Imports of one user that are kept at the same time.
pub const MAX_IMPORTS: i64 = 5;

/// The status while the file is being read: nobody sees the import yet.
const READING: i16 = -1;

/// An import whose file is about to be read.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// Its id.
    pub id: ImportId,
    /// How it is imported.
    pub options: ImportOptions,
    /// When it began (Unix time in ms).
    pub made_ms: i64,
    /// Until when it can be applied (Unix time in ms).
    pub expires_ms: i64,
}

/// A row, with what is to become of it.
#[derive(Clone, Debug)]
pub struct PlannedRow {
    /// What is shown of it.
    pub row: ImportRow,
    /// What it says; nothing of a refused one.
    pub entry: Option<ImportedEntry>,
}

/// A row that is to be applied.
#[derive(Clone, Debug)]
pub struct StoredRow {
    /// Its number in the file.
    pub number: i32,
    /// What is to become of it.
    pub outcome: Outcome,
    /// The title.
    pub title: Option<i64>,
    /// What it says.
    pub entry: ImportedEntry,
}

/// An import that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct LockedImport {
    /// The import.
    pub import: Import,
    /// The last row that was applied.
    pub applied_upto: i32,
    /// The edit by which it is undone.
    pub edit: Option<EditId>,
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

fn outcome_of(number: i16) -> Outcome {
    Outcome::of_number(number).unwrap_or(Outcome::Refused)
}

fn locked(row: library_import::Model) -> LockedImport {
    let options = ImportOptions {
        mode: ImportMode::of_number(row.mode).unwrap_or(ImportMode::New),
        state: row.state.map(State::of_number),
        audience: Audience::stored(row.audience),
    };
    let counts =
        ImportCounts { new: row.new, changed: row.changed, same: row.same, unclear: row.unclear, refused: row.refused };
    let import = Import {
        id: ImportId(row.id),
        source: ImportSource::of_number(row.source).unwrap_or(ImportSource::Cairn),
        options,
        status: ImportStatus::of_number(row.status).unwrap_or(ImportStatus::Ready),
        counts,
        made_ms: row.made_ms,
        expires_ms: row.expires_ms,
    };
    LockedImport { import, applied_upto: row.applied_upto, edit: row.edit.map(EditId) }
}

fn shown(row: library_import_row::Model) -> ImportRow {
    ImportRow {
        number: row.number,
        name: row.name,
        outcome: outcome_of(row.outcome),
        title: row.title.map(TitleId),
        why: row.why,
    }
}

fn stored(row: &library_import_row::Model) -> StoredRow {
    let entry = json::owned(row.content.as_bytes()).unwrap_or_default();
    StoredRow { number: row.number, outcome: outcome_of(row.outcome), title: row.title, entry }
}

impl Store {
    /// Stores an import whose file is about to be read; not where the user has as many as they may.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_import(&self, user: &UserId, new: &NewImport) -> Result<bool, StoreError> {
        let (control, now_ms) = (&self.control, clock::now_ms());
        let transaction = control.begin().await?;
        let count = Query::select()
            .expr_as(Expr::cust("count(*)"), "count")
            .from(control.table(library_import::Entity))
            .and_where(library_import::Column::User.eq(user.as_str()))
            .and_where(library_import::Column::ExpiresMs.gt(now_ms))
            .to_owned();
        let rows: Vec<CountRow> = control.returned(&transaction, &count).await?;
        if rows.first().is_some_and(|row| row.count >= MAX_IMPORTS) {
            return Ok(false);
        }
        let row = library_import::ActiveModel {
            id: Set(new.id.0.clone()),
            user: Set(user.as_str().to_owned()),
            source: Set(ImportSource::Cairn.number()),
            mode: Set(new.options.mode.number()),
            state: Set(new.options.state.map(State::number)),
            audience: Set(new.options.audience.number()),
            status: Set(READING),
            made_ms: Set(new.made_ms),
            expires_ms: Set(new.expires_ms),
            ..library_import::ActiveModel::default()
        };
        control.insert(&transaction, vec![row]).await?;
        control.commit(transaction).await?;
        Ok(true)
    }

    /// Stores rows of an import, in a transaction of their own.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_rows(&self, import: &ImportId, rows: &[PlannedRow]) -> Result<(), StoreError> {
        let row = |planned: &PlannedRow| -> Result<library_import_row::ActiveModel, StoreError> {
            let content = planned.entry.as_ref().map(serde_json::to_string).transpose();
            let content = content.map_err(|error| StoreError::Statement(sea_orm::DbErr::Type(error.to_string())))?;
            Ok(library_import_row::ActiveModel {
                import: Set(import.0.clone()),
                number: Set(planned.row.number),
                outcome: Set(planned.row.outcome.number()),
                title: Set(planned.row.title.map(|title| title.0)),
                name: Set(planned.row.name.clone()),
                why: Set(planned.row.why.clone()),
                content: Set(content.unwrap_or_default()),
            })
        };
        let rows: Vec<_> = rows.iter().map(row).collect::<Result<_, _>>()?;
        let transaction = self.control.begin().await?;
        self.control.insert(&transaction, rows).await?;
        self.control.commit(transaction).await
    }

    /// Makes an import ready, whose file was read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn make_ready(
        &self,
        import: &ImportId,
        source: ImportSource,
        counts: ImportCounts,
    ) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let update = Query::update()
            .table(self.control.table(library_import::Entity))
            .value(library_import::Column::Source, source.number())
            .value(library_import::Column::Status, ImportStatus::Ready.number())
            .value(library_import::Column::New, counts.new)
            .value(library_import::Column::Changed, counts.changed)
            .value(library_import::Column::Same, counts.same)
            .value(library_import::Column::Unclear, counts.unclear)
            .value(library_import::Column::Refused, counts.refused)
            .and_where(library_import::Column::Id.eq(import.0.as_str()))
            .to_owned();
        self.control.execute(&transaction, &update).await?;
        self.control.commit(transaction).await
    }

    fn select_imports(&self, user: &UserId) -> SelectStatement {
        self.control
            .select::<library_import::Entity>()
            .and_where(library_import::Column::User.eq(user.as_str()))
            .and_where(library_import::Column::Status.gt(READING))
            .and_where(library_import::Column::ExpiresMs.gt(clock::now_ms()))
            .to_owned()
    }

    /// The imports of a user, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn imports(&self, user: &UserId) -> Result<Vec<Import>, StoreError> {
        let select = self.select_imports(user).order_by(library_import::Column::Id, Order::Desc).to_owned();
        let rows: Vec<library_import::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(|row| locked(row).import).collect())
    }

    /// An import of a user; in a transaction it is locked until that ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn import(
        &self,
        transaction: Option<&DatabaseTransaction>,
        user: &UserId,
        import: &ImportId,
    ) -> Result<Option<LockedImport>, StoreError> {
        let mut select = self.select_imports(user);
        select.and_where(library_import::Column::Id.eq(import.0.as_str()));
        if transaction.is_some() {
            select.lock(LockType::Update);
        }
        let rows: Vec<library_import::Model> = self.rows(transaction, &select).await?;
        Ok(rows.into_iter().next().map(locked))
    }

    /// A page of the rows of an import.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn import_rows(&self, import: &ImportId, page: RowPage) -> Result<Page<ImportRow>, StoreError> {
        let mut select = self.control.select::<library_import_row::Entity>();
        select
            .and_where(library_import_row::Column::Import.eq(import.0.as_str()))
            .and_where(library_import_row::Column::Number.gt(page.after))
            .order_by(library_import_row::Column::Number, Order::Asc)
            .limit(rows_for(page.limit));
        if let Some(outcome) = page.outcome {
            select.and_where(library_import_row::Column::Outcome.eq(outcome.number()));
        }
        let rows: Vec<library_import_row::Model> = self.control.all(&select).await?;
        Ok(Page::cut(rows, page.limit).map(shown))
    }

    /// The rows of an import after one, in their order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rows_after(
        &self,
        transaction: &DatabaseTransaction,
        import: &ImportId,
        after: i32,
        limit: u64,
    ) -> Result<Vec<StoredRow>, StoreError> {
        let select = self
            .control
            .select::<library_import_row::Entity>()
            .and_where(library_import_row::Column::Import.eq(import.0.as_str()))
            .and_where(library_import_row::Column::Number.gt(after))
            .order_by(library_import_row::Column::Number, Order::Asc)
            .limit(limit)
            .to_owned();
        let rows: Vec<library_import_row::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.iter().map(stored).collect())
    }

    /// One row of an import.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn import_row(
        &self,
        transaction: &DatabaseTransaction,
        import: &ImportId,
        number: i32,
    ) -> Result<Option<(ImportRow, StoredRow)>, StoreError> {
        let select = self
            .control
            .select::<library_import_row::Entity>()
            .and_where(library_import_row::Column::Import.eq(import.0.as_str()))
            .and_where(library_import_row::Column::Number.eq(number))
            .to_owned();
        let rows: Vec<library_import_row::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next().map(|row| (stored(&row), row)).map(|(stored, row)| (shown(row), stored)))
    }

    /// Stores what is to become of a row.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn update_row(
        &self,
        transaction: &DatabaseTransaction,
        import: &ImportId,
        row: &ImportRow,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(library_import_row::Entity))
            .value(library_import_row::Column::Outcome, row.outcome.number())
            .value(library_import_row::Column::Title, row.title.map(|title| title.0))
            .value(library_import_row::Column::Why, row.why.as_str())
            .and_where(library_import_row::Column::Import.eq(import.0.as_str()))
            .and_where(library_import_row::Column::Number.eq(row.number))
            .to_owned();
        self.control.execute(transaction, &update).await?;
        Ok(())
    }

    /// Stores how far an import is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn update_import(
        &self,
        transaction: &DatabaseTransaction,
        locked: &LockedImport,
    ) -> Result<(), StoreError> {
        let counts = locked.import.counts;
        let update = Query::update()
            .table(self.control.table(library_import::Entity))
            .value(library_import::Column::Status, locked.import.status.number())
            .value(library_import::Column::New, counts.new)
            .value(library_import::Column::Changed, counts.changed)
            .value(library_import::Column::Same, counts.same)
            .value(library_import::Column::Unclear, counts.unclear)
            .value(library_import::Column::Refused, counts.refused)
            .value(library_import::Column::AppliedUpto, locked.applied_upto)
            .value(library_import::Column::Edit, locked.edit.as_ref().map(|edit| edit.0.clone()))
            .value(library_import::Column::ExpiresMs, locked.import.expires_ms)
            .and_where(library_import::Column::Id.eq(locked.import.id.0.as_str()))
            .to_owned();
        self.control.execute(transaction, &update).await?;
        Ok(())
    }
}
