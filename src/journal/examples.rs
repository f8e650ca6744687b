//! Example values in the API description, for several features. All are of the same user and game, so that the example response
//! of one operation fits the parameters of another.

/// A time: 2026-11-21T08:00:00Z.
pub const TIME_MS: i64 = 1_795_248_000_000;

/// The id of a game.
#[must_use]
pub fn game() -> String {
    "7301".to_owned()
}

/// A username.
#[must_use]
pub fn username() -> String {
    "ann_of_moss".to_owned()
}

/// The id of a thought.
#[must_use]
pub fn thought() -> String {
    "4212".to_owned()
}

/// The id of a comment.
#[must_use]
pub fn comment() -> String {
    "312".to_owned()
}

/// The id of an import, or of an edit of a library.
#[must_use]
pub fn import() -> String {
    "01936b304c7e7a10b5d2c3e4f5a60718".to_owned()
}

/// The number of a playthrough, or of a row.
#[must_use]
pub fn number() -> String {
    "1".to_owned()
}
