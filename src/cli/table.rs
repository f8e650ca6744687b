//! Tables on standard output: aligned columns for people, a JSON array for programs.

use serde_json::{Map, Value};

use super::{CommandResult, print_line};

/// A row of a table: column names and values. All rows of a table have the same columns.
pub type Row = Vec<(&'static str, Value)>;

/// How a table is printed.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Format {
    /// Print JSON instead of columns.
    #[arg(long)]
    json: bool,
}

impl Format {
    /// Prints a table.
    pub fn print(self, rows: Vec<Row>) -> CommandResult {
        if self.json {
            let object = |row: Row| {
                Value::Object(row.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
            };
            return print_line(&Value::Array(rows.into_iter().map(object).collect()).to_string());
        }
        print(&rows)
    }

    /// Whether JSON was asked for.
    pub fn is_json(self) -> bool {
        self.json
    }
}

/// Prints a table in columns.
pub fn print(rows: &[Row]) -> CommandResult {
    let Some(names) = rows.first().map(|row| row.iter().map(|(name, _)| (*name).to_uppercase()).collect()) else {
        return Ok(());
    };
    let mut table: Vec<Vec<String>> = vec![names];
    table.extend(rows.iter().map(|row| row.iter().map(|(_, value)| cell_text(value)).collect()));
    let columns = table.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| table.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    for row in &table {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        print_line(cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn cell_text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell_text).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
