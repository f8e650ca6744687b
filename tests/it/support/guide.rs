//! `docs/api.md`, as tests read it.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::Value;

/// The whole page.
pub const GUIDE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md"));

/// Its error codes, each with its status.
pub static CODES: LazyLock<BTreeSet<(String, u16)>> = LazyLock::new(|| {
    let code = |row: Vec<&str>| (quoted(row[0]).remove(0).to_owned(), row[1].parse().unwrap());
    rows("Error codes").map(code).collect()
});

/// Whether it has the code of a problem, with the problem's status.
pub fn has_code(problem: &Value) -> bool {
    let status = problem["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let code = problem["code"].as_str().map(str::to_owned);
    code.zip(status).is_some_and(|pair| CODES.contains(&pair))
}

/// The text below a heading, up to the next one.
pub fn section(heading: &str) -> &'static str {
    let mut sections = GUIDE.split("\n#").filter_map(|section| section.trim_start_matches('#').split_once('\n'));
    let (_, text) = sections.find(|(found, _)| found.trim() == heading).unwrap();
    text
}

/// The cells of each row of the tables below a heading.
pub fn rows(heading: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let inner = |line: &'static str| line.strip_prefix("| ")?.strip_suffix(" |");
    section(heading).lines().filter_map(inner).map(|line| line.split(" | ").collect::<Vec<_>>()).skip(1)
}

/// What stands between backticks.
pub fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}
