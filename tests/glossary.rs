//! The words that the code no longer uses as names of types, functions and modules, each with the word that took its
//! place (ARCHITECTURE.md, glossary). It reads the sources as text.
#![cfg(test)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where names are looked at.
const FOLDERS: [&str; 9] =
    ["src", "entity", "tests", "clients", "bench", "benches", "loadtest", "fuzz/fuzz_targets", "config"];

/// How a word is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum As {
    /// As words of any name, however it is written: `deed` is found in `Deed`, `audit_deed` and `DeedPage`.
    Part,
    /// As words of a name of at most three words. Longer ones are sentences, in which it means what it means in English.
    Short,
    /// As the whole name, written so.
    Name,
    /// As the first words of a type's name.
    Start,
    /// As the last words of a type's name.
    End,
}
use As::{End, Name, Part, Short, Start};

/// The old word, how it is looked for, and what is said instead.
const WORDS: &[(&str, As, &str)] = &[
    // Access
    ("steward", Part, "StudioCaller"),
    ("mandate", Part, "StudioAccess"),
    ("warrant", Short, "Principal"),
    ("permit", Short, "access, Permission"),
    ("doors", Short, "KeyVerifier"),
    ("belongings", Part, "UserData"),
    ("keyed", Short, "KeyCaller"),
    ("playing", Short, "PlayerCaller; in tests, what is set up"),
    ("shortcut", Part, "FastPath"),
    // Snapshots
    ("shelf", Part, "SnapshotCache"),
    ("shelved", Part, "Snapshot"),
    ("parcel", Part, "encoded snapshot"),
    ("parcels", Part, "encoded snapshots"),
    ("at hand", Part, "try_get"),
    // Mail
    ("letter", Short, "Email"),
    ("letters", Short, "emails"),
    ("errands", Part, "directory"),
    // Worlds and traces
    ("seed", Part, "v0, legacy names"),
    ("leaving", Part, "authoring"),
    ("meeting", Part, "decks, feed, search"),
    ("act", Short, "Command"),
    ("acting", Short, "WorldTx"),
    ("acted", Short, "CommittedCommands"),
    ("lying", Short, "TraceLocation"),
    ("behind", Short, "committer, refresher, revision monitor"),
    ("heard", Short, "RevisionTracker"),
    ("lately", Short, "RecentTraces"),
    ("grown", Short, "TrimQueue"),
    ("ripe", Part, "take_due"),
    ("filed", Short, "DeckIndex"),
    ("following", Name, "Subscriptions"),
    ("Following", Name, "Subscriptions"),
    ("told", Short, "InboxEvent"),
    ("taken along", Short, "RecordingInput"),
    ("brought", Short, "what it is: RecordingInput"),
    ("standing", Short, "what it is: TraceCounters, Quota"),
    ("News", Name, "WorldChange"),
    ("news", Name, "WorldChange"),
    ("Done", Name, "Output"),
    // Studios
    ("deed", Short, "AuditEntry"),
    ("deeds", Short, "audit_entries"),
    // What goes over HTTP
    ("Order", Name, "what it is: New… (NewKey, NewInvitation), Sort"),
    ("Shown", Start, "…Response"),
    ("Body", End, "…Request, …Response"),
    ("wire", Part, "request, response"),
    ("bodies", Short, "request; in tests and benches, what the bodies are: samples"),
];

/// Names that hold an old word in its usual sense: where, and which.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("src/", "JsonBody"),
    ("src/", "RequestBody"),
    ("src/", "Body"),
    ("src/http/ndjson.rs", "NdjsonBody"),
    // The error statuses of requests that have a body.
    ("src/identity/accounts/api.rs", "WithBody"),
    // A place among the connections that the server allows.
    ("src/http/server.rs", "ConnectionPermit"),
    // The member of a studio who acts.
    ("src/identity/studios/", "ActingMember"),
    ("src/identity/studios/", "acting_member"),
    // The benchmark's peer is the seed itself.
    ("bench/", "seed"),
    ("bench/", "seed_python"),
    // Samples of bodies.
    ("bench/", "bodies"),
    ("benches/", "bodies"),
    ("loadtest/", "bodies"),
    // Characters of the alphabet.
    ("src/cli/inspect.rs", "letter"),
    ("src/cli/map.rs", "letter"),
    // What random numbers begin with.
    ("src/traces/", "with_seed"),
    ("src/traces/decks/builder.rs", "seed"),
];

/// A defined name: of what, and where.
#[derive(Debug)]
struct Definition {
    name: String,
    type_name: bool,
    place: String,
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            if name != "target" && name != "__pycache__" && name != "node_modules" {
                files(&path, found);
            }
        } else if ["rs", "py", "mjs", "js", "cs", "gd", "toml"].iter().any(|end| name.ends_with(&format!(".{end}"))) {
            found.push(path);
        }
    }
}

/// The types, functions and modules that a file defines, and the file as a module.
fn definitions(path: &Path, root: &Path) -> Vec<Definition> {
    let shown = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    let mut found = Vec::new();
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let module = if stem == "mod" { path.parent().unwrap().file_name().unwrap().to_str().unwrap() } else { stem };
    found.push(Definition { name: module.to_owned(), type_name: false, place: shown.clone() });
    for (number, line) in fs::read_to_string(path).unwrap().lines().enumerate() {
        let place = format!("{shown}:{}", number + 1);
        let line = line.trim_start();
        if ["//", "#!", "\"", "*"].iter().any(|start| line.starts_with(start)) {
            continue;
        }
        if path.extension().is_some_and(|extension| extension == "toml") {
            if let Some(section) = line.strip_prefix('[') {
                let name = section.trim_end_matches(']').replace('.', "_");
                found.push(Definition { name, type_name: false, place });
            }
            continue;
        }
        let mut words = line
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .filter(|word| !word.is_empty())
            .peekable();
        while let Some(word) = words.next() {
            let (defines, type_name) = match word {
                "struct" | "enum" | "trait" | "type" | "union" | "class" | "class_name" | "interface" => (true, true),
                "fn" | "def" | "func" | "function" | "mod" => (true, false),
                _ => (false, false),
            };
            if let Some(name) = words.peek().filter(|_| defines) {
                found.push(Definition { name: (*name).to_owned(), type_name, place: place.clone() });
                break;
            }
            // Past these a definition does not begin.
            let leads = ["pub", "crate", "super", "async", "const", "export", "default", "static", "public", "partial"];
            if !leads.contains(&word) {
                break;
            }
        }
    }
    found
}

/// `SeedBody`, `seed_body` and `seed body` are all `[seed, body]`.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = vec![String::new()];
    let mut lower = false;
    for letter in name.chars() {
        if letter == '_' || letter == ' ' || letter == '-' || (letter.is_uppercase() && lower) {
            parts.push(String::new());
        }
        lower = letter.is_lowercase() || letter.is_numeric();
        if letter.is_alphanumeric() {
            parts.last_mut().unwrap().extend(letter.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn holds(definition: &Definition, word: &str, how: As) -> bool {
    let (name, word_parts) = (parts(&definition.name), parts(word));
    match how {
        Short if name.len() > 3 => false,
        Part | Short => name.windows(word_parts.len()).any(|window| window == word_parts),
        Name => definition.name == word,
        Start => definition.type_name && name.starts_with(&word_parts),
        End => definition.type_name && name.ends_with(&word_parts),
    }
}

#[test]
fn names_are_split_into_words_whatever_their_case() {
    for name in ["SeedBody", "seed_body", "seed body"] {
        assert_eq!(parts(name), ["seed", "body"], "{name}");
    }
    assert_eq!(parts("v0_world"), ["v0", "world"]);
    let definition = |name: &str, type_name| Definition { name: name.to_owned(), type_name, place: String::new() };
    assert!(holds(&definition("was_at_hand", false), "at hand", Part));
    assert!(!holds(&definition("fact", false), "act", Part));
    assert!(holds(&definition("is_told_now", false), "told", Short));
    assert!(!holds(&definition("who_is_told_now", false), "told", Short));
    assert!(holds(&definition("ShownTrace", true), "Shown", Start));
    assert!(!holds(&definition("TraceShown", true), "Shown", Start));
    assert!(!holds(&definition("read_body", false), "Body", End));
}

#[test]
fn no_name_uses_an_old_word() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in FOLDERS {
        files(&root.join(folder), &mut paths);
    }
    paths.sort();
    assert!(paths.len() > 100, "too few sources: {}", paths.len());
    let mut faults = Vec::new();
    for definition in paths.iter().flat_map(|path| definitions(path, root)) {
        if EXCEPTIONS.iter().any(|(place, name)| definition.place.starts_with(place) && definition.name == *name) {
            continue;
        }
        for (word, how, instead) in WORDS {
            if holds(&definition, word, *how) {
                let Definition { name, place, .. } = &definition;
                faults.push(format!("{word}: {place}: `{name}`; say {instead}"));
            }
        }
    }
    faults.sort();
    assert!(faults.is_empty(), "{} old words:\n{}", faults.len(), faults.join("\n"));
}
