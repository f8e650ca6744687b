//! `cairn setup`: makes an administrator.

use std::io::{BufRead, Write};

use console::Term;

use super::{Outcome, on_core, say};
use crate::{
    app::Core,
    config::Config,
    identity::accounts::Password,
    platform::{mail::EmailAddress, secret::Secret},
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The address. Who has an account with it becomes an administrator, with the password that is given now.
    #[arg(long, value_parser = EmailAddress::parse)]
    email: EmailAddress,
    /// Read the password from standard input, its first line, instead of asking for it on the terminal.
    #[arg(long)]
    password_stdin: bool,
}

pub(super) async fn run(config: &Config, arguments: &Arguments) -> Outcome {
    let typed = if arguments.password_stdin { of_stdin()? } else { of_terminal()? };
    let password = Password::parse(typed.expose()).map_err(|detail| format!("the password {detail}"))?;
    let make = async |core: &Core| Ok(core.accounts.make_administrator(&arguments.email, password).await?);
    say(on_core(config, make).await?.as_str())
}

fn of_stdin() -> std::io::Result<Secret> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Secret::new(line.trim_end_matches(['\n', '\r'])))
}

/// Asked for twice, since it is not seen.
fn of_terminal() -> Result<Secret, Box<dyn std::error::Error + Send + Sync>> {
    let mut terminal = Term::stderr();
    if !terminal.is_term() {
        return Err("there is no terminal to ask on: give the password with --password-stdin".into());
    }
    let mut ask = |what: &str| {
        write!(terminal, "{what}: ")?;
        terminal.read_secure_line().map(Secret::new)
    };
    let (first, again) = (ask("Password")?, ask("Once more")?);
    if first == again { Ok(first) } else { Err("these are two different passwords".into()) }
}
