//! The known name that a misspelt one was meant to be.

/// The most edits that make a misspelt name from the one that was meant.
const MAX_EDITS: usize = 3;

/// The known name that is nearest to `name`; nothing where none is near.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = MAX_EDITS.min(name.chars().count() / 2);
    let edits = |known: &'a str| (strsim::damerau_levenshtein(known, name), known);
    let (_, nearest) = known.into_iter().map(edits).filter(|(edits, _)| *edits <= most).min()?;
    Some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_recognised() {
        let known = ["template", "template2", "text", "pos"];
        assert_eq!(nearest("tempalte", known), Some("template"));
        assert_eq!(nearest("texts", known), Some("text"));
        assert_eq!(nearest("Pos", known), Some("pos"));
        for far in ["position", "x", "", "author"] {
            assert_eq!(nearest(far, known), None, "{far}");
        }
    }
}
