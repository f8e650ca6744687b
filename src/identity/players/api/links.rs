//! The routes by which a player is linked to an account: the game's, and the user's.

use poem_openapi::{ApiResponse, Object, OpenApi, param::Path, types::Example};

use crate::{
    http::{
        body::JsonBody,
        client::Client,
        no_store::NoStore,
        problem::{Answers, Failure},
    },
    identity::{
        access::request::{PlayerCaller, Session},
        accounts::LinkedPlayerResponse,
        players::{
            model::{LinkCode, PlayerError},
            service::Players,
        },
        tags::Tag,
    },
    platform::{clock, codec::fields::Fields},
};

/// The routes by which a player is linked to an account. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LinksApi {
    /// The feature.
    pub players: Players,
}

struct Asking;

impl Answers for Asking {
    const STATUSES: &'static [u16] = &[401, 404, 429, 503];
}

struct Typing;

impl Answers for Typing {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503];
}

struct Listing;

impl Answers for Listing {
    const STATUSES: &'static [u16] = &[401, 503];
}

struct Ending;

impl Answers for Ending {
    const STATUSES: &'static [u16] = &[401, 403, 404, 503];
}

#[derive(ApiResponse)]
enum Coded {
    /// The code, to be shown in the game.
    #[oai(status = 201)]
    Code(NoStore<LinkCodeResponse>),
}

#[derive(ApiResponse)]
enum Linked {
    /// The player belongs to the account.
    #[oai(status = 200)]
    Player(NoStore<LinkedPlayerResponse>),
}

#[derive(ApiResponse)]
enum Owned {
    /// The players.
    #[oai(status = 200)]
    All(NoStore<LinkedPlayerList>),
}

#[derive(ApiResponse)]
enum Done {
    /// Done.
    #[oai(status = 204)]
    Done,
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Players")]
impl LinksApi {
    /// Ask for a code that links the player to an account
    ///
    /// The game shows it; whoever is signed in to the account types it there within ten minutes. An older one is good no
    /// longer.
    #[oai(path = "/players/me/link-code", method = "post", operation_id = "askForLinkCode")]
    async fn ask(&self, playing: PlayerCaller) -> Result<Coded, Failure<Asking>> {
        let (code, expires_at_ms) = self.players.link_code(&playing.0).await?;
        Ok(Coded::Code(NoStore(LinkCodeResponse { code: code.shown(), expires_at: clock::format(expires_at_ms) })))
    }

    /// Link a player to the account
    ///
    /// With the code that the game shows. A player belongs to one account at most (409). Few codes may be tried (429).
    #[oai(path = "/account/players", method = "post", operation_id = "linkPlayer")]
    async fn link(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<LinkRequest>,
    ) -> Result<Linked, Failure<Typing>> {
        let code = LinkRequest::read(&body.bytes)?;
        let linked = self.players.link(&session.0.user, &code, client.address).await?;
        Ok(Linked::Player(NoStore(linked.into())))
    }

    /// The players of the account
    #[oai(path = "/account/players", method = "get", operation_id = "listPlayers")]
    async fn players(&self, session: Session) -> Result<Owned, Failure<Listing>> {
        let players = self.players.players_of(&session.0.user).await?;
        let items = players.into_iter().map(LinkedPlayerResponse::from).collect();
        Ok(Owned::All(NoStore(LinkedPlayerList { items })))
    }

    /// End a player's link
    ///
    /// The player goes on in the game, and belongs to no account.
    #[oai(path = "/account/players/:player_id", method = "delete", operation_id = "unlinkPlayer")]
    async fn unlink(
        &self,
        session: Session,
        /// The player.
        player_id: Path<String>,
    ) -> Result<Done, Failure<Ending>> {
        self.players.unlink(&session.0.user, &player_id.0).await?;
        Ok(Done::Done)
    }
}

const CODE: &str = "7M2K-Q0V9";

/// A code that links a player to an account.
#[derive(Debug, Object)]
#[oai(example, rename = "LinkCode")]
struct LinkCodeResponse {
    /// Eight digits and letters, none of which looks like another; the hyphen and capitals may be left out.
    code: String,
    /// When it ends (RFC 3339).
    expires_at: String,
}

impl Example for LinkCodeResponse {
    fn example() -> Self {
        Self { code: CODE.to_owned(), expires_at: "2026-11-21T08:10:00Z".to_owned() }
    }
}

/// A code that the game shows.
#[derive(Debug, Object)]
#[oai(example)]
struct LinkRequest {
    /// As it is shown.
    code: String,
}

impl Example for LinkRequest {
    fn example() -> Self {
        Self { code: CODE.to_owned() }
    }
}

impl LinkRequest {
    fn read(body: &[u8]) -> Result<LinkCode, PlayerError> {
        let mut fields = Fields::read(body)?;
        let code = fields.text("code", |text| Ok(LinkCode::typed(text)));
        fields.done(code).map_err(PlayerError::Invalid)
    }
}

/// The players of an account: 200 at most.
#[derive(Debug, Object)]
#[oai(example)]
struct LinkedPlayerList {
    /// Who was linked first first.
    items: Vec<LinkedPlayerResponse>,
}

impl Example for LinkedPlayerList {
    fn example() -> Self {
        Self { items: vec![LinkedPlayerResponse::example()] }
    }
}
