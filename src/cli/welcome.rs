//! What `cairn serve` prints when it listens: addresses, and commands that can be pasted.

use super::{
    CommandResult,
    context::{Context, base_url, quoted},
};
use crate::{
    app::Server,
    backends::Backends,
    identity::accounts::Code,
    platform::token::{self, NoRandomness},
};

/// The header of a request with a JSON body.
const JSON: &str = "-H 'Content-Type: application/json'";

/// The game that is named in examples.
const EXAMPLE_GAME: &str = "moss/climb";

/// Symbols of a suggested password: 100 bits.
const PASSWORD_SYMBOLS: usize = 20;

/// The text for a server that has just started.
pub fn text(context: &Context, server: &Server) -> CommandResult<String> {
    let base = base_url(server.address());
    let mut text = format!(
        "\n  Cairn remembers.\n\n  Pages  {base}\n  Docs   {base}/docs  {base}/redoc\n  API    {base}/openapi.json\n  Data   {}\n\n  \
         A key for a game of yours, in another terminal:\n\n  {} key create --game {EXAMPLE_GAME}\n\n",
        context.data, context.program
    );
    if let Some(code) = server.setup_code() {
        text.push_str(&setup(&base, code)?);
    }
    if Backends::choose(&context.config)?.open_world {
        text.push_str(&open_world(&base));
    }
    text.push_str("  Ctrl-C stops it.\n");
    Ok(text)
}

/// Printed, never logged: whoever has the code can create the administrator. The password is random, so that the command
/// is safe as it is.
fn setup(base: &str, code: &Code) -> Result<String, NoRandomness> {
    let password = token::random_text(PASSWORD_SYMBOLS)?;
    let code = code.secret().expose();
    let body = format!(r#"{{"code":"{code}","email":"you@example.org","password":"{password}"}}"#);
    Ok(format!(
        "  There are no accounts yet. The first to open this link before the next start\n  \
         is the administrator:\n\n  {base}/account/setup#code={code}\n\n  \
         Without a browser, put your email address and a password into this:\n\n  \
         curl {} {JSON} -d '{body}'\n\n",
        quoted(&format!("{base}/v1/setup"))
    ))
}

fn open_world(base: &str) -> String {
    let trace = r#"{"message":{"u_uuid":"me","part1":"Try","part2":"climbing,","part3":"then view"},"phantom":{"u_uuid":"me","data":[["0,0,0","0,0,0,1"],["1,0,0","0,0,0,1"]]}}"#;
    format!(
        "  Without a key, in the open world: leave a trace, then read all.\n\n  curl {} {JSON} -d '{trace}'\n  \
         curl --compressed {}\n\n",
        quoted(&format!("{base}/add-object")),
        quoted(&format!("{base}/get-objects"))
    )
}
