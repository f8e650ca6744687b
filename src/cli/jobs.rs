//! `cairn jobs`: work in the background that waits, and dead letters.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{CommandResult, context::Context, print_line, table::Format, with_services};
use crate::{
    app::Services,
    identity::studios::Slug,
    platform::{
        clock,
        db::StudioId,
        jobs::{Filter, ListedJob},
    },
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the jobs that wait or were given up: the first thousand, the oldest first.
    List {
        #[command(flatten)]
        which: Which,
        /// Only jobs that were given up (dead letters).
        #[arg(long)]
        dead: bool,
        #[command(flatten)]
        format: Format,
    },
    /// Have jobs that were given up tried again, by a running server.
    Replay(Chosen),
    /// Delete jobs that were given up.
    Discard(Chosen),
}

#[derive(Debug, Args)]
pub(super) struct Which {
    /// The jobs of a studio; without it those of the installation.
    #[arg(long)]
    studio: Option<String>,
    /// Only jobs of this kind, such as `mail`.
    #[arg(long)]
    kind: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// The job's id, from `cairn jobs list`.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    id: Option<i64>,
    /// All of them.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    which: Which,
}

pub(super) async fn run(context: &Context, command: Command) -> CommandResult {
    with_services(context, async |services| run_on(services, command).await).await
}

async fn run_on(services: &Services, command: Command) -> CommandResult {
    let jobs = &services.jobs;
    match command {
        Command::List { which, dead, format } => {
            let (studio, kind) = which.find(services).await?;
            let listed = jobs.list(studio, &Filter { id: None, kind, only_dead: dead }).await?;
            format.print(listed.iter().map(row).collect())
        }
        Command::Replay(chosen) => {
            let (studio, filter) = chosen.find(services).await?;
            report("replayed", jobs.replay(studio, &filter).await?, chosen.id)
        }
        Command::Discard(chosen) => {
            let (studio, filter) = chosen.find(services).await?;
            report("discarded", jobs.discard(studio, &filter).await?, chosen.id)
        }
    }
}

impl Which {
    async fn find(&self, services: &Services) -> CommandResult<(Option<StudioId>, Option<String>)> {
        let studio = match &self.studio {
            Some(slug) => Some(services.studios.studio(&Slug::parse(slug)?).await?),
            None => None,
        };
        Ok((studio, self.kind.clone()))
    }
}

impl Chosen {
    async fn find(&self, services: &Services) -> CommandResult<(Option<StudioId>, Filter)> {
        let (studio, kind) = self.which.find(services).await?;
        Ok((studio, Filter { id: self.id, kind, only_dead: true }))
    }
}

fn report(done: &str, count: u64, id: Option<i64>) -> CommandResult {
    match id {
        Some(id) if count == 0 => Err(format!("there is no dead letter {id}").into()),
        _ => print_line(&format!("Jobs {done}: {count}.")),
    }
}

fn row(job: &ListedJob) -> Vec<(&'static str, serde_json::Value)> {
    let state = match (job.is_dead, job.is_leased) {
        (true, _) => "dead",
        (false, true) => "running",
        (false, false) => "waiting",
    };
    vec![
        ("id", json!(job.id)),
        ("kind", json!(job.kind)),
        ("state", json!(state)),
        ("attempts", json!(job.attempts)),
        ("asked", json!(clock::format(job.created_at_ms))),
        ("due", json!(clock::format(job.due_ms))),
        ("error", json!(job.error)),
    ]
}
