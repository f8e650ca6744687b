//! The fuzz targets with the inputs of the suite, and with changes of them: the checks of a debug build are on (overflow among
//! them). And whether the targets know every reader that there is.

#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    journal::media::hostile,
    support::{OPENAPI, samples},
};

/// Changes that each target is called with.
const CHANGES: usize = 6_000;

/// Texts that are often handled wrongly, put into inputs.
const ODD: [&str; 24] = [
    "1e99999",
    "-1e99999",
    "NaN",
    "\\u0000",
    "\\ud83d",
    "\"",
    "\\",
    "[[[[[[[[",
    "{",
    "}",
    "]",
    ",",
    ":",
    "\u{feff}",
    "-0",
    "0.0",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "9999-12-31T23:59:59-01:00",
    "\0",
    "null",
    "3.0",
    "%ff",
];

/// Every example of a body and of a parameter in the description of the API.
fn examples() -> Vec<Vec<u8>> {
    fn collect(value: &Value, found: &mut Vec<Vec<u8>>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if matches!(name.as_str(), "example" | "default") {
                        found.push(member.as_str().map_or_else(|| member.to_string(), str::to_owned).into_bytes());
                    }
                    collect(member, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(&serde_json::from_str(OPENAPI).unwrap(), &mut found);
    found
}

fn fixtures(folder: &Path, found: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            fixtures(&entry, found);
        } else {
            found.push(fs::read(entry).unwrap());
        }
    }
}

/// What the suite sends, in short.
fn inputs() -> Vec<Vec<u8>> {
    let mut found = examples();
    fixtures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), &mut found);
    found.push(samples::all_three("climber", "1,2,3").to_string().into_bytes());
    let line = r#"{"kind":"phantom","scope":"hill","author":"b","body":{},"source_id":"old","expires_at":"2036-11-21T04:05:06Z","recording":{"frames":[[0,1,2,3,0,0,0,1],[0.1,1,2,3,0,0,0,1]]}}"#;
    found.push(line.as_bytes().to_vec());
    let headers = "/v1/deck?scope=a&scope=b&deck=3&group=g\nX-Forwarded-For: 203.0.113.8, 10.0.0.1\nAccept-Encoding: gzip;q=0.5, *;q=0";
    found.push(headers.as_bytes().to_vec());
    found.push(
        b"CAIRN_LISTEN=localhost:8000\nDATABASE_URL=postgres://a:b@c/d\nCAIRN_TRUSTED_PROXIES=[\"10.0.0.0/8\"]"
            .to_vec(),
    );
    found.extend(hostile::good().map(|(_, file)| file));
    found.retain(|input| input.len() < 32 * 1024);
    found
}

/// One small change.
fn changed(input: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = input.to_vec();
    let at = random.usize(0..=bytes.len());
    match random.u8(0..5) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.u8(0..8),
        1 => bytes.truncate(at),
        2 => {
            let until = random.usize(at..=bytes.len().min(at + 16));
            bytes.drain(at..until);
        }
        3 => {
            let until = random.usize(at..=bytes.len().min(at + 64));
            let copy = bytes[at..until].to_vec();
            bytes.splice(at..at, copy);
        }
        _ => {
            let odd = ODD[random.usize(0..ODD.len())].bytes();
            let until = random.usize(at..=bytes.len().min(at + 4));
            bytes.splice(at..until, odd);
        }
    }
    bytes
}

/// Calls a target with the inputs of the suite and with changes of them; each change comes to the inputs, so that the next may
/// build on it. With `CAIRN_FUZZ_SECS` it goes on with other changes for so long.
fn run(name: &str) {
    let (_, target) = targets::TARGETS.into_iter().find(|(of, _)| *of == name).unwrap();
    let secs = std::env::var("CAIRN_FUZZ_SECS").ok().and_then(|secs| secs.parse().ok());
    let until = secs.map(|secs| Instant::now() + Duration::from_secs(secs));
    let mut random = fastrand::Rng::with_seed(if until.is_some() { fastrand::u64(..) } else { 17 });
    println!("seed {}", random.get_seed());
    let mut inputs = inputs();
    for input in &inputs {
        target(input);
    }
    let mut tried = 0;
    while tried < CHANGES || until.is_some_and(|until| Instant::now() < until) {
        tried += 1;
        let mut bytes = changed(&inputs[random.usize(0..inputs.len())], &mut random);
        while random.bool() {
            bytes = changed(&bytes, &mut random);
        }
        // Where a byte selects the reader, each gets its share.
        let selected = [&[random.u8(..)], &bytes[..]].concat();
        for input in [&selected, &bytes] {
            if let Err(panic) = std::panic::catch_unwind(|| target(input)) {
                println!("{name}: {}", input.escape_ascii());
                std::panic::resume_unwind(panic);
            }
        }
        let at = random.usize(0..inputs.len() * 2);
        if bytes.len() < 32 * 1024 && (at < inputs.len() || inputs.len() < 1_000) {
            match inputs.get_mut(at) {
                Some(place) if until.is_some() => *place = bytes,
                _ => inputs.push(bytes),
            }
        }
    }
    println!("{name}: {tried} changes");
}

#[test]
fn no_recording_makes_its_reader_panic() {
    run("unpack_recording");
}

#[test]
fn no_json_makes_a_reader_of_requests_panic() {
    run("json_requests");
}

#[test]
fn no_v0_request_makes_its_readers_panic() {
    run("v0_body");
}

#[test]
fn no_line_makes_an_import_panic() {
    run("import_lines");
}

#[test]
fn no_query_and_no_header_makes_a_reader_panic() {
    run("queries_and_headers");
}

#[test]
fn no_text_makes_the_renderer_panic() {
    run("markdown");
}

#[test]
fn no_file_makes_the_check_of_media_panic() {
    run("media_files");
}

#[test]
fn no_stored_bytes_make_a_reader_panic() {
    run("stored_bytes");
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(fs::read_to_string(entry).unwrap());
        }
    }
}

/// What stands between two texts, wherever both are in one line.
fn between(sources: &[String], before: &str, after: &str) -> BTreeSet<String> {
    let lines = sources.iter().flat_map(|source| source.lines());
    lines.filter_map(|line| Some(line.split_once(before)?.1.split_once(after)?.0.to_owned())).collect()
}

#[test]
fn every_reader_of_bodies_and_parameters_has_a_fuzz_target() {
    let mut source = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
    let names = |readers: Vec<&str>| readers.into_iter().map(str::to_owned).collect::<BTreeSet<String>>();
    // A body is described by a type, which stands in the extractor of its handler.
    let requests = between(&source, "JsonBody<", ">").into_iter().chain(between(&source, "JsonOr<", ","));
    let mut requests: BTreeSet<String> = requests.filter(|name| name.len() > 1).collect();
    assert!(requests.remove("AddObjectRequest"), "the body of v0 has a target of its own");
    assert_eq!(requests, names(targets::body_readers().into_iter().map(|(name, _)| name).collect()));
    let uris = between(&source, "impl QueryParams for ", " {");
    assert_eq!(uris, names(targets::uri_readers().into_iter().map(|(name, _)| name).collect()));
}

#[test]
fn the_targets_are_those_that_are_built_and_described() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let expected: BTreeSet<String> = targets::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let files = fs::read_dir(fuzz.join("fuzz_targets")).unwrap();
    let files = files.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned());
    assert_eq!(files.collect::<BTreeSet<_>>(), expected);
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    assert_eq!(between(&[manifest], "path = \"fuzz_targets/", ".rs\""), expected);
    let readme = fs::read_to_string(fuzz.join("README.md")).unwrap();
    assert_eq!(between(&[readme], "| `", "` |"), expected);
}
