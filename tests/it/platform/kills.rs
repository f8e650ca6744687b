//! Three hundred times `kill -9` at random moments over jobs and emails (`make test-kills`; `CAIRN_TEST_KILLS` sets another number).

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use cairn::{
    app::Services,
    config::Config,
    platform::jobs::{Filter, Job, JobError, JobKind, JobOutcome, NewJob, Work},
};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::support::{
    Backend, Place, eventually,
    faulty_mail::{FaultyMailServer, Manner},
    http,
    process::{Process, cairn},
};

/// Says that it is done once: its effect is in the transaction that ends it.
const ONCE: JobKind = JobKind {
    name: "once",
    at_once: 4,
    time_limit: Duration::from_secs(20),
    first_delay: Duration::from_millis(20),
    max_delay: Duration::from_millis(50),
    retry_for: Duration::from_hours(1),
    max_uncertain: 1,
};

/// Says that it is done once at most: its effect is outside of the database.
const AT_MOST_ONCE: JobKind = JobKind { name: "at_most_once", ..ONCE };

/// The variable that tells the worker whether it asks for jobs (`ask`) or only does them (`do`).
const WORKER: &str = "CAIRN_TEST_WORKER";

fn kills() -> usize {
    std::env::var("CAIRN_TEST_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(300)
}

fn outside(folder: &Path) -> std::path::PathBuf {
    folder.with_extension("outside")
}

/// The program that is killed: asks for jobs and does them.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs as a process of the tests below"]
async fn worker() {
    let Ok(role) = std::env::var(WORKER) else { return };
    let config = Config::read(None, std::env::vars().filter(|(name, _)| name != WORKER)).unwrap();
    let services = Box::new(Box::pin(Services::start(&config)).await.unwrap());
    let (database, file) = (services.database.clone(), outside(&config.database.data));
    let once = Work::new(ONCE, move |job: Job| {
        let database = database.clone();
        async move {
            let number: i64 = job.payload()?;
            let control = database.control();
            let transaction = control.begin().await?;
            let effect = format!("INSERT INTO effect (number) VALUES ({number})");
            transaction.execute_unprepared(&effect).await.map_err(|error| JobError::Failed(error.to_string()))?;
            job.finish(&transaction).await?;
            control.commit(transaction).await?;
            Ok(JobOutcome::Finished)
        }
    });
    let at_most_once = Work::new(AT_MOST_ONCE, move |job: Job| {
        let file = file.clone();
        async move {
            let number: i64 = job.payload()?;
            job.begin_uncertain().await?;
            let mut file = fs::File::options().append(true).create(true).open(&file).unwrap();
            file.write_all(format!("{number}\n").as_bytes()).unwrap();
            Ok(JobOutcome::Finished)
        }
    });
    services.jobs.start(vec![once, at_most_once]);
    let control = services.database.control();
    if role == "ask" {
        let first = cairn::platform::clock::now_ms() * 10_000;
        for number in first.. {
            let transaction = control.begin().await.unwrap();
            let asked = format!("INSERT INTO asked (number) VALUES ({number})");
            transaction.execute_unprepared(&asked).await.unwrap();
            let first_job = services.jobs.enqueue(&transaction, NewJob::new(&ONCE, &number)).await.unwrap();
            let second_job = services.jobs.enqueue(&transaction, NewJob::new(&AT_MOST_ONCE, &number)).await.unwrap();
            control.commit(transaction).await.unwrap();
            first_job.wake().await;
            second_job.wake().await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    eventually("all is done", async || {
        services.jobs.list(None, &Filter::default()).await.unwrap().iter().all(|job| job.is_dead)
    })
    .await;
    services.stop().await;
}

async fn kill_workers(place: &Place) {
    let services = Box::new(Box::pin(Services::start(&place.config(&[]))).await.unwrap());
    services.stop().await;
    for table in ["asked", "effect"] {
        place.execute_control(&format!("CREATE TABLE {table} (number BIGINT NOT NULL)")).await;
    }
    let start = |role: &str| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "platform::kills::worker", "--ignored"]).envs(place.environment());
        command.env(WORKER, role).env("CAIRN_JOB_LEASE_SECS", "1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for _ in 0..kills() {
        let mut worker = start("ask");
        // The moment is what is random here.
        tokio::time::sleep(Duration::from_millis(fastrand::u64(50..700))).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
    assert!(start("do").wait().unwrap().success());

    let numbers = async |sql: &str| {
        let texts = place.control_texts(sql).await;
        texts.into_iter().map(|text| text.parse::<i64>().unwrap()).collect::<Vec<i64>>()
    };
    let asked = numbers("SELECT CAST(number AS TEXT) FROM asked ORDER BY number").await;
    let done = numbers("SELECT CAST(number AS TEXT) FROM effect ORDER BY number").await;
    assert_eq!(asked, done, "each job that was asked for is done once");
    let lines = fs::read_to_string(outside(&place.folder)).unwrap_or_default();
    let mut outside_done: Vec<i64> = lines.lines().map(|line| line.parse().unwrap()).collect();
    outside_done.sort_unstable();
    let dead = numbers("SELECT payload FROM job WHERE dead ORDER BY payload").await;
    let times = outside_done.len();
    outside_done.dedup();
    assert_eq!(times, outside_done.len(), "none is done twice");
    let lost: Vec<&i64> =
        asked.iter().filter(|number| !outside_done.contains(number) && !dead.contains(number)).collect();
    assert!(lost.is_empty(), "neither done nor given up: {lost:?}");
    println!("{} kills: {} jobs each done once; outside: {times} once, {} given up", kills(), asked.len(), dead.len());
    assert!(!asked.is_empty());
    let _not_there = fs::remove_file(outside(&place.folder));
}

async fn kill_servers(place: &Place) {
    let mail = FaultyMailServer::start(Manner::Take(30)).await;
    let start = || {
        let mut command = cairn(place, &[]);
        command.env("CAIRN_MAIL_URL", &mail.url).env("CAIRN_PUBLIC_URL", "http://cairn.example");
        command.env("CAIRN_NETWORK_ATTEMPTS", "1000000").env("CAIRN_JOB_LEASE_SECS", "1");
        // A test of kills, not of patience.
        command.env("CAIRN_MAIL_PATIENCE_SECS", "3600").env("CAIRN_MAIL_LETTERS", "100000");
        Process::start(command)
    };
    let client = http::Client::new();
    let number = Arc::new(AtomicI64::new(0));
    let mut accepted = Vec::new();
    for _ in 0..kills() {
        let server = start();
        let url = format!("{}/v1/account/register", server.base);
        let asking = async {
            loop {
                let email = format!("a{}@example.org", number.fetch_add(1, Ordering::AcqRel));
                let body = json!({"email": email}).to_string();
                match client.post(&url).header("Content-Type", "application/json").body(body).send().await {
                    Ok(answer) if answer.status() == 202 => accepted.push(email),
                    _ => {}
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let moment = Duration::from_millis(fastrand::u64(0..250));
        let _still_asking = tokio::time::timeout(moment, asking).await;
        server.signal("KILL");
        server.wait();
    }
    let server = start();
    let waiting = async || place.control_texts("SELECT kind FROM job WHERE NOT dead").await.len();
    eventually("all emails are sent or given up", async || waiting().await == 0).await;
    drop(server);

    let mut by_address: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for email in mail.arrived() {
        let code = email.text.lines().find_map(|line| line.strip_prefix("    ").map(str::to_owned)).unwrap();
        by_address.entry(email.to).or_default().push((email.message_id, code));
    }
    let dead = place.control_texts("SELECT error FROM job WHERE dead").await;
    for (address, emails) in &by_address {
        assert!(emails.len() <= 2, "{address} has {}", emails.len());
        assert!(emails.iter().all(|email| *email == emails[0]), "{address}: the second is the first again: {emails:?}");
    }
    let missing = accepted.iter().filter(|address| !by_address.contains_key(*address)).count();
    assert!(missing <= dead.len(), "{missing} emails are neither sent nor given up: {dead:?}");
    let twice = by_address.values().filter(|emails| emails.len() == 2).count();
    println!(
        "{} kills: {} emails accepted, {} addresses got one, {twice} of them twice, {} given up",
        kills(),
        accepted.len(),
        by_address.len(),
        dead.len()
    );
    assert!(!accepted.is_empty());
}

macro_rules! killed {
    ($name:ident, $backend:expr, $kill:ident) => {
        #[tokio::test(flavor = "multi_thread")]
        #[ignore = "minutes: make test-kills"]
        async fn $name() {
            let Some(place) = Place::make($backend).await else { return };
            Box::pin($kill(&place)).await;
            place.clear().await;
        }
    };
}

killed!(no_job_is_lost_or_done_twice_by_kills_on_sqlite, Backend::Embedded, kill_workers);
killed!(no_job_is_lost_or_done_twice_by_kills_on_postgres, Backend::Server, kill_workers);
killed!(no_email_is_lost_or_sent_thrice_by_kills_on_sqlite, Backend::Embedded, kill_servers);
killed!(no_email_is_lost_or_sent_thrice_by_kills_on_postgres, Backend::Server, kill_servers);
