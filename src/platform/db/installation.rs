//! What identifies a database: a UUID that stays with its data, and a namespace in the shared cache that a copy does not keep.
//!
//! The namespace is drawn for one database on one server, and stored with a description of it. A dump that was restored elsewhere, or
//! under another name, finds another description and draws its own namespace: so a copy of production never reads or publishes
//! production's snapshots. Copies of all of a server's files have the same description; for those there is the setting
//! `cache_namespace`.

use entity::control::platform::installation;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    Set, Statement, sea_query::Expr,
};

use super::{Database, Target};
use crate::platform::{clock, error::StoreError};

/// What identifies a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// A UUID, created with the database and kept by its copies.
    pub id: String,
    /// A UUID that no copy shares, except one of all files of the database server.
    pub namespace: String,
}

impl Database {
    /// What identifies this database; created on first use, and drawn anew by a copy.
    ///
    /// # Errors
    /// The database is not available.
    pub async fn installation(&self) -> Result<Installation, StoreError> {
        let connection = self.control.read_connection();
        let here = self.describe(connection).await?;
        if let Some(row) = find(connection).await?
            && row.drawn_for == here
        {
            return Ok(Installation { id: row.id, namespace: row.namespace });
        }
        if find(connection).await?.is_none() {
            // Two instances may insert at the same time: both then take the older row.
            installation::Entity::insert(new_row()).exec_without_returning(connection).await?;
        }
        let transaction = self.control.begin_exclusive().await?;
        let drawn = draw(&transaction, here).await?;
        self.control.commit(transaction).await?;
        Ok(drawn)
    }

    /// The check value of the secret key that this database was sealed with; empty before the first.
    ///
    /// # Errors
    /// The database is not available.
    pub async fn secret_key_check(&self) -> Result<String, StoreError> {
        let row = find(self.control.read_connection()).await?;
        Ok(row.map_or_else(String::new, |row| row.secret_key_check))
    }

    /// Whether that is the check value of the secret key that this database was sealed with; the first one is kept.
    ///
    /// # Errors
    /// The database is not available.
    pub async fn check_secret_key(&self, check: &str) -> Result<bool, StoreError> {
        let stored = self.secret_key_check().await?;
        if !stored.is_empty() {
            return Ok(stored == check);
        }
        let transaction = self.control.begin_exclusive().await?;
        installation::Entity::update_many()
            .col_expr(installation::Column::SecretKeyCheck, Expr::value(check))
            .filter(installation::Column::SecretKeyCheck.eq(""))
            .exec(&transaction)
            .await?;
        self.control.commit(transaction).await?;
        // Of two instances with different keys, the second finds the first one's.
        Ok(self.secret_key_check().await? == check)
    }

    /// Describes the database: its server and what it is there, or the file.
    async fn describe(&self, connection: &DatabaseConnection) -> Result<String, StoreError> {
        match &self.target {
            Target::Sqlite { folder } => {
                let file = folder.join("control.sqlite");
                let path = std::path::absolute(&file).unwrap_or(file);
                Ok(format!("{} {}", path.display(), inode(&path)))
            }
            Target::Postgres { .. } => {
                let database = "SELECT oid::text || ' ' || datname FROM pg_database WHERE datname = current_database()";
                let server = "SELECT system_identifier::text FROM pg_control_system()";
                let server = match text(connection, server).await {
                    Ok(server) => server,
                    Err(error) => {
                        tracing::warn!(
                            %error,
                            "reading the database server's identifier failed; set cache_namespace if another installation \
                             shares this Redis"
                        );
                        String::new()
                    }
                };
                Ok(format!("{server} {}", text(connection, database).await?))
            }
        }
    }
}

#[cfg(unix)]
fn inode(path: &std::path::Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| std::os::unix::fs::MetadataExt::ino(&metadata))
}

#[cfg(not(unix))]
fn inode(_path: &std::path::Path) -> u64 {
    0
}

async fn text(connection: &DatabaseConnection, sql: &str) -> Result<String, StoreError> {
    let row = connection.query_one_raw(Statement::from_string(connection.get_database_backend(), sql)).await?;
    let missing = || DbErr::RecordNotFound("this database".to_owned());
    Ok(row.ok_or_else(missing)?.try_get_by_index(0)?)
}

async fn find(connection: &impl ConnectionTrait) -> Result<Option<installation::Model>, StoreError> {
    let oldest = installation::Entity::find()
        .order_by_asc(installation::Column::CreatedAtMs)
        .order_by_asc(installation::Column::Id);
    Ok(oldest.one(connection).await?)
}

fn new_row() -> installation::ActiveModel {
    installation::ActiveModel {
        id: Set(uuid::Uuid::new_v4().to_string()),
        created_at_ms: Set(clock::now_ms()),
        ..installation::ActiveModel::default()
    }
}

/// Draws a namespace for the database that is described so, unless another instance has just done it.
async fn draw(transaction: &DatabaseTransaction, here: String) -> Result<Installation, StoreError> {
    let row = find(transaction).await?.ok_or_else(|| DbErr::RecordNotFound("the installation".to_owned()))?;
    if row.drawn_for == here {
        return Ok(Installation { id: row.id, namespace: row.namespace });
    }
    let namespace = uuid::Uuid::new_v4().to_string();
    installation::Entity::update_many()
        .col_expr(installation::Column::Namespace, Expr::value(namespace.as_str()))
        .col_expr(installation::Column::DrawnFor, Expr::value(here))
        .filter(installation::Column::Id.eq(row.id.as_str()))
        .exec(transaction)
        .await?;
    if !row.drawn_for.is_empty() {
        tracing::info!("this database is a copy of another; it uses the shared cache under a name of its own");
    }
    Ok(Installation { id: row.id, namespace })
}
