//! Reading a [`Trace`] from its row.

use entity::tenant::traces::trace;

use crate::{
    traces::{
        TraceKind,
        trace::{Detail, GroupKey, Trace},
    },
    worlds::ScopeKey,
};

impl Trace {
    /// The trace in a row; nothing where its kind is unknown to this version.
    pub(in crate::traces) fn from_row(row: trace::Model) -> Option<Self> {
        Some(Self {
            id: row.id,
            kind: TraceKind::of_code(row.kind)?,
            detail: Detail::of(&row),
            position: all([row.x, row.y, row.z]),
            rotation: all([row.qx, row.qy, row.qz, row.qw]),
            scope: ScopeKey::stored(&row.scope),
            author: row.author,
            by_player: row.minted,
            content_version: row.content_version,
            rank_value: row.rank_value,
            group: row.group_key.as_deref().map(GroupKey::stored),
            hidden: row.hidden,
            legacy: row.legacy,
            good: row.base_good.saturating_add(row.good),
            poor: row.poor,
            score: row.score,
            uses: row.uses,
            revision: row.revision,
            created_at_ms: row.created_at_ms,
            expires_at_ms: row.expires_at_ms,
        })
    }

    /// The traces in these rows, in order.
    pub(in crate::traces) fn from_rows(rows: Vec<trace::Model>) -> Vec<Self> {
        rows.into_iter().filter_map(Self::from_row).collect()
    }
}

/// The numbers, if all of them are there.
fn all<const N: usize>(numbers: [Option<f64>; N]) -> Option<[f64; N]> {
    let mut found = [0.0; N];
    for (place, number) in found.iter_mut().zip(numbers) {
        *place = number?;
    }
    Some(found)
}
