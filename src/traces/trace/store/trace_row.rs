//! Reading a [`Trace`] from its row.

use std::borrow::Cow;

use entity::tenant::traces::trace;
use serde::Deserialize;

use crate::{
    platform::codec::json,
    traces::{
        TraceKind,
        trace::{Detail, GroupKey, Trace},
    },
    worlds::ScopeKey,
};

impl Trace {
    /// The trace in a row; `None` where this version does not know its kind.
    pub(in crate::traces) fn from_row(row: trace::Model) -> Option<Self> {
        Some(Self {
            id: row.id,
            kind: TraceKind::of_code(row.kind)?,
            detail: detail(&row),
            vote_weight: vote_weight(&row),
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
            network: row.network,
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

/// The weight of all votes on a trace: an imported one is a whole vote.
fn vote_weight(row: &trace::Model) -> i32 {
    const WHOLE: i32 = 4;
    let weights = row.good_weight.saturating_add(row.poor_weight);
    weights.saturating_add(row.base_good.saturating_mul(WHOLE))
}

/// A part of a v0 message.
#[derive(Deserialize)]
#[serde(untagged)]
enum V0Part<'a> {
    Integer(i64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
}

/// The members of a v0 body that `/v1` shows.
#[derive(Default, Deserialize)]
struct V0Detail<'a> {
    o_type: Option<i64>,
    #[serde(borrow)]
    part1: Option<V0Part<'a>>,
    #[serde(borrow)]
    part2: Option<V0Part<'a>>,
    #[serde(borrow)]
    part3: Option<V0Part<'a>>,
}

/// The detail of a trace: as it is stored, or read from its body where a v0 client left it.
fn detail(row: &trace::Model) -> Detail {
    if let Some(detail) = &row.detail {
        return json::slow(detail.as_bytes()).unwrap_or_default();
    }
    let body: V0Detail<'_> = json::slow(row.body.as_bytes()).unwrap_or_default();
    let parts = [body.part1, body.part2, body.part3].into_iter().flatten();
    let text = parts.map(|part| match part {
        V0Part::Integer(number) => number.to_string(),
        V0Part::Text(text) => text.into_owned(),
    });
    Detail { sort: body.o_type.map(|sort| sort.to_string()), text: text.collect(), ..Detail::default() }
}

/// The numbers, if all of them are present.
fn all<const N: usize>(numbers: [Option<f64>; N]) -> Option<[f64; N]> {
    let mut found = [0.0; N];
    for (place, number) in found.iter_mut().zip(numbers) {
        *place = number?;
    }
    Some(found)
}
