//! The body of a place: the only one that has a point in it. Its faults don't repeat what was sent.

use poem_openapi::{Object, types::Example};

use crate::{
    http::schema::OneOf,
    identity::{
        people::model::{Area, PeopleError, PlaceChange, Point},
        profiles::Audience,
    },
    platform::{codec::fields::Fields, named::Named},
};

/// Where the user is. The point is turned into the area that it is in, and neither stored nor logged.
#[derive(Debug, Object)]
#[oai(example, rename = "PlaceContent")]
pub struct PlaceRequest {
    /// Degrees north of the equator.
    #[oai(validator(minimum(value = "-90"), maximum(value = "90")))]
    latitude: f64,
    /// Degrees east of Greenwich.
    #[oai(validator(minimum(value = "-180"), maximum(value = "180")))]
    longitude: f64,
    /// How large the area is: some 1,770, 250 or 36 square kilometres. Absent: `medium`.
    area: Option<OneOf<Area>>,
    /// Who sees how far away the area is, and who finds the user by place. Absent: `friends`.
    audience: Option<OneOf<Audience>>,
}

impl Example for PlaceRequest {
    fn example() -> Self {
        Self {
            latitude: 44.43,
            longitude: 26.1,
            area: Some(OneOf(Area::Medium)),
            audience: Some(OneOf(Audience::Public)),
        }
    }
}

/// A number of degrees; what is wrong is not repeated.
fn degrees(fields: &mut Fields, name: &str, most: f64) -> Option<f64> {
    // Wider than any number of degrees, so that only what is no number is refused there.
    let number = fields.optional_number(name, f64::MAX)?;
    let within = number.filter(|number| number.abs() <= most);
    if within.is_none() {
        fields.wrong(name, format!("must be a number of degrees within ±{most}"));
    }
    within
}

impl PlaceRequest {
    /// Reads the cell of a place from a body.
    pub fn read(body: &[u8]) -> Result<PlaceChange, PeopleError> {
        let mut fields = Fields::read(body)?;
        let latitude = degrees(&mut fields, "latitude", 90.0);
        let longitude = degrees(&mut fields, "longitude", 180.0);
        let area = fields.optional_text("area", Area::parse);
        let audience = fields.optional_text("audience", Audience::parse);
        fields.refuse_others();
        let change = || {
            let cell = Point::new(latitude?, longitude?)?.cell(area?.unwrap_or(Area::Medium))?;
            Some(PlaceChange { cell, audience: audience?.unwrap_or(Audience::Friends) })
        };
        let change = change();
        fields.done(change).map_err(PeopleError::Invalid)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(latitude: f64, longitude: f64) -> PlaceChange {
        PlaceRequest::read(format!(r#"{{"latitude":{latitude},"longitude":{longitude}}}"#).as_bytes()).unwrap()
    }

    #[test]
    fn a_fault_does_not_repeat_the_point() {
        for body in [r#"{"latitude":91.25,"longitude":26.75}"#, r#"{"latitude":44.25,"longitude":1e9}"#] {
            let Err(PeopleError::Invalid(faults)) = PlaceRequest::read(body.as_bytes()) else { panic!("{body}") };
            let text = format!("{faults:?}");
            assert!(!["91.25", "26.75", "44.25", "1000000000", "1e9"].iter().any(|part| text.contains(part)), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        /// What is read of two points of a cell is the same, so nothing behind can tell them apart.
        #[test]
        fn two_points_of_a_cell_are_read_alike(
            latitude in -80.0..80.0_f64, longitude in -179.0..179.0_f64, north in -0.2..0.2_f64, east in -0.2..0.2_f64,
        ) {
            let (one, mut scale) = (read(latitude, longitude), 1.0);
            // Nearer and nearer, until both are in one cell.
            let other = loop {
                let other = read(latitude + north * scale, longitude + east * scale);
                if other.cell == one.cell {
                    break other;
                }
                scale /= 2.0;
            };
            prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
        }
    }
}
