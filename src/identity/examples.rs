//! Example values in the API description, for several features. All are of the same studio, so that the example response of one
//! operation fits the parameters of another.

/// The id of a user.
pub const USER: &str = "01936b2f4c7e7a10b5d2c3e4f5a60718";

/// A time: 2026-11-21T08:00:00Z.
pub const TIME_MS: i64 = 1_795_248_000_000;

/// The name of a studio in addresses.
#[must_use]
pub fn studio() -> String {
    "moss".to_owned()
}

/// The name of a game in addresses.
#[must_use]
pub fn game() -> String {
    "climb".to_owned()
}

/// The id of a user.
#[must_use]
pub fn user() -> String {
    USER.to_owned()
}

/// A username.
#[must_use]
pub fn username() -> String {
    "ann-of-moss".to_owned()
}

/// The id of a notice.
#[must_use]
pub fn notice() -> String {
    "4211".to_owned()
}

/// The name of a kind of notices.
#[must_use]
pub fn notice_kind() -> String {
    "followed".to_owned()
}

/// The id of a player.
#[must_use]
pub fn player() -> String {
    "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718".to_owned()
}

/// The display name of a player.
#[must_use]
pub fn display_name() -> String {
    "Ann of Moss".to_owned()
}

/// A name under which a v0 client writes.
#[must_use]
pub fn legacy_name() -> String {
    "8f14e45f-ceea-467f-a8e2-2d2c1a9b7f30".to_owned()
}

/// The id of a key.
#[must_use]
pub fn key() -> String {
    "7m2k0qv9x4ta".to_owned()
}

/// The id of an invitation.
#[must_use]
pub fn invitation() -> String {
    "01936b304c7e7a10b5d2c3e4f5a60718".to_owned()
}

/// The id of an app password.
#[must_use]
pub fn app_password() -> String {
    "01936b304c7e7a10b5d2c3e4f5a60718".to_owned()
}

/// The id of a session.
#[must_use]
pub fn session() -> String {
    "01936b304c7e7a10b5d2c3e4f5a60718".to_owned()
}
