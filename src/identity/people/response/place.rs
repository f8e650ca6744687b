//! The place of the user themself.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::{
        examples::TIME_MS,
        people::model::{Area, OwnPlace},
        profiles::Audience,
    },
};

/// The answer with a place.
#[derive(ApiResponse)]
pub enum PlaceAnswer {
    /// The place.
    #[oai(status = 200)]
    Place(NoStore<PlaceResponse>),
}

/// Where the user says that they are.
#[derive(Debug, Object)]
#[oai(example, rename = "Place")]
pub struct PlaceResponse {
    /// The cell of the grid H3 that is stored.
    cell: String,
    /// How large it is.
    area: OneOf<Area>,
    /// The cell of which all distances for others are computed: a larger one where few accounts are in the stored one.
    shown_cell: String,
    /// Who sees how far away it is.
    audience: OneOf<Audience>,
    /// When the cell may be another.
    changes_at: Timestamp,
}

impl Example for PlaceResponse {
    fn example() -> Self {
        Self {
            cell: "851e1337fffffff".to_owned(),
            area: OneOf(Area::Medium),
            shown_cell: "841e133ffffffff".to_owned(),
            audience: OneOf(Audience::Friends),
            changes_at: Timestamp(TIME_MS),
        }
    }
}

impl From<OwnPlace> for PlaceAnswer {
    fn from(place: OwnPlace) -> Self {
        Self::Place(NoStore(PlaceResponse {
            cell: place.cell.to_string(),
            area: OneOf(place.cell.area().unwrap_or(Area::Medium)),
            shown_cell: place.shown.to_string(),
            audience: OneOf(place.audience),
            changes_at: Timestamp(place.changes_at_ms()),
        }))
    }
}
