//! Load tests of Cairn; README.md says how to run them. Each feature's scenarios are in a file of their own.

mod bodies;
mod traces;

use std::{env, error::Error, io, time::Duration};

use goose::{client::GooseClientBuilder, prelude::*};

/// How many places the scenario `crowd` spreads over.
const SCOPES: &str = "LOADTEST_SCOPES";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // For generators that take bodies from a file.
    if env::args().nth(1).as_deref() == Some("bodies") {
        return Ok(bodies::write_all(&mut io::stdout().lock())?);
    }
    let scopes = match env::var(SCOPES) {
        Ok(text) => text.parse().ok().filter(|&n| n > 0).ok_or(format!("{SCOPES} must be a number from 1"))?,
        Err(_) => 100,
    };
    // Unpacking each snapshot would make the client the bottleneck.
    let client = GooseClientBuilder::new().without_cookies().gzip(false).timeout(Duration::from_secs(10));
    let mut attack = *GooseAttack::initialize()?
        .set_client_builder_without_cookies(client)?
        .set_default(GooseDefault::Scenarios, "mixed")?
        .set_default(GooseDefault::NoTelnet, true)?;
    for scenario in traces::scenarios(scopes)? {
        attack = attack.register_scenario(scenario);
    }
    Box::pin(attack.execute()).await?;
    Ok(())
}
