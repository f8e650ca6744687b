//! `cairn setup`: creates an administrator account.

use std::io::{BufRead, Write};

use console::Term;

use super::{CommandResult, context::Context, print_line, with_services};
use crate::{
    app::Services,
    identity::accounts::Password,
    platform::{mail::EmailAddress, secret::Secret},
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The email address. An existing account with it becomes an administrator and gets the password given now.
    #[arg(long, value_parser = EmailAddress::parse)]
    email: EmailAddress,
    /// Read the password from standard input, its first line, instead of asking for it on the terminal.
    #[arg(long)]
    password_stdin: bool,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let typed = if arguments.password_stdin { read_from_stdin()? } else { read_from_terminal()? };
    let password = Password::parse(typed.expose()).map_err(|detail| format!("the password {detail}"))?;
    let create =
        async |services: &Services| Ok(services.accounts.make_administrator(&arguments.email, password).await?);
    print_line(with_services(context, create).await?.as_str())
}

fn read_from_stdin() -> std::io::Result<Secret> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Secret::new(line.trim_end_matches(['\n', '\r'])))
}

/// Asks twice, since the input is not echoed.
fn read_from_terminal() -> CommandResult<Secret> {
    let mut terminal = Term::stderr();
    if !terminal.is_term() {
        return Err("there is no terminal: give the password with --password-stdin".into());
    }
    let mut ask = |prompt: &str| {
        write!(terminal, "{prompt}: ")?;
        terminal.read_secure_line().map(Secret::new)
    };
    let (first, second) = (ask("Password")?, ask("Repeat password")?);
    if first == second { Ok(first) } else { Err("the passwords differ".into()) }
}
