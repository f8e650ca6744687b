//! The SQL of a studio's export and import: all its rows.

use std::collections::HashMap;

use entity::control::identity::{api_key, game, studio};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{Store, keys::id_of_row};
use crate::{
    identity::studios::model::{Actor, Slug, StudioError},
    platform::{
        db::{MovableTable, Row, StudioId, Tenant},
        error::StoreError,
    },
};

/// Rows of the control tables that one statement reads or writes.
const PAGE: u64 = 500;

#[derive(FromQueryResult)]
struct GameRow {
    id: i32,
    slug: String,
}

/// A studio's rows in the control tables.
#[derive(Debug, Default)]
pub struct ControlRows {
    /// Its games.
    pub games: Vec<Row>,
    /// Their keys.
    pub keys: Vec<Row>,
    /// What else belongs to its games, by table.
    pub of_games: Vec<(MovableTable, Vec<Row>)>,
}

/// The rows of a studio's own tables at one moment.
#[derive(Debug)]
pub struct Snapshot {
    tenant: Tenant,
    transaction: DatabaseTransaction,
}

impl Snapshot {
    /// The rows of a table after one of them, in the order of its key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rows(&self, table: MovableTable, after: Option<&Row>, limit: u64) -> Result<Vec<Row>, StoreError> {
        table.rows_after(&self.tenant, &self.transaction, after, limit).await
    }
}

impl Store {
    /// The rows of a studio's own tables as they are now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn snapshot(&self, studio: StudioId) -> Result<Snapshot, StoreError> {
        let tenant = self.database.tenant(studio).await?;
        let transaction = tenant.begin_reading().await?;
        Ok(Snapshot { tenant, transaction })
    }

    /// A studio's rows in the control tables, `game_tables` among them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn control_rows(
        &self,
        studio: StudioId,
        game_tables: &[MovableTable],
    ) -> Result<ControlRows, StoreError> {
        let transaction = self.database.control().begin_reading().await?;
        let is_own = |row: &Row| number(row, "studio") == Some(studio.0.into());
        let games = self.rows_where(MovableTable::of::<game::Entity>(), &transaction, is_own).await?;
        let keys = self.rows_where(MovableTable::of::<api_key::Entity>(), &transaction, is_own).await?;
        let is_of_game = |row: &Row| games.iter().any(|game| number(game, "id") == number(row, "game"));
        let mut of_games = Vec::with_capacity(game_tables.len());
        for table in game_tables {
            of_games.push((*table, self.rows_where(*table, &transaction, is_of_game).await?));
        }
        Ok(ControlRows { games, keys, of_games })
    }

    async fn rows_where(
        &self,
        table: MovableTable,
        transaction: &DatabaseTransaction,
        condition: impl Fn(&Row) -> bool,
    ) -> Result<Vec<Row>, StoreError> {
        let control = self.database.control();
        let mut found = Vec::new();
        let mut page: Vec<Row> = table.rows_after(control, transaction, None, PAGE).await?;
        while let Some(last) = page.last().cloned() {
            found.extend(page.into_iter().filter(&condition));
            page = table.rows_after(control, transaction, Some(&last), PAGE).await?;
        }
        Ok(found)
    }

    /// Inserts rows into a table of a studio.
    ///
    /// # Errors
    /// A row does not fit the table, or [`StoreError`].
    pub async fn insert_tenant_rows(
        &self,
        studio: StudioId,
        table: MovableTable,
        rows: &[Row],
    ) -> Result<(), StoreError> {
        let tenant = self.database.tenant(studio).await?;
        let transaction = tenant.begin().await?;
        table.insert_rows(&tenant, &transaction, rows).await?;
        tenant.commit(transaction).await
    }

    /// Lets the database number new rows of a studio's tables after those that were inserted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn continue_sequences(&self, studio: StudioId, tables: &[MovableTable]) -> Result<(), StoreError> {
        let tenant = self.database.tenant(studio).await?;
        for table in tables {
            table.continue_sequence(&tenant).await?;
        }
        Ok(())
    }

    /// Inserts a studio's rows in the control tables, after those in its own tables: from then on its keys open its games.
    ///
    /// # Errors
    /// A key is another studio's here, or [`StoreError`].
    pub async fn insert_control_rows(
        &self,
        studio: StudioId,
        slug: &Slug,
        rows: ControlRows,
        actor: Actor<'_>,
    ) -> Result<(), StudioError> {
        let ControlRows { games, keys, of_games } = rows;
        let control = self.database.control();
        let transaction = control.begin().await?;
        let revision = self.raise_key_revision(&transaction).await?;
        // The games' slugs by their ids in the exporting installation.
        let slugs: HashMap<Option<i64>, String> =
            games.iter().filter_map(|row| Some((number(row, "id"), row.get("slug")?.as_str()?.to_owned()))).collect();
        let owned = |mut row: Row| {
            row.remove("id");
            row.insert("studio".to_owned(), studio.0.into());
            row
        };
        let games: Vec<Row> = games.into_iter().map(owned).collect();
        control.insert_rows::<game::Entity>(&transaction, &games).await?;
        let select = control.select::<game::Entity>().and_where(game::Column::Studio.eq(studio.0)).to_owned();
        let rows: Vec<GameRow> = control.returned(&transaction, &select).await?;
        let ids: HashMap<String, i32> = rows.into_iter().map(|row| (row.slug, row.id)).collect();
        let with_game = |mut row: Row| {
            let game = slugs.get(&number(&row, "game")).and_then(|slug| ids.get(slug));
            let game = *game.ok_or_else(|| StudioError::InvalidExport("a key or rule is of no game".to_owned()))?;
            row.insert("game".to_owned(), game.into());
            row.insert("revision".to_owned(), revision.into());
            Ok::<_, StudioError>(row)
        };
        for (table, rows) in of_games {
            let rows: Vec<Row> = rows.into_iter().map(with_game).collect::<Result<_, _>>()?;
            for chunk in rows.chunks(PAGE.try_into().unwrap_or(usize::MAX)) {
                table.insert_rows(control, &transaction, chunk).await?;
            }
        }
        let mut new_keys = Vec::with_capacity(keys.len());
        for row in keys {
            let mut row = with_game(row)?;
            row.insert("studio".to_owned(), studio.0.into());
            new_keys.push(row);
        }
        // A studio that was deleted here has left the same keys, revoked.
        let studios = Query::select().column(studio::Column::Id).from(control.table(studio::Entity)).to_owned();
        let ids: Vec<String> = new_keys.iter().filter_map(id_of_row).collect();
        let orphans = api_key::Column::Id.is_in(ids).and(Expr::col(api_key::Column::Studio).not_in_subquery(studios));
        control.delete(&transaction, api_key::Entity, orphans).await?;
        for chunk in new_keys.chunks(PAGE.try_into().unwrap_or(usize::MAX)) {
            control.insert_rows::<api_key::Entity>(&transaction, chunk).await.map_err(|error| match error {
                StoreError::InvalidRow(_) => StudioError::KeysExist,
                other => other.into(),
            })?;
        }
        let object = format!("studio:{}", slug.as_str());
        self.insert_audit_entry(&transaction, studio, actor, "studio.imported", object, String::new()).await?;
        Ok(control.commit(transaction).await?)
    }
}

fn number(row: &Row, name: &str) -> Option<i64> {
    row.get(name).and_then(serde_json::Value::as_i64)
}
