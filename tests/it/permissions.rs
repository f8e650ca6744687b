//! Who may do what: every operation of the description, tried by every kind of caller, against a table written by hand.
//!
//! A row says what an operation demands, and what those are answered who meet that; [`expected`] says what the others are
//! answered. An operation without a row fails, and so does a row without an operation.

use std::collections::BTreeMap;

use cairn::platform::{
    clock,
    codec::hex,
    permit::{KeyKind, Role, Scope},
    signer::{SIGNATURE_BYTES, Signer},
};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use crate::support::{
    Backend, Cairn, Place, bodies, each,
    gamer::Gamer,
    keys::{id_of, names},
    letters::Letters,
    person::{PASSWORD, Person},
};

/// The worlds that there are besides the open one.
const WORLDS: [&str; 4] = ["moss/climb/live", "moss/climb/dev", "moss/dive/live", "tern/climb/live"];

/// The world that anyone may read who names its game.
const READABLE: &str = "moss/dive/live";

/// The game that operations name which name one.
const GAME: &str = "climb";

/// What a caller shows.
#[derive(Clone, Copy)]
enum Shows {
    Nothing,
    /// A key that opens that world and may do that there.
    Key(&'static str, &'static [Scope]),
    /// What is no key, or none any more.
    NoKey,
    /// The name of a game: of the one that anyone may read, or of another.
    Name(&'static str),
    /// The token of a player.
    Player,
    /// The token of the player whose trace it is.
    Author,
    /// The token of a player or a session that was good, and is no more.
    Ended,
    /// The token of a user's session, who is that.
    Session(User),
}

/// What somebody who is signed in is.
#[derive(Clone, Copy)]
enum User {
    /// A member of no studio.
    Alone,
    /// A member of moss.
    Of(Role),
    /// An owner of another studio.
    Elsewhere,
    /// A member of no studio, who sees them all.
    Administrator,
}

const BOTH: &[Scope] = &[Scope::Read, Scope::Write];

/// Each kind of caller.
const CALLERS: &[(&str, Shows)] = &[
    ("nothing", Shows::Nothing),
    ("publishable moss/climb/live", Shows::Key("moss/climb/live", BOTH)),
    ("secret moss/climb/live", Shows::Key("moss/climb/live", &Scope::ALL)),
    ("publishable moss/climb/dev", Shows::Key("moss/climb/dev", BOTH)),
    ("secret moss/climb/dev", Shows::Key("moss/climb/dev", &Scope::ALL)),
    ("secret moss/dive/live", Shows::Key("moss/dive/live", &Scope::ALL)),
    ("secret tern/climb/live", Shows::Key("tern/climb/live", &Scope::ALL)),
    ("reader", Shows::Key("moss/climb/live", &[Scope::Read])),
    ("writer", Shows::Key("moss/climb/live", &[Scope::Write])),
    ("secret without admin", Shows::Key("moss/climb/live", BOTH)),
    ("revoked", Shows::NoKey),
    ("malformed", Shows::NoKey),
    ("unknown id", Shows::NoKey),
    ("wrong secret", Shows::NoKey),
    ("two keys", Shows::NoKey),
    ("name of a game that anyone may read", Shows::Name("moss/dive/live")),
    ("name of a game that nobody may", Shows::Name("moss/climb/live")),
    ("player", Shows::Player),
    ("author", Shows::Author),
    ("player whose token has ended", Shows::Ended),
    ("user whose session has ended", Shows::Ended),
    ("user", Shows::Session(User::Alone)),
    ("owner of moss", Shows::Session(User::Of(Role::Owner))),
    ("developer of moss", Shows::Session(User::Of(Role::Developer))),
    ("moderator of moss", Shows::Session(User::Of(Role::Moderator))),
    ("viewer of moss", Shows::Session(User::Of(Role::Viewer))),
    ("owner of tern", Shows::Session(User::Elsewhere)),
    ("administrator", Shows::Session(User::Administrator)),
];

/// What an operation demands.
#[derive(Clone, Copy)]
enum Demands {
    Nothing,
    /// A key that may do that, or nothing where the open world is on.
    KeyOrOpen(Scope),
    /// A key that may do that.
    Key(Scope),
    /// A key that may read, or the name of a game that anyone may.
    KeyOrName,
    /// A secret key of the game in the address that may do that, or the session of a member who may.
    Steward(Scope),
    /// The same, of whichever world the key opens, or the session names.
    StewardAnywhere(Scope),
    Player,
    /// The player whose trace it is.
    Author,
    Session,
    /// The session of a member of moss who is at least that.
    Member(Role),
}

/// What is answered.
#[derive(Clone, Copy)]
enum Answer {
    /// That.
    Is(&'static str),
    /// That, and it is to be seen that it was the caller's world: shown, or written to.
    Of(&'static str),
}

use Answer::{Is, Of};

const TABLE: &[(&str, Demands, Answer)] = &[
    ("GET /health", Demands::Nothing, Is("200")),
    ("GET /livez", Demands::Nothing, Is("200")),
    ("GET /readyz", Demands::Nothing, Is("200")),
    ("GET /get-objects", Demands::KeyOrOpen(Scope::Read), Of("200")),
    ("POST /add-object", Demands::KeyOrOpen(Scope::Write), Of("201")),
    ("GET /v1/game", Demands::KeyOrName, Of("200")),
    ("GET /v1/games/{game}/keys", Demands::Steward(Scope::Admin), Of("200")),
    ("GET /v1/games/{game}/settings", Demands::Steward(Scope::Admin), Is("200")),
    ("PATCH /v1/games/{game}/settings", Demands::Steward(Scope::Admin), Is("400 malformed")),
    ("POST /v1/players", Demands::Key(Scope::Write), Is("200")),
    ("POST /v1/players/refresh", Demands::Key(Scope::Write), Is("422 invalid")),
    ("GET /v1/players/me", Demands::Player, Is("200")),
    ("POST /v1/traces", Demands::Player, Is("422 invalid")),
    ("POST /v1/traces/import", Demands::StewardAnywhere(Scope::Admin), Is("200")),
    ("GET /v1/traces/export", Demands::StewardAnywhere(Scope::Admin), Is("200")),
    ("GET /v1/deck", Demands::KeyOrName, Is("200")),
    ("GET /v1/scopes/{scope}/traces", Demands::KeyOrName, Is("200")),
    ("GET /v1/changes", Demands::KeyOrName, Is("200")),
    ("POST /v1/traces/query", Demands::KeyOrName, Is("422 invalid")),
    ("GET /v1/traces/{trace_id}", Demands::KeyOrName, Of("200")),
    ("PATCH /v1/traces/{trace_id}", Demands::Author, Is("200")),
    ("DELETE /v1/traces/{trace_id}", Demands::Author, Is("204")),
    ("GET /v1/players/me/traces", Demands::Player, Is("200")),
    ("POST /v1/traces/sync", Demands::Player, Is("422 invalid")),
    ("GET /v1/players/{player_id}/seed-names", Demands::Key(Scope::Admin), Is("404 player_not_found")),
    ("PUT /v1/players/{player_id}/seed-names/{u_uuid}", Demands::Key(Scope::Admin), Is("404 player_not_found")),
    ("DELETE /v1/players/{player_id}/seed-names/{u_uuid}", Demands::Key(Scope::Admin), Is("404 player_not_found")),
    ("POST /v1/recordings", Demands::Player, Is("422 invalid")),
    ("GET /v1/recordings/{recording_id}", Demands::KeyOrName, Is("404 recording_not_found")),
    ("GET /v1/players/me/hidden", Demands::Player, Is("200")),
    ("PUT /v1/players/me/hidden/{player_id}", Demands::Player, Is("204")),
    ("DELETE /v1/players/me/hidden/{player_id}", Demands::Player, Is("204")),
    ("PUT /v1/traces/{trace_id}/vote", Demands::Player, Is("400 malformed")),
    ("DELETE /v1/traces/{trace_id}/vote", Demands::Player, Is("200")),
    ("POST /v1/traces/{trace_id}/uses", Demands::Player, Is("204")),
    ("PUT /v1/traces/{trace_id}/report", Demands::Player, Is("400 malformed")),
    ("GET /v1/inbox", Demands::Player, Is("200")),
    ("GET /v1/moderation/queue", Demands::StewardAnywhere(Scope::Moderate), Is("200")),
    ("POST /v1/moderation/actions", Demands::StewardAnywhere(Scope::Moderate), Is("422 invalid")),
    ("POST /v1/account/register", Demands::Nothing, Is("422 invalid")),
    ("POST /v1/account", Demands::Nothing, Is("422 invalid")),
    ("POST /v1/account/sessions", Demands::Nothing, Is("422 invalid")),
    ("POST /v1/account/password/forgotten", Demands::Nothing, Is("422 invalid")),
    ("POST /v1/account/password/reset", Demands::Nothing, Is("422 invalid")),
    ("GET /v1/account", Demands::Session, Is("200")),
    ("GET /v1/account/export", Demands::Session, Is("200")),
    ("GET /v1/account/sessions", Demands::Session, Is("200")),
    ("POST /v1/account/delete", Demands::Session, Is("422 invalid")),
    ("POST /v1/account/password/change", Demands::Session, Is("422 invalid")),
    ("POST /v1/account/email/change", Demands::Session, Is("422 invalid")),
    ("POST /v1/account/email/confirm", Demands::Session, Is("422 invalid")),
    ("DELETE /v1/account/sessions/{session_id}", Demands::Session, Is("404 session_not_found")),
    ("POST /v1/setup", Demands::Nothing, Is("422 invalid")),
    ("POST /v1/players/me/link-code", Demands::Player, Is("201")),
    ("POST /v1/account/players", Demands::Session, Is("422 invalid")),
    ("GET /v1/account/players", Demands::Session, Is("200")),
    ("DELETE /v1/account/players/{player_id}", Demands::Session, Is("404 player_not_found")),
    ("POST /v1/studios", Demands::Session, Is("422 invalid")),
    ("GET /v1/studios", Demands::Session, Is("200")),
    ("POST /v1/invitations/accept", Demands::Session, Is("422 invalid")),
    ("GET /v1/studios/{studio}/members", Demands::Member(Role::Viewer), Is("200")),
    ("PATCH /v1/studios/{studio}/members/{user_id}", Demands::Member(Role::Owner), Is("422 invalid")),
    ("DELETE /v1/studios/{studio}/members/{user_id}", Demands::Member(Role::Owner), Is("404 member_not_found")),
    ("POST /v1/studios/{studio}/invitations", Demands::Member(Role::Owner), Is("422 invalid")),
    ("GET /v1/studios/{studio}/invitations", Demands::Member(Role::Owner), Is("200")),
    (
        "DELETE /v1/studios/{studio}/invitations/{invitation_id}",
        Demands::Member(Role::Owner),
        Is("404 invitation_not_found"),
    ),
    ("GET /v1/studios/{studio}/audit", Demands::Member(Role::Developer), Is("200")),
    ("GET /v1/studios/{studio}/games", Demands::Member(Role::Viewer), Is("200")),
    ("POST /v1/studios/{studio}/games", Demands::Member(Role::Developer), Is("422 invalid")),
    ("GET /v1/studios/{studio}/games/{game}/keys", Demands::Member(Role::Developer), Is("200")),
    ("POST /v1/studios/{studio}/games/{game}/keys", Demands::Member(Role::Developer), Is("422 invalid")),
    (
        "POST /v1/studios/{studio}/games/{game}/keys/{key}/rotate",
        Demands::Member(Role::Developer),
        Is("404 key_not_found"),
    ),
    ("DELETE /v1/studios/{studio}/games/{game}/keys/{key}", Demands::Member(Role::Developer), Is("404 key_not_found")),
    ("DELETE /v1/account/sessions/current", Demands::Session, Is("204")),
    ("DELETE /v1/account/sessions", Demands::Session, Is("204")),
];

/// What somebody is to moss who sees it.
fn role_of(user: User) -> Role {
    match user {
        User::Of(role) => role,
        User::Administrator => Role::Viewer,
        User::Alone | User::Elsewhere => unreachable!("to them it is not there"),
    }
}

/// What each role may do in a world.
fn may(role: Role) -> &'static [Scope] {
    match role {
        Role::Viewer => &[Scope::Read],
        Role::Moderator => &[Scope::Read, Scope::Moderate],
        Role::Developer | Role::Owner => &[Scope::Read, Scope::Moderate, Scope::Write, Scope::Admin],
    }
}

/// What a caller is answered to an operation that demands this: `200 moss/climb/live` also says which world it was shown,
/// or wrote to; a word is the code of a problem.
fn expected(shows: Shows, demands: Demands, answer: Answer, open: bool) -> String {
    let (status, of_a_world) = match answer {
        Is(status) => (status, false),
        Of(status) => (status, true),
    };
    let in_world = |world: &str| if of_a_world { format!("{status} {world}") } else { status.to_owned() };
    let with_key = |world: &str, scopes: &[Scope], needs: Scope| {
        if scopes.contains(&needs) { in_world(world) } else { "403 scope_missing".to_owned() }
    };
    match (demands, shows) {
        (Demands::Nothing, _)
        | (Demands::Player, Shows::Player | Shows::Author)
        | (Demands::Author, Shows::Author)
        | (Demands::Session, Shows::Session(_)) => status.to_owned(),
        (
            Demands::Session | Demands::Member(_) | Demands::Steward(_) | Demands::StewardAnywhere(_),
            Shows::Player | Shows::Author | Shows::Ended,
        ) => "401 session_not_valid".to_owned(),
        (Demands::Author, Shows::Player) => "403 not_yours".to_owned(),
        (
            Demands::Member(_) | Demands::Steward(_) | Demands::StewardAnywhere(_),
            Shows::Session(User::Alone | User::Elsewhere),
        ) => "404 studio_not_found".to_owned(),
        (Demands::Member(needs), Shows::Session(user)) => {
            let enough = role_of(user) >= needs;
            if enough { status.to_owned() } else { "403 role_missing".to_owned() }
        }
        (Demands::Steward(needs) | Demands::StewardAnywhere(needs), Shows::Session(user)) => {
            let enough = may(role_of(user)).contains(&needs);
            if enough { in_world("moss/climb/live") } else { "403 role_missing".to_owned() }
        }
        (Demands::Session | Demands::Member(_), _) => "401 not_signed_in".to_owned(),
        (Demands::Player | Demands::Author, Shows::Session(_) | Shows::Ended) => "401 player_token_invalid".to_owned(),
        (Demands::Player | Demands::Author, _) => "401 player_token_needed".to_owned(),
        (Demands::KeyOrName, Shows::Name(world)) if world == READABLE => in_world(world),
        (Demands::KeyOrName, Shows::Key(world, scopes)) => with_key(world, scopes, Scope::Read),
        (_, Shows::NoKey) => "401 key_invalid".to_owned(),
        (Demands::Steward(needs), Shows::Key(world, scopes)) => {
            if scopes.contains(&needs) && names(world)[1] != GAME {
                return "404 game_not_found".to_owned();
            }
            with_key(world, scopes, needs)
        }
        (
            Demands::Key(needs) | Demands::KeyOrOpen(needs) | Demands::StewardAnywhere(needs),
            Shows::Key(world, scopes),
        ) => with_key(world, scopes, needs),
        (Demands::KeyOrOpen(_), _) if open => in_world("open"),
        (Demands::Steward(_) | Demands::StewardAnywhere(_), Shows::Nothing | Shows::Name(_)) => {
            "401 key_or_session_needed".to_owned()
        }
        (Demands::Key(_) | Demands::KeyOrName | Demands::KeyOrOpen(_), _) => "401 key_needed".to_owned(),
    }
}

fn operations() -> Vec<String> {
    let document: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let of_path = |(path, methods): (String, Value)| {
        let methods: Vec<String> = methods.as_object().unwrap().keys().map(|name| name.to_uppercase()).collect();
        methods.into_iter().map(move |method| format!("{method} {path}"))
    };
    paths.into_iter().flat_map(of_path).collect()
}

#[test]
fn the_table_has_a_row_for_every_operation_and_no_other() {
    let mut rows: Vec<String> = TABLE.iter().map(|(operation, ..)| (*operation).to_owned()).collect();
    let mut operations = operations();
    rows.sort();
    operations.sort();
    assert_eq!(rows, operations);
}

/// What the callers show, and what tells the worlds apart.
struct Cast {
    shown: BTreeMap<&'static str, Vec<String>>,
    /// A key of each world that reads.
    readers: BTreeMap<&'static str, String>,
    /// The ids of all keys of each world.
    ids: BTreeMap<&'static str, Vec<String>>,
    /// The tokens of players, and those that have ended.
    tokens: BTreeMap<&'static str, String>,
}

/// The same token of a player, but that it was good until a while ago.
async fn ended(place: &Place, token: &str) -> String {
    let secret = if place.database_url.is_some() { "encode(secret, 'hex')" } else { "hex(secret)" };
    let secret = place.control_texts(&format!("SELECT {secret} FROM signing_key")).await.remove(0);
    let secret = hex::to_bytes(&secret.to_lowercase()).unwrap();
    let (prefix, inside) = token.rsplit_once('_').unwrap();
    let mut inside = hex::to_bytes(inside).unwrap();
    inside.truncate(inside.len() - SIGNATURE_BYTES - 8);
    inside.extend((clock::now_ms() - 1000).to_be_bytes());
    inside.extend(Signer::new(&secret.try_into().unwrap()).sign(&inside));
    format!("{prefix}_{}", hex::of_bytes(&inside))
}

async fn cast(cairn: &Cairn, place: &Place) -> Cast {
    let mut ids = BTreeMap::<&str, Vec<String>>::new();
    let mut made = async |world: &'static str, kind, scopes: &[Scope]| {
        let key = cairn.key(world, kind, scopes).await;
        ids.entry(world).or_default().push(id_of(&key).to_owned());
        key
    };
    let both = [Scope::Read, Scope::Write];
    let (mut shown, mut readers) = (BTreeMap::new(), BTreeMap::new());
    for world in WORLDS {
        let key = made(world, KeyKind::Publishable, &both).await;
        cairn.leave_with(&key, &bodies::all_three(world, "left before")).await;
        shown.insert(world, vec![made(world, KeyKind::Secret, &Scope::ALL).await]);
        readers.insert(world, key);
    }
    let first = WORLDS[0];
    let publishable = |world| readers[world].clone();
    let secret = |world| shown[world].clone();
    let revoked = made(first, KeyKind::Secret, &Scope::ALL).await;
    cairn.revoke(&revoked).await;
    let (start, random) = revoked.rsplit_once('_').unwrap();
    let shown = BTreeMap::from([
        ("nothing", vec![]),
        ("publishable moss/climb/live", vec![publishable(first)]),
        ("secret moss/climb/live", secret(first)),
        ("publishable moss/climb/dev", vec![publishable("moss/climb/dev")]),
        ("secret moss/climb/dev", secret("moss/climb/dev")),
        ("secret moss/dive/live", secret("moss/dive/live")),
        ("secret tern/climb/live", secret("tern/climb/live")),
        ("reader", vec![made(first, KeyKind::Publishable, &[Scope::Read]).await]),
        ("writer", vec![made(first, KeyKind::Publishable, &[Scope::Write]).await]),
        ("secret without admin", vec![made(first, KeyKind::Secret, &both).await]),
        ("revoked", vec![revoked.clone()]),
        ("malformed", vec![start.to_owned()]),
        ("unknown id", vec![format!("sk_live_000000000000_{random}")]),
        ("wrong secret", vec![format!("{}_{random}", publishable(first).rsplit_once('_').unwrap().0)]),
        ("two keys", vec![publishable(first), publishable(first)]),
    ]);
    let opened = cairn.http.patch(format!("{}/v1/games/dive/settings", cairn.base));
    let opened = opened.header("X-API-Key", &secret(READABLE)[0]).body(r#"{"public_reads":true}"#);
    assert_eq!(opened.send().await.unwrap().status(), 200);
    let (player, author) =
        (Gamer::with(cairn, &readers[first]).await.token, Gamer::with(cairn, &readers[first]).await.token);
    let (mut user, id) = Person::signed_in(cairn, "ended@example.org", &Letters::in_data_of(place)).await;
    let session = user.token.take().unwrap();
    place.execute_control(&format!("UPDATE user_session SET expires_at_ms = 1 WHERE \"user\" = '{id}'")).await;
    let tokens = BTreeMap::from([
        ("player whose token has ended", ended(place, &player).await),
        ("user whose session has ended", session),
        ("player", player),
        ("author", author),
    ]);
    Cast { shown, readers, ids, tokens }
}

impl Cast {
    /// What a caller is answered to an operation, in the words of the table.
    async fn try_out(
        &self,
        cairn: &Cairn,
        (operation, demands): (&str, Demands),
        (caller, shows): (&str, Shows),
        user: Option<&Person<'_>>,
        turn: usize,
    ) -> String {
        let (method, path) = operation.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let mark = format!("{turn}: {caller}");
        let names = [
            ("{game}", GAME),
            ("{studio}", "moss"),
            ("{scope}", "a"),
            ("{session_id}", "none"),
            ("{recording_id}", "none"),
            ("{player_id}", "none"),
            ("{u_uuid}", "none"),
            ("{user_id}", "none"),
            ("{invitation_id}", "none"),
            ("{key}", "none"),
        ];
        let own = matches!((demands, shows), (Demands::Author, Shows::Author));
        let own = if own { self.leave_one(cairn, caller).await } else { "1".to_owned() };
        let path = path.replace("{trace_id}", &own);
        let path = names.iter().fold(path, |path, (name, value)| path.replace(name, value));
        let url = format!("{}{path}", cairn.base);
        let mut request: RequestBuilder = cairn.http.request(method.clone(), url);
        let of_a_world = ["/v1/games/", "/v1/moderation/", "/v1/traces/import", "/v1/traces/export"];
        if matches!(shows, Shows::Session(_)) && of_a_world.iter().any(|start| path.starts_with(start)) {
            request = request.query(&[("studio", "moss"), ("game", GAME)]);
        }
        for key in self.shown.get(caller).into_iter().flatten() {
            request = request.header("X-API-Key", key);
        }
        if let Some(user) = user {
            request = request.bearer_auth(user.token.as_ref().unwrap());
        } else if let Some(token) = self.tokens.get(caller) {
            request = request.bearer_auth(token);
        }
        if let Shows::Name(name) = shows {
            request = request.query(&[("game", name)]);
        }
        if method == Method::POST {
            let lines = operation == "POST /v1/traces/import";
            let sort = if lines { "application/x-ndjson" } else { "application/json" };
            request = request.header("Content-Type", sort).body(bodies::all_three(&mark, "x").to_string());
        }
        match operation {
            "PATCH /v1/traces/{trace_id}" => {
                request = request.header("Content-Type", "application/json").body(r#"{"revision":1}"#);
            }
            "PATCH /v1/studios/{studio}/members/{user_id}" => {
                request = request.header("Content-Type", "application/json").body("{}");
            }
            _ => {}
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        if status >= 400 {
            let problem: Value = answer.json().await.unwrap();
            return format!("{status} {}", problem["code"].as_str().unwrap());
        }
        let world = match operation {
            "GET /get-objects" => Some(self.shown_world(answer).await),
            "POST /add-object" => Some(self.written_world(cairn, &mark).await),
            "GET /v1/traces/{trace_id}" => Some(self.author_of(answer).await),
            "GET /v1/game" | "GET /v1/games/{game}/keys" => Some(self.world_of_keys(answer).await),
            _ => None,
        };
        world.map_or_else(|| status.to_string(), |world| format!("{status} {world}"))
    }

    /// A trace of that player's own.
    async fn leave_one(&self, cairn: &Cairn, caller: &str) -> String {
        let request = cairn.http.post(format!("{}/v1/traces", cairn.base)).bearer_auth(&self.tokens[caller]);
        let answer = request.body(r#"{"traces":[{"kind":"message","text":["mine"]}]}"#).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["results"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Each world was marked by the first who left something there.
    async fn shown_world(&self, answer: Response) -> String {
        let world: Value = answer.json().await.unwrap();
        let authors = each(&world, "objects", "u_uuid");
        let first = authors.last().map_or("open", |author| author.as_str().unwrap());
        WORLDS.iter().find(|world| **world == first).map_or("open", |world| world).to_owned()
    }

    /// Each world's first trace was left under the world's name.
    async fn author_of(&self, answer: Response) -> String {
        let trace: Value = answer.json().await.unwrap();
        trace["author"].as_str().unwrap().to_owned()
    }

    /// Where something was written: there, and nowhere else.
    async fn written_world(&self, cairn: &Cairn, mark: &str) -> String {
        let mut found = Vec::new();
        for (world, key) in &self.readers {
            if cairn.authors(key).await.iter().any(|author| author == mark) {
                found.push((*world).to_owned());
            }
        }
        let open = cairn.get("/get-objects").send().await.unwrap();
        if open.status() == 200 && open.text().await.unwrap().contains(mark) {
            found.push("open".to_owned());
        }
        found.join(" and ")
    }

    /// Whose keys are named: those of one world alone.
    async fn world_of_keys(&self, answer: Response) -> String {
        let body: Value = answer.json().await.unwrap();
        let named: Vec<&str> = match body["items"].as_array() {
            Some(items) => items.iter().map(|item| item["id"].as_str().unwrap()).collect(),
            None => match body["key"].as_str() {
                Some(key) => vec![key],
                // Who names a game is told of no key.
                None => {
                    return format!(
                        "moss/{}/{}",
                        body["game"].as_str().unwrap(),
                        body["environment"].as_str().unwrap()
                    );
                }
            },
        };
        let of = |id: &&str| self.ids.iter().find(|(_, ids)| ids.iter().any(|one| one == id)).map(|(world, _)| *world);
        let mut worlds: Vec<&str> = named.iter().map(|id| of(id).unwrap()).collect();
        worlds.dedup();
        if let Some(game) = body["game"].as_str() {
            assert_eq!([game, body["environment"].as_str().unwrap()], names(worlds[0])[1..]);
        }
        worlds.join(" and ")
    }
}

fn address_of(caller: &str) -> String {
    format!("{}@example.org", caller.replace(' ', "-"))
}

/// Those who are signed in, each of whom is what the callers' list says.
async fn users<'a>(cairn: &'a Cairn, place: &Place) -> BTreeMap<&'static str, Person<'a>> {
    let letters = Letters::in_data_of(place);
    let (owner, developer) = (Role::Owner.name(), Role::Developer.name());
    let mut users = BTreeMap::new();
    for &(caller, shows) in CALLERS {
        let Shows::Session(user) = shows else { continue };
        let (mut person, id) = Person::signed_in(cairn, &address_of(caller), &letters).await;
        // Each from a network of its own, so that nobody is slowed down by the others.
        person.from = format!("203.0.113.{}", 100 + users.len());
        let (studio, role) = match user {
            User::Of(role) => (Some("moss"), role.name()),
            User::Elsewhere => (Some("tern"), owner),
            User::Alone | User::Administrator => (None, developer),
        };
        if let Some(studio) = studio {
            let member = format!("SELECT id, '{id}', '{role}', 1 FROM studio WHERE slug = '{studio}'");
            place.execute_control(&format!("INSERT INTO member (studio, \"user\", role, since_ms) {member}")).await;
        }
        if matches!(user, User::Administrator) {
            place.execute_control(&format!("UPDATE \"user\" SET administrator = TRUE WHERE id = '{id}'")).await;
        }
        users.insert(caller, person);
    }
    users
}

async fn all_are_answered_as_the_table_says(backend: Backend) {
    let mut wrong = Vec::new();
    for open in ["false", "true"] {
        let Some(place) = Place::make(backend).await else { return };
        let cairn = Cairn::start(&place, &[("CAIRN_OPEN_WORLD", open)]).await;
        let cast = cast(&cairn, &place).await;
        let mut users = users(&cairn, &place).await;
        // Twice, because the second time snapshots and keys are at hand.
        for turn in 0..2 {
            for &(operation, demands, answer) in TABLE {
                for &(caller, shows) in CALLERS {
                    let expected = expected(shows, demands, answer, open == "true");
                    let user = users.get(caller);
                    let answered = cast.try_out(&cairn, (operation, demands), (caller, shows), user, turn).await;
                    let ended = operation.starts_with("DELETE") && answered == "204";
                    if let Some(user) = users.get_mut(caller).filter(|_| ended) {
                        user.sign_in(&address_of(caller), PASSWORD).await;
                    }
                    if answered != expected {
                        wrong.push(format!("{operation} by {caller}, open world {open}: {answered}, not {expected}"));
                    }
                }
            }
        }
        cairn.stop().await;
        place.clear().await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_answered_as_the_table_says_embedded() {
    Box::pin(all_are_answered_as_the_table_says(Backend::Embedded)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_answered_as_the_table_says_server() {
    Box::pin(all_are_answered_as_the_table_says(Backend::Server)).await;
}
