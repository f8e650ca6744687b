//! Lists on standard output: columns for people, a JSON array for programs.

use serde_json::{Map, Value};

use super::{Outcome, say};

/// A line of a list: names and values, the same names in each line.
pub type Line = Vec<(&'static str, Value)>;

/// How a list is printed.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Form {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Form {
    /// Prints a list.
    pub fn print(self, lines: Vec<Line>) -> Outcome {
        if self.json {
            let object = |line: Line| {
                Value::Object(line.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
            };
            return say(&Value::Array(lines.into_iter().map(object).collect()).to_string());
        }
        table(&lines)
    }

    /// Whether JSON is wanted.
    pub fn is_json(self) -> bool {
        self.json
    }
}

/// Prints a list in columns.
pub fn table(lines: &[Line]) -> Outcome {
    let Some(names) = lines.first().map(|line| line.iter().map(|(name, _)| (*name).to_uppercase()).collect()) else {
        return Ok(());
    };
    let mut table: Vec<Vec<String>> = vec![names];
    table.extend(lines.iter().map(|line| line.iter().map(|(_, value)| word(value)).collect()));
    let columns = table.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| table.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
    for row in &table {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        say(cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn word(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(word).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
