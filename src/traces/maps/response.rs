//! The answers of maps.

use poem_openapi::{Object, types::Example};

use super::{
    grid::{KindCells, Map},
    model::{BARS, Dot, MapQuery, ScopeCount},
};
use crate::{
    http::schema::{OneOf, Timestamp},
    traces::TraceKind,
};

/// A scope seen from above: how many traces lie in each cell of a grid.
#[derive(Debug, Object)]
#[oai(rename = "ScopeMap", example)]
pub struct MapResponse {
    /// The scope.
    scope: String,
    /// Which two coordinates the map shows, the one to the right first.
    plane: String,
    /// The part that it shows, `[x0,y0,x1,y1]`: the corners.
    bounds: Vec<f64>,
    /// Cells beside each other.
    columns: u32,
    /// Cells above each other; row 0 is that of the lower corner.
    rows: u32,
    /// The width of a cell, in the game's units.
    cell_size: f64,
    /// How many traces the map shows.
    total: u32,
    /// What lies in the cells, for each kind.
    kinds: Vec<MapKind>,
    /// The time that `bars` of each kind divide, whatever `from` and `to` say.
    times: MapTimes,
    /// The content versions of what lies in the part, the newest first, at most 50.
    versions: Vec<MapVersion>,
    /// The traces one by one; absent where there are more than was asked for.
    #[oai(skip_serializing_if_is_none)]
    points: Option<MapPoints>,
}

/// The traces of one kind in the cells of a map.
#[derive(Debug, Object)]
struct MapKind {
    /// The kind.
    kind: OneOf<TraceKind>,
    /// How many there are.
    total: u32,
    /// The cells that have some, ascending: the row times `columns`, plus the column.
    cells: Vec<u32>,
    /// How many each of them has.
    counts: Vec<u32>,
    /// When they were left, whatever `from` and `to` say: how many in each of the equal parts of `times`.
    bars: Vec<u32>,
}

/// The time that the bars of a map's kinds divide.
#[derive(Debug, Object)]
struct MapTimes {
    /// Where the first bar begins.
    from: Timestamp,
    /// Where the last bar ends.
    to: Timestamp,
}

/// A content version on a map.
#[derive(Debug, Object)]
struct MapVersion {
    /// The content version.
    content_version: i32,
    /// How many traces it has.
    traces: u32,
}

/// The traces of a map one by one, in columns.
#[derive(Debug, Object)]
struct MapPoints {
    /// Their ids.
    ids: Vec<String>,
    /// Their kinds, as places in `kinds`.
    kinds: Vec<u32>,
    /// Where they lie, on the axis to the right.
    x: Vec<f64>,
    /// Where they lie, on the other axis.
    y: Vec<f64>,
    /// Which of them are hidden, as places in these columns.
    hidden: Vec<u32>,
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl MapPoints {
    fn new(dots: &[Dot]) -> Self {
        let kind = |dot: &Dot| place(TraceKind::ALL.iter().position(|kind| *kind == dot.kind).unwrap_or_default());
        let hidden = |(at, dot): (usize, &Dot)| dot.hidden.then(|| place(at));
        let (x, y) = dots.iter().map(|dot| (dot.at[0], dot.at[1])).unzip();
        Self {
            ids: dots.iter().map(|dot| dot.id.to_string()).collect(),
            kinds: dots.iter().map(kind).collect(),
            x,
            y,
            hidden: dots.iter().enumerate().filter_map(hidden).collect(),
        }
    }
}

impl MapResponse {
    /// A map, as an answer to a query.
    pub fn new(query: &MapQuery, map: Map) -> Self {
        let [x0, y0] = map.bounds.low;
        let [x1, y1] = map.bounds.high;
        let of_kind = |((kind, cells), bars): ((TraceKind, KindCells), [u32; BARS])| MapKind {
            kind: OneOf(kind),
            total: cells.total,
            cells: cells.cells,
            counts: cells.counts,
            bars: bars.to_vec(),
        };
        let versions = map.versions.into_iter();
        Self {
            scope: query.scope.as_str().to_owned(),
            plane: query.plane.name().to_owned(),
            bounds: vec![x0, y0, x1, y1],
            columns: map.columns,
            rows: map.rows,
            cell_size: map.cell_size,
            total: map.kinds.iter().map(|kind| kind.total).sum(),
            kinds: TraceKind::ALL.into_iter().zip(map.kinds).zip(map.bars).map(of_kind).collect(),
            times: MapTimes { from: Timestamp(map.times.0), to: Timestamp(map.times.1) },
            versions: versions.map(|(content_version, traces)| MapVersion { content_version, traces }).collect(),
            points: map.points.as_deref().map(MapPoints::new),
        }
    }
}

impl Example for MapResponse {
    fn example() -> Self {
        let bars = || vec![0; BARS];
        let none = |kind| MapKind { kind: OneOf(kind), total: 0, cells: Vec::new(), counts: Vec::new(), bars: bars() };
        let kinds = TraceKind::ALL.into_iter().map(|kind| match kind {
            TraceKind::Message => MapKind { total: 5, cells: vec![513, 514], counts: vec![4, 1], ..none(kind) },
            kind => none(kind),
        });
        Self {
            scope: "Ash Lake".to_owned(),
            plane: "xz".to_owned(),
            bounds: vec![0.0, -460.0, 200.0, -336.0],
            columns: 128,
            rows: 80,
            cell_size: 1.5625,
            total: 5,
            kinds: kinds.collect(),
            times: MapTimes { from: Timestamp(1_792_569_600_000), to: Timestamp(1_795_248_000_000) },
            versions: vec![MapVersion { content_version: 0, traces: 5 }],
            points: None,
        }
    }
}

/// A page of the scopes of a world.
#[derive(Debug, Object)]
#[oai(rename = "ScopeList", example)]
pub struct ScopesResponse {
    /// In the order of their names.
    items: Vec<ScopeTraces>,
    /// For `after` in the next request.
    next: String,
    /// Whether there are more.
    more: bool,
}

/// What a scope holds.
#[derive(Debug, Object)]
struct ScopeTraces {
    /// Its name; empty for the scope without one.
    scope: String,
    /// Objects, hidden and expired ones included, as in all of these.
    object: i64,
    /// Messages.
    message: i64,
    /// Phantoms.
    phantom: i64,
    /// Bloodstains.
    bloodstain: i64,
}

impl From<ScopeCount> for ScopeTraces {
    fn from(ScopeCount { scope, traces: [object, message, phantom, bloodstain] }: ScopeCount) -> Self {
        Self { scope: scope.as_str().to_owned(), object, message, phantom, bloodstain }
    }
}

impl ScopesResponse {
    /// A page of at most `limit` scopes, of which one more was read; `after` is the cursor of the request.
    pub fn new(mut scopes: Vec<ScopeCount>, after: Option<&str>, limit: usize) -> Self {
        let more = scopes.len() > limit;
        scopes.truncate(limit);
        let last = scopes.last().map(|count| count.scope.as_str().to_owned());
        let next = last.or_else(|| after.map(str::to_owned)).map(|scope| format!("={scope}")).unwrap_or_default();
        Self { items: scopes.into_iter().map(ScopeTraces::from).collect(), next, more }
    }
}

impl Example for ScopesResponse {
    fn example() -> Self {
        let scope = "Ash Lake".to_owned();
        Self {
            items: vec![ScopeTraces { scope, object: 12, message: 531, phantom: 40, bloodstain: 96 }],
            next: "=Ash Lake".to_owned(),
            more: false,
        }
    }
}
