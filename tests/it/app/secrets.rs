//! What only the operator may see: passwords in URLs, and the data folder.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use serde_json::json;

use crate::support::{
    Backend, Cairn, Place, eventually,
    keys::admin,
    process::{Process, cairn},
    samples,
    white_box::OLDER,
};

const WORLD: &str = "moss/climb/live";

const SECRET: &str = "S3cret";

fn shown(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_that_cant_be_used_is_refused_without_quoting_it() {
    let place = Place::empty(Backend::Embedded).await.unwrap();
    let database = ["postgres://cairn:S3cret/pw@127.0.0.1:1/x", "postgres://cairn:S3cret@127.0.0.1:abc/x"];
    let more =
        ["postgres://cairn:S3cret#x@db/x", "postgresql://cairn:S3cret@[db/x", "mysql://cairn:S3cret@db/x", SECRET];
    let cache = ["redis://cairn:S3cret/pw@127.0.0.1", "rediss://cairn:S3cret@127.0.0.1:abc", "memcached://x:S3cret@db"];
    let mail = ["smtps://cairn:S3cret/pw@mail:x", "smtp://cairn:S3cret@[mail", "sendmail://cairn:S3cret@mail"];
    let cases = database.iter().chain(&more).map(|url| ("DATABASE_URL", url));
    let cases = cases.chain(cache.iter().map(|url| ("REDIS_URL", url)));
    for (variable, url) in cases.chain(mail.iter().map(|url| ("CAIRN_MAIL_URL", url))) {
        for arguments in [&["serve"][..], &["key", "list", "moss"], &["studio", "list"]] {
            let mut command = cairn(&place, arguments);
            command.env(variable, url).env("CAIRN_PUBLIC_URL", "https://cairn.example").env("RUST_LOG", "trace");
            let output = command.output().unwrap();
            let text = shown(&output);
            assert_eq!(output.status.code(), Some(1), "{variable}: {text}");
            assert!(text.contains(variable), "{text}");
            assert!(!text.contains(SECRET), "{variable}={url}: {text}");
        }
    }
    assert!(!place.folder.exists(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_password_is_logged_where_nobody_answers_and_parameters_of_other_clients_are_only_named() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let mut command = cairn(&place, &[]);
    command.env("DATABASE_URL", "postgresql://cairn:S3cret@127.0.0.1:1/none?sslpassword=S3cret&target=S3cret");
    let output = command.env("RUST_LOG", "trace").output().unwrap();
    let text = shown(&output);
    assert!(!output.status.success() && text.contains("127.0.0.1:1/none") && !text.contains(SECRET), "{text}");
    assert!(text.contains("sslpassword"), "{text}");

    let mut command = cairn(&place, &[]);
    command.env("REDIS_URL", "redis://cairn:S3cret@127.0.0.1:1").env("RUST_LOG", "trace");
    let process = Process::start(command);
    eventually("it says that Redis is away", async || process.log().contains("redis unavailable")).await;
    process.signal("TERM");
    let (_, log) = process.wait();
    assert!(!log.contains(SECRET), "{log}");
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_password_is_logged_where_the_servers_answer() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let mut command = cairn(&place, &[]);
    let url = place.database_url.as_deref().unwrap().replacen("cairn@", "cairn:S3cret@", 1);
    assert!(url.contains(SECRET));
    command.env("DATABASE_URL", &url).env("RUST_LOG", "trace");
    let process = Process::start(command);
    let left = reqwest::Client::new().post(format!("{}/add-object", process.base));
    let left = left.header("Content-Type", "application/json").body(samples::all_three("a", "x").to_string());
    assert_eq!(left.send().await.unwrap().status(), 201);
    process.signal("TERM");
    let (_, log) = process.wait();
    let quoted = log.lines().find(|line| line.contains(SECRET));
    assert_eq!(quoted, None);
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_values_of_a_row_are_logged_when_the_database_rejects_it() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let process = Process::start(cairn(&place, &[]));
    place.execute("ALTER TABLE trace ADD CONSTRAINT nobody CHECK (author <> 'S3cret') NOT VALID").await;
    let left = reqwest::Client::new().post(format!("{}/add-object", process.base));
    let left = left.header("Content-Type", "application/json").body(samples::all_three(SECRET, "x").to_string());
    assert_eq!(left.send().await.unwrap().status(), 500);
    process.signal("TERM");
    let (_, log) = process.wait();
    assert!(log.contains("nobody") && log.contains("23514"), "{log}");
    assert!(!log.contains(SECRET), "{log}");
    place.clear().await;
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// The files and folders below a folder, with their permissions.
fn modes_below(folder: &Path) -> Vec<(String, u32)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found.push((path.file_name().unwrap().to_str().unwrap().to_owned(), mode(&path)));
        if path.is_dir() {
            found.extend(modes_below(&path));
        }
    }
    found
}

/// Asserts that nobody else can read anything in the folder.
fn assert_private(folder: &Path, when: &str) {
    let open: Vec<_> = modes_below(folder).into_iter().filter(|(_, mode)| mode & 0o077 != 0).collect();
    assert!(open.is_empty(), "{when}: {open:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_programs_user_can_read_the_data_its_copies_and_exports() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let run = |arguments: &[&str]| {
        // As if nobody had thought of it.
        let mut command = Command::new("sh");
        command.args(["-c", "umask 0; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_cairn")]).args(arguments);
        let output = command.envs(place.environment()).output().unwrap();
        assert!(output.status.success(), "{}", shown(&output));
    };
    run(&["studio", "create", "moss"]);
    assert_eq!(mode(&place.folder), 0o700);
    let server = Cairn::start(&place, &[]).await;
    server.leave(&samples::all_three("a", "x")).await;
    assert_private(&place.folder, "while it runs");
    assert!(modes_below(&place.folder).iter().any(|(name, _)| name.ends_with("-wal")));
    server.stop().await;

    let inside = |name: &str| place.folder.join(name).display().to_string();
    run(&["export", &inside("world.ndjson.gz")]);
    run(&["studio", "export", "moss", &inside("moss.ndjson")]);
    let right =
        json!({"kind": "message", "author": "a", "scope": "", "body": {"part1": "1", "part2": "2", "part3": "3"}});
    fs::write(inside("wrong.ndjson"), format!("{right}\n{{}}\n")).unwrap();
    set_mode(Path::new(&inside("wrong.ndjson")), 0o600);
    run(&["import", &inside("wrong.ndjson"), "--rejects", &inside("rejected.ndjson")]);
    assert_private(&place.folder, "after exports and an import");

    // As an earlier version has left it.
    place.execute(OLDER).await;
    for (name, _) in modes_below(&place.folder) {
        set_mode(&place.folder.join(name), 0o644);
    }
    set_mode(&place.folder, 0o755);
    for name in ["world.ndjson.gz", "moss.ndjson", "wrong.ndjson", "rejected.ndjson"] {
        fs::remove_file(place.folder.join(name)).unwrap();
    }
    run(&["migrate"]);
    assert!(modes_below(&place.folder).iter().any(|(name, _)| name.contains("before-migration")));
    assert_eq!(mode(&place.folder), 0o700);
    assert_private(&place.folder, "after a migration");
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_others_use_too_stays_open_and_the_data_in_it_does_not() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    fs::create_dir_all(place.folder.join("of-somebody-else")).unwrap();
    set_mode(&place.folder, 0o755);
    let process = Process::start(cairn(&place, &[]));
    process.signal("TERM");
    let (_, log) = process.wait();
    assert!(log.contains("other users of this machine can enter the data folder"), "{log}");
    assert_eq!(mode(&place.folder), 0o755);
    assert_eq!(mode(&place.folder.join("studio_1.sqlite")), 0o600);
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_folder_is_refused_and_commands_go_on() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let first = Process::start(cairn(&place, &[]));
    let id = first.id().to_string();
    let output = cairn(&place, &["serve"]).output().unwrap();
    let text = shown(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains(&format!("process id {id}")) && text.contains("CAIRN_DATA sets another"), "{text}");

    let file = place.folder.join("world.ndjson").display().to_string();
    for arguments in [
        &["studio", "create", "moss"][..],
        &["key", "create", "--game", WORLD.trim_end_matches("/live")],
        &["studio", "list"],
        &["export", &file],
        &["import", &file],
        &["migrate"],
        &["demo"],
    ] {
        let output = cairn(&place, arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", shown(&output));
    }
    // An older database, which only a newer program than the server's could find, is not migrated under the server.
    place.execute(OLDER).await;
    let output = cairn(&place, &["migrate"]).output().unwrap();
    assert!(!output.status.success() && shown(&output).contains(&format!("process id {id}")), "{}", shown(&output));
    first.signal("KILL");
    first.wait();

    let second = Process::start(cairn(&place, &[]));
    second.signal("TERM");
    assert!(second.wait().0.success());
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_on_postgresql_share_a_data_folder() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let (one, other) = (Process::start(cairn(&place, &[])), Process::start(cairn(&place, &[])));
    for process in [one, other] {
        process.signal("TERM");
        assert!(process.wait().0.success());
    }
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_not_in_the_files_any_more() {
    const MARK: &str = "unmistakable-4711";
    let place = Place::make(Backend::Embedded).await.unwrap();
    let server = Cairn::start(&place, &[]).await;
    let key = server.game_key(WORLD).await;
    for _ in 0..40 {
        server.leave_with(&key, &samples::all_three("a", MARK)).await;
    }
    let request = server.http.post(format!("{}/v1/moderation/actions", server.base));
    let wipe = json!({"action": "wipe", "everything": true, "reason": "the season is over"});
    let wiped = request.header("X-API-Key", admin(&server, WORLD).await).json(&wipe).send().await.unwrap();
    assert_eq!(wiped.status(), 200);
    // It writes the log back into the file.
    server.stop().await;
    for (name, _) in modes_below(&place.folder) {
        assert!(!name.ends_with("-wal"), "{name} is left");
        let bytes = fs::read(place.folder.join(&name)).unwrap();
        let found = bytes.windows(MARK.len()).filter(|window| *window == MARK.as_bytes()).count();
        assert_eq!(found, 0, "{name}");
    }
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn emails_in_the_folder_expire() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let mail = place.folder.join("mail");
    fs::create_dir_all(&mail).unwrap();
    let (old, fresh) = (mail.join("1-00000001.eml"), mail.join("2-00000002.eml"));
    for (path, hours) in [(&old, 3), (&fresh, 1)] {
        fs::write(path, "Subject: x\n\nCairn: x\n").unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        let written = file.metadata().unwrap().modified().unwrap() - Duration::from_hours(hours);
        file.set_modified(written).unwrap();
    }
    let server = Cairn::start(&place, &[("CAIRN_MAIL_FOLDER_HOURS", "2")]).await;
    eventually("the old one is removed", async || !old.exists()).await;
    assert!(fresh.exists());
    server.stop().await;
    place.clear().await;
}
