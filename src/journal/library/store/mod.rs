//! All SQL of libraries, by what it is about.

mod counts;
mod edits;
mod imports;
mod listing;
mod reading;
mod removal;
mod shared;
mod snapshot;
mod targets;
mod undo;
mod writing;

use sea_orm::{
    DatabaseTransaction,
    sea_query::{Expr, ExprTrait},
};

pub use self::{
    counts::people_with,
    edits::Recorded,
    imports::{LockedImport, MAX_IMPORTS, NewImport, PlannedRow, StoredRow},
    listing::in_library,
    reading::With,
    shared::shared_titles,
    targets::WishedPrice,
    undo::UndoProgress,
};
use crate::{
    identity::access::UserId,
    platform::{db::Control, error::StoreError},
};

/// A transaction that writes.
pub type Transaction = DatabaseTransaction;

/// Libraries. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

impl Store {
    /// The store over the control tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        self.control.begin().await
    }

    /// Commits it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn commit(&self, transaction: Transaction) -> Result<(), StoreError> {
        self.control.commit(transaction).await
    }
}

/// That `user` is this user, and `title` one of these.
fn of_titles(
    control: &Control,
    user: &UserId,
    is_user: impl Into<Expr>,
    title: impl sea_orm::ColumnTrait,
    titles: &[i64],
) -> Expr {
    is_user.into().eq(user.as_str()).and(control.among(title, titles))
}
