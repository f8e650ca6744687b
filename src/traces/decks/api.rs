//! The routes of decks and single traces, under `/v1`.

use std::iter;

use poem::http::{HeaderMap, Uri};
use poem_openapi::{
    OpenApi,
    param::Path,
    payload::{Json, Response as With},
};

use super::{
    deck_set::DeckSet,
    model::{DeckError, DeckKey},
    request::{DeckQuery, ScopeDeckQuery},
    response::{DeckResponse, EncodedDeck, respond_merged},
    service::Decks,
};
use crate::{
    http::{
        cacheable::BytesResponse,
        client::Client,
        conditional::{Conditional, IfNoneMatch},
        failure::{Failure, NotFound},
        header_lines::HeaderLines,
        params::Params,
        problem::Problem,
    },
    identity::{
        access::request::{KeyVerifier, KnownPlayer, WorldReader},
        players,
    },
    platform::{clock, token},
    traces::{tags::Tag, trace::TraceResponse},
    worlds::{ScopeKey, WorldKey},
};

/// The routes of decks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DecksApi {
    /// The feature.
    pub decks: Decks,
    /// Verifies keys.
    pub key_verifier: KeyVerifier,
}

fn world_of(reader: &WorldReader) -> WorldKey {
    WorldKey::new(reader.studio(), reader.world())
}

/// Which deck a request is answered with, of any number of decks.
#[derive(Clone, Copy)]
enum Choice {
    /// The one that the request names.
    Named(usize),
    /// The one of the player, or of the client's address: no shared cache may keep the answer.
    OfCaller(usize),
}

impl Choice {
    fn of(self, decks: &DeckSet) -> usize {
        let (Self::Named(deck) | Self::OfCaller(deck)) = self;
        deck % decks.count()
    }

    fn set_headers(self, reader: &WorldReader, headers: &mut HeaderMap) {
        match self {
            Self::Named(_) => reader.set_headers(headers),
            Self::OfCaller(_) => reader.set_private_headers(headers),
        }
    }
}

impl DecksApi {
    /// The path that [`DecksApi::try_answer`] answers.
    pub const FAST_PATH: &str = "/v1/deck";

    /// The answer to a valid GET of that path, if the deck is cached and encoded.
    #[must_use]
    pub fn try_answer(&self, uri: &Uri, headers: &HeaderLines<'_>) -> Option<BytesResponse> {
        let reader = WorldReader::verify_cached(&self.key_verifier, uri, headers)?;
        let DeckQuery { scope, other_scopes, deck, versions, group } = DeckQuery::parse(uri).ok()?;
        let deck = deck.filter(|_| other_scopes.is_empty())?;
        let key = DeckKey { world: world_of(&reader), scope, group, versions: None };
        let decks = self.decks.try_get(&key)?;
        if decks.versions_for(versions).is_some() {
            return None;
        }
        let deck = decks.try_get(deck % decks.count())?;
        let mut response = deck.respond(reader.audience(), headers);
        reader.set_headers(response.headers_mut());
        Some(response)
    }

    async fn answer(
        &self,
        reader: &WorldReader,
        deck_of_caller: usize,
        headers: &HeaderLines<'_>,
        DeckQuery { scope, other_scopes, deck, versions, group }: DeckQuery,
    ) -> Result<Conditional<DeckResponse>, Problem> {
        let choice = deck.map_or(Choice::OfCaller(deck_of_caller), Choice::Named);
        let world = world_of(reader);
        let mut sets = Vec::with_capacity(1 + other_scopes.len());
        for scope in iter::once(scope).chain(other_scopes) {
            let key = DeckKey { world, scope, group: group.clone(), versions: None };
            let decks = self.decks.get(key, versions).await?;
            self.decks.encode(&decks, choice.of(&decks)).await?;
            sets.push(decks);
        }
        let chosen: Vec<&EncodedDeck> = sets.iter().filter_map(|decks| decks.try_get(choice.of(decks))).collect();
        let mut response = match (sets.as_slice(), chosen.as_slice()) {
            ([_], [deck]) => deck.respond(reader.audience(), headers),
            ([first, _, ..], several) => {
                respond_merged(first.head(), choice.of(first), several, reader.audience(), headers)
            }
            _ => return Err(Problem::internal()),
        };
        choice.set_headers(reader, response.headers_mut());
        Ok(response.into())
    }
}

/// The deck for a request that names none: that of the player, or one that follows from the client's address.
fn deck_of_caller(player: KnownPlayer, client: &Client) -> usize {
    match player.0 {
        Some(player) => usize::from(players::deck_of(player.id)),
        None => token::digest(&client.address.to_string()).first().copied().map_or(0, usize::from),
    }
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Traces")]
impl DecksApi {
    /// Get a deck
    ///
    /// A deck is a small selection of a scope's traces of each kind, without the frames of recordings. A scope has a few
    /// decks, the same for all readers; a player uses the one named when they signed in. Ask again after `refresh_s` seconds
    /// with the `ETag`: the answer is 304 while the deck is the same. Several scopes, up to 8, are answered as one deck.
    #[oai(path = "/deck", method = "get", operation_id = "getDeck")]
    async fn deck(
        &self,
        reader: WorldReader,
        player: KnownPlayer,
        client: Client,
        known: IfNoneMatch<'_>,
        query: Params<DeckQuery>,
    ) -> Result<Conditional<DeckResponse>, Failure> {
        self.answer(&reader, deck_of_caller(player, &client), &known.0, query.0).await.map_err(Failure::from)
    }

    /// Get a deck of a scope
    ///
    /// Like `GET /v1/deck` with one scope, which is named in the path.
    #[oai(path = "/scopes/:scope/traces", method = "get", operation_id = "getScopeDeck")]
    async fn scope_deck(
        &self,
        reader: WorldReader,
        player: KnownPlayer,
        client: Client,
        known: IfNoneMatch<'_>,
        /// The scope.
        #[oai(example = "example_path_scope")]
        scope: Path<String>,
        query: Params<ScopeDeckQuery>,
    ) -> Result<Conditional<DeckResponse>, Failure> {
        let query = DeckQuery { scope: ScopeKey::parse(&scope.0, "scope").map_err(DeckError::from)?, ..query.0.0 };
        self.answer(&reader, deck_of_caller(player, &client), &known.0, query).await.map_err(Failure::from)
    }

    /// Get a trace
    #[oai(path = "/traces/:trace_id", method = "get", operation_id = "getTrace")]
    async fn trace(
        &self,
        reader: WorldReader,
        /// The trace.
        #[oai(example = "example_id")]
        trace_id: Path<String>,
    ) -> Result<With<Json<TraceResponse>>, Failure<NotFound>> {
        let id = trace_id.0.parse().map_err(|_| DeckError::NotFound)?;
        let trace = self.decks.trace(world_of(&reader), id).await?;
        Ok(reader.respond(Json(TraceResponse::at(trace, clock::now_ms()))))
    }
}

fn example_path_scope() -> String {
    "Ash Lake".to_owned()
}

fn example_id() -> String {
    "4211".to_owned()
}
