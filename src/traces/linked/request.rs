//! Parameters of a user's traces.

use super::model::{LinkedError, MAX_SHOWN};
use crate::http::page::Paged;

/// A user's traces in pages: the cursor is how many were shown.
#[derive(Debug)]
pub struct LinkedList;

impl Paged for LinkedList {
    type Cursor = usize;
    const DEFAULT_LIMIT: usize = 50;
    const MAX_LIMIT: usize = 50;
    const EXAMPLE_CURSOR: &'static str = "50";

    fn parse(cursor: &str) -> Result<usize, String> {
        let shown = cursor.parse().ok().filter(|shown: &usize| *shown <= MAX_SHOWN);
        shown.ok_or_else(|| "must be a page's next".to_owned())
    }
}

/// The title that a path names.
///
/// # Errors
/// It names none.
pub fn title(id: &str) -> Result<i64, LinkedError> {
    id.parse().ok().filter(|id: &i64| *id > 0).ok_or(LinkedError::GameNotFound)
}
