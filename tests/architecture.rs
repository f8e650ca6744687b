//! The rules of the house that a program can check: arrows point down, each package and effect has one door, files stay
//! small. It reads the sources as text; what it can't see, reviewers must.
#![cfg(test)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The floors from the ground up. A module uses its own floor's lower neighbours and those below, never those above.
const FLOORS: [&[&str]; 6] = [&["platform"], &["config"], &["http", "backends"], &["features"], &["app"], &["cli"]];

/// The features from the lowest up: a feature may use the face of a lower one.
const FEATURES: [&str; 9] =
    ["accounts", "studios", "players", "recordings", "traces", "moderation", "voting", "leaving", "meeting"];

/// What stands in every feature, and what each of these may use of the others.
const INSIDE: [(&str, &[&str]); 4] =
    [("model", &[]), ("store", &["model"]), ("service", &["store", "model"]), ("api", &["service", "model"])];

/// Words that may stand only in these places.
const DOORS: [(&str, &[&str]); 19] = [
    ("fred::", &["platform/cache/redis.rs"]),
    ("simd_json", &["platform/codec/"]),
    ("flate2", &["platform/codec/"]),
    ("deadpool", &["platform/codec/"]),
    ("sea_orm", &["platform/db/", "platform/error.rs", "features/*/store.rs", "features/*/store/*"]),
    ("sea_orm_migration", &["platform/db/"]),
    ("poem::", &["http/", "app/mod.rs", "features/*/api.rs"]),
    ("argon2::", &["features/accounts/password.rs"]),
    ("lettre", &["platform/mail/"]),
    ("getrandom", &["platform/token.rs"]),
    ("hmac", &["platform/signer.rs"]),
    ("hyper::", &["http/server.rs", "http/timer.rs"]),
    ("SystemTime", &["platform/clock.rs"]),
    ("std::env::", &["cli/mod.rs"]),
    ("console::", &["cli/setup.rs", "cli/inspect.rs"]),
    ("prometheus", &["platform/metrics.rs"]),
    ("mimalloc", &["main.rs"]),
    ("tracing_subscriber", &["platform/observe.rs"]),
    // A connection that breaks must not stop the program, as a task does.
    ("tokio::spawn", &["platform/tasks.rs", "http/server.rs"]),
];

/// Past this, look for the second idea that wants a file of its own.
const LINES: usize = 400;

/// Files that were looked at, and hold one idea all the same.
const LONG: [&str; 0] = [];

struct Source {
    /// Below `src`, with slashes.
    path: String,
    /// The lines that are code of the program: no comments, no tests.
    code: Vec<String>,
    lines: usize,
}

fn sources() -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let program = text.split("\n#[cfg(test)]").next().unwrap();
        let code = program.lines().filter(|line| !line.trim_start().starts_with("//")).map(str::to_owned).collect();
        let path = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        Source { path, code, lines: program.lines().count() }
    };
    paths.into_iter().map(read).collect()
}

/// `features/*/store.rs` matches any one folder; a path that ends in a slash matches all below it.
fn matches(pattern: &str, path: &str) -> bool {
    if pattern.ends_with('/') {
        return path.starts_with(pattern);
    }
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(path).all(|(part, is)| *part == "*" || *part == is)
}

/// The paths that stand behind `crate::`, those in lists one by one.
fn uses_of_crate(code: &[String]) -> Vec<Vec<String>> {
    let text = code.join("\n");
    let mut uses = Vec::new();
    for (at, found) in text.match_indices("crate::") {
        spread(&text[at + found.len()..], &[], &mut uses);
    }
    uses.into_iter().filter(|path: &Vec<String>| !path[0].is_empty()).collect()
}

/// Adds the paths that begin here, `before` put in front of each; returns what follows them.
fn spread<'a>(text: &'a str, before: &[String], uses: &mut Vec<Vec<String>>) -> &'a str {
    let mut rest = text.trim_start();
    let mut path = before.to_vec();
    loop {
        if let Some(list) = rest.strip_prefix('{') {
            rest = list.trim_start();
            while !rest.is_empty() && !rest.starts_with('}') {
                rest = spread(rest, &path, uses).trim_start();
                // Another name for it, say.
                rest = &rest[rest.find([',', '}']).unwrap_or(rest.len())..];
                rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
            }
            return rest.strip_prefix('}').unwrap_or(rest);
        }
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        path.push(rest[..end].to_owned());
        rest = &rest[end..];
        let Some(more) = rest.strip_prefix("::") else {
            uses.push(path);
            return rest;
        };
        rest = more;
    }
}

#[test]
fn lists_are_spread_into_their_paths() {
    let code = ["use crate::{a::b, c::{d, e::{self, F as G}}, h};", "x: crate::i::j()"].map(str::to_owned);
    let paths: Vec<String> = uses_of_crate(&code).iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["a::b", "c::d", "c::e::self", "c::e::F", "h", "i::j"]);
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn arrows_point_down() {
    for source in sources() {
        let module = source.path.split(['/', '.']).next().unwrap().to_owned();
        let Some(floor) = floor_of(&module) else {
            assert!(["lib", "main"].contains(&module.as_str()), "{}: on no floor", source.path);
            continue;
        };
        for path in uses_of_crate(&source.code) {
            let used = &path[0];
            let below = floor_of(used).unwrap_or_else(|| panic!("{}: crate::{used} is on no floor", source.path));
            assert!(below < floor || *used == module, "{} uses {}", source.path, path.join("::"));
        }
    }
}

#[test]
fn a_feature_uses_only_the_faces_of_lower_ones() {
    for source in sources().iter().filter(|source| source.path.starts_with("features/")) {
        let Some(feature) = source.path.split('/').nth(1).filter(|name| *name != "mod.rs") else { continue };
        let rank =
            |name: &str| FEATURES.iter().position(|known| *known == name).unwrap_or_else(|| panic!("{name}: rank it"));
        for path in uses_of_crate(&source.code).iter().filter(|path| path[0] == "features" && path.len() > 1) {
            assert!(rank(&path[1]) <= rank(feature), "{} uses {}", source.path, path.join("::"));
            assert!(path.len() <= 3 || path[1] == feature, "{} reaches behind {}", source.path, path.join("::"));
        }
    }
}

#[test]
fn inside_a_feature_arrows_point_down_too() {
    let order: BTreeMap<&str, &[&str]> = INSIDE.into_iter().collect();
    for source in sources() {
        let parts: Vec<&str> = source.path.trim_end_matches(".rs").split('/').collect();
        let ["features", feature, file] = parts[..] else { continue };
        let Some(allowed) = order.get(file) else { continue };
        for (name, _) in INSIDE {
            let forms = [format!("super::{name}::"), format!("features::{feature}::{name}::"), format!("    {name}::")];
            let used = source.code.iter().any(|line| forms.iter().any(|form| line.contains(form.as_str())));
            assert!(!used || name == file || allowed.contains(&name), "{} uses {name}", source.path);
        }
    }
}

#[test]
fn every_feature_has_the_same_shape() {
    let paths: BTreeSet<String> = sources().into_iter().map(|source| source.path).collect();
    for feature in FEATURES {
        for file in ["mod", "api", "service", "store", "model"] {
            let path = format!("features/{feature}/{file}.rs");
            assert!(paths.contains(&path), "{path} is missing");
        }
    }
}

#[test]
fn each_package_and_effect_has_one_door() {
    for source in sources() {
        for (word, key_verifier) in DOORS {
            if key_verifier.iter().any(|door| matches(door, &source.path)) {
                continue;
            }
            // A longer name that begins alike is another package.
            let used = source.code.iter().find(|line| {
                line.match_indices(word).any(|(at, _)| {
                    let whole =
                        |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_');
                    whole(line[..at].chars().next_back())
                        && (word.ends_with(':') || whole(line[at + word.len()..].chars().next()))
                })
            });
            assert!(used.is_none(), "{}: {word} belongs to {key_verifier:?}: {}", source.path, used.unwrap());
        }
    }
}

#[test]
fn files_stay_small() {
    for source in sources() {
        let bound = if source.path == "main.rs" || source.path == "lib.rs" { 60 } else { LINES };
        let known = LONG.contains(&source.path.as_str());
        assert!(source.lines <= bound || known, "{} has {} lines", source.path, source.lines);
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for source in sources() {
        let text = fs::read_to_string(root.join("src").join(&source.path)).unwrap();
        assert!(text.starts_with("//! "), "{} does not begin with what it is for", source.path);
    }
}

#[test]
fn migrations_do_not_know_the_entities() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("migration/Cargo.toml")).unwrap();
    assert!(!manifest.contains("entity"));
}
