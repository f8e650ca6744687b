//! Whole rows as JSON and back, for any table, the same on both databases. Bytes are written in hexadecimal.

use sea_orm::{
    ColumnTrait, ColumnType, DatabaseTransaction, DbErr, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn,
    QueryResult, Value,
    sea_query::{Expr, ExprTrait, Order, Query},
};
use serde_json::{Map, Value as Json};

use super::tables::Tables;
use crate::platform::{codec::hex, error::StoreError};

/// A row: its columns by their names.
pub type Row = Map<String, Json>;

impl Tables {
    /// At most `limit` rows of a table after a given one, in the order of the primary key.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn rows_after<E: EntityTrait>(
        &self,
        transaction: &DatabaseTransaction,
        after: Option<&Row>,
        limit: u64,
    ) -> Result<Vec<Row>, StoreError> {
        let mut select = self.select::<E>();
        let key: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
        for column in &key {
            select.order_by(*column, Order::Asc);
        }
        if let Some(after) = after {
            let last = key.iter().map(|column| value(*column, after.get(column.as_str())).map(Expr::val));
            let columns = Expr::tuple(key.iter().map(|column| Expr::col(*column)));
            select.and_where(columns.gt(Expr::tuple(last.collect::<Result<Vec<_>, _>>()?)));
        }
        select.limit(limit);
        let rows = self.query(transaction, &select).await?;
        Ok(rows.iter().map(row::<E>).collect::<Result<_, _>>()?)
    }

    /// The rows of a table for which `condition` holds, in the order of the primary key. They are put in order here: SQLite would
    /// rather walk through a whole world in that order than sort a few rows.
    ///
    /// # Errors
    /// The statement failed, or timed out.
    pub async fn rows_where<E: EntityTrait>(
        &self,
        transaction: &DatabaseTransaction,
        condition: Expr,
    ) -> Result<Vec<Row>, StoreError> {
        let select = self.select::<E>().and_where(condition).take();
        let rows = self.query(transaction, &select).await?;
        let mut rows: Vec<Row> = rows.iter().map(row::<E>).collect::<Result<_, _>>()?;
        let key = |row: &Row| -> Vec<(Option<i64>, Option<String>)> {
            let columns = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
            let cells = columns.filter_map(|column| row.get(column.as_str()));
            cells.map(|cell| (cell.as_i64(), cell.as_str().map(str::to_owned))).collect()
        };
        rows.sort_by_cached_key(key);
        Ok(rows)
    }

    /// Inserts rows as [`Tables::rows_after`] returns them; a column that is missing in them gets its default.
    ///
    /// # Errors
    /// A row does not fit the table or was rejected, or the statement timed out.
    pub async fn insert_rows<E: EntityTrait>(
        &self,
        transaction: &DatabaseTransaction,
        rows: &[Row],
    ) -> Result<(), StoreError> {
        // All rows of an export name the same columns.
        let Some(first) = rows.first() else { return Ok(()) };
        let columns: Vec<E::Column> = E::Column::iter().filter(|column| first.contains_key(column.as_str())).collect();
        if columns.len() != first.len() {
            return Err(StoreError::Statement(DbErr::Type("a row has an unknown column".to_owned())));
        }
        let mut insert =
            Query::insert().into_table(self.table(E::default())).columns(columns.iter().copied()).to_owned();
        for row in rows {
            let values = columns.iter().map(|column| value(*column, row.get(column.as_str())).map(Expr::val));
            let added = insert.values(values.collect::<Result<Vec<_>, _>>()?);
            added.map_err(|error| StoreError::Statement(DbErr::Type(error.to_string())))?;
        }
        self.execute(transaction, &insert).await?;
        Ok(())
    }
}

fn row<E: EntityTrait>(row: &QueryResult) -> Result<Row, DbErr> {
    let cell = |column: E::Column| Ok((column.as_str().to_owned(), cell(row, column)?));
    E::Column::iter().map(cell).collect()
}

fn cell(row: &QueryResult, column: impl ColumnTrait) -> Result<Json, DbErr> {
    let name = column.as_str();
    Ok(match column.def().get_column_type() {
        ColumnType::SmallInteger => row.try_get::<Option<i16>>("", name)?.into(),
        ColumnType::Integer => row.try_get::<Option<i32>>("", name)?.into(),
        ColumnType::BigInteger => row.try_get::<Option<i64>>("", name)?.into(),
        ColumnType::Double => row.try_get::<Option<f64>>("", name)?.into(),
        ColumnType::Boolean => row.try_get::<Option<bool>>("", name)?.into(),
        ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_) => {
            row.try_get::<Option<Vec<u8>>>("", name)?.map(|bytes| hex::of_bytes(&bytes)).into()
        }
        _ => row.try_get::<Option<String>>("", name)?.into(),
    })
}

fn value(column: impl ColumnTrait, json: Option<&Json>) -> Result<Value, StoreError> {
    let wrong = || StoreError::Statement(DbErr::Type(format!("{} can't be {json:?}", column.as_str())));
    let given = json.filter(|json| !json.is_null());
    let integer = || given.map(|json| json.as_i64().ok_or_else(wrong)).transpose();
    Ok(match column.def().get_column_type() {
        ColumnType::SmallInteger => {
            integer()?.map(|number| i16::try_from(number).map_err(|_| wrong())).transpose()?.into()
        }
        ColumnType::Integer => integer()?.map(|number| i32::try_from(number).map_err(|_| wrong())).transpose()?.into(),
        ColumnType::BigInteger => integer()?.into(),
        ColumnType::Double => given.map(|json| json.as_f64().ok_or_else(wrong)).transpose()?.into(),
        ColumnType::Boolean => given.map(|json| json.as_bool().ok_or_else(wrong)).transpose()?.into(),
        ColumnType::Blob | ColumnType::Binary(_) | ColumnType::VarBinary(_) => {
            let bytes = given.map(|json| json.as_str().and_then(hex::to_bytes).ok_or_else(wrong));
            bytes.transpose()?.into()
        }
        _ => given.map(|json| json.as_str().map(str::to_owned).ok_or_else(wrong)).transpose()?.into(),
    })
}
