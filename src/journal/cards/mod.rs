//! What the journal shows of games and of people, beside what it says about them.

mod response;

pub use self::response::{GameCardResponse, PersonCardResponse};
