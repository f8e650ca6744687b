//! What people do with their journal: browse, search, log what they have played, and write what they think of it.
//!
//! Users need sessions, which this program can't make: an account needs an email. `sessions.py` makes them on a server that
//! writes its emails to files.

use std::{env, fs, sync::Arc};

use goose::{goose::GooseResponse, prelude::*};

use crate::bodies::Random;

/// A file with the tokens of sessions, one a line.
const SESSIONS: &str = "LOADTEST_SESSIONS";

/// What people type, more or less.
const QUERIES: [&str; 8] = ["zelda", "final fantsy", "mario", "outer wild", "doom", "the wi", "portal", "half lif"];

/// The state of one user, the same in each run for the same user.
#[derive(Clone)]
struct Gamer {
    random: Random,
    token: String,
    /// Ids of games that a search has found.
    games: Vec<String>,
}

/// The scenario, if there are sessions for it.
pub fn scenario() -> Result<Option<Scenario>, Box<dyn std::error::Error>> {
    let Ok(path) = env::var(SESSIONS) else { return Ok(None) };
    let text = fs::read_to_string(&path).map_err(|error| format!("{SESSIONS}: {path}: {error}"))?;
    let tokens: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if tokens.is_empty() {
        return Err(format!("{SESSIONS}: {path} has no tokens").into());
    }
    let weighted = |task: Transaction, weight| task.set_weight(weight);
    let scenario = Scenario::new("journal")
        .register_transaction(arrive(tokens))
        .register_transaction(weighted(transaction!(home).set_name("home"), 30)?)
        .register_transaction(weighted(transaction!(feed).set_name("feed"), 15)?)
        .register_transaction(weighted(transaction!(search).set_name("search"), 20)?)
        .register_transaction(weighted(transaction!(look).set_name("look"), 20)?)
        .register_transaction(weighted(transaction!(log).set_name("log"), 10)?)
        .register_transaction(weighted(transaction!(write).set_name("write"), 5)?);
    Ok(Some(scenario))
}

fn arrive(tokens: Vec<String>) -> Transaction {
    let tokens = Arc::new(tokens);
    Transaction::new(Arc::new(move |user| {
        let tokens = Arc::clone(&tokens);
        Box::pin(async move {
            let random = Random(u64::try_from(user.weighted_users_index).unwrap_or_default() << 32);
            let token = tokens[user.weighted_users_index % tokens.len()].clone();
            user.set_session_data(Gamer { random, token, games: Vec::new() });
            search(user).await
        })
    }))
    .set_name("arrive")
    .set_on_start()
}

/// Sends a request; returns the body of an answer with one of these statuses.
async fn send(
    user: &mut GooseUser,
    method: GooseMethod,
    (name, path): (&str, &str),
    body: Option<String>,
    expected: &[u16],
) -> Result<Option<Vec<u8>>, Box<TransactionError>> {
    let token = user.get_session_data_unchecked::<Gamer>().token.clone();
    let mut request = user.get_request_builder(&method, path)?.header("Authorization", format!("Bearer {token}"));
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(body);
    }
    let request = GooseRequest::builder().name(name).path(path).method(method).set_request_builder(request);
    let GooseResponse { mut request, response } = user.request(request.build()).await?;
    let Ok(response) = response else { return Ok(None) };
    let status = response.status().as_u16();
    let body = response.bytes().await;
    if !expected.contains(&status) {
        user.set_failure(&format!("answered {status}"), &mut request, None, None)?;
        return Ok(None);
    }
    if !(200..300).contains(&status) {
        user.set_success(&mut request)?;
    }
    let Ok(body) = body else {
        user.set_failure("the body broke off", &mut request, None, None)?;
        return Ok(None);
    };
    Ok(Some(body.to_vec()))
}

async fn home(user: &mut GooseUser) -> TransactionResult {
    send(user, GooseMethod::Get, ("/api/home", "/api/home"), None, &[200]).await.map(drop)
}

async fn feed(user: &mut GooseUser) -> TransactionResult {
    send(user, GooseMethod::Get, ("/api/feed", "/api/feed"), None, &[200]).await.map(drop)
}

/// Searches, and keeps what was found.
async fn search(user: &mut GooseUser) -> TransactionResult {
    let count = u64::try_from(QUERIES.len()).unwrap_or(1);
    let at = user.get_session_data_unchecked_mut::<Gamer>().random.below(count);
    let query = QUERIES[usize::try_from(at).unwrap_or_default()].replace(' ', "%20");
    let path = format!("/api/games?q={query}");
    let found = send(user, GooseMethod::Get, ("/api/games?q=", &path), None, &[200]).await?;
    let found = String::from_utf8(found.unwrap_or_default()).unwrap_or_default();
    let ids = found.split("{\"id\":\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned);
    let games: Vec<String> = ids.collect();
    if !games.is_empty() {
        user.get_session_data_unchecked_mut::<Gamer>().games = games;
    }
    Ok(())
}

/// One of the games that were found last, if any was.
fn game(user: &mut GooseUser) -> Option<String> {
    let gamer = user.get_session_data_unchecked_mut::<Gamer>();
    let count = u64::try_from(gamer.games.len()).ok().filter(|count| *count > 0)?;
    let at = usize::try_from(gamer.random.below(count)).ok()?;
    gamer.games.get(at).cloned()
}

/// Looks at a game, and at what people think of it.
async fn look(user: &mut GooseUser) -> TransactionResult {
    let Some(game) = game(user) else { return Ok(()) };
    let path = format!("/api/games/{game}");
    send(user, GooseMethod::Get, ("/api/games/{id}", &path), None, &[200]).await?;
    let path = format!("/api/games/{game}/thoughts");
    send(user, GooseMethod::Get, ("/api/games/{id}/thoughts", &path), None, &[200]).await.map(drop)
}

/// Logs that a game is being played.
async fn log(user: &mut GooseUser) -> TransactionResult {
    let Some(game) = game(user) else { return Ok(()) };
    let at = user.get_session_data_unchecked_mut::<Gamer>().random.below(3);
    let state = ["wishlist", "ongoing", "completed"][usize::try_from(at).unwrap_or_default()];
    let (path, body) = (format!("/api/library/{game}"), format!("{{\"state\":\"{state}\"}}"));
    send(user, GooseMethod::Put, ("/api/library/{id}", &path), Some(body), &[200]).await.map(drop)
}

/// Writes a thought. A user who has written as many on a game as one may is told so.
async fn write(user: &mut GooseUser) -> TransactionResult {
    let Some(game) = game(user) else { return Ok(()) };
    let number = user.get_session_data_unchecked_mut::<Gamer>().random.below(1_000_000);
    let text = format!("Evening {number}: it was **good**, and ||it ended||. ").repeat(4);
    let body = format!("{{\"game\":\"{game}\",\"text\":\"{text}\",\"audience\":\"public\"}}");
    send(user, GooseMethod::Post, ("/api/thoughts", "/api/thoughts"), Some(body), &[201, 409]).await.map(drop)
}
