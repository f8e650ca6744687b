//! Reading requests for maps.

use super::model::{Bounds, CELLS, HiddenFilter, MAX_POINTS, MapQuery, Plane};
use crate::{
    http::{
        declaration::{Param, Values},
        page::Paged,
        params::{self, QueryParams, QueryReader, UriReader},
    },
    platform::clock,
    traces::TraceKind,
    worlds::ScopeKey,
};

/// Coordinates of traces are within this, on either side of 0.
const LIMIT: f64 = 1e7;

const SCOPE: Param = Param {
    name: "scope",
    about: "The scope; absent: the one without a name.",
    values: Values::Text { max_bytes: ScopeKey::MAX_BYTES },
    example: "Ash Lake",
};

const KIND: Param = Param {
    name: "kind",
    about: "A kind to show; may be repeated. Absent: all.",
    values: Values::Texts { max_bytes: 16, max_items: TraceKind::ALL.len() },
    example: "message",
};

const PLANE: Param = Param {
    name: "plane",
    about: "Which two coordinates the map shows, the one to the right first.",
    values: Values::OneOf(Plane::NAMES),
    example: "xz",
};

const BOUNDS: Param = Param {
    name: "bounds",
    about: "The part to show: the lower and the upper corner, as `x0,y0,x1,y1` in the map's two coordinates. Absent: all.",
    values: Values::Text { max_bytes: 120 },
    example: "0,0,200,124",
};

const NUMBER_OF_CELLS: Param = Param {
    name: "cells",
    about: "Cells along the longer side.",
    values: Values::Integer { min: *CELLS.start(), max: *CELLS.end(), default: Some(128) },
    example: "128",
};

const FROM: Param = Param {
    name: "from",
    about: "Only traces that were left at this time or later, RFC 3339.",
    values: Values::Text { max_bytes: 40 },
    example: "2026-11-01T00:00:00Z",
};

const TO: Param = Param {
    name: "to",
    about: "Only traces that were left at this time or earlier, RFC 3339.",
    values: Values::Text { max_bytes: 40 },
    example: "2026-11-28T00:00:00Z",
};

const CONTENT_VERSION_MIN: Param = Param {
    name: "content_version_min",
    about: "Only traces of this content version or a later one.",
    values: Values::Integer { min: 0, max: 2_147_483_647, default: None },
    example: "3",
};

const CONTENT_VERSION_MAX: Param = Param {
    name: "content_version_max",
    about: "Only traces of this content version or an earlier one.",
    values: Values::Integer { min: 0, max: 2_147_483_647, default: None },
    example: "5",
};

const GOOD_MIN: Param = Param {
    name: "good_min",
    about: "Only traces with so many votes for them, imported ones included.",
    values: Values::Integer { min: 0, max: 2_147_483_647, default: Some(0) },
    example: "1",
};

const SHOWN: Param = Param {
    name: "shown",
    about: "Whether those that players see are shown, or the hidden ones, or both. The latter two need the permission `moderate`.",
    values: Values::OneOf(HiddenFilter::NAMES),
    example: "visible",
};

const POINTS: Param = Param {
    name: "points",
    about: "Up to how many traces are named one by one in `points`.",
    values: Values::Integer { min: 0, max: 2000, default: Some(1000) },
    example: "1000",
};

fn bounds(text: &str) -> Result<Bounds, String> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some([x0, y0, x1, y1]) if x0 < x1 && y0 < y1 && [x0, y0, x1, y1].iter().all(|at| at.abs() <= LIMIT) => {
            Ok(Bounds { low: [*x0, *y0], high: [*x1, *y1] })
        }
        _ => Err("must be four numbers within ±1e7, x0,y0,x1,y1, with x0 below x1 and y0 below y1".to_owned()),
    }
}

fn time(text: &str) -> Result<i64, String> {
    clock::parse(text).ok_or_else(|| "is not a time as RFC 3339 has it".to_owned())
}

fn kind(text: &str) -> Result<TraceKind, String> {
    TraceKind::of_name(text).ok_or_else(|| "must be object, message, phantom or bloodstain".to_owned())
}

impl QueryParams for MapQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let scope = reader.optional(&SCOPE, |scope| ScopeKey::parse(scope, "").map_err(|fault| fault.detail));
        let mut kinds = reader.repeated(&KIND, kind);
        kinds.sort_unstable();
        kinds.dedup();
        let plane = reader.optional(&PLANE, |name| Plane::parse(name).ok_or_else(|| "must be xz, xy or zy".to_owned()));
        let bounds = reader.optional(&BOUNDS, bounds);
        let cells = reader.integer(&NUMBER_OF_CELLS).and_then(|cells| u32::try_from(cells).ok());
        let times = (reader.optional(&FROM, time), reader.optional(&TO, time));
        let mut version = |param| reader.integer(param).and_then(|version| i32::try_from(version).ok());
        let versions = (version(&CONTENT_VERSION_MIN), version(&CONTENT_VERSION_MAX));
        let good_min = reader.integer(&GOOD_MIN);
        let shown = reader.optional(&SHOWN, |name| {
            HiddenFilter::parse(name).ok_or_else(|| "must be visible, hidden or all".to_owned())
        });
        let points = reader.integer(&POINTS).and_then(|points| usize::try_from(points).ok());
        Some(Self {
            scope: scope.unwrap_or_default(),
            kinds: if kinds.is_empty() { TraceKind::ALL.to_vec() } else { kinds },
            plane: plane.unwrap_or(Plane::Xz),
            bounds,
            cells: cells.unwrap_or(128),
            times: (times.0.unwrap_or(i64::MIN), times.1.unwrap_or(i64::MAX)),
            versions: (versions.0.unwrap_or(0), versions.1.unwrap_or(i32::MAX)),
            good_min: good_min.unwrap_or(0),
            shown: shown.unwrap_or(HiddenFilter::Visible),
            points: points.unwrap_or(1000).min(MAX_POINTS),
        })
    }
}

/// The scopes of a world, in pages.
#[derive(Debug)]
pub struct Scopes;

impl Paged for Scopes {
    type Cursor = ScopeKey;
    const DEFAULT_LIMIT: usize = 50;
    const MAX_LIMIT: usize = 100;
    const EXAMPLE_CURSOR: &'static str = "Ash Lake";
    // The last scope's name, after a sign that tells the scope without a name from no cursor.
    const CURSOR_BYTES: usize = ScopeKey::MAX_BYTES + 1;

    fn parse(cursor: &str) -> Result<ScopeKey, String> {
        let name = cursor.strip_prefix('=').ok_or_else(|| "is no `next` of an answer".to_owned())?;
        ScopeKey::parse(name, "").map_err(|fault| fault.detail)
    }
}

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("MapQuery", |uri| params::read::<MapQuery>(uri).is_ok())];

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(query: &str) -> Vec<String> {
        let uri = format!("/v1/games/climb/map{query}").parse().unwrap();
        params::read::<MapQuery>(&uri).err().unwrap_or_default().into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn each_fault_is_named() {
        for (query, pointers) in [
            ("", &[][..]),
            ("?bounds=0,0,10,10&kind=message&kind=object&plane=xy&shown=all&from=2026-11-01T00:00:00Z", &[]),
            ("?bounds=0,0,10", &["?bounds"]),
            ("?bounds=10,0,0,10", &["?bounds"]),
            ("?bounds=0,0,1e9,10", &["?bounds"]),
            ("?bounds=0,0,NaN,10", &["?bounds"]),
            ("?kind=tree", &["?kind"]),
            ("?cells=8&points=5000&from=now", &["?cells", "?from", "?points"]),
            ("?plane=side&shown=some", &["?plane", "?shown"]),
        ] {
            assert_eq!(faults(query), pointers, "{query}");
        }
    }
}
