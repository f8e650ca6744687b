//! Permissions: every operation of openapi.json, called by every kind of caller, against a table written by hand.
//!
//! A row holds what an operation requires, and its answer to callers who meet that; [`expected`] gives the answer to the
//! others. An operation without a row fails, and so does a row without an operation.

mod callers;
mod rows;

use reqwest::{Method, Response};

use serde_json::Value;

use self::{
    callers::{CALLERS, Callers, Credential, GAME, WORLDS, address_of, set_up, users},
    rows::{Requires, TABLE, expected},
};
use crate::support::{
    Backend, Cairn, OPENAPI, Place,
    document::DOCUMENT,
    each,
    game_client::GameClient,
    http::RequestBuilder,
    keys::names,
    person::{PASSWORD, Person},
    samples,
};

fn operations() -> Vec<String> {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
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

impl Callers {
    /// The answer to a caller of an operation, in the words of the table.
    async fn call(
        &self,
        cairn: &Cairn,
        (operation, requires): (&str, Requires),
        (caller, credential): (&str, Credential),
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
            ("{username}", "none"),
            ("{notice_id}", "none"),
            ("{kind}", "none"),
            ("{invitation_id}", "none"),
            ("{key}", "none"),
            ("{game_id}", "none"),
            ("{username}", "none"),
            ("{thought_id}", "none"),
            ("{media_uuid}", "none"),
            ("{challenge_id}", "none"),
            ("{save_id}", "none"),
            ("{number}", "1"),
            ("{password_id}", "none"),
            ("{bucket}", "none"),
            ("{key}", "none"),
            ("{comment_id}", "none"),
            ("{playthrough}", "1"),
            ("{import_id}", "none"),
            ("{edit_id}", "none"),
            ("{row}", "1"),
            ("{record_id}", "999"),
        ];
        let own = matches!((requires, credential), (Requires::Author, Credential::Author));
        let own = if own { self.leave_one(cairn, caller).await } else { "1".to_owned() };
        let path = path.replace("{trace_id}", &own);
        // Who may do these is asked before the game is looked for.
        let decisions = ["studio-games", "approve", "merge"];
        let path = decisions
            .iter()
            .fold(path, |path, what| path.replace(&format!("{{game_id}}/{what}"), &format!("999/{what}")));
        let path = names.iter().fold(path, |path, (name, value)| path.replace(name, value));
        let url = format!("{}{path}", cairn.base);
        let mut request: RequestBuilder = cairn.http.request(method.clone(), url);
        let of_a_world = ["/v1/games/", "/v1/moderation/", "/v1/traces/import", "/v1/traces/export", "/v1/storage"];
        let of_a_player = ["GET /v1/players/{player_id}/export", "DELETE /v1/players/{player_id}"];
        let names_world = of_a_world.iter().any(|start| path.starts_with(start)) || of_a_player.contains(&operation);
        if matches!(credential, Credential::Session(_)) && names_world {
            request = request.query(&[("studio", "moss"), ("game", GAME)]);
        }
        for key in self.shown.get(caller).into_iter().flatten() {
            request = request.header("X-API-Key", key);
        }
        if let Some(user) = user {
            request = request.bearer_auth(user.token.as_ref().unwrap());
        } else if let Some(token) = self.tokens.get(caller) {
            // A player who was erased could not call the others.
            let is_erased = ["DELETE /v1/players/me", "POST /v1/players/me/erase"].contains(&operation);
            let is_player = matches!(credential, Credential::Player | Credential::Author);
            let another = if is_erased && is_player {
                Some(GameClient::with(cairn, &self.readers[WORLDS[0]]).await.token)
            } else {
                None
            };
            request = request.bearer_auth(another.as_ref().unwrap_or(token));
        }
        if let Credential::Name(name) = credential
            && DOCUMENT.takes(operation, "game")
        {
            request = request.query(&[("game", name)]);
        }
        if method == Method::POST {
            let lines = operation == "POST /v1/traces/import";
            let sort = if lines { "application/x-ndjson" } else { "application/json" };
            request = request.header("Content-Type", sort).body(samples::all_three(&mark, "x").to_string());
        }
        match operation {
            "PATCH /v1/traces/{trace_id}" | "POST /v1/traces/{trace_id}/change" => {
                request = request.header("Content-Type", "application/json").body(r#"{"revision":1}"#);
            }
            "PATCH /v1/players/me" | "PATCH /v1/studios/{studio}/members/{user_id}" => {
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

    /// The only world in which something was written.
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

    /// The only world whose keys are listed.
    async fn world_of_keys(&self, answer: Response) -> String {
        let body: Value = answer.json().await.unwrap();
        let named: Vec<&str> = match body["items"].as_array() {
            Some(items) => items.iter().map(|item| item["id"].as_str().unwrap()).collect(),
            None => match body["key"].as_str() {
                Some(key) => vec![key],
                // A caller that names a game is shown no key.
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

async fn every_operation_answers_as_the_table_says(backend: Backend) {
    let mut wrong = Vec::new();
    for open in ["false", "true"] {
        let Some(place) = Place::make(backend).await else { return };
        let cairn = Cairn::start(&place, &[("CAIRN_OPEN_WORLD", open)]).await;
        let callers = set_up(&cairn, &place).await;
        let mut users = users(&cairn, &place).await;
        // Twice, because the second time snapshots and keys are cached.
        for turn in 0..2 {
            for &(operation, requires, answer) in TABLE {
                for &(caller, credential) in CALLERS {
                    let expected = expected(credential, requires, answer, open == "true");
                    let user = users.get(caller);
                    let answered = callers.call(&cairn, (operation, requires), (caller, credential), user, turn).await;
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
async fn every_operation_answers_as_the_table_says_embedded() {
    Box::pin(every_operation_answers_as_the_table_says(Backend::Embedded)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_the_table_says_server() {
    Box::pin(every_operation_answers_as_the_table_says(Backend::Server)).await;
}
