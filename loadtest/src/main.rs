//! Load tests of Cairn; README.md says how to run them. Each feature's scenarios have their own file.

mod bodies;
mod journal;
mod traces;

use std::{env, error::Error, io, time::Duration};

use goose::{client::GooseClientBuilder, prelude::*};

/// The number of scopes that the scenario `crowd` uses.
const SCOPES: &str = "LOADTEST_SCOPES";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // For load generators that read bodies from a file.
    if env::args().nth(1).as_deref() == Some("bodies") {
        return Ok(bodies::write_all(&mut io::stdout().lock())?);
    }
    let scopes = match env::var(SCOPES) {
        Ok(text) => text.parse().ok().filter(|&n| n > 0).ok_or(format!("{SCOPES} must be a number from 1"))?,
        Err(_) => 100,
    };
    // Decompressing each snapshot would make the client the bottleneck.
    let client = GooseClientBuilder::new().without_cookies().gzip(false).timeout(Duration::from_secs(10));
    let mut attack = *GooseAttack::initialize()?
        .set_client_builder_without_cookies(client)?
        .set_default(GooseDefault::Scenarios, "mixed")?
        .set_default(GooseDefault::NoTelnet, true)?;
    for scenario in traces::scenarios(scopes)? {
        attack = attack.register_scenario(scenario);
    }
    if let Some(scenario) = journal::scenario()? {
        attack = attack.register_scenario(scenario);
    }
    Box::pin(attack.execute()).await?;
    Ok(())
}
