//! What players do with traces: read a scope, and leave traces there.

use std::sync::Arc;

use goose::{goose::GooseResponse, prelude::*};

use crate::bodies::{self, Random};

const LOOK: &str = "/get-objects";
const LEAVE: &str = "/add-object";

/// How many of a hundred requests of players who do both are reads.
const LOOKS_PERCENT: usize = 95;

/// The state of one user, the same in each run for the same user.
#[derive(Clone)]
struct Player {
    random: Random,
    /// The number of scopes that it uses; 0: only the place of v0 clients.
    scopes: u64,
    /// The ETag of the last response.
    etag: Option<String>,
}

impl Player {
    fn scope(&mut self) -> String {
        match self.scopes {
            0 => String::new(),
            n => format!("place-{}", self.random.below(n)),
        }
    }
}

/// All scenarios; `crowd` uses that many scopes.
pub fn scenarios(scopes: u64) -> Result<[Scenario; 5], GooseError> {
    let both = |scenario: Scenario| -> Result<Scenario, GooseError> {
        Ok(scenario
            .register_transaction(transaction!(look).set_name("look").set_weight(LOOKS_PERCENT)?)
            .register_transaction(transaction!(leave).set_name("leave").set_weight(100 - LOOKS_PERCENT)?))
    };
    let start = |name, scopes| Scenario::new(name).register_transaction(arrive(scopes));
    Ok([
        start("poller", 0).register_transaction(transaction!(poll).set_name("poll")),
        start("reader", 0).register_transaction(transaction!(look).set_name("look")),
        start("writer", 0).register_transaction(transaction!(leave).set_name("leave")),
        both(start("mixed", 0))?,
        both(start("crowd", scopes))?,
    ])
}

fn arrive(scopes: u64) -> Transaction {
    Transaction::new(Arc::new(move |user| {
        Box::pin(async move {
            let random = Random(u64::try_from(user.weighted_users_index).unwrap_or_default() << 32);
            user.set_session_data(Player { random, scopes, etag: None });
            Ok(())
        })
    }))
    .set_name("arrive")
    .set_on_start()
}

/// Reads a scope without an ETag.
async fn look(user: &mut GooseUser) -> TransactionResult {
    let scope = user.get_session_data_unchecked_mut::<Player>().scope();
    let path = if scope.is_empty() { LOOK.to_owned() } else { format!("{LOOK}?scope={scope}") };
    let request = user.get_request_builder(&GooseMethod::Get, &path)?.header("Accept-Encoding", "gzip");
    let request = GooseRequest::builder().name(LOOK).path(&*path).expect_status_code(200).set_request_builder(request);
    let answer = user.request(request.build()).await?;
    read(user, answer).await
}

/// Reads with the last ETag, and accepts 304.
async fn poll(user: &mut GooseUser) -> TransactionResult {
    let etag = user.get_session_data_unchecked::<Player>().etag.clone();
    let mut request = user.get_request_builder(&GooseMethod::Get, LOOK)?.header("Accept-Encoding", "gzip");
    let mut expected = 200;
    if let Some(etag) = &etag {
        request = request.header("If-None-Match", etag);
        expected = 304;
    }
    let request =
        GooseRequest::builder().name(LOOK).path(LOOK).expect_status_code(expected).set_request_builder(request);
    let mut answer = user.request(request.build()).await?;
    if let Ok(response) = &answer.response
        && response.status() == 200
    {
        let etag = response.headers().get("ETag").and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        user.get_session_data_unchecked_mut::<Player>().etag = etag;
        user.set_success(&mut answer.request)?;
    }
    read(user, answer).await
}

/// Leaves an object, a message and a phantom.
async fn leave(user: &mut GooseUser) -> TransactionResult {
    let player = user.get_session_data_unchecked_mut::<Player>();
    let scope = player.scope();
    let body = bodies::body(&scope, &mut player.random);
    let request =
        user.get_request_builder(&GooseMethod::Post, LEAVE)?.header("Content-Type", "application/json").body(body);
    let request = GooseRequest::builder()
        .name(LEAVE)
        .path(LEAVE)
        .method(GooseMethod::Post)
        .expect_status_code(201)
        .set_request_builder(request);
    let answer = user.request(request.build()).await?;
    read(user, answer).await
}

/// Reads the body to its end, because otherwise the connection could not be reused. goose has already counted an unexpected
/// status, or no response, as a failure.
async fn read(user: &mut GooseUser, answer: GooseResponse) -> TransactionResult {
    let mut request = answer.request;
    let Ok(response) = answer.response else { return Ok(()) };
    let status = response.status();
    let complaint = match response.bytes().await {
        Err(_) => "the body broke off",
        Ok(body) if body.is_empty() && status != 304 => "the body is empty",
        Ok(_) => return Ok(()),
    };
    user.set_failure(complaint, &mut request, None, None)
}
