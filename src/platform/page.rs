//! Pages of lists: a query asks for one row more than the page holds, to tell whether others follow.

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Whether others follow.
    pub more: bool,
}

/// The number of rows to ask for.
#[must_use]
pub fn rows_for(limit: usize) -> u64 {
    u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1)
}

impl<T> Page<T> {
    /// The page of at most `limit` items in the rows of a query that asked for [`rows_for`] as many.
    #[must_use]
    pub fn cut(mut rows: Vec<T>, limit: usize) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        Self { items: rows, more }
    }

    /// The page with each item converted.
    #[must_use]
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(convert).collect(), more: self.more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_beyond_the_page_only_tells_that_more_follow() {
        assert_eq!(rows_for(2), 3);
        assert_eq!(Page::cut(vec![1, 2, 3], 2), Page { items: vec![1, 2], more: true });
        assert_eq!(Page::cut(vec![1, 2], 2), Page { items: vec![1, 2], more: false });
        assert_eq!(Page::cut(Vec::<i32>::new(), 2), Page { items: vec![], more: false });
    }
}
