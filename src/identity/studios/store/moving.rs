//! The SQL of moving a studio: all its rows, out and in.

use std::collections::HashMap;

use entity::{
    control::{
        identity::{api_key, game, studio},
        traces::game_rules,
    },
    tenant::{
        identity::{legacy_name, player, player_token},
        traces::{
            ban, hidden_author, idempotency, import, inbox, recording, report, trace, trace_ref, trace_use, upload,
            vote,
        },
        worlds::{change, world},
    },
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityName, EntityTrait, FromQueryResult, Statement,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{Store, keys::id_of_row};
use crate::{
    identity::studios::model::{Actor, Slug, StudioError},
    platform::{
        db::{Dialect, Row, StudioId, Tenant},
        error::StoreError,
    },
};

/// A studio's own tables, in the order in which they go out and come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Worlds.
    World,
    /// Traces.
    Trace,
    /// Recordings.
    Recording,
    /// Idempotency keys.
    Idempotency,
    /// Imports that were cut short.
    Import,
    /// Players.
    Player,
    /// Their refresh tokens.
    PlayerToken,
    /// What became of traces.
    Change,
    /// What clients call their traces.
    TraceRef,
    /// The names under which the seed's clients write, bound to players.
    LegacyName,
    /// Recordings that wait for their traces.
    Upload,
    /// Votes.
    Vote,
    /// Who used traces lately.
    TraceUse,
    /// What authors are told.
    Inbox,
    /// Reports.
    Report,
    /// Players who are banned.
    Ban,
    /// Authors whom players do not want to see.
    HiddenAuthor,
}

/// Rows of the control tables that one look takes.
const PAGE: u64 = 500;

#[derive(FromQueryResult)]
struct GameRow {
    id: i32,
    slug: String,
}

#[derive(FromQueryResult)]
struct Settled {
    #[expect(dead_code, reason = "the statement returns something")]
    setval: Option<i64>,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::World,
        Self::Trace,
        Self::Recording,
        Self::Idempotency,
        Self::Import,
        Self::Player,
        Self::PlayerToken,
        Self::Change,
        Self::TraceRef,
        Self::LegacyName,
        Self::Upload,
        Self::Vote,
        Self::TraceUse,
        Self::Inbox,
        Self::Report,
        Self::Ban,
        Self::HiddenAuthor,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::World => world::Entity.table_name(),
            Self::Trace => trace::Entity.table_name(),
            Self::Recording => recording::Entity.table_name(),
            Self::Idempotency => idempotency::Entity.table_name(),
            Self::Import => import::Entity.table_name(),
            Self::Player => player::Entity.table_name(),
            Self::PlayerToken => player_token::Entity.table_name(),
            Self::Change => change::Entity.table_name(),
            Self::TraceRef => trace_ref::Entity.table_name(),
            Self::LegacyName => legacy_name::Entity.table_name(),
            Self::Upload => upload::Entity.table_name(),
            Self::Vote => vote::Entity.table_name(),
            Self::TraceUse => trace_use::Entity.table_name(),
            Self::Inbox => inbox::Entity.table_name(),
            Self::Report => report::Entity.table_name(),
            Self::Ban => ban::Entity.table_name(),
            Self::HiddenAuthor => hidden_author::Entity.table_name(),
        }
    }

    /// By its name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
}

/// What the control tables hold of a studio that moves, whole rows.
#[derive(Debug, Default)]
pub struct OwnRows {
    /// Its games.
    pub games: Vec<Row>,
    /// Their keys.
    pub keys: Vec<Row>,
    /// What the games have decided.
    pub rules: Vec<Row>,
}

/// A studio's own rows as they were at one moment.
#[derive(Debug)]
pub struct Snapshot {
    tenant: Tenant,
    transaction: DatabaseTransaction,
}

impl Snapshot {
    /// Rows of a table after one of them, in the order of its key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rows(&self, table: Table, after: Option<&Row>, limit: u64) -> Result<Vec<Row>, StoreError> {
        let Self { tenant, transaction } = self;
        match table {
            Table::World => tenant.rows_after::<world::Entity>(transaction, after, limit).await,
            Table::Trace => tenant.rows_after::<trace::Entity>(transaction, after, limit).await,
            Table::Recording => tenant.rows_after::<recording::Entity>(transaction, after, limit).await,
            Table::Idempotency => tenant.rows_after::<idempotency::Entity>(transaction, after, limit).await,
            Table::Import => tenant.rows_after::<import::Entity>(transaction, after, limit).await,
            Table::Player => tenant.rows_after::<player::Entity>(transaction, after, limit).await,
            Table::PlayerToken => tenant.rows_after::<player_token::Entity>(transaction, after, limit).await,
            Table::Change => tenant.rows_after::<change::Entity>(transaction, after, limit).await,
            Table::TraceRef => tenant.rows_after::<trace_ref::Entity>(transaction, after, limit).await,
            Table::LegacyName => tenant.rows_after::<legacy_name::Entity>(transaction, after, limit).await,
            Table::Upload => tenant.rows_after::<upload::Entity>(transaction, after, limit).await,
            Table::Vote => tenant.rows_after::<vote::Entity>(transaction, after, limit).await,
            Table::TraceUse => tenant.rows_after::<trace_use::Entity>(transaction, after, limit).await,
            Table::Inbox => tenant.rows_after::<inbox::Entity>(transaction, after, limit).await,
            Table::Report => tenant.rows_after::<report::Entity>(transaction, after, limit).await,
            Table::Ban => tenant.rows_after::<ban::Entity>(transaction, after, limit).await,
            Table::HiddenAuthor => tenant.rows_after::<hidden_author::Entity>(transaction, after, limit).await,
        }
    }
}

impl Store {
    /// The studio's own rows as they are now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn snapshot(&self, studio: StudioId) -> Result<Snapshot, StoreError> {
        let tenant = self.database.tenant(studio).await?;
        let transaction = tenant.begin_reading().await?;
        Ok(Snapshot { tenant, transaction })
    }

    /// What the control tables hold of a studio that moves.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn own_rows(&self, studio: StudioId) -> Result<OwnRows, StoreError> {
        let transaction = self.database.control().begin_reading().await?;
        let own = |row: &Row| number(row, "studio") == Some(studio.0.into());
        let games = self.rows_that::<game::Entity>(&transaction, own).await?;
        let keys = self.rows_that::<api_key::Entity>(&transaction, own).await?;
        let of_a_game = |row: &Row| games.iter().any(|game| number(game, "id") == number(row, "game"));
        let rules = self.rows_that::<game_rules::Entity>(&transaction, of_a_game).await?;
        Ok(OwnRows { games, keys, rules })
    }

    async fn rows_that<E: EntityTrait>(
        &self,
        transaction: &DatabaseTransaction,
        are_it: impl Fn(&Row) -> bool,
    ) -> Result<Vec<Row>, StoreError> {
        let control = self.database.control();
        let mut found = Vec::new();
        let mut page: Vec<Row> = control.rows_after::<E>(transaction, None, PAGE).await?;
        while let Some(last) = page.last().cloned() {
            found.extend(page.into_iter().filter(&are_it));
            page = control.rows_after::<E>(transaction, Some(&last), PAGE).await?;
        }
        Ok(found)
    }

    /// Puts rows into a studio's own tables.
    ///
    /// # Errors
    /// A row is none of that table, or [`StoreError`].
    pub async fn put_rows(&self, studio: StudioId, table: Table, rows: &[Row]) -> Result<(), StoreError> {
        let tenant = self.database.tenant(studio).await?;
        let transaction = tenant.begin().await?;
        match table {
            Table::World => tenant.insert_rows::<world::Entity>(&transaction, rows).await,
            Table::Trace => tenant.insert_rows::<trace::Entity>(&transaction, rows).await,
            Table::Recording => tenant.insert_rows::<recording::Entity>(&transaction, rows).await,
            Table::Idempotency => tenant.insert_rows::<idempotency::Entity>(&transaction, rows).await,
            Table::Import => tenant.insert_rows::<import::Entity>(&transaction, rows).await,
            Table::Player => tenant.insert_rows::<player::Entity>(&transaction, rows).await,
            Table::PlayerToken => tenant.insert_rows::<player_token::Entity>(&transaction, rows).await,
            Table::Change => tenant.insert_rows::<change::Entity>(&transaction, rows).await,
            Table::TraceRef => tenant.insert_rows::<trace_ref::Entity>(&transaction, rows).await,
            Table::LegacyName => tenant.insert_rows::<legacy_name::Entity>(&transaction, rows).await,
            Table::Upload => tenant.insert_rows::<upload::Entity>(&transaction, rows).await,
            Table::Vote => tenant.insert_rows::<vote::Entity>(&transaction, rows).await,
            Table::TraceUse => tenant.insert_rows::<trace_use::Entity>(&transaction, rows).await,
            Table::Inbox => tenant.insert_rows::<inbox::Entity>(&transaction, rows).await,
            Table::Report => tenant.insert_rows::<report::Entity>(&transaction, rows).await,
            Table::Ban => tenant.insert_rows::<ban::Entity>(&transaction, rows).await,
            Table::HiddenAuthor => tenant.insert_rows::<hidden_author::Entity>(&transaction, rows).await,
        }?;
        tenant.commit(transaction).await
    }

    /// Registers a studio's games with what they have decided, and keys, whose worlds are there: from then on the keys open
    /// them.
    ///
    /// # Errors
    /// A key is another studio's here, or [`StoreError`].
    pub async fn settle(
        &self,
        studio: StudioId,
        slug: &Slug,
        own: OwnRows,
        actor: Actor<'_>,
    ) -> Result<(), StudioError> {
        let OwnRows { games, keys, rules } = own;
        self.count_on(studio).await?;
        let control = self.database.control();
        let transaction = control.begin().await?;
        let revision = self.raise(&transaction).await?;
        // What a game was called where it comes from, by its number there.
        let named: HashMap<Option<i64>, String> =
            games.iter().filter_map(|row| Some((number(row, "id"), row.get("slug")?.as_str()?.to_owned()))).collect();
        let mine = |mut row: Row| {
            row.remove("id");
            row.insert("studio".to_owned(), studio.0.into());
            row
        };
        let games: Vec<Row> = games.into_iter().map(mine).collect();
        control.insert_rows::<game::Entity>(&transaction, &games).await?;
        let select = control.select::<game::Entity>().and_where(game::Column::Studio.eq(studio.0)).to_owned();
        let rows: Vec<GameRow> = control.returned(&transaction, &select).await?;
        let numbers: HashMap<String, i32> = rows.into_iter().map(|row| (row.slug, row.id)).collect();
        let of_its_game = |mut row: Row| {
            let game = named.get(&number(&row, "game")).and_then(|slug| numbers.get(slug));
            let game = *game.ok_or_else(|| StudioError::NotAnExport("a key or rule is of no game".to_owned()))?;
            row.insert("game".to_owned(), game.into());
            row.insert("revision".to_owned(), revision.into());
            Ok::<_, StudioError>(row)
        };
        let mut moved = Vec::with_capacity(keys.len());
        for row in keys {
            let mut row = of_its_game(row)?;
            row.insert("studio".to_owned(), studio.0.into());
            moved.push(row);
        }
        let rules: Vec<Row> = rules.into_iter().map(of_its_game).collect::<Result<_, _>>()?;
        for some in rules.chunks(PAGE.try_into().unwrap_or(usize::MAX)) {
            control.insert_rows::<game_rules::Entity>(&transaction, some).await?;
        }
        // The same keys of a studio that was deleted here.
        let studios = Query::select().column(studio::Column::Id).from(control.table(studio::Entity)).to_owned();
        let ids: Vec<String> = moved.iter().filter_map(id_of_row).collect();
        let left_behind =
            api_key::Column::Id.is_in(ids).and(Expr::col(api_key::Column::Studio).not_in_subquery(studios));
        control.delete(&transaction, api_key::Entity, left_behind).await?;
        for some in moved.chunks(PAGE.try_into().unwrap_or(usize::MAX)) {
            control.insert_rows::<api_key::Entity>(&transaction, some).await.map_err(|error| match error {
                StoreError::InvalidRow(_) => StudioError::KeysThere,
                other => other.into(),
            })?;
        }
        let object = format!("studio:{}", slug.as_str());
        self.write_down(&transaction, Some(studio), actor, "studio.imported", object, String::new()).await?;
        Ok(control.commit(transaction).await?)
    }

    /// PostgreSQL does not count on from numbers that it was given.
    async fn count_on(&self, studio: StudioId) -> Result<(), StoreError> {
        let tenant = self.database.tenant(studio).await?;
        if tenant.dialect() == Dialect::Postgres {
            let sequence = "SELECT setval(pg_get_serial_sequence('{schema}.world', 'id'), max(id)) FROM {schema}.world";
            let statement = Statement::from_string(sea_orm::DbBackend::Postgres, tenant.qualify(sequence));
            let _set: Vec<Settled> = tenant.write_once(statement).await?;
        }
        Ok(())
    }
}

fn number(row: &Row, name: &str) -> Option<i64> {
    row.get(name).and_then(serde_json::Value::as_i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_table_of_a_studio_is_left_behind() {
        let entities = include_str!("../../../../entity/src/tenant/mod.rs");
        let mut all: Vec<&str> =
            entities.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
        let mut moved = Table::ALL.map(Table::name);
        all.sort_unstable();
        moved.sort_unstable();
        assert_eq!(moved.as_slice(), all);
    }
}
