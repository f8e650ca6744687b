//! Bodies that say what a host decides: of a new challenge, and of a change.

use poem_openapi::{Object, types::Example};

use super::{devices, number, read, usernames};
use crate::{
    catalogue::titles::TitleId,
    http::schema::{OneOf, Timestamp},
    identity::people::{Area, Audience, Cell, Point},
    journal::challenges::{
        examples,
        model::{
            ChallengeError, Details, MAX_CAPACITY, MAX_MINUTES, NewChallenge, SessionType, USUAL_MINUTES, Venue, text,
        },
    },
    platform::{clock, codec::fields::Fields, named::Named, zone::Zone},
};

/// A point in the area of a gathering. It is turned into the cell that it is in, and neither stored nor logged.
#[derive(Debug, Object)]
#[oai(example, rename = "ChallengePlace")]
pub struct VenueFields {
    /// Degrees north of the equator.
    #[oai(validator(minimum(value = "-90"), maximum(value = "90")))]
    latitude: f64,
    /// Degrees east of Greenwich.
    #[oai(validator(minimum(value = "-180"), maximum(value = "180")))]
    longitude: f64,
    /// How large the cell is that others see: some 1,770, 250 or 36 square kilometres. Absent: `medium`.
    size: Option<OneOf<Area>>,
}

impl Example for VenueFields {
    fn example() -> Self {
        Self { latitude: 47.16, longitude: 27.59, size: Some(OneOf(Area::Medium)) }
    }
}

/// A number of degrees; what is wrong is not repeated.
fn degrees(fields: &mut Fields, name: &str, most: f64) -> Option<f64> {
    let number = fields.optional_number(name, f64::MAX)?;
    let within = number.filter(|number| number.abs() <= most);
    if within.is_none() {
        fields.wrong(name, format!("must be a number of degrees within ±{most}"));
    }
    within
}

/// The cell of a place; `Some(None)` where there is none.
#[expect(clippy::option_option, reason = "as for other fields: invalid, absent, present")]
fn cell(fields: &mut Fields) -> Option<Option<Cell>> {
    let Some(object) = fields.optional_object("place")? else { return Some(None) };
    let mut place = Fields::within(object, "/place".to_owned());
    let latitude = degrees(&mut place, "latitude", 90.0);
    let longitude = degrees(&mut place, "longitude", 180.0);
    let size = place.optional_text("size", Area::parse);
    place.refuse_others();
    let cell = || Point::new(latitude?, longitude?)?.cell(size?.unwrap_or(Area::Medium));
    let cell = cell();
    match place.done(cell) {
        Ok(cell) => Some(Some(cell)),
        Err(faults) => {
            fields.wrong_too(faults);
            None
        }
    }
}

/// An integer from 1; another one where it is absent.
fn integer(fields: &mut Fields, name: &str, most: i64, otherwise: i64) -> Option<i32> {
    let integer = fields.optional_integer(name, 1..=most)?;
    i32::try_from(integer.unwrap_or(otherwise)).ok()
}

fn details(fields: &mut Fields) -> Option<Details> {
    let said = fields.optional_text("text", text::text);
    let audience = fields.optional_text("audience", Audience::parse);
    let capacity = integer(fields, "capacity", MAX_CAPACITY, 1);
    let starts_at = fields
        .text("starts_at", |text| clock::parse(text).ok_or_else(|| "must be a time as RFC 3339 writes it".to_owned()));
    let zone = fields.text("zone", Zone::parse);
    let minutes = integer(fields, "minutes", MAX_MINUTES, USUAL_MINUTES);
    let area = fields.optional_text("area", text::area);
    let address = fields.optional_text("address", text::address);
    let cell = cell(fields);
    let (brings, needs) = (devices(fields, "brings"), devices(fields, "needs"));
    let (area, address, cell) = (area?, address?, cell?);
    let is_elsewhere = address.is_some() || cell.is_some();
    let venue = area.map(|area| Venue { area, cell, address });
    if venue.is_none() && is_elsewhere {
        fields.wrong("area", "is missing: say what the area is called");
        return None;
    }
    Some(Details {
        text: said?.unwrap_or_default(),
        audience: audience?.unwrap_or(Audience::Private),
        capacity: capacity?,
        starts_at_ms: starts_at?,
        zone: zone?,
        minutes: minutes?,
        venue,
        brings: brings?,
        needs: needs?,
    })
}

/// A new challenge.
#[derive(Debug, Object)]
#[oai(example, rename = "NewChallenge")]
pub struct ChallengeRequest {
    /// The game's id. It must be one that everybody sees.
    #[oai(validator(max_length = 20))]
    game: String,
    /// `online`, or `offline`: a gathering, which needs an `area` and a device that can play the game.
    session_type: OneOf<SessionType>,
    /// The usernames of whom you invite, at most 50. They must be able to see your profile.
    #[oai(validator(max_items = 50))]
    invited: Option<Vec<String>>,
    /// Plain text of up to 1000 characters.
    #[oai(validator(max_length = 1000))]
    text: Option<String>,
    /// Who may see it, and come without an invitation. Absent: `private`, so only who is invited.
    audience: Option<OneOf<Audience>>,
    /// How many guests can come. Absent: as many as you invite, and one at least.
    #[oai(validator(minimum(value = "1"), maximum(value = "64")))]
    capacity: Option<i32>,
    /// When it begins: within a year.
    starts_at: Timestamp,
    /// The time zone in which you mean that, by its IANA name.
    #[oai(validator(max_length = 64))]
    zone: String,
    /// How long it lasts. Absent: 180.
    #[oai(validator(minimum(value = "1"), maximum(value = "10080")))]
    minutes: Option<i32>,
    /// Of a gathering: what the area is called, in up to 60 letters, digits, spaces, hyphens, commas and parentheses. Everybody who sees
    /// the gathering sees it.
    #[oai(validator(max_length = 60))]
    area: Option<String>,
    /// Of a gathering: where the area is. Absent: where you are, as others may know it (`/api/people/place`).
    place: Option<VenueFields>,
    /// Of a gathering: the address, in up to 300 characters. Only you and guests who have accepted see it; it is wiped a week after.
    #[oai(validator(max_length = 300))]
    address: Option<String>,
    /// The devices that you bring: platforms such as `switch`, at most 10.
    #[oai(validator(max_items = 10))]
    brings: Option<Vec<String>>,
    /// The devices that guests are asked to bring, at most 10.
    #[oai(validator(max_items = 10))]
    needs: Option<Vec<String>>,
}

impl Example for ChallengeRequest {
    fn example() -> Self {
        Self {
            game: examples::game(),
            session_type: OneOf(SessionType::Offline),
            invited: Some(vec![examples::username()]),
            text: Some(examples::TEXT.to_owned()),
            audience: Some(OneOf(Audience::Public)),
            capacity: Some(3),
            starts_at: Timestamp(examples::STARTS_MS),
            zone: examples::ZONE.to_owned(),
            minutes: Some(240),
            area: Some(examples::AREA.to_owned()),
            place: Some(VenueFields::example()),
            address: Some(examples::ADDRESS.to_owned()),
            brings: Some(vec!["switch".to_owned()]),
            needs: None,
        }
    }
}

impl ChallengeRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<NewChallenge, ChallengeError> {
        read(body, |fields| {
            let title =
                fields.text("game", |id| number(id).map(TitleId).ok_or_else(|| "must be the id of a game".to_owned()));
            let session_type = fields.text("session_type", SessionType::parse);
            let invited = usernames(fields, "invited");
            let has_capacity = fields.is_present("capacity");
            let details = details(fields);
            let (invited, mut details) = (invited?, details?);
            if !has_capacity {
                details.capacity = i32::try_from(invited.len()).unwrap_or(1).max(1);
            }
            Some(NewChallenge { title: title?, session_type: session_type?, invited, details })
        })
    }
}

/// A challenge as it is to be from now on. What is absent is as in a new one, so send all of it; only a gathering without `place` stays
/// where it is.
#[derive(Debug, Object)]
#[oai(example, rename = "ChallengeChange")]
pub struct ChallengeChangeRequest {
    /// Plain text of up to 1000 characters.
    #[oai(validator(max_length = 1000))]
    text: Option<String>,
    /// Who may see it, and come without an invitation. Absent: `private`.
    audience: Option<OneOf<Audience>>,
    /// How many guests can come; no fewer than places are taken. Absent: one.
    #[oai(validator(minimum(value = "1"), maximum(value = "64")))]
    capacity: Option<i32>,
    /// When it begins.
    starts_at: Timestamp,
    /// The time zone in which you mean that, by its IANA name.
    #[oai(validator(max_length = 64))]
    zone: String,
    /// How long it lasts. Absent: 180.
    #[oai(validator(minimum(value = "1"), maximum(value = "10080")))]
    minutes: Option<i32>,
    /// Of a gathering: what the area is called.
    #[oai(validator(max_length = 60))]
    area: Option<String>,
    /// Of a gathering: where the area is. Absent: where it was.
    place: Option<VenueFields>,
    /// Of a gathering: the address. Absent: none.
    #[oai(validator(max_length = 300))]
    address: Option<String>,
    /// The devices that you bring, at most 10.
    #[oai(validator(max_items = 10))]
    brings: Option<Vec<String>>,
    /// The devices that guests are asked to bring, at most 10.
    #[oai(validator(max_items = 10))]
    needs: Option<Vec<String>>,
}

impl Example for ChallengeChangeRequest {
    fn example() -> Self {
        Self {
            text: Some(examples::TEXT.to_owned()),
            audience: Some(OneOf(Audience::Friends)),
            capacity: Some(4),
            starts_at: Timestamp(examples::STARTS_MS),
            zone: examples::ZONE.to_owned(),
            minutes: None,
            area: Some(examples::AREA.to_owned()),
            place: None,
            address: Some(examples::ADDRESS.to_owned()),
            brings: Some(vec!["switch".to_owned()]),
            needs: None,
        }
    }
}

impl ChallengeChangeRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<Details, ChallengeError> {
        read(body, details)
    }
}
