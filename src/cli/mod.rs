//! The command line: `cairn serve` and the commands that operate on a server's data.
//!
//! Commands go by the usual verbs (`studio create`, `key create`); those of earlier releases still work as hidden aliases.

mod demo;
mod export;
mod game;
mod import;
mod inspect;
mod key;
mod map;
mod member;
mod progress;
mod setup;
mod studio;
mod table;
mod world;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    app::{self, Server, Services},
    config::Config,
    identity::accounts::Code,
    platform::{db::Migrate, observe, secret::Secret},
};

/// A backend for asynchronous multiplayer: players leave traces in a game's world, and other players see them later.
#[derive(Parser)]
#[command(name = "cairn", version)]
struct Arguments {
    /// Configuration file; config/default.toml lists all settings.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (default).
    Serve {
        /// What to do with an outdated database schema: `check` or `auto`.
        #[arg(long, value_name = "WHEN", value_parser = parse_migrate)]
        migrate: Option<Migrate>,
    },
    /// Migrate the database schema to this version, then exit.
    Migrate,
    /// Import traces from a file (format: docs/import.md). Skips known source ids; resumes an interrupted import.
    Import(import::Arguments),
    /// Export all traces of a world to a file (format: docs/import.md).
    Export(export::Arguments),
    /// Create an administrator account.
    Setup(setup::Arguments),
    /// Create, list, export, import and delete studios, and show their audit log.
    #[command(subcommand)]
    Studio(studio::Command),
    /// Add, list and remove the members of a studio.
    #[command(subcommand)]
    Member(member::Command),
    /// Create and list the games of a studio, and change their settings.
    #[command(subcommand)]
    Game(game::Command),
    /// Create, list, rotate and revoke API keys.
    #[command(subcommand)]
    Key(key::Command),
    /// Show which traces players are shown, and why.
    #[command(subcommand)]
    Inspect(inspect::Command),
    /// Fill the open world with a few hundred generated traces and recordings.
    Demo,
    /// Print the OpenAPI 3.0 description of the API.
    Openapi,
}

fn parse_migrate(text: &str) -> Result<Migrate, &'static str> {
    match text {
        "check" => Ok(Migrate::Check),
        "auto" => Ok(Migrate::Auto),
        _ => Err("must be check or auto"),
    }
}

/// The result of a command; an error is printed as it displays itself.
type CommandResult<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing can be done if standard error is closed.
            let _closed = writeln!(std::io::stderr(), "cairn: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> CommandResult {
    let mut config = Config::read(arguments.config, std::env::vars())?;
    observe::install(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.command.unwrap_or(Command::Serve { migrate: None }) {
            Command::Serve { migrate } => {
                config.database.migrate = migrate.unwrap_or(config.database.migrate);
                serve(&config).await
            }
            Command::Migrate => {
                config.database.migrate = Migrate::Auto;
                let migrated = with_services(&config, async |services| Ok(services.database.migrated())).await?;
                print_line(&format!("The database is up to date. Studios migrated: {migrated}."))
            }
            Command::Import(arguments) => Box::pin(import::run(&config, &arguments)).await,
            Command::Export(arguments) => Box::pin(export::run(&config, &arguments)).await,
            Command::Studio(command) => Box::pin(studio::run(&config, command)).await,
            Command::Setup(arguments) => Box::pin(setup::run(&config, &arguments)).await,
            Command::Member(command) => Box::pin(member::run(&config, command)).await,
            Command::Game(command) => Box::pin(game::run(&config, command)).await,
            Command::Key(command) => Box::pin(key::run(&config, command)).await,
            Command::Inspect(command) => Box::pin(inspect::run(&config, command)).await,
            Command::Demo => Box::pin(demo::run(&config)).await,
            Command::Openapi => Ok(std::io::stdout().write_all(app::openapi().as_bytes())?),
        }
    })
}

async fn serve(config: &Config) -> CommandResult {
    // Installed first, so that a signal during the start is handled too.
    let mut signals = Signals::listen()?;
    let server = tokio::select! {
        started = Server::start(config) => started?,
        () = signals.next() => return Err("stopped by a signal before the server had started".into()),
    };
    let setup_code = server.setup_code().map(Code::secret);
    print_line(&welcome(&format!("http://{}", server.address()), setup_code))?;
    let tasks = server.services().tasks.clone();
    tokio::select! {
        () = signals.next() => {}
        () = tasks.panicked() => {}
    }
    tokio::select! {
        () = server.stop() => {}
        () = signals.next() => return Err("stopped immediately by a second signal".into()),
    }
    if tasks.has_panicked() { Err("a background task panicked; see the log".into()) } else { Ok(()) }
}

fn welcome(base: &str, setup_code: Option<&Secret>) -> String {
    let trace = r#"{"message":{"u_uuid":"me","part1":"Try","part2":"climbing,","part3":"then view"},"phantom":{"u_uuid":"me","data":[["0,0,0","0,0,0,1"],["1,0,0","0,0,0,1"]]}}"#;
    // Printed, never logged: whoever has the code can create the administrator.
    let setup = setup_code.map_or_else(String::new, |code| {
        let body = format!(r#"{{"code":"{}","email":"you@example.org","password":"..."}}"#, code.expose());
        format!(
            "  There are no accounts yet. The first to send this request before the next start becomes the administrator:\n\n  \
             POST {base}/v1/setup {body}\n\n"
        )
    });
    format!(
        "\n  Cairn remembers.\n\n  API    {base}/get-objects\n  Docs   {base}/docs  {base}/redoc\n\n{setup}  Leave a trace, then read the world:\n\n  \
         curl {base}/add-object -H 'Content-Type: application/json' -d '{trace}'\n  curl --compressed {base}/get-objects\n"
    )
}

/// Runs `work` on the started backends and features, and stops them whatever its result.
async fn with_services<T>(config: &Config, work: impl AsyncFnOnce(&Services) -> CommandResult<T>) -> CommandResult<T> {
    // Boxed: both futures are too large to be part of every future that awaits them.
    let services = Box::pin(Services::start(config)).await?;
    let result = Box::pin(work(&services)).await;
    services.stop().await;
    result
}

fn print_line(text: &str) -> CommandResult {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

/// The signals that ask the program to stop: SIGINT and SIGTERM.
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verbs_of_earlier_releases_still_work() {
        for (earlier, now) in [
            ("studio found moss", "studio create moss"),
            ("game add moss climb --name Climb", "game create moss climb --name Climb"),
            ("key mint moss climb live --scopes read", "key create moss climb live --permissions read"),
            ("member set moss ann@example.org owner", "member add moss ann@example.org owner"),
        ] {
            let parse = |line: &str| {
                let words = std::iter::once("cairn").chain(line.split(' '));
                Arguments::try_parse_from(words).unwrap().command.unwrap()
            };
            assert_eq!(format!("{:?}", parse(earlier)), format!("{:?}", parse(now)));
        }
    }
}
