//! The tables of traces in a studio.

use entity::tenant::traces::{
    ban, claimed_ban, hidden_author, idempotency, import, inbox, own_count, recording, report, reporter, trace,
    trace_ref, trace_use, upload, vote,
};

use crate::platform::db::{MovableTable, PersonalTable};

/// All tables of traces, in an order in which rows can be inserted.
#[must_use]
pub fn tenant_tables() -> Vec<MovableTable> {
    vec![
        MovableTable::of::<trace::Entity>(),
        MovableTable::of::<own_count::Entity>(),
        MovableTable::of::<recording::Entity>(),
        MovableTable::of::<idempotency::Entity>(),
        MovableTable::of::<import::Entity>(),
        MovableTable::of::<trace_ref::Entity>(),
        MovableTable::of::<upload::Entity>(),
        MovableTable::of::<vote::Entity>(),
        MovableTable::of::<trace_use::Entity>(),
        MovableTable::of::<inbox::Entity>(),
        MovableTable::of::<report::Entity>(),
        MovableTable::of::<reporter::Entity>(),
        MovableTable::of::<ban::Entity>(),
        MovableTable::of::<claimed_ban::Entity>(),
        MovableTable::of::<hidden_author::Entity>(),
    ]
}

/// Those with data about a player, beside the traces.
#[must_use]
pub fn personal_tables() -> Vec<PersonalTable> {
    vec![
        PersonalTable::of::<own_count::Entity>("author"),
        PersonalTable::of::<trace_ref::Entity>("author"),
        PersonalTable::of::<upload::Entity>("player"),
        PersonalTable::of::<vote::Entity>("player"),
        PersonalTable::of::<trace_use::Entity>("player"),
        PersonalTable::of::<inbox::Entity>("player"),
        PersonalTable::of::<report::Entity>("player"),
        PersonalTable::of::<reporter::Entity>("player"),
        PersonalTable::of::<ban::Entity>("player"),
        PersonalTable::of::<hidden_author::Entity>("player"),
    ]
}

/// What others have stored about a player.
#[must_use]
pub fn tables_about_players() -> Vec<PersonalTable> {
    vec![PersonalTable::of::<hidden_author::Entity>("author")]
}
