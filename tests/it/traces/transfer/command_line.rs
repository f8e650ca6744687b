//! `cairn import` and `cairn export`, as processes.

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

use crate::support::{Backend, Cairn, Place, each, eventually, process::cairn, samples};

fn run(place: &Place, arguments: &[&str]) -> Output {
    cairn(place, arguments).output().unwrap()
}

/// The output of a command that succeeds.
fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn exported(place: &Place) -> Vec<Value> {
    said(&run(place, &["export"])).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The first parts of all messages, in order.
fn words(place: &Place) -> Vec<String> {
    exported(place).iter().map(|line| line["body"]["part1"].as_str().unwrap().to_owned()).collect()
}

fn file(place: &Place, name: &str, lines: &[String]) -> String {
    fs::create_dir_all(&place.folder).unwrap();
    let path = place.folder.join(name);
    fs::write(&path, lines.join("\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Messages in a few places, some dozens of bytes longer than their numbers.
fn messages(count: usize) -> Vec<String> {
    let line = |number: usize| {
        json!({
            "kind": "message", "scope": format!("place {}", number % 7), "author": format!("player {}", number % 100),
            "pos": [number, 0.5, -1.25], "body": {"part1": number.to_string(), "part2": "0", "part3": "said"},
        })
        .to_string()
    };
    (0..count).map(line).collect()
}

async fn count(place: &Place) -> i64 {
    place.numbers("SELECT count(*) FROM trace").await[0]
}

/// Runs a test in a place where Cairn has not been yet.
async fn on(backend: Backend, contract: impl AsyncFn(&Place)) {
    let Some(place) = Place::make(backend).await else { return };
    contract(&place).await;
    place.clear().await;
}

async fn on_both(contract: impl AsyncFn(&Place)) {
    on(Backend::Embedded, &contract).await;
    on(Backend::Server, &contract).await;
}

/// Lines with all that a line may have, for the scope `hill`.
fn all_fields() -> [String; 4] {
    [
        json!({"kind": "message", "scope": "hill", "author": "a", "pos": [-1.5, 2.0, 1e-6], "rot": [0.0, 0.0, 0.0, 1.0],
            "body": {"part1": "1", "part2": 2, "part3": "x", "extra": [true]}, "good": 740, "source_id": "old-1",
            "created_at": "2009-02-05T12:00:00.5+09:00", "legacy": true}),
        json!({"kind": "phantom", "scope": "hill", "author": "b", "body": {"map": "hill"}, "source_id": "old-2",
            "recording": {"frames": [[0.0, 1.5, 2.0, 3.25, 0.0, 0.0, 0.0, 1.0], [0.1, 1.5, 2e-7, 0.300_000_000_000_000_04, -0.5, 0.5, 0.5, 0.5]]}}),
        json!({"kind": "phantom", "scope": "hill", "author": "b", "body": {}, "source_id": "old-3",
            "recording": {"frames": [[0, 1, 2, 3, 0, 0, 0, 1], [0.125, -1.5, 2, 3, 0, 0, 0, 1]]}}),
        json!({"kind": "bloodstain", "scope": "hill", "author": "c", "pos": [1, 2, 3]}),
    ]
    .map(|line| line.to_string())
}

/// Leaves six traces as v0 clients, and imports four more while the server runs.
async fn leave_and_import(place: &Place) -> Cairn {
    let server = Cairn::start(place, &[]).await;
    server.leave(&samples::all_three("climber", "1,2,3")).await;
    server.leave(&samples::all_three("é\"\\", "not a number")).await;
    let input = file(place, "in.ndjson", &all_fields());
    assert!(said(&run(place, &["import", &input])).starts_with("4 new, 0 already present, 0 rejected"));
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_shows_imported_traces_to_v0_clients() {
    on_both(async |place| {
        let server = leave_and_import(place).await;
        // An imported line may have members that the API document does not know: they are shown as they came.
        let hill = async || -> Value {
            reqwest::get(format!("{}/get-objects?scope=hill", server.base)).await.unwrap().json().await.unwrap()
        };
        eventually("the server shows what was imported", async || each(&hill().await, "phantoms", "data").len() == 2)
            .await;
        let hill = hill().await;
        assert_eq!(*each(&hill, "messages", "part2")[0], 2);
        // Runs without their times.
        assert_eq!(*each(&hill, "phantoms", "data")[0], json!([["1,2,3", "0,0,0,1"], ["-1.5,2,3", "0,0,0,1"]]));
        assert_eq!(
            *each(&hill, "phantoms", "data")[1],
            json!([["1.5,2.0,3.25", "0.0,0.0,0.0,1.0"], ["1.5,2e-7,0.30000000000000004", "-0.5,0.5,0.5,0.5"]])
        );
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_traces_of_v0_clients_and_imported_ones_unchanged() {
    on_both(async |place| {
        leave_and_import(place).await.stop().await;
        let lines = exported(place);
        assert_eq!(lines.len(), 10);
        assert_eq!(lines[2]["recording"], json!({"data": [["10.5,20.0,30.2", "0.0,0.0,0.0,1.0"], ["1,2,3", ""]]}));
        let old = &lines[6];
        assert_eq!(old["created_at"], "2009-02-05T03:00:00.5Z");
        assert_eq!(
            (&old["good"], &old["legacy"], &old["rot"]),
            (&json!(740), &json!(true), &json!([0.0, 0.0, 0.0, 1.0]))
        );
        assert_eq!(old["body"].to_string(), r#"{"extra":[true],"part1":"1","part2":2,"part3":"x"}"#);
        assert_eq!(
            lines[7]["recording"]["frames"][1],
            json!([0.1, 1.5, 2e-7, 0.300_000_000_000_000_04, -0.5, 0.5, 0.5, 0.5])
        );
        assert!(lines[0]["source_id"].as_str().unwrap().starts_with("cairn:"), "each line has a source id");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gzipped_export_is_the_same_in_another_store_and_imported_once() {
    on_both(async |place| {
        leave_and_import(place).await.stop().await;
        let before = exported(place);
        let zipped = place.folder.join("out.ndjson.gz").to_str().unwrap().to_owned();
        said(&run(place, &["export", &zipped]));
        assert_eq!(fs::read(&zipped).unwrap()[..2], [0x1f, 0x8b], "gzip");
        for backend in [Backend::Embedded, Backend::Server] {
            let Some(other) = Place::make(backend).await else { continue };
            assert!(said(&run(&other, &["import", &zipped])).starts_with("10 new, 0 already present, 0 rejected"));
            assert!(said(&run(&other, &["import", &zipped])).starts_with("0 new, 10 already present, 0 rejected"));
            assert_eq!(exported(&other), before, "{backend:?}");
            other.clear().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_reports_bad_lines_writes_them_to_the_rejects_file_and_continues() {
    on_both(async |place| {
        let mut lines = messages(3000);
        lines[1] = r#"{"kind":"message","author":"a","body":{"part1":"x"}}"#.to_owned();
        lines[2] = String::new();
        lines[2500] = format!(r#"{{"kind":"message","author":"{}"}}"#, "x".repeat(9 * 1024 * 1024));
        lines[2501] = "no json".to_owned();
        let (input, rejects) = (file(place, "in.ndjson", &lines), place.folder.join("rejects"));
        let output = run(place, &["import", &input, "--rejects", rejects.to_str().unwrap()]);
        assert!(said(&output).starts_with("2,996 new, 0 already present, 3 rejected"), "{}", said(&output));
        let errors = errors(&output);
        assert!(errors.contains("line 2: /body missing field `part2`"), "{errors}");
        assert!(errors.contains("line 2501: longer than 8388608 bytes"), "{errors}");
        assert!(errors.contains("line 2502: must be an object"), "{errors}");
        let rejected = fs::read_to_string(rejects).unwrap();
        assert_eq!(rejected, [&*lines[1], &lines[2500], &lines[2501], ""].join("\n"));
        assert_eq!(count(place).await, 2996);
    })
    .await;
}

/// Ten messages of which the sixth is bad, imported with `--strict`: the file and its lines.
async fn stopped_at_line_6(place: &Place) -> (String, Vec<String>) {
    let mut lines = messages(10);
    lines[5] = "no json".to_owned();
    let input = file(place, "in.ndjson", &lines);
    let output = run(place, &["import", "--strict", &input]);
    assert!(!output.status.success());
    assert!(errors(&output).contains("stopped at line 6"), "{}", errors(&output));
    assert_eq!(count(place).await, 5);
    (input, lines)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_import_stops_at_the_first_bad_line() {
    on_both(async |place| {
        stopped_at_line_6(place).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_import_resumes_once_the_bad_line_is_corrected() {
    on_both(async |place| {
        let (input, mut lines) = stopped_at_line_6(place).await;
        lines[5] = messages(10)[5].clone();
        file(place, "in.ndjson", &lines);
        said(&run(place, &["import", "--strict", &input]));
        assert_eq!(words(place), (0..10).map(|number| number.to_string()).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_import_resumes_without_duplicates() {
    on_both(async |place| {
        // Nothing here has a source id: only the line that was reached tells what is there.
        let lines = messages(12_000);
        let mut child = cairn(place, &["import", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(lines[..7_500].join("\n").as_bytes()).unwrap();
        stdin.flush().unwrap();
        // The pipe stays open, so that it can't come to an end.
        eventually("some batches are in", async || place.has_studio().await && count(place).await >= 4_000).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let there = count(place).await;
        assert!(there < 12_000 && there % 2000 == 0, "{there}");
        let input = file(place, "in.ndjson", &lines);
        let output = run(place, &["import", &input]);
        assert!(errors(&output).contains(&format!("resuming after line {there} of")), "{}", errors(&output));
        let rest = 12_000 - there;
        assert!(said(&output).starts_with(&format!("{},{:03} new", rest / 1000, rest % 1000)), "{}", said(&output));
        let numbers = place.numbers("SELECT id FROM trace ORDER BY id").await;
        assert_eq!(numbers, (1..=12_000).collect::<Vec<i64>>());
        assert_eq!(words(place), (0..12_000).map(|number| number.to_string()).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_imports_of_one_file_make_no_duplicates_and_block_no_player() {
    on_both(async |place| {
        let named =
            |(number, line): (usize, String)| line.replacen('{', &format!(r#"{{"source_id":"old-{number}","#), 1);
        let lines: Vec<String> = messages(5_000).into_iter().enumerate().map(named).collect();
        // The other one comes from behind, so that each knows what the other has brought only once it is there.
        let turned: Vec<String> = lines.iter().rev().cloned().collect();
        let inputs = [file(place, "in.ndjson", &lines), file(place, "turned.ndjson", &turned)];
        let server = Cairn::start(place, &[]).await;
        let imports = inputs.each_ref().map(|input| {
            cairn(place, &["import", input]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        });
        for _ in 0..20 {
            server.leave(&samples::all_three("climber", "1,2,3")).await;
        }
        let new: usize = imports
            .into_iter()
            .map(|import| {
                let said = said(&import.wait_with_output().unwrap());
                said.split(" new").next().unwrap().replace(',', "").parse::<usize>().unwrap()
            })
            .sum();
        assert_eq!(new, 5_000);
        server.stop().await;
        let ids = place.numbers("SELECT id FROM trace ORDER BY id").await;
        assert_eq!(ids, (1..=5_060).collect::<Vec<i64>>());
        assert_eq!(place.numbers("SELECT count(DISTINCT source_id) FROM trace").await, [5_000]);
        assert_eq!(place.numbers("SELECT count(*) FROM recording").await, [20]);
        assert_eq!(place.numbers("SELECT count(*) FROM import").await, [0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_does_not_resume_with_a_changed_input() {
    on(Backend::Embedded, async |place| {
        let mut lines = messages(10);
        lines[8] = "no json".to_owned();
        let input = file(place, "in.ndjson", &lines);
        assert!(!run(place, &["import", "--strict", &input]).status.success());
        lines[3] = lines[3].replace("said", "unsaid");
        file(place, "in.ndjson", &lines);
        let refused = run(place, &["import", &input]);
        assert!(!refused.status.success());
        assert!(errors(&refused).contains("the first 8 lines differ from those"), "{}", errors(&refused));
        assert_eq!(count(place).await, 8);
        let all = said(&run(place, &["import", "--from-start", &input]));
        assert!(all.starts_with("9 new, 0 already present, 1 rejected"), "{all}");
    })
    .await;
}

/// A file that gzip(1) makes of lines, with bytes after it.
fn gzipped(place: &Place, lines: &[String], tail: &[u8]) -> String {
    let plain = file(place, "in.ndjson", lines);
    let zipped = Command::new("gzip").args(["-c", &plain]).output().unwrap().stdout;
    let path = place.folder.join("in.ndjson.gz");
    fs::write(&path, [zipped, tail.to_vec()].concat()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn zeros_after_a_gzipped_file_are_padding_and_after_garbage_what_was_before_is_stored() {
    on_both(async |place| {
        let mut lines = messages(2_500);
        lines.push(String::new());
        let padded = said(&run(place, &["import", &gzipped(place, &lines, &[0; 512])]));
        assert!(padded.starts_with("2,500 new, 0 already present, 0 rejected (2,500 lines"), "{padded}");
        let path = gzipped(place, &messages(2_501), b"garbage");
        let broken = run(place, &["import", "--from-start", &path]);
        assert!(!broken.status.success());
        // The last line has no end, so there may be more of it.
        assert!(String::from_utf8_lossy(&broken.stdout).starts_with("2,500 new, 0 already present"), "{broken:?}");
        let errors = errors(&broken);
        assert!(errors.contains(&path) && errors.contains("not gzip") && errors.contains("line 2500 was"), "{errors}");
        assert_eq!(count(place).await, 5_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_bad_lines_alone_counts_them_and_fails() {
    on_both(async |place| {
        let input = file(place, "in.ndjson", &["no json".to_owned(), "{}".to_owned(), String::new(), "[]".to_owned()]);
        let output = run(place, &["import", &input]);
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.starts_with("0 new, 0 already present, 3 rejected (4 lines, "), "{printed}");
        assert!(!output.status.success() && errors(&output).contains("no line could be imported"));
        fs::write(&input, "\u{feff}").unwrap();
        assert!(said(&run(place, &["import", &input])).starts_with("0 new, 0 already present, 0 rejected"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_a_byte_order_mark_is_imported() {
    on_both(async |place| {
        let mut lines = messages(3);
        lines[0].insert(0, '\u{feff}');
        assert!(said(&run(place, &["import", &file(place, "in.ndjson", &lines)])).starts_with("3 new, 0 already"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_fails_or_is_stopped_leaves_no_file_behind() {
    on_both(async |place| {
        let input = file(place, "in.ndjson", &messages(3_000));
        said(&run(place, &["import", &input]));
        let folder = place.folder.join("out");
        fs::create_dir_all(folder.join("taken")).unwrap();
        let names = || fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
        for command in [&["export"][..], &["studio", "export", "default"]] {
            // A folder has the name that the file would get in the end.
            let target = folder.join("taken");
            let failed = run(place, &[command, &[target.to_str().unwrap()]].concat());
            assert!(!failed.status.success() && errors(&failed).contains("taken"), "{}", errors(&failed));
            assert_eq!(names(), ["taken"], "{command:?}");
        }
        // As large as a file may be, the export is not.
        let target = folder.join("large.ndjson");
        let script = "trap '' XFSZ; ulimit -f 100; exec \"$0\" \"$@\"";
        let mut limited = Command::new("sh");
        limited.args(["-c", script, env!("CARGO_BIN_EXE_cairn"), "export", target.to_str().unwrap()]);
        limited.envs(place.environment()).env_remove("RUST_LOG");
        if place.database_url.is_some() {
            let failed = limited.output().unwrap();
            assert!(!failed.status.success(), "{}", errors(&failed));
            assert_eq!(names(), ["taken"]);
        }
        said(&run(place, &["export", target.to_str().unwrap()]));
        assert_eq!(fs::read_to_string(&target).unwrap().lines().count(), 3_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_data_is_imported_once_and_exported_unchanged_embedded() {
    real_data_round_trips(Backend::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_data_is_imported_once_and_exported_unchanged_server() {
    real_data_round_trips(Backend::Server).await;
}

async fn real_data_round_trips(backend: Backend) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !folder.join("to_native.py").exists() {
        println!("skipped: the real data is not there");
        return;
    }
    let native = |form: &str, from: &str| {
        let output = Command::new("python3").args(["to_native.py", form, from]).current_dir(&folder).output().unwrap();
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let mut lines = native("messages", "demons_souls_messages.ndjson.gz");
    lines.extend(native("phantoms", "phantoms_supertuxkart.ndjson.gz"));
    assert_eq!(lines.len(), 36_450 + 46);
    on(backend, async |place| {
        let input = file(place, "in.ndjson", &lines);
        let first = said(&run(place, &["import", &input]));
        println!("{}", first.trim());
        assert!(first.starts_with("36,496 new, 0 already present, 0 rejected"), "{first}");
        let again = said(&run(place, &["import", &input]));
        assert!(again.starts_with("0 new, 36,496 already present, 0 rejected"), "{again}");
        let out = exported(place);
        assert_eq!(out.len(), lines.len());
        for (line, mut one) in lines.iter().zip(out) {
            let mut sent: Value = serde_json::from_str(line).unwrap();
            one.as_object_mut().unwrap().remove("created_at");
            let numbers = |value: &mut Value| {
                let frames = value["recording"]["frames"].take();
                let frames: Vec<Vec<f64>> = serde_json::from_value(frames).unwrap_or_default();
                let position: Vec<f64> = serde_json::from_value(value["pos"].take()).unwrap();
                (position, frames)
            };
            assert_eq!(numbers(&mut one), numbers(&mut sent));
            assert_eq!(one, sent);
        }
    })
    .await;
}
