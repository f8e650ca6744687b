//! SQL on the data of a place.

use std::time::Duration;

use sea_orm::ConnectionTrait;

use crate::support::Place;

/// Takes back some migrations of the studio's schema, a table among them. Later ones stay.
pub const OLDER: &str = "DROP TABLE hidden_author; DROP INDEX trace_rated; DROP INDEX trace_rated_in_scope; \
                         ALTER TABLE trace DROP COLUMN rated_seq; ALTER TABLE player DROP COLUMN display_name; \
                         ALTER TABLE player DROP COLUMN name_locked; \
                         CREATE INDEX trace_near ON trace (world, scope, kind, x); \
                         DELETE FROM tenant_migration WHERE version >= 'm0022' AND version < 'm0027'";

/// Leaves the studio's schema as a later program would.
pub const NEWER: &str = "INSERT INTO tenant_migration (version, applied_at) VALUES ('m9999_from_the_future', 1)";

/// A table that [`OLDER`] takes away.
pub const NEWEST_TABLE: &str = "hidden_author";

impl Place {
    /// A connection on which unqualified names are a studio's.
    async fn studio(&self, studio: usize) -> sea_orm::DatabaseConnection {
        let file = format!("sqlite://{}", self.folder.join(format!("studio_{studio}.sqlite")).display());
        let mut options = connect_options(self.database_url.clone().unwrap_or(file));
        if self.database_url.is_some() {
            options.set_schema_search_path(format!("studio_{studio}"));
        }
        sea_orm::Database::connect(options).await.unwrap()
    }

    /// Whether somebody has made the studio's tables.
    pub async fn has_studio(&self) -> bool {
        if self.database_url.is_none() && !self.folder.join("studio_1.sqlite").exists() {
            return false;
        }
        let connection = self.studio(1).await;
        let there = connection.execute_unprepared("SELECT lines FROM import").await.is_ok();
        connection.close().await.unwrap();
        there
    }

    /// Runs SQL on the first studio's data.
    pub async fn execute(&self, sql: &str) {
        self.execute_on(1, sql).await;
    }

    /// Runs SQL on a studio's data.
    pub async fn execute_on(&self, studio: usize, sql: &str) {
        let connection = self.studio(studio).await;
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Holds the lock that a write to the open world needs, until the connection is closed.
    pub async fn lock_first_world(&self) -> sea_orm::DatabaseConnection {
        let connection = self.studio(1).await;
        let locks: &[&str] = if self.database_url.is_some() {
            &["BEGIN", "SELECT seq FROM world FOR UPDATE"]
        } else {
            &["BEGIN IMMEDIATE"]
        };
        for lock in locks {
            connection.execute_unprepared(lock).await.unwrap();
        }
        connection
    }

    /// Asks the first studio's data for numbers.
    pub async fn numbers(&self, sql: &str) -> Vec<i64> {
        self.numbers_on(1, sql).await
    }

    /// Asks a studio's data for numbers.
    pub async fn numbers_on(&self, studio: usize, sql: &str) -> Vec<i64> {
        use sea_orm::TryGetable;
        let connection = self.studio(studio).await;
        let statement = sea_orm::Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.unwrap();
        let numbers = rows.iter().map(|row| i64::try_get_by(row, 0).unwrap()).collect();
        connection.close().await.unwrap();
        numbers
    }

    /// A connection to the control tables.
    pub async fn control(&self) -> sea_orm::DatabaseConnection {
        let file = format!("sqlite://{}", self.folder.join("control.sqlite").display());
        let options = connect_options(self.database_url.clone().unwrap_or(file));
        sea_orm::Database::connect(options).await.unwrap()
    }

    /// Runs SQL on the control tables.
    pub async fn execute_control(&self, sql: &str) {
        let connection = self.control().await;
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Asks the control tables for texts.
    pub async fn control_texts(&self, sql: &str) -> Vec<String> {
        use sea_orm::TryGetable;
        let connection = self.control().await;
        let statement = sea_orm::Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.unwrap();
        let texts = rows.iter().map(|row| String::try_get_by(row, 0).unwrap()).collect();
        connection.close().await.unwrap();
        texts
    }
}

/// One connection, without the times that make sqlx 0.9 count idle connections in the background, sometimes for ever.
pub fn connect_options(url: String) -> sea_orm::ConnectOptions {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    options
}

/// Runs SQL on a database.
pub async fn execute(url: &str, sql: &str) {
    let options = connect_options(url.replacen("postgresql:", "postgres:", 1));
    let connection = sea_orm::Database::connect(options).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// How much contradicts itself in the second studio, whose games the tests use: votes, uses and reports without their
/// trace, and traces whose counters are not the sums of their votes and reports.
pub async fn contradictions(place: &Place) -> Vec<i64> {
    let orphans = |table: &str| {
        format!(
            "(SELECT count(*) FROM {table} h WHERE NOT EXISTS (SELECT 1 FROM trace t WHERE t.world = h.world AND t.id = h.trace))"
        )
    };
    let ledger =
        |what: &str| format!("coalesce((SELECT {what} FROM vote v WHERE v.world = t.world AND v.trace = t.id), 0)");
    let (good, poor) = ("CASE WHEN v.good THEN 1 ELSE 0 END", "CASE WHEN v.good THEN 0 ELSE 1 END");
    let wrong = [
        ("good", ledger(&format!("sum({good})"))),
        ("poor", ledger(&format!("sum({poor})"))),
        ("good_weight", ledger(&format!("sum({good} * v.weight)"))),
        ("poor_weight", ledger(&format!("sum({poor} * v.weight)"))),
        (
            "reports",
            "(SELECT count(*) FROM report r WHERE r.world = t.world AND r.trace = t.id AND NOT r.settled)".to_owned(),
        ),
        (
            "report_weight",
            "coalesce((SELECT sum(r.weight) FROM report r WHERE r.world = t.world AND r.trace = t.id AND NOT r.settled), 0)"
                .to_owned(),
        ),
    ]
    .map(|(column, is)| format!("t.{column} <> {is}"))
    .join(" OR ");
    let mut found = Vec::new();
    let counted = |scope: &str, columns: &str| {
        format!(
            "SELECT world, author, kind, {scope} AS scope, count(*) AS count FROM trace WHERE minted GROUP BY {columns}"
        )
    };
    let counts =
        [counted("scope", "world, author, kind, scope"), counted("'\u{1}'", "world, author, kind")].join(" UNION ALL ");
    let kept = "SELECT world, author, kind, scope, count FROM own_count";
    let differ = format!("SELECT count(*) FROM (({counts} EXCEPT {kept})) AS more");
    found.extend(place.numbers_on(2, &differ).await);
    for sql in ["vote", "trace_use", "report"].map(orphans) {
        found.extend(place.numbers_on(2, &format!("SELECT {sql}")).await);
    }
    found.extend(place.numbers_on(2, &format!("SELECT count(*) FROM trace t WHERE {wrong}")).await);
    found
}
