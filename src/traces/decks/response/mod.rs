//! The responses of decks. `encoded` writes a deck's body; here it is described.

mod encoded;

use poem_openapi::{Object, types::Example};

pub use self::encoded::{EncodedDeck, respond_merged};
use crate::{
    http::{conditional::ConditionalContent, schema::OneOf},
    identity::access::Environment,
    traces::trace::TraceResponse,
};

/// A deck.
#[derive(Debug, Object)]
#[oai(rename = "Deck", example)]
pub struct DeckResponse {
    /// The game's name in addresses.
    game: String,
    /// Its environment.
    environment: OneOf<Environment>,
    /// The scope; the first, where several were asked for.
    scope: String,
    /// The number of the deck.
    deck: u16,
    /// How many decks there are.
    #[oai(validator(minimum(value = "1")))]
    deck_count: u16,
    /// The revision of the world of which the deck is: where to begin with `GET /v1/changes`.
    revision: String,
    /// Seconds after which to ask again.
    #[oai(validator(minimum(value = "1")))]
    refresh_s: u16,
    /// The traces, those of each kind together; the player's own too.
    traces: Vec<TraceResponse>,
}

impl Example for DeckResponse {
    fn example() -> Self {
        Self {
            game: "climb".to_owned(),
            environment: OneOf(Environment::Live),
            scope: "Ash Lake".to_owned(),
            deck: 3,
            deck_count: 8,
            revision: "4213".to_owned(),
            refresh_s: 10,
            traces: vec![TraceResponse::example()],
        }
    }
}

impl ConditionalContent for DeckResponse {
    const OK: &'static str = "The deck.";
    const NOT_MODIFIED: &'static str = "The deck is the same as in the answer that had this ETag.";
}
