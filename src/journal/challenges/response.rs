//! Responses about challenges.

mod moves;

use poem_openapi::{ApiResponse, Object, types::Example};

pub use self::moves::{CalendarFile, MovesListed, calendar_file};
use super::{
    examples,
    model::{
        ChallengeError, ChallengeState, ChallengeWithCards, GuestState, GuestWithCard, List, OwnGuest, SessionType,
    },
};
use crate::{
    http::{
        conditional::ConditionalContent,
        no_store::NoStore,
        problem::Problem,
        revised,
        schema::{OneOf, Timestamp},
    },
    identity::{
        access::ModerationReason,
        people::{Area, Audience, Band},
    },
    journal::{
        cards::{GameCardResponse, PersonCardResponse},
        examples::TIME_MS,
    },
    platform::page::Page,
};

/// Devices as they are stored, one by one.
fn devices(stored: &str) -> Vec<String> {
    stored.split_whitespace().map(str::to_owned).collect()
}

/// The area of a gathering, as far as it is told to everybody who sees it.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "ChallengeArea")]
pub struct AreaResponse {
    /// What the host calls it.
    name: String,
    /// The cell of the grid H3 that it is in.
    #[oai(skip_serializing_if_is_none)]
    cell: Option<String>,
    /// How large the cell is.
    #[oai(skip_serializing_if_is_none)]
    size: Option<OneOf<Area>>,
    /// How far it is from the area in which you are, in a list of what was found.
    #[oai(skip_serializing_if_is_none)]
    band: Option<OneOf<Band>>,
}

impl Example for AreaResponse {
    fn example() -> Self {
        Self {
            name: examples::AREA.to_owned(),
            cell: Some("851e2e57fffffff".to_owned()),
            size: Some(OneOf(Area::Medium)),
            band: None,
        }
    }
}

/// You, as a guest.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "OwnGuest")]
pub struct OwnGuestResponse {
    /// What has become of it.
    state: OneOf<GuestState>,
    /// Your position on the waiting list, where you wait: 1 is the next.
    #[oai(skip_serializing_if_is_none)]
    position: Option<u64>,
    /// Until when a place is kept that became free for you: accept by then.
    #[oai(skip_serializing_if_is_none)]
    answer_by: Option<Timestamp>,
    /// The devices that you bring.
    brings: Vec<String>,
}

impl From<OwnGuest> for OwnGuestResponse {
    fn from(own: OwnGuest) -> Self {
        Self {
            state: OneOf(own.state),
            position: own.position,
            answer_by: own.answer_by_ms.map(Timestamp),
            brings: devices(&own.brings),
        }
    }
}

impl Example for OwnGuestResponse {
    fn example() -> Self {
        Self { state: OneOf(GuestState::Waiting), position: Some(2), answer_by: None, brings: Vec::new() }
    }
}

/// A guest.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "ChallengeGuest")]
pub struct GuestResponse {
    /// Who it is; absent where they do not show themselves to you.
    #[oai(skip_serializing_if_is_none)]
    person: Option<PersonCardResponse>,
    /// What has become of it.
    state: OneOf<GuestState>,
    /// Whether they were invited.
    invited: bool,
    /// Until when a place is kept for them.
    #[oai(skip_serializing_if_is_none)]
    answer_by: Option<Timestamp>,
    /// The devices that they bring.
    brings: Vec<String>,
    /// Whether they accepted and did not come, as the host says.
    no_show: bool,
}

impl From<GuestWithCard> for GuestResponse {
    fn from(GuestWithCard { guest, person }: GuestWithCard) -> Self {
        Self {
            person: person.map(PersonCardResponse::from),
            state: OneOf(guest.state),
            invited: guest.is_invited,
            answer_by: guest.answer_by_ms.map(Timestamp),
            brings: devices(&guest.brings),
            no_show: guest.no_show,
        }
    }
}

impl Example for GuestResponse {
    fn example() -> Self {
        Self {
            person: Some(PersonCardResponse::example()),
            state: OneOf(GuestState::Accepted),
            invited: true,
            answer_by: None,
            brings: vec!["switch".to_owned()],
            no_show: false,
        }
    }
}

/// A challenge; a gathering where it is `offline`.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "Challenge")]
pub struct ChallengeResponse {
    /// Its id.
    #[oai(validator(max_length = 20))]
    id: String,
    /// The game.
    #[oai(skip_serializing_if_is_none)]
    game: Option<GameCardResponse>,
    /// The host; absent where their account was deleted.
    #[oai(skip_serializing_if_is_none)]
    host: Option<PersonCardResponse>,
    /// Whether you are the host.
    hosting: bool,
    /// Whether it is a gathering.
    session_type: OneOf<SessionType>,
    /// What has become of it.
    state: OneOf<ChallengeState>,
    /// Who may see it, and come without an invitation.
    audience: OneOf<Audience>,
    /// Why it is hidden from everybody else, of your own; absent where it is not.
    #[oai(skip_serializing_if_is_none)]
    hidden: Option<OneOf<ModerationReason>>,
    /// What the host says.
    text: String,
    /// When it begins.
    starts_at: Timestamp,
    /// The time zone in which the host means that.
    zone: String,
    /// When it begins, in that zone.
    #[oai(validator(max_length = 25))]
    local_time: String,
    /// How long it lasts.
    minutes: i32,
    /// How many guests can come.
    capacity: i32,
    /// How many come.
    accepted: u64,
    /// How many wait.
    waiting: u64,
    /// Of a gathering: the area.
    #[oai(skip_serializing_if_is_none)]
    area: Option<AreaResponse>,
    /// The devices that the host brings.
    brings: Vec<String>,
    /// The devices that guests are asked to bring.
    needs: Vec<String>,
    /// You, where you are a guest.
    #[oai(skip_serializing_if_is_none)]
    you: Option<OwnGuestResponse>,
    /// The address: where you are the host, or have accepted, and read this one challenge.
    #[oai(skip_serializing_if_is_none)]
    address: Option<String>,
    /// Whether somebody who comes brings a device that can play the game: where you are the host, or have accepted.
    #[oai(skip_serializing_if_is_none)]
    can_play: Option<bool>,
    /// The guests: of the host all, of who has accepted those who come.
    #[oai(skip_serializing_if_is_none)]
    guests: Option<Vec<GuestResponse>>,
    /// Raised by each change.
    #[oai(validator(max_length = 20))]
    revision: String,
    /// When it was made.
    created_at: Timestamp,
    /// When it was last changed.
    changed_at: Timestamp,
}

impl From<ChallengeWithCards> for ChallengeResponse {
    fn from(shown: ChallengeWithCards) -> Self {
        let challenge = shown.challenge;
        let (cell, band) = (challenge.cell, shown.band.map(OneOf));
        let size = cell.and_then(crate::identity::people::Cell::area).map(OneOf);
        let area =
            challenge.area.map(|name| AreaResponse { name, cell: cell.map(|cell| cell.to_string()), size, band });
        Self {
            id: challenge.id.0.to_string(),
            game: shown.title.map(GameCardResponse::from),
            host: shown.host.map(PersonCardResponse::from),
            hosting: shown.is_own,
            session_type: OneOf(challenge.session_type),
            state: OneOf(challenge.state),
            audience: OneOf(challenge.audience),
            hidden: challenge.hidden.map(OneOf),
            text: challenge.text,
            starts_at: Timestamp(challenge.starts_at_ms),
            local_time: challenge.zone.local(challenge.starts_at_ms),
            zone: challenge.zone.name().to_owned(),
            minutes: challenge.minutes,
            capacity: challenge.capacity,
            accepted: challenge.accepted,
            waiting: challenge.waiting,
            area,
            brings: devices(&challenge.brings),
            needs: devices(&challenge.needs),
            you: challenge.own.map(OwnGuestResponse::from),
            address: shown.address.map(|address| address.expose().to_owned()),
            can_play: shown.can_play,
            guests: shown.guests.map(|guests| guests.into_iter().map(GuestResponse::from).collect()),
            revision: challenge.revision.to_string(),
            created_at: Timestamp(challenge.created_at_ms),
            changed_at: Timestamp(challenge.changed_at_ms),
        }
    }
}

impl ChallengeResponse {
    /// The same without the address: for answers that are kept.
    #[must_use]
    pub fn without_address(self) -> Self {
        Self { address: None, ..self }
    }
}

impl Example for ChallengeResponse {
    fn example() -> Self {
        Self {
            id: examples::challenge(),
            game: Some(GameCardResponse::example()),
            host: Some(PersonCardResponse::example()),
            hosting: true,
            session_type: OneOf(SessionType::Offline),
            state: OneOf(ChallengeState::Accepted),
            audience: OneOf(Audience::Public),
            hidden: None,
            text: examples::TEXT.to_owned(),
            starts_at: Timestamp(examples::STARTS_MS),
            local_time: "2026-12-05T18:00:00+02:00".to_owned(),
            zone: examples::ZONE.to_owned(),
            minutes: 240,
            capacity: 3,
            accepted: 1,
            waiting: 0,
            area: Some(AreaResponse::example()),
            brings: vec!["switch".to_owned()],
            needs: Vec::new(),
            you: None,
            address: Some(examples::ADDRESS.to_owned()),
            can_play: Some(true),
            guests: Some(vec![GuestResponse::example()]),
            revision: "2".to_owned(),
            created_at: Timestamp(TIME_MS),
            changed_at: Timestamp(TIME_MS),
        }
    }
}

impl ConditionalContent for ChallengeResponse {
    const OK: &'static str = "The challenge.";
    const NOT_MODIFIED: &'static str = "The challenge is as you have it.";
}

/// A page of challenges.
#[derive(Debug, Object)]
#[oai(example)]
pub struct ChallengePage {
    /// The challenges, without addresses and guests.
    items: Vec<ChallengeResponse>,
    /// The `after` of the next page; empty where there are none at all.
    #[oai(validator(max_length = 64))]
    next: String,
    /// Whether others follow.
    more: bool,
}

impl ChallengePage {
    /// A page of a list.
    pub fn new(page: Page<ChallengeWithCards>, list: List, after: Option<(i64, i64)>) -> Self {
        let place = |shown: &ChallengeWithCards| {
            let at_ms = if list == List::Found { shown.challenge.starts_at_ms } else { 0 };
            (at_ms, shown.challenge.id.0)
        };
        let next = page.items.last().map(place).or(after);
        let more = page.more;
        Self {
            items: page.items.into_iter().map(ChallengeResponse::from).collect(),
            next: next.map(|(at_ms, id)| format!("{at_ms}.{id}")).unwrap_or_default(),
            more,
        }
    }
}

impl Example for ChallengePage {
    fn example() -> Self {
        Self { items: vec![ChallengeResponse::example()], next: "0.512".to_owned(), more: false }
    }
}

#[derive(ApiResponse)]
pub enum ChallengesListed {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<ChallengePage>),
}

#[derive(ApiResponse)]
pub enum ChallengeMoved {
    /// The challenge as it is now, without its address.
    #[oai(status = 200)]
    Now(NoStore<ChallengeResponse>),
}

/// The problem for an error of a change: one of an old state brings the challenge as it is.
pub fn stale_or(error: ChallengeError) -> Problem {
    match error {
        ChallengeError::Stale(now) => revised::stale(&ChallengeResponse::from(*now)),
        other => other.into(),
    }
}
