//! The routes of meeting, under `/v1`; questions stand in [`querying`].

mod querying;

use std::{sync::Arc, time::Duration};

use poem::{
    Request,
    http::{HeaderMap, Uri, header},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::{Json, Response as With},
};

pub use self::querying::QueryApi;
use super::{
    decks::{self, Deck},
    model::{CHANGES, DeckKey, MeetingError, SCOPES, WAIT_SECS},
    service::Meeting,
    wire::{ChangePage, ChangeResponse, DeckResponse},
};
use crate::{
    http::{
        cacheable::{BytesResponse, CacheHeaders},
        client::Client,
        conditional::{Conditional, ConditionalContent},
        docs::Tag,
        page::PageRequest,
        params,
        problem::{Answers, Failure, Problem},
    },
    identity::{
        access::request::{caller::KeyVerifier, player::PlayerTokenVerifier, reader::Reader},
        players,
    },
    platform::{error::Fault, token},
    traces::trace::{GroupKey, TraceResponse},
    worlds::{ScopeKey, WorldKey},
};

fn world_of(reader: &Reader) -> WorldKey {
    WorldKey::new(reader.studio(), reader.world())
}

/// The routes of meeting. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MeetingApi {
    /// The feature.
    pub meeting: Meeting,
    /// Tells what keys open.
    pub key_verifier: KeyVerifier,
    /// Tells whose player_token_verifier are good.
    pub player_token_verifier: PlayerTokenVerifier,
}

struct Looking;

impl Answers for Looking {
    const STATUSES: &'static [u16] = &[401, 403, 422, 503];
}

struct LookingAtOne;

impl Answers for LookingAtOne {
    const STATUSES: &'static [u16] = &[401, 403, 404, 422, 503];
}

struct Subscriptions;

impl Answers for Subscriptions {
    const STATUSES: &'static [u16] = &[401, 403, 410, 422, 503];
}

fn answer(deck: &Deck, reader: &Reader, headers: &HeaderMap) -> BytesResponse {
    deck.ready.answer(reader.audience(), headers, || deck.gzip.clone(), || deck.identity.clone())
}

/// What is asked for.
struct Asked {
    scope: ScopeKey,
    more: Vec<ScopeKey>,
    deck: Option<usize>,
    version: Option<i32>,
    group: Option<GroupKey>,
}

fn number<T: std::str::FromStr>(text: &str, name: &str, most: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::new(format!("?{name}"), format!("must be an integer of 0 to {most}")))
}

impl Asked {
    fn of(uri: &Uri) -> Result<Self, Fault> {
        let (mut first, mut more, mut deck, mut version, mut group) = (None, Vec::new(), None, None, None);
        for (name, raw) in params::pairs(uri) {
            match &*name {
                "scope" => {
                    let scope = ScopeKey::parse(&params::decode(raw, "scope")?, "?scope")?;
                    if first.is_none() { first = Some(scope) } else { more.push(scope) }
                }
                // Nothing is as good as absent.
                _ if raw.is_empty() => {}
                "deck" => params::set_once(&mut deck, number::<u16>(raw, "deck", "65535")?.into(), "deck")?,
                "version" => params::set_once(&mut version, number(raw, "version", "2147483647")?, "version")?,
                "group" => {
                    let parsed = GroupKey::parse(&params::decode(raw, "group")?);
                    params::set_once(&mut group, parsed.map_err(|detail| Fault::new("?group", detail))?, "group")?;
                }
                _ => {}
            }
        }
        if more.len() >= SCOPES {
            return Err(Fault::new("?scope", format!("is there {} times; at most {SCOPES}", more.len() + 1)));
        }
        Ok(Self { scope: first.unwrap_or_default(), more, deck, version, group })
    }
}

impl MeetingApi {
    /// The path whose answers may be at hand.
    pub const FAST_PATH: &str = "/v1/deck";

    /// The answer to a GET of that path, if nobody has to wait for it and nothing is wrong.
    #[must_use]
    pub fn try_answer(&self, uri: &Uri, headers: &HeaderMap) -> Option<BytesResponse> {
        let reader = Reader::try_get(&self.key_verifier, uri, headers)?;
        let Asked { scope, more, deck, version, group } = Asked::of(uri).ok()?;
        let deck = deck.filter(|_| more.is_empty())?;
        let key = DeckKey { world: world_of(&reader), scope, group, version: None };
        let decks = self.meeting.try_get(&key)?;
        if version.is_some_and(|version| version < decks.newest_version()) {
            return None;
        }
        let deck = decks.try_get(deck % decks.count())?;
        let mut answer = answer(deck, &reader, headers);
        reader.seal(answer.headers_mut());
        Some(answer)
    }

    async fn show_deck(
        &self,
        reader: &Reader,
        client: &Client,
        headers: &HeaderMap,
        Asked { scope, more, deck, version, group }: Asked,
    ) -> Result<Conditional<DeckResponse>, Problem> {
        let world = world_of(reader);
        // What goes by who asks is not for others to keep.
        let shown = |mut answer: BytesResponse| {
            let headers = answer.headers_mut();
            if deck.is_some() {
                reader.seal(headers);
            } else {
                reader.seal_for_caller(headers);
            }
            Ok(answer.into())
        };
        let place = deck.unwrap_or_else(|| self.deck_of(headers, client));
        let mut all = Vec::with_capacity(1 + more.len());
        for scope in std::iter::once(scope).chain(more) {
            let key = DeckKey { world, scope, group: group.clone(), version: None };
            let decks = self.meeting.decks(key, version).await?;
            self.meeting.make(&decks, place % decks.count()).await?;
            all.push(decks);
        }
        let deck =
            |decks: &Arc<decks::Decks>| decks.try_get(place % decks.count()).map(|deck| Arc::clone(&deck.traces));
        if let [decks] = all.as_slice() {
            let deck = decks.try_get(place % decks.count()).ok_or_else(Problem::internal)?;
            return shown(answer(deck, reader, headers));
        }
        let segments: Vec<_> = all.iter().filter_map(deck).collect();
        let head = all.first().map(|decks| decks.head(place % decks.count())).unwrap_or_default();
        let (gzip, identity, crc) = decks::assemble(&head, &segments, "]}");
        let name = format!("m{:08x}{crc:08x}", identity.len());
        let ready = CacheHeaders::new(&name, "application/json", "no-cache", gzip.len(), identity.len());
        shown(ready.answer(reader.audience(), headers, || gzip, || identity))
    }

    /// The deck of those who name none: a player's own, or one that goes with where the request comes from.
    fn deck_of(&self, headers: &HeaderMap, client: &Client) -> usize {
        let shown = headers.get(header::AUTHORIZATION).and_then(|shown| shown.to_str().ok());
        let token = shown.and_then(|shown| shown.strip_prefix("Bearer "));
        match token.and_then(|token| (self.player_token_verifier.0)(token)) {
            Some(player) => usize::from(players::deck_of(player.id)),
            None => token::digest(&client.address.to_string()).first().copied().map_or(0, usize::from),
        }
    }
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Traces")]
impl MeetingApi {
    /// Meet what others have left
    ///
    /// A deck: a light selection of a scope's traces of each kind, without recordings' frames. A scope has a few decks, the
    /// same for all; a player keeps to the one that signing in has named. Ask again after `refresh_s` seconds with the
    /// `ETag`; the answer is 304 while the deck is the same. Several scopes, up to 8, are answered as one deck.
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    #[oai(path = "/deck", method = "get", operation_id = "getDeck")]
    async fn deck(
        &self,
        /// Without a key: a game that lets itself be read, as `studio/game`, or `studio/game/dev`.
        #[oai(name = "game")]
        reader: Reader,
        client: Client,
        request: &Request,
        /// The place; may be repeated, up to 8 times. Absent: the place that has no name.
        #[oai(example = "example_scope")]
        scope: Query<Option<String>>,
        /// Which deck, taken modulo their number. Absent: the player's own where a player's token is shown.
        deck: Query<Option<u16>>,
        /// The game's content that the reader understands: newer traces are left out.
        version: Query<Option<i32>>,
        /// What the group calls itself whose traces are asked for.
        group: Query<Option<String>>,
    ) -> Result<Conditional<DeckResponse>, Failure<Looking>> {
        // Read once more below, exactly.
        drop((scope, deck, version, group));
        let asked = Asked::of(request.uri()).map_err(MeetingError::from)?;
        self.show_deck(&reader, &client, request.headers(), asked).await.map_err(Failure::from)
    }

    /// The deck of a scope
    ///
    /// The same as `GET /v1/deck` of one scope, for those who would rather name it in the path.
    #[oai(path = "/scopes/:scope/traces", method = "get", operation_id = "getScopeDeck")]
    async fn scope_deck(
        &self,
        /// Without a key: a game that lets itself be read, as `studio/game`, or `studio/game/dev`.
        #[oai(name = "game")]
        reader: Reader,
        client: Client,
        request: &Request,
        /// The place.
        #[oai(example = "example_place")]
        scope: Path<String>,
    ) -> Result<Conditional<DeckResponse>, Failure<Looking>> {
        let scope = ScopeKey::parse(&scope.0, "scope").map_err(MeetingError::from)?;
        let asked = Asked { scope, more: Vec::new(), ..Asked::of(request.uri()).map_err(MeetingError::from)? };
        self.show_deck(&reader, &client, request.headers(), asked).await.map_err(Failure::from)
    }

    /// One trace
    #[oai(path = "/traces/:trace_id", method = "get", operation_id = "getTrace")]
    async fn trace(
        &self,
        /// Without a key: a game that lets itself be read, as `studio/game`, or `studio/game/dev`.
        #[oai(name = "game")]
        reader: Reader,
        /// The trace.
        #[oai(example = "example_id")]
        trace_id: Path<String>,
    ) -> Result<With<Json<TraceResponse>>, Failure<LookingAtOne>> {
        let world = world_of(&reader);
        let id = trace_id.0.parse().map_err(|_| MeetingError::NotThere)?;
        Ok(reader.answer(Json(self.meeting.one(world, id).await?)))
    }

    /// What happens in a world
    ///
    /// What was left, changed and went after `after`, in order, each once. Where nothing has, the answer waits up to `wait_s`
    /// seconds for it. Begin with the `revision` of a deck, or with 0. Who was away for longer than a week is told 410
    /// `cursor_too_old`, and starts over.
    #[oai(path = "/changes", method = "get", operation_id = "getChanges")]
    async fn changes(
        &self,
        /// Without a key: a game that lets itself be read, as `studio/game`, or `studio/game/dev`.
        #[oai(name = "game")]
        reader: Reader,
        request: &Request,
        /// In this scope only.
        scope: Query<Option<String>>,
        /// The `next` of the answer before.
        after: Query<Option<String>>,
        /// Seconds to wait: 0 to 30.
        wait_s: Query<Option<u64>>,
        /// At most so many: 1 to 1000, else 1000.
        limit: Query<Option<String>>,
    ) -> Result<With<Json<ChangePage>>, Failure<Subscriptions>> {
        let world = world_of(&reader);
        let has_scope = scope.0.is_some();
        drop((scope, after, limit));
        let uri = request.uri();
        let named = params::query(uri, "scope").and_then(|scope| ScopeKey::parse(&scope, "?scope"));
        let scope = has_scope.then_some(named.map_err(MeetingError::from)?);
        let id = |text: &str| text.parse::<i64>().map_err(|_| "is no `next` of an answer".to_owned());
        let PageRequest { after, limit } = PageRequest::read(uri, [CHANGES; 2], id).map_err(MeetingError::Invalid)?;
        let (after, limit) = (after.unwrap_or_default(), u64::try_from(limit).unwrap_or(u64::MAX));
        let wait = Duration::from_secs(wait_s.0.unwrap_or_default().min(WAIT_SECS));
        let found = self.meeting.happenings(world, scope.as_ref(), after, limit, wait).await?;
        let items = found.items.into_iter().map(ChangeResponse::of).collect();
        Ok(reader.answer_now(Json(ChangePage { items, next: found.next.to_string(), more: found.more })))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "an example has the type of its parameter")]
fn example_scope() -> Option<String> {
    Some("Ash Lake".to_owned())
}

fn example_place() -> String {
    "Ash Lake".to_owned()
}

fn example_id() -> String {
    "4211".to_owned()
}

impl ConditionalContent for DeckResponse {
    const OK: &'static str = "The deck.";
    const NOT_MODIFIED: &'static str = "The deck is the same as in the answer that had this ETag.";
}
