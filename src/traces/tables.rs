//! The tables of traces in a studio.

use entity::tenant::traces::{
    ban, claimed_ban, hidden_author, idempotency, import, inbox, recording, report, reporter, trace, trace_ref,
    trace_use, upload, vote,
};

use crate::platform::db::MovableTable;

/// All tables of traces, in an order in which rows can be inserted.
#[must_use]
pub fn tenant_tables() -> Vec<MovableTable> {
    vec![
        MovableTable::of::<trace::Entity>(),
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
