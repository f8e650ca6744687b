//! Who may do what: every operation of the description, tried by every kind of caller, against a table written by hand.
//!
//! In the table `200 moss/climb/live` says which world the caller was shown, or wrote to, besides that it went well; a word
//! is the code of a problem. An operation without a row fails, and so does a row without an operation.

use std::collections::BTreeMap;

use cairn::platform::permit::{KeyKind, Scope};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use crate::support::{
    Backend, Cairn, Place, bodies, each,
    keys::{id_of, names},
    letters::Letters,
    person::{PASSWORD, Person},
};

/// The worlds that there are besides the open one.
const WORLDS: [&str; 4] = ["moss/climb/live", "moss/climb/dev", "moss/dive/live", "tern/climb/live"];

/// Each kind of caller, by what it shows.
const CALLERS: [&str; 17] = [
    "nothing",
    "publishable moss/climb/live",
    "secret moss/climb/live",
    "publishable moss/climb/dev",
    "secret moss/climb/dev",
    "secret moss/dive/live",
    "secret tern/climb/live",
    "reader",
    "writer",
    "secret without admin",
    "revoked",
    "malformed",
    "unknown id",
    "wrong secret",
    "two keys",
    "player",
    "user",
];

/// For each operation what each of [`CALLERS`] is answered where the open world is off, and last what those who are told
/// `401 key_needed` are answered where it is on: all others are answered the same there.
///
/// Operations that name a game ask for `climb`.
const TABLE: [(&str, [&str; 18]); 25] = [
    ("GET /health", ["200"; 18]),
    ("GET /livez", ["200"; 18]),
    ("GET /readyz", ["200"; 18]),
    (
        "GET /get-objects",
        [
            "401 key_needed",
            "200 moss/climb/live",
            "200 moss/climb/live",
            "200 moss/climb/dev",
            "200 moss/climb/dev",
            "200 moss/dive/live",
            "200 tern/climb/live",
            "200 moss/climb/live",
            "403 scope_missing",
            "200 moss/climb/live",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_needed",
            "401 key_needed",
            "200 open",
        ],
    ),
    (
        "POST /add-object",
        [
            "401 key_needed",
            "201 moss/climb/live",
            "201 moss/climb/live",
            "201 moss/climb/dev",
            "201 moss/climb/dev",
            "201 moss/dive/live",
            "201 tern/climb/live",
            "403 scope_missing",
            "201 moss/climb/live",
            "201 moss/climb/live",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_needed",
            "401 key_needed",
            "201 open",
        ],
    ),
    (
        "GET /v1/game",
        [
            "401 key_needed",
            "200 moss/climb/live",
            "200 moss/climb/live",
            "200 moss/climb/dev",
            "200 moss/climb/dev",
            "200 moss/dive/live",
            "200 tern/climb/live",
            "200 moss/climb/live",
            "403 scope_missing",
            "200 moss/climb/live",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_needed",
            "401 key_needed",
            "401 key_needed",
        ],
    ),
    (
        "GET /v1/games/{game}/keys",
        [
            "401 key_needed",
            "403 scope_missing",
            "200 moss/climb/live",
            "403 scope_missing",
            "200 moss/climb/dev",
            "404 game_not_found",
            "200 tern/climb/live",
            "403 scope_missing",
            "403 scope_missing",
            "403 scope_missing",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_needed",
            "401 key_needed",
            "401 key_needed",
        ],
    ),
    (
        "POST /v1/players",
        [
            "401 key_needed",
            "200",
            "200",
            "200",
            "200",
            "200",
            "200",
            "403 scope_missing",
            "200",
            "200",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_needed",
            "401 key_needed",
            "401 key_needed",
        ],
    ),
    (
        "POST /v1/players/refresh",
        [
            "401 key_needed",
            "422 invalid",
            "422 invalid",
            "422 invalid",
            "422 invalid",
            "422 invalid",
            "422 invalid",
            "403 scope_missing",
            "422 invalid",
            "422 invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_invalid",
            "401 key_needed",
            "401 key_needed",
            "401 key_needed",
        ],
    ),
    (
        "GET /v1/players/me",
        [
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "401 player_token_needed",
            "200",
            "401 player_token_invalid",
            "401 player_token_needed",
        ],
    ),
    ("POST /v1/account/register", ["422 invalid"; 18]),
    ("POST /v1/account", ["422 invalid"; 18]),
    ("POST /v1/account/sessions", ["422 invalid"; 18]),
    ("POST /v1/account/password/forgotten", ["422 invalid"; 18]),
    ("POST /v1/account/password/reset", ["422 invalid"; 18]),
    // With a session, and with nothing else.
    ("GET /v1/account", in_a_session("200")),
    ("GET /v1/account/export", in_a_session("200")),
    ("GET /v1/account/sessions", in_a_session("200")),
    ("POST /v1/account/delete", in_a_session("422 invalid")),
    ("POST /v1/account/password/change", in_a_session("422 invalid")),
    ("POST /v1/account/email/change", in_a_session("422 invalid")),
    ("POST /v1/account/email/confirm", in_a_session("422 invalid")),
    ("DELETE /v1/account/sessions/{session_id}", in_a_session("404 session_not_found")),
    ("DELETE /v1/account/sessions/current", in_a_session("204")),
    ("DELETE /v1/account/sessions", in_a_session("204")),
];

/// What an operation for signed-in users answers.
const fn in_a_session(user: &'static str) -> [&'static str; 18] {
    let mut answers = ["401 not_signed_in"; 18];
    answers[15] = "401 session_not_valid";
    answers[16] = user;
    answers
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
    let mut rows: Vec<String> = TABLE.iter().map(|(operation, _)| (*operation).to_owned()).collect();
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
    player: String,
}

async fn cast(cairn: &Cairn) -> Cast {
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
        ("player", vec![]),
        ("user", vec![]),
    ]);
    let minted = cairn.http.post(format!("{}/v1/players", cairn.base)).header("X-API-Key", publishable(first));
    let minted = minted.header("Content-Type", "application/json").body("{}").send().await.unwrap();
    let minted: Value = minted.json().await.unwrap();
    Cast { shown, readers, ids, player: minted["token"].as_str().unwrap().to_owned() }
}

impl Cast {
    /// What a caller is answered to an operation, in the words of the table.
    async fn try_out(&self, cairn: &Cairn, operation: &str, caller: &str, user: &Person<'_>, turn: usize) -> String {
        let (method, path) = operation.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let mark = format!("{turn}: {caller}");
        let path = path.replace("{game}", "climb").replace("{session_id}", "none");
        let url = format!("{}{path}", cairn.base);
        let mut request: RequestBuilder = cairn.http.request(method.clone(), url);
        for key in &self.shown[caller] {
            request = request.header("X-API-Key", key);
        }
        match caller {
            "player" => request = request.bearer_auth(&self.player),
            "user" => request = request.bearer_auth(user.token.as_ref().unwrap()),
            _ => {}
        }
        if method == Method::POST {
            request =
                request.header("Content-Type", "application/json").body(bodies::all_three(&mark, "x").to_string());
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
            "GET /v1/game" | "GET /v1/games/{game}/keys" => Some(self.world_of_keys(answer).await),
            _ => None,
        };
        world.map_or_else(|| status.to_string(), |world| format!("{status} {world}"))
    }

    /// Each world was marked by the first who left something there.
    async fn shown_world(&self, answer: Response) -> String {
        let world: Value = answer.json().await.unwrap();
        let authors = each(&world, "objects", "u_uuid");
        let first = authors.last().map_or("open", |author| author.as_str().unwrap());
        WORLDS.iter().find(|world| **world == first).map_or("open", |world| world).to_owned()
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
            None => vec![body["key"].as_str().unwrap()],
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

async fn all_are_answered_as_the_table_says(backend: Backend) {
    let mut wrong = Vec::new();
    for open in ["false", "true"] {
        let Some(place) = Place::make(backend).await else { return };
        let cairn = Cairn::start(&place, &[("CAIRN_OPEN_WORLD", open)]).await;
        let cast = cast(&cairn).await;
        let mut user = Person::new(&cairn);
        user.register("ann@example.org", &Letters::in_data_of(&place)).await;
        user.sign_in("ann@example.org", PASSWORD).await;
        // Twice, because the second time snapshots and keys are at hand.
        for turn in 0..2 {
            for (operation, expected) in TABLE {
                for (column, caller) in CALLERS.iter().enumerate() {
                    let is_open = open == "true" && expected[column] == "401 key_needed";
                    let column = if is_open { CALLERS.len() } else { column };
                    let answered = cast.try_out(&cairn, operation, caller, &user, turn).await;
                    if operation.starts_with("DELETE") && answered == "204" {
                        user.sign_in("ann@example.org", PASSWORD).await;
                    }
                    if answered != expected[column] {
                        wrong.push(format!(
                            "{operation} by {caller}, open world {open}: {answered}, not {}",
                            expected[column]
                        ));
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
