//! Where people are: cells of the grid H3, never points.
//!
//! - A point is turned into its cell where the request is read ([`Point::cell`]). Nothing behind that sees the point, and all points
//!   of a cell are answered alike.
//! - A cell in which fewer than [`CROWD`] accounts were at the last daily count is shown as its parent ([`Cell::shown`]). Accounts
//!   younger than thirty days don't count, so nobody fills a cell with accounts of their own in order to make it show.
//! - Whatever is said of how far two people are from each other is a function of the two shown cells ([`Band::between`]).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use h3o::{CellIndex, LatLng, Resolution};

use super::CELL_KEPT;
use crate::{
    identity::profiles::Audience,
    platform::{clock, named::Named},
};

/// Accounts that must be in a cell for it to be shown.
pub const CROWD: u64 = 20;

/// The resolution of the regions by which cells are found: cells of a few hundred kilometres.
const REGION: Resolution = Resolution::Three;

/// How many rings of regions around one's own hold all cells within 100 km: regions are some 120 km from each other, and the centre
/// of a cell is 70 km from that of its region at most.
const RINGS: u32 = 2;

/// A point on the earth, for as long as it takes to find its cell.
pub struct Point {
    latitude: f64,
    longitude: f64,
}

/// So that no log has it.
impl fmt::Debug for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Point")
    }
}

/// How large one's cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Some 1,770 square kilometres (resolution 4).
    Large,
    /// Some 250 square kilometres (resolution 5).
    Medium,
    /// Some 36 square kilometres (resolution 6).
    Small,
}

impl Area {
    fn resolution(self) -> Resolution {
        match self {
            Self::Large => Resolution::Four,
            Self::Medium => Resolution::Five,
            Self::Small => Resolution::Six,
        }
    }
}

impl Named for Area {
    const SET: &'static str = "Area";
    const MEMBERS: &'static [Self] = &[Self::Large, Self::Medium, Self::Small];

    fn public_name(self) -> &'static str {
        match self {
            Self::Large => "large",
            Self::Medium => "medium",
            Self::Small => "small",
        }
    }
}

impl Point {
    /// The point of these degrees; `None` where there is none.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude))
            .then_some(Self { latitude, longitude })
    }

    /// The cell in which it is.
    #[must_use]
    pub fn cell(self, area: Area) -> Option<Cell> {
        Some(Cell(LatLng::new(self.latitude, self.longitude).ok()?.to_cell(area.resolution())))
    }
}

/// A cell of the grid, of resolution 3 to 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell(CellIndex);

impl Cell {
    /// The number by which it is stored.
    #[must_use]
    pub fn number(self) -> i64 {
        // The first bit of an index is 0.
        i64::try_from(u64::from(self.0)).unwrap_or_default()
    }

    /// The cell that is stored as this number; `None` where it is none.
    #[must_use]
    pub fn stored(number: i64) -> Option<Self> {
        CellIndex::try_from(u64::try_from(number).ok()?).ok().map(Self)
    }

    /// The cell of the next larger size that it is in.
    fn parent(self) -> Self {
        let larger = self.0.resolution().pred();
        larger.and_then(|larger| self.0.parent(larger)).map_or(self, Self)
    }

    /// The cell that others may know of, for one who is in this cell.
    #[must_use]
    pub fn shown(self, is_crowded: bool) -> Self {
        if is_crowded { self } else { self.parent() }
    }

    /// How large it is, if it is of a size that one may choose.
    #[must_use]
    pub fn area(self) -> Option<Area> {
        Area::MEMBERS.iter().copied().find(|area| area.resolution() == self.0.resolution())
    }

    /// The region that it is in.
    #[must_use]
    pub fn region(self) -> Self {
        self.0.parent(REGION).map_or(self, Self)
    }

    /// The regions in which all cells within that band of this one are.
    #[must_use]
    pub fn regions_within(self, band: Band) -> Vec<Self> {
        let rings = if band == Band::SameArea { 0 } else { RINGS };
        self.region().0.grid_disk::<Vec<_>>(rings).into_iter().map(Self).collect()
    }

    /// Whether one of the two is within the other, or they are the same.
    fn overlaps(self, other: Self) -> bool {
        let (small, large) = if self.0.resolution() >= other.0.resolution() { (self, other) } else { (other, self) };
        small.0.parent(large.0.resolution()) == Some(large.0)
    }
}

/// How H3 writes it.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How far two people are from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// In the same area.
    SameArea,
    /// Less than 25 km from the middle of one area to that of the other.
    Under25Km,
    /// Less than 50 km.
    Under50Km,
    /// Less than 100 km.
    Under100Km,
    /// Farther.
    Farther,
}

impl Band {
    /// How far two shown cells are from each other: the same in both directions.
    #[must_use]
    pub fn between(one: Cell, other: Cell) -> Self {
        if one.overlaps(other) {
            return Self::SameArea;
        }
        let (one, other) = (one.min(other), one.max(other));
        match LatLng::from(one.0).distance_km(LatLng::from(other.0)) {
            km if km < 25.0 => Self::Under25Km,
            km if km < 50.0 => Self::Under50Km,
            km if km < 100.0 => Self::Under100Km,
            _ => Self::Farther,
        }
    }
}

impl Named for Band {
    const SET: &'static str = "Band";
    const MEMBERS: &'static [Self] =
        &[Self::SameArea, Self::Under25Km, Self::Under50Km, Self::Under100Km, Self::Farther];

    fn public_name(self) -> &'static str {
        match self {
            Self::SameArea => "same_area",
            Self::Under25Km => "under_25_km",
            Self::Under50Km => "under_50_km",
            Self::Under100Km => "under_100_km",
            Self::Farther => "farther",
        }
    }
}

/// Where a user says that they are.
#[derive(Clone, Copy, Debug)]
pub struct PlaceChange {
    /// The cell.
    pub cell: Cell,
    /// Who sees how far it is.
    pub audience: Audience,
}

/// A place as its own user sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnPlace {
    /// The cell.
    pub cell: Cell,
    /// The cell that others may know of.
    pub shown: Cell,
    /// Who sees how far it is.
    pub audience: Audience,
    /// When the cell was set to another (Unix time in ms).
    pub changed_at_ms: i64,
}

impl OwnPlace {
    /// When the cell may be another (Unix time in ms).
    #[must_use]
    pub fn changes_at_ms(&self) -> i64 {
        self.changed_at_ms.saturating_add(clock::ms(CELL_KEPT))
    }
}

/// Those of the cells in which somebody is that are crowded, by how many accounts that count are in each. Whoever is in a smaller
/// cell is in the larger ones around it too.
#[must_use]
pub fn crowded_cells(accounts: &BTreeMap<Cell, u64>) -> BTreeSet<Cell> {
    let mut within: BTreeMap<Cell, u64> = BTreeMap::new();
    for (cell, count) in accounts {
        let mut around = *cell;
        loop {
            *within.entry(around).or_default() += count;
            if around == around.region() {
                break;
            }
            around = around.parent();
        }
    }
    let is_crowded = |cell: &&Cell| within.get(*cell).is_some_and(|count| *count >= CROWD);
    accounts.keys().filter(is_crowded).copied().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bucharest.
    const HERE: (f64, f64) = (44.43, 26.10);

    fn cell(latitude: f64, longitude: f64, area: Area) -> Cell {
        Point::new(latitude, longitude).unwrap().cell(area).unwrap()
    }

    fn here(area: Area) -> Cell {
        cell(HERE.0, HERE.1, area)
    }

    #[test]
    fn a_cell_is_stored_and_read_back() {
        for area in Area::MEMBERS {
            let cell = here(*area);
            assert_eq!((Cell::stored(cell.number()), cell.area()), (Some(cell), Some(*area)));
        }
        assert_eq!((Cell::stored(0), Cell::stored(-1)), (None, None));
    }

    #[test]
    fn there_are_no_points_beyond_the_earth() {
        for (latitude, longitude) in [(90.1, 0.0), (-91.0, 0.0), (0.0, 180.5), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert!(Point::new(latitude, longitude).is_none(), "{latitude} {longitude}");
        }
        assert_eq!(format!("{:?}", Point::new(44.43, 26.1).unwrap()), "Point", "no log has it");
    }

    #[test]
    fn a_cell_that_is_not_crowded_is_shown_as_its_parent() {
        let cell = here(Area::Medium);
        assert_eq!(cell.shown(true), cell);
        assert_eq!(cell.shown(false), here(Area::Large), "at one point both are around it");
    }

    #[test]
    fn accounts_in_smaller_cells_crowd_the_larger_ones() {
        let count = |counts: &[(Cell, u64)]| crowded_cells(&counts.iter().copied().collect());
        let [large, medium, small] = [Area::Large, Area::Medium, Area::Small].map(here);
        assert_eq!(count(&[(medium, 19)]), BTreeSet::new());
        assert_eq!(count(&[(medium, 20)]), BTreeSet::from([medium]));
        assert_eq!(count(&[(large, 1), (medium, 10), (small, 9)]), BTreeSet::from([large]));
        assert_eq!(count(&[(large, 0), (medium, 0), (small, 20)]), BTreeSet::from([large, medium, small]));
        assert_eq!(count(&[(large, 20), (small, 0)]), BTreeSet::from([large]), "not the other way round");
    }

    #[test]
    fn bands_grow_with_the_distance() {
        let from = here(Area::Medium);
        // A degree of longitude is 79.5 km here.
        for (degrees, band) in [
            (0.0, Band::SameArea),
            (0.25, Band::Under25Km),
            (0.4, Band::Under50Km),
            (1.0, Band::Under100Km),
            (3.0, Band::Farther),
        ] {
            assert_eq!(Band::between(from, cell(HERE.0, HERE.1 + degrees, Area::Medium)), band, "{degrees}");
        }
        assert_eq!(Band::between(from, here(Area::Large)), Band::SameArea, "one is within the other");
    }

    fn anywhere() -> impl Strategy<Value = (f64, f64)> {
        (-85.0..85.0, -180.0..180.0)
    }

    fn area() -> impl Strategy<Value = Area> {
        proptest::sample::select(Area::MEMBERS)
    }

    proptest! {
        #[test]
        fn a_band_is_the_same_in_both_directions(
            (latitude, longitude) in anywhere(), (north, east) in (-1.5..1.5_f64, -1.5..1.5_f64), one in area(), other in area(),
        ) {
            let there = cell(latitude + north, (longitude + east).clamp(-180.0, 180.0), other);
            let here = cell(latitude, longitude, one);
            prop_assert_eq!(Band::between(here, there), Band::between(there, here));
        }

        #[test]
        fn all_cells_within_a_band_are_in_its_regions(
            (latitude, longitude) in anywhere(), (north, east) in (-1.2..1.2_f64, -1.2..1.2_f64), one in area(), other in area(),
            (crowded, alone) in any::<(bool, bool)>(),
        ) {
            let here = cell(latitude, longitude, one).shown(crowded);
            let stored = cell(latitude + north, (longitude + east).clamp(-180.0, 180.0), other);
            let band = Band::between(here, stored.shown(alone));
            if band < Band::Farther {
                prop_assert!(here.regions_within(band).contains(&stored.region()), "{:?}", band);
            }
        }
    }
}
