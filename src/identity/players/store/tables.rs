//! The tables of players in a studio.

use entity::tenant::identity::{legacy_name, player, player_token};

use crate::platform::db::{MovableTable, PersonalTable};

/// All tables of players, in an order in which rows can be inserted.
#[must_use]
pub fn tenant_tables() -> Vec<MovableTable> {
    vec![
        MovableTable::of::<player::Entity>(),
        MovableTable::of::<player_token::Entity>(),
        MovableTable::of::<legacy_name::Entity>(),
    ]
}

/// Those with data about a player; the player's row is the last.
#[must_use]
pub fn personal_tables() -> Vec<PersonalTable> {
    vec![
        PersonalTable::of::<player_token::Entity>("player"),
        PersonalTable::of::<legacy_name::Entity>("player"),
        PersonalTable::of::<player::Entity>("id"),
    ]
}
