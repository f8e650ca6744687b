//! How many traces each player has: kept with every trace that is left or removed, because quotas ask for it with every new one.

use std::collections::{BTreeMap, HashMap};

use entity::tenant::traces::own_count;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, InsertStatement, OnConflict, Query},
};

use crate::{
    platform::{
        db::{Dialect, WorldTables},
        error::StoreError,
    },
    worlds::{ScopeKey, WorldTx},
};

/// The stored scope of the count over all scopes. The control character keeps it apart from the scopes of games.
const ALL_SCOPES: &str = "\u{1}";

/// Counts that one statement changes.
const AT_ONCE: usize = 1_000;

/// What is counted together: an author's traces of a kind, by its stored code, in a scope or, without one, in all scopes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnCount {
    /// The player.
    pub author: String,
    /// The code of the kind.
    pub kind: i16,
    /// The scope.
    pub scope: Option<ScopeKey>,
}

impl OwnCount {
    /// The two counts of a trace.
    #[must_use]
    pub fn of_trace(author: &str, kind: i16, scope: &ScopeKey) -> [Self; 2] {
        [Some(scope.clone()), None].map(|scope| Self { author: author.to_owned(), kind, scope })
    }

    /// The scope as it is stored.
    #[must_use]
    pub fn stored_scope(&self) -> &str {
        self.scope.as_ref().map_or(ALL_SCOPES, ScopeKey::as_str)
    }

    fn is_row(&self) -> Condition {
        Condition::all()
            .add(own_count::Column::Author.eq(self.author.as_str()))
            .add(own_count::Column::Kind.eq(self.kind))
            .add(own_count::Column::Scope.eq(self.stored_scope()))
    }
}

/// Changes of counts.
#[derive(Clone, Debug, Default)]
pub struct OwnCountChanges(BTreeMap<OwnCount, i32>);

impl OwnCountChanges {
    /// Adds `by` to the counts of a trace.
    pub fn add(&mut self, author: &str, kind: i16, scope: &ScopeKey, by: i32) {
        for count in OwnCount::of_trace(author, kind, scope) {
            *self.0.entry(count).or_default() += by;
        }
    }

    /// The changes that are not 0.
    #[must_use]
    pub fn into_entries(self) -> Vec<(OwnCount, i32)> {
        self.0.into_iter().filter(|(_, by)| *by != 0).collect()
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    author: String,
    kind: i16,
    scope: String,
    count: i32,
}

impl CountRow {
    fn into_entry(self) -> (OwnCount, i32) {
        let scope = (self.scope != ALL_SCOPES).then(|| ScopeKey::stored(&self.scope));
        (OwnCount { author: self.author, kind: self.kind, scope }, self.count)
    }
}

/// Adds to counts, as text for a transaction that copies traces in: authors, kinds, stored scopes and changes are arrays.
pub const ADD_OWN_COUNTS: &str = r"
INSERT INTO {schema}.own_count AS own (world, author, kind, scope, count)
SELECT $1, added.* FROM unnest($2::text[], $3::int2[], $4::text[], $5::int4[]) AS added
ON CONFLICT (world, author, kind, scope) DO UPDATE SET count = own.count + excluded.count";

/// Changes the counts of authors' traces; returns those that were changed, as they are now.
///
/// # Errors
/// [`StoreError`].
pub async fn change_own_counts(
    tables: &WorldTables,
    transaction: &DatabaseTransaction,
    changes: OwnCountChanges,
) -> Result<HashMap<OwnCount, i32>, StoreError> {
    let changes = changes.into_entries();
    let mut counts = HashMap::with_capacity(changes.len());
    for changes in changes.chunks(AT_ONCE) {
        let rows: Vec<CountRow> = tables.returned(transaction, &upsert(tables, changes)).await?;
        counts.extend(rows.into_iter().map(CountRow::into_entry));
    }
    let gone: Vec<&OwnCount> = counts.iter().filter(|(_, count)| **count <= 0).map(|(own, _)| own).collect();
    // SQLite would look for several together among all counts of the world; it has no round trips to save.
    let at_once = if tables.dialect() == Dialect::Postgres { AT_ONCE / 10 } else { 1 };
    for gone in gone.chunks(at_once) {
        let any = gone.iter().fold(Condition::any(), |any, own| any.add(own.is_row()));
        let mut delete = tables.delete_from::<own_count::Entity>();
        tables.execute(transaction, delete.cond_where(any)).await?;
    }
    Ok(counts)
}

impl WorldTx<'_> {
    /// As [`change_own_counts`], in the world's transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change_own_counts(&self, changes: OwnCountChanges) -> Result<HashMap<OwnCount, i32>, StoreError> {
        change_own_counts(&self.world_tables(), self.transaction(), changes).await
    }
}

fn upsert(tables: &WorldTables, changes: &[(OwnCount, i32)]) -> InsertStatement {
    let [author, kind, scope, count] =
        [own_count::Column::Author, own_count::Column::Kind, own_count::Column::Scope, own_count::Column::Count];
    let key = [own_count::Column::World, author, kind, scope];
    let sum = Expr::col((own_count::Entity, count)).add(Expr::col(("excluded", count)));
    let mut insert = tables
        .insert_into::<own_count::Entity>()
        .columns(key.into_iter().chain([count]))
        .on_conflict(OnConflict::columns(key).value(count, sum).to_owned())
        .returning(Query::returning().columns([author, kind, scope, count]))
        .take();
    for (own, by) in changes {
        insert.values_panic([
            tables.world().into(),
            own.author.as_str().into(),
            own.kind.into(),
            own.stored_scope().into(),
            (*by).into(),
        ]);
    }
    insert
}
