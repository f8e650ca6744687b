//! The control tables as the database describes them, and their rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::Place;

/// A reference of a table to another: the columns in pairs.
type Reference = (String, String, Vec<(String, String)>);

/// The control tables of an installation, as the database describes itself.
pub struct Schema<'a> {
    place: &'a Place,
    /// The columns of each table.
    pub tables: BTreeMap<String, Vec<String>>,
    references: Vec<Reference>,
}

impl<'a> Schema<'a> {
    pub async fn read(place: &'a Place) -> Self {
        let (columns, references) = if place.database_url.is_some() {
            (
                "SELECT c.relname || ' ' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
                 AND NOT a.attisdropped ORDER BY c.relname, a.attnum",
                "SELECT c.oid::text || ' ' || own.relname || ' ' || other.relname || ' ' || a.attname || ' ' || f.attname
                 FROM pg_constraint c JOIN pg_class own ON own.oid = c.conrelid JOIN pg_class other ON other.oid = c.confrelid
                 CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(mine, theirs)
                 JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.mine
                 JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.theirs
                 WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY 1",
            )
        } else {
            (
                "SELECT m.name || ' ' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                 WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY m.name, c.cid",
                "SELECT m.name || '.' || f.id || ' ' || m.name || ' ' || f.\"table\" || ' ' || f.\"from\" || ' ' || f.\"to\"
                 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq",
            )
        };
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in place.control_texts(columns).await {
            let (table, column) = line.split_once(' ').unwrap();
            tables.entry(table.to_owned()).or_default().push(column.to_owned());
        }
        let mut by_id: BTreeMap<String, Reference> = BTreeMap::new();
        for line in place.control_texts(references).await {
            let [id, own, other, mine, theirs] =
                line.split(' ').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
            by_id.entry(id).or_insert((own, other, Vec::new())).2.push((mine, theirs));
        }
        Self { place, tables, references: by_id.into_values().collect() }
    }

    /// The condition that a row of a table is a user's: it names them, or refers to a row that is theirs. None where the table knows
    /// no user.
    fn of_user(&self, table: &str, user: &str, seen: &[&str]) -> Option<String> {
        if table == "user" {
            return Some(format!(r#""user"."id" = '{user}'"#));
        }
        let mut conditions = Vec::new();
        for column in self.tables[table].iter().filter(|column| ["user", "user_id"].contains(&column.as_str())) {
            conditions.push(format!(r#""{table}"."{column}" = '{user}'"#));
        }
        let seen: Vec<&str> = seen.iter().copied().chain([table]).collect();
        for (own, other, columns) in &self.references {
            if own != table || seen.contains(&other.as_str()) {
                continue;
            }
            let Some(condition) = self.of_user(other, user, &seen) else { continue };
            let equal: Vec<String> =
                columns.iter().map(|(mine, theirs)| format!(r#""{other}"."{theirs}" = "{table}"."{mine}""#)).collect();
            let equal = equal.join(" AND ");
            conditions.push(format!(r#"EXISTS (SELECT 1 FROM "{other}" WHERE {equal} AND ({condition}))"#));
        }
        (!conditions.is_empty()).then(|| conditions.join(" OR "))
    }

    /// The rows of a table as texts.
    pub async fn rows(&self, table: &str, condition: &str) -> BTreeSet<String> {
        let text = if self.place.database_url.is_some() {
            format!(r#""{table}"::text"#)
        } else {
            let columns = self.tables[table].iter().map(|column| format!(r#"quote("{column}")"#));
            columns.collect::<Vec<_>>().join(" || ',' || ")
        };
        let sql = format!(r#"SELECT {text} FROM "{table}" WHERE {condition}"#);
        self.place.control_texts(&sql).await.into_iter().collect()
    }

    /// A user's rows, by table, of each table that knows users, but for some.
    pub async fn rows_of(&self, user: &str, but: &[&str]) -> BTreeMap<&str, BTreeSet<String>> {
        let mut all = BTreeMap::new();
        for table in self.tables.keys() {
            if but.contains(&table.as_str()) {
                continue;
            }
            if let Some(condition) = self.of_user(table, user, &[]) {
                all.insert(table.as_str(), self.rows(table, &condition).await);
            }
        }
        all
    }
}
