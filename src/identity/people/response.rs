//! What answers about people contain.

mod list;
mod place;
mod user;

pub use self::{
    list::{FoundList, FoundListed, PeopleList, PeopleListed},
    place::PlaceAnswer,
    user::{MeResponse, PersonResponse, ProfileAnswer, UserAnswer},
};
