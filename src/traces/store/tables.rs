//! The tables of worlds and traces in a studio's own.

use entity::tenant::{
    traces::{
        ban, hidden_author, idempotency, import, inbox, recording, report, trace, trace_ref, trace_use, upload, vote,
    },
    worlds::{change, world},
};

use crate::platform::db::MovableTable;

/// All tables of worlds, in an order in which rows can be inserted.
#[must_use]
pub fn world_tables() -> Vec<MovableTable> {
    vec![MovableTable::of::<world::Entity>().with_sequence("id"), MovableTable::of::<change::Entity>()]
}

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
        MovableTable::of::<ban::Entity>(),
        MovableTable::of::<hidden_author::Entity>(),
    ]
}
