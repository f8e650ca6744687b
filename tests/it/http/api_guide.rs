//! `docs/api.md`, held to the sources and to the API document: its error codes, its endpoints, its examples.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{
    document::DOCUMENT,
    guide::{CODES, GUIDE, quoted, rows, section},
};

/// The text of each source file, without its tests.
fn sources() -> Vec<String> {
    fn collect(folder: &Path, texts: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, texts);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(path).unwrap();
                texts.push(text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned());
            }
        }
    }
    let mut texts = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    texts
}

/// The word at the start of a text, and what follows it.
fn word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(text.len()))
}

/// What follows each occurrence of a name that is not the end of a longer one.
fn after<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let is_name = |(at, _): &(usize, &str)| !text[..*at].ends_with(|char: char| char.is_alphanumeric() || char == '_');
    text.match_indices(name).filter(is_name).map(move |(at, _)| &text[at + name.len()..])
}

/// The text literal at the start of a text, or that of the constant which is named there.
fn literal<'a>(start: &'a str, file: &'a str) -> Option<&'a str> {
    if let Some(literal) = start.strip_prefix('"') {
        return literal.split('"').next();
    }
    let definition = format!("const {}: &str = \"", word(start).0);
    file.split_once(&definition)?.1.split('"').next()
}

/// The arms of the match in a function, on one line each: what is matched, and the result.
fn arms<'a>(text: &'a str, function: &str) -> Vec<(&'a str, &'a str)> {
    let Some((_, body)) = text.split_once(function) else { return Vec::new() };
    let body = body.split("\n    }\n").next().unwrap().split("\n}\n").next().unwrap();
    body.lines().filter_map(|line| line.trim().trim_end_matches(',').split_once(" => ")).collect()
}

/// The status of that name among the constants of `StatusCode`.
fn status_named(name: &str) -> u16 {
    let is_named = |status: &StatusCode| {
        status.canonical_reason().is_some_and(|reason| reason.to_uppercase().replace([' ', '-'], "_") == name)
    };
    (100..600).filter_map(|code| StatusCode::from_u16(code).ok()).find(is_named).unwrap().as_u16()
}

/// The status of each kind of error.
fn statuses_of_kinds(files: &[String]) -> BTreeMap<String, u16> {
    let arms = files.iter().flat_map(|file| arms(file, "fn status_of(kind: Kind)"));
    let kinds = arms.flat_map(|(kinds, status)| {
        let status = status_named(status.trim_start_matches("StatusCode::"));
        kinds.split(" | ").map(move |kind| (kind.trim_start_matches("Kind::").to_owned(), status))
    });
    kinds.collect()
}

/// The codes that the program answers with, each with its status.
fn codes_in_sources() -> BTreeSet<(String, u16)> {
    let files = sources();
    let kinds = statuses_of_kinds(&files);
    let mut codes = BTreeSet::new();
    let mut add = |code: &str, status| codes.insert((code.to_owned(), status));
    for file in &files {
        // `Kind::NotFound, "trace_not_found"`: of an error's kind, or of a problem.
        for found in after(file, "Kind::") {
            let (kind, rest) = word(found);
            let code = rest.trim_start().strip_prefix(',').and_then(|rest| literal(rest.trim_start(), file));
            if let (Some(status), Some(code)) = (kinds.get(kind), code) {
                add(code, *status);
            }
        }
        // The extractors of tokens.
        for found in after(file, "refused(") {
            if let Some(code) = found.trim_start().strip_prefix('"') {
                add(code.split('"').next().unwrap(), 401);
            }
        }
        // The errors of the framework.
        for found in after(file, "StatusCode::") {
            let (name, rest) = word(found);
            let arm = rest.strip_prefix(" => ").map(|arm| arm.trim_start_matches(|char: char| "{ \n".contains(char)));
            if let Some(code) = arm.and_then(|arm| arm.strip_prefix("(\"")) {
                add(code.split('"').next().unwrap(), status_named(name));
            }
        }
        for found in after(file, "_ => (\"").filter(|found| found.contains("error.to_string()")) {
            add(found.split('"').next().unwrap(), 400);
        }
        // The results of the items of a batch.
        let statuses = arms(file, "fn status(&self) -> u16 {");
        for (variant, code) in arms(file, "fn code(&self) -> &'static str {") {
            let of_variant = |(variants, _): &&(&str, &str)| variants.split(" | ").any(|one| one == variant);
            if let (Some((_, status)), Some(code)) = (statuses.iter().find(of_variant), code.strip_prefix('"')) {
                add(code.trim_end_matches('"'), status.parse().unwrap());
            }
        }
    }
    codes
}

#[test]
fn every_error_code_is_in_the_table_and_none_else() {
    let in_sources = codes_in_sources();
    for (code, status, form) in [
        ("trace_not_found", 404, "the kind of an error"),
        ("key_needed", 401, "a problem"),
        ("player_token_needed", 401, "an extractor of a token"),
        ("route_not_found", 404, "an error of the framework"),
        ("method_not_allowed", 405, "an error of the framework, on a line of its own"),
        ("ref_reused", 409, "the result of an item"),
        ("too_many_players", 409, "a code with two statuses"),
        ("too_many_players", 429, "a code with two statuses"),
    ] {
        assert!(in_sources.contains(&(code.to_owned(), status)), "the sources are misread: {form}");
    }
    let undocumented: Vec<_> = in_sources.difference(&CODES).collect();
    assert!(undocumented.is_empty(), "not in docs/api.md, \"Error codes\": {undocumented:?}");
    let unknown: Vec<_> = CODES.difference(&in_sources).collect();
    assert!(unknown.is_empty(), "in docs/api.md, but nowhere in src: {unknown:?}");
}

#[test]
fn the_table_of_codes_says_of_each_what_to_do() {
    let mut seen = BTreeSet::new();
    for row in rows("Error codes") {
        let [code, status, meaning, again] = row[..] else { panic!("{row:?}") };
        assert!(seen.insert((code, status)), "{code} is there twice");
        assert!(!meaning.is_empty(), "{code}");
        assert!(["never", "wait", "sign in", "change"].contains(&again), "{code}: {again}");
        if ["429", "503"].contains(&status) {
            assert_eq!(again, "wait", "{code}: its answer has Retry-After");
        }
    }
}

/// The operations of the API document, as `GET /v1/deck`, with their ids.
fn operations() -> BTreeMap<String, &'static str> {
    let paths = DOCUMENT.whole["paths"].as_object().unwrap();
    let of_path = |(path, methods): (&String, &'static Value)| {
        let named = |(method, operation): (&String, &'static Value)| {
            (format!("{} {path}", method.to_uppercase()), operation["operationId"].as_str().unwrap())
        };
        methods.as_object().unwrap().iter().map(named).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

fn is_operation(text: &str) -> bool {
    text.split_once(" /").is_some_and(|(method, _)| ["GET", "PUT", "POST", "PATCH", "DELETE"].contains(&method))
}

#[test]
fn every_operation_has_its_place() {
    let operations = operations();
    let (_, endpoints) = GUIDE.split_once("\n## Endpoints\n").unwrap();
    let first_cells = endpoints.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let described: BTreeSet<&str> = first_cells.flat_map(quoted).filter(|text| is_operation(text)).collect();
    let unknown: Vec<_> = described.iter().filter(|operation| !operations.contains_key(**operation)).collect();
    assert!(unknown.is_empty(), "in docs/api.md, but not in openapi.json: {unknown:?}");
    let elsewhere: Vec<&str> = rows("Described elsewhere").flat_map(|row| quoted(row[0])).collect();
    let is_of = |operation: &str, place: &str| {
        let (_, path) = operation.split_once(' ').unwrap();
        place.strip_suffix('…').map_or(path == place, |start| path.starts_with(start))
    };
    for operation in operations.keys() {
        let places = elsewhere.iter().filter(|place| is_of(operation, place)).count();
        let places = places + usize::from(described.contains(operation.as_str()));
        assert_eq!(places, 1, "{operation}: in docs/api.md, \"Endpoints\" or \"Described elsewhere\"");
    }
    for place in elsewhere {
        assert!(operations.keys().any(|operation| is_of(operation, place)), "{place} is no path of openapi.json");
    }
}

#[test]
fn the_paths_for_post_are_those_of_the_document() {
    let operations = operations();
    let mut by_post = BTreeSet::new();
    for row in rows("Engines without PUT, PATCH and DELETE") {
        let (operation, instead) = (quoted(row[0])[0], quoted(row[1])[0]);
        assert_eq!(operations[instead], format!("{}ByPost", operations[operation]), "{operation}");
        by_post.insert(operations[instead]);
    }
    let described: BTreeSet<&str> = operations.into_values().filter(|id| id.ends_with("ByPost")).collect();
    assert_eq!(by_post, described);
}

/// The schema of an operation's body, or of its answer with that status.
fn schema_of(id: &str, what: &str) -> &'static Value {
    let paths = DOCUMENT.whole["paths"].as_object().unwrap();
    let mut operations = paths.values().flat_map(|methods| methods.as_object().unwrap().values());
    let operation = operations.find(|operation| operation["operationId"] == id).unwrap_or_else(|| panic!("{id}"));
    let described = match what {
        "request" => &operation["requestBody"],
        status => DOCUMENT.followed(&operation["responses"][status]),
    };
    let content = described["content"].as_object().unwrap_or_else(|| panic!("{id} {what}"));
    &content.values().next().unwrap()["schema"]
}

#[test]
fn every_example_is_one_of_its_operation() {
    let mut examples = 0;
    for block in GUIDE.split("\n```json").skip(1) {
        let (name, rest) = block.split_once('\n').unwrap();
        let [id, what] = name.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{name:?} names no example") };
        let value: Value = serde_json::from_str(rest.split("\n```").next().unwrap()).unwrap();
        assert_eq!(DOCUMENT.faults(schema_of(id, what), &value), Vec::<String>::new(), "{id} {what}");
        examples += 1;
    }
    assert!(examples >= 15, "{examples}");
}

#[test]
fn its_links_lead_somewhere() {
    let headings: BTreeSet<String> = GUIDE
        .lines()
        .filter(|line| line.starts_with("##"))
        .map(|line| line.trim_start_matches('#').trim().to_lowercase().replace([',', '.'], "").replace(' ', "-"))
        .collect();
    for target in GUIDE.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        match target.strip_prefix('#') {
            Some(heading) => assert!(headings.contains(heading), "#{heading}"),
            None => assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(target).exists(), "{target}"),
        }
    }
    assert!(!section("Zeroes and empties").is_empty());
}
