//! The command line.

mod demo;
mod export;
mod game;
mod import;
mod inspect;
mod key;
mod list;
mod map;
mod member;
mod place;
mod progress;
mod setup;
mod studio;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    app::{self, Core, Server},
    config::Config,
    identity::accounts::Code,
    platform::{db::Migrate, observe, secret::Secret},
};

/// A backend for asynchronous multiplayer: players leave traces in a game's world, others meet them later.
#[derive(Parser)]
#[command(name = "cairn", version)]
struct Arguments {
    /// A file with settings, in the form of config/default.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve (the default).
    Serve {
        /// What to do with a database older than the program: `check` or `auto`.
        #[arg(long, value_name = "WHEN", value_parser = parse_migrate)]
        migrate: Option<Migrate>,
    },
    /// Bring the database up to this program's version, then exit.
    Migrate,
    /// Import traces in the native form (docs/import.md): each source id once; an import that was cut short goes on.
    Import(import::Arguments),
    /// Export all traces in the native form (docs/import.md).
    Export(export::Arguments),
    /// Make an administrator.
    Setup(setup::Arguments),
    /// Found and list studios.
    #[command(subcommand)]
    Studio(studio::Command),
    /// Say who belongs to a studio, and as what.
    #[command(subcommand)]
    Member(member::Command),
    /// Register and list the games of a studio.
    #[command(subcommand)]
    Game(game::Command),
    /// Mint, list, rotate and revoke the keys that open a game's world.
    #[command(subcommand)]
    Key(key::Command),
    /// Look at what players are shown, and why.
    #[command(subcommand)]
    Inspect(inspect::Command),
    /// Fill the world with a few hundred generated traces and recordings, to have something to see.
    Demo,
    /// Print the description of the API (OpenAPI 3.0).
    Openapi,
}

fn parse_migrate(text: &str) -> Result<Migrate, &'static str> {
    match text {
        "check" => Ok(Migrate::Check),
        "auto" => Ok(Migrate::Auto),
        _ => Err("must be check or auto"),
    }
}

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if standard error is closed.
            let _closed = writeln!(std::io::stderr(), "cairn: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Outcome {
    let mut config = Config::read(arguments.config, std::env::vars())?;
    observe::install(config.log, &config.log_filter)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.command.unwrap_or(Command::Serve { migrate: None }) {
            Command::Serve { migrate } => {
                config.migrate = migrate.unwrap_or(config.migrate);
                serve(&config).await
            }
            Command::Migrate => {
                config.migrate = Migrate::Auto;
                let migrated = on_core(&config, async |core| Ok(core.database.migrated())).await?;
                say(&format!("The database is up to date. Studios whose tables were not: {migrated}."))
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

async fn serve(config: &Config) -> Outcome {
    // Taken first, so that a signal during the start counts too.
    let mut signals = Signals::listen()?;
    let server = tokio::select! {
        started = Server::start(config) => started?,
        () = signals.next() => return Err("stopped before it had started".into()),
    };
    let setup_code = server.setup_code().map(Code::secret);
    say(&welcome(&format!("http://{}", server.address()), setup_code))?;
    let broken = server.core().tasks.clone();
    tokio::select! {
        () = signals.next() => {}
        () = broken.panicked() => {}
    }
    tokio::select! {
        () = server.stop() => {}
        () = signals.next() => return Err("stopped at once, by a second signal".into()),
    }
    if broken.has_panicked() { Err("a background task panicked; the log has it".into()) } else { Ok(()) }
}

fn welcome(base: &str, setup_code: Option<&Secret>) -> String {
    let trace = r#"{"message":{"u_uuid":"me","part1":"Try","part2":"climbing,","part3":"then view"},"phantom":{"u_uuid":"me","data":[["0,0,0","0,0,0,1"],["1,0,0","0,0,0,1"]]}}"#;
    // Printed, never logged: whoever has it makes the administrator.
    let setup = setup_code.map_or_else(String::new, |code| {
        let body = format!(r#"{{"code":"{}","email":"you@example.org","password":"..."}}"#, code.expose());
        format!(
            "  Nobody has an account yet. Whoever sends this first, before the next start, is the administrator:\n\n  \
             POST {base}/v1/setup {body}\n\n"
        )
    });
    format!(
        "\n  Cairn remembers.\n\n  API    {base}/get-objects\n  Docs   {base}/docs  {base}/redoc\n\n{setup}  Leave a trace, then fetch the world:\n\n  \
         curl {base}/add-object -H 'Content-Type: application/json' -d '{trace}'\n  curl --compressed {base}/get-objects\n"
    )
}

/// Does something on a core of its own, which is stopped in the end however that went.
async fn on_core<T>(config: &Config, work: impl AsyncFnOnce(&Core) -> Outcome<T>) -> Outcome<T> {
    // On the heap: both are too large for all the futures that wait for them in turn.
    let core = Box::pin(Core::start(config)).await?;
    let outcome = Box::pin(work(&core)).await;
    core.stop().await;
    outcome
}

fn say(text: &str) -> Outcome {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

/// The signals that ask to stop.
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
