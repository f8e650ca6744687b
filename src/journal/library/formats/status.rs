//! What programs call the states of a game.

use crate::journal::library::model::{Grade, State};

/// Words, folded, with the state that they mean here, and how far a playthrough went.
const WORDS: [(&str, State, Option<Grade>); 42] = [
    ("wishlist", State::Wishlist, None),
    ("wishlisted", State::Wishlist, None),
    ("wish list", State::Wishlist, None),
    ("want to play", State::Wishlist, None),
    ("plan to play", State::Wishlist, None),
    ("planning", State::Wishlist, None),
    ("planned", State::Wishlist, None),
    ("watchlist", State::Wishlist, None),
    ("backlog", State::Wishlist, None),
    ("not played", State::Wishlist, None),
    ("unplayed", State::Wishlist, None),
    ("never played", State::Wishlist, None),
    ("playing", State::Ongoing, None),
    ("ongoing", State::Ongoing, None),
    ("in progress", State::Ongoing, None),
    ("started", State::Ongoing, None),
    ("replay", State::Ongoing, None),
    ("replaying", State::Ongoing, None),
    ("beaten", State::Completed, Some(Grade::Story)),
    ("finished", State::Completed, Some(Grade::Story)),
    ("completed", State::Completed, None),
    ("fully completed", State::Completed, Some(Grade::Everything)),
    ("mastered", State::Completed, Some(Grade::Everything)),
    ("100", State::Completed, Some(Grade::Everything)),
    ("played", State::Paused, None),
    ("paused", State::Paused, None),
    ("on hold", State::Paused, None),
    ("on a hold", State::Paused, None),
    ("shelved", State::Paused, None),
    ("not applicable", State::Paused, Some(Grade::Endless)),
    ("endless", State::Ongoing, Some(Grade::Endless)),
    ("dropped", State::Dropped, Some(Grade::Abandoned)),
    ("abandoned", State::Dropped, Some(Grade::Abandoned)),
    ("retired", State::Dropped, Some(Grade::Abandoned)),
    ("main story", State::Completed, Some(Grade::Story)),
    ("main extras", State::Completed, Some(Grade::Story)),
    ("main + extras", State::Completed, Some(Grade::Story)),
    ("completionist", State::Completed, Some(Grade::Everything)),
    ("main quest", State::Completed, Some(Grade::Story)),
    ("want", State::Wishlist, None),
    ("owned", State::Wishlist, None),
    ("queue", State::Wishlist, None),
];

/// The state that a word means, and the grade of a playthrough that it tells; nothing where it is not known.
pub fn status(text: &str) -> Option<(State, Option<Grade>)> {
    let folded = text.trim().to_lowercase().replace(['_', '-'], " ");
    let known = WORDS.iter().find(|(word, ..)| *word == folded);
    known.map(|(_, state, grade)| (*state, *grade))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_however_they_are_written() {
        for (text, expected) in [
            ("In progress", Some((State::Ongoing, None))),
            ("in_progress", Some((State::Ongoing, None))),
            ("Beaten", Some((State::Completed, Some(Grade::Story)))),
            ("fully_completed", Some((State::Completed, Some(Grade::Everything)))),
            ("Stuck at the third tower", None),
        ] {
            assert_eq!(status(text), expected, "{text}");
        }
    }

    #[test]
    fn no_word_is_there_twice() {
        let words: std::collections::BTreeSet<&str> = WORDS.iter().map(|(word, ..)| *word).collect();
        assert_eq!(words.len(), WORDS.len());
    }
}
