//! The command line: `cairn serve` and the commands that operate on a server's data.
//!
//! Commands go by the usual verbs (`studio create`, `key create`); those of earlier releases still work as hidden aliases.

mod account;
mod backup;
mod context;
mod demo;
mod export;
mod game;
mod import;
mod inspect;
mod jobs;
mod key;
mod map;
mod member;
mod player;
mod progress;
mod setup;
mod studio;
mod table;
mod titles;
mod welcome;
mod whole_file;
mod world;

use std::{
    error::Error,
    ffi::OsString,
    io::{self, ErrorKind, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{
    Parser, Subcommand,
    builder::{
        Styles,
        styling::{AnsiColor, Style},
    },
};

use self::context::Context;
use crate::{
    app::{self, Server, Services},
    config::Config,
    platform::{db::Migrate, error::with_causes, observe, open_files},
};

/// The colours of the help, where it is shown on a terminal.
const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Green.on_default())
    .context(Style::new().dimmed());

/// Columns of the help, at most: longer lines are hard to read.
const HELP_COLUMNS: usize = 100;

/// A backend for asynchronous multiplayer: players leave traces in a game's world, and other players see them later.
#[derive(Parser)]
#[command(name = "cairn", version, styles = STYLES, max_term_width = HELP_COLUMNS)]
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
    /// Help users who can't sign in.
    #[command(subcommand)]
    Account(account::Command),
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
    /// Export and erase the players of a game.
    #[command(subcommand)]
    Player(player::Command),
    /// Take in titles: games as the world knows them.
    #[command(subcommand)]
    Titles(titles::Command),
    /// Show which traces players are shown, and why.
    #[command(subcommand)]
    Inspect(inspect::Command),
    /// List jobs (emails and other work in the background); replay or discard those that were given up.
    #[command(subcommand)]
    Jobs(jobs::Command),
    /// Make a backup of everything in a folder, also beside a running server.
    Backup(backup::Arguments),
    /// Restore a backup where no tables are yet.
    Restore(backup::Arguments),
    /// Fill a world with a few hundred generated traces and recordings.
    Demo(demo::Arguments),
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
type CommandResult<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let is_unattended = matches!(arguments.command, None | Some(Command::Serve { .. } | Command::Migrate));
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // Who read the output has seen enough, as in `cairn inspect ... | head`.
        Err(error) if error.downcast_ref().is_some_and(|error: &io::Error| error.kind() == ErrorKind::BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            let error = with_causes(&*error);
            // What runs unattended fails in the format of its log.
            if is_unattended && observe::logs_errors() {
                tracing::error!("{error}");
            } else {
                // Nothing can be done if standard error is closed.
                let _closed = writeln!(std::io::stderr(), "cairn: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> CommandResult {
    let variables: Vec<(OsString, OsString)> = std::env::vars_os().collect();
    let program = std::env::args_os().next().map_or_else(|| "cairn".to_owned(), |name| name.to_string_lossy().into());
    let config = Config::read(arguments.config.clone(), variables.iter().cloned()).inspect_err(|_| {
        let format = Config::log_format(arguments.config.as_deref(), variables.iter().cloned());
        let _installed_already = observe::install_for_errors(format);
    })?;
    let mut context = Context::new(config, &program, &variables, arguments.config.as_deref());
    observe::install(&context.config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.command.unwrap_or(Command::Serve { migrate: None }) {
            Command::Serve { migrate } => {
                context.config.database.migrate = migrate.unwrap_or(context.config.database.migrate);
                serve(&context).await
            }
            Command::Migrate => {
                context.config.database.migrate = Migrate::Auto;
                let migrated = with_services(&context, async |services| Ok(services.database.migrated())).await?;
                print_line(&format!("The database is up to date. Studios migrated: {migrated}."))
            }
            Command::Import(arguments) => Box::pin(import::run(&context, &arguments)).await,
            Command::Export(arguments) => Box::pin(export::run(&context, &arguments)).await,
            Command::Studio(command) => Box::pin(studio::run(&mut context, command)).await,
            Command::Setup(arguments) => Box::pin(setup::run(&context, &arguments)).await,
            Command::Account(command) => Box::pin(account::run(&context, command)).await,
            Command::Member(command) => Box::pin(member::run(&context, command)).await,
            Command::Game(command) => Box::pin(game::run(&context, command)).await,
            Command::Key(command) => Box::pin(key::run(&context, command)).await,
            Command::Player(command) => Box::pin(player::run(&context, command)).await,
            Command::Titles(command) => Box::pin(titles::run(&context, command)).await,
            Command::Inspect(command) => Box::pin(inspect::run(&context, command)).await,
            Command::Jobs(command) => Box::pin(jobs::run(&context, command)).await,
            Command::Backup(arguments) => Box::pin(backup::back_up(&context, &arguments)).await,
            Command::Restore(arguments) => Box::pin(backup::restore(&context, &arguments)).await,
            Command::Demo(arguments) => Box::pin(demo::run(&context, &arguments)).await,
            Command::Openapi => Ok(std::io::stdout().write_all(app::openapi().as_bytes())?),
        }
    })
}

async fn serve(context: &Context) -> CommandResult {
    // Installed first, so that a signal during the start is handled too.
    let mut signals = Signals::listen()?;
    open_files::raise_limit(context.config.http.connections);
    let server = tokio::select! {
        started = Server::start(&context.config) => started.map_err(|error| context.explain(error.into()))?,
        () = signals.next() => return Err("stopped by a signal before the server had started".into()),
    };
    if let Err(error) = print_line(&welcome::text(context, &server)?) {
        tracing::warn!(%error, "standard output can't be written: the addresses, and a code for the first administrator, are lost");
    }
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

/// Runs `work` on the started backends and features, and stops them whatever its result.
async fn with_services<T>(
    context: &Context,
    work: impl AsyncFnOnce(&Services) -> CommandResult<T>,
) -> CommandResult<T> {
    // Boxed: both futures, and the services, are too large to be part of every future that awaits them.
    let services = Box::pin(async { Services::start(&context.config).await.map(Box::new) }).await;
    let services = services.map_err(|error| context.explain(error.into()))?;
    let result = Box::pin(work(&services)).await;
    services.stop().await;
    result.map_err(|error| context.explain(error))
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
