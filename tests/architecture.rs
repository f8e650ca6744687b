//! The rules of the structure that a program can check: arrows point down, each package and each effect is used in one place,
//! every feature has the same rooms, files stay small. The sources are read as text; what that can't see, reviewers must.
#![cfg(test)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The tiers from the ground up. A module uses those below its own, never those above.
const TIERS: [&str; 11] =
    ["platform", "http", "identity", "catalogue", "worlds", "traces", "journal", "config", "backends", "app", "cli"];

/// The domains, and the domains that each may use: a star over identity and worlds.
const DOMAINS: [(&str, &[&str]); 5] = [
    ("identity", &[]),
    ("catalogue", &["identity"]),
    ("worlds", &["identity"]),
    ("traces", &["identity", "worlds"]),
    ("journal", &["identity", "catalogue"]),
];

/// The features of a domain from the lowest up: a feature uses the faces of lower ones.
const FEATURES: [(&str, &[&str]); 4] = [
    (
        "identity",
        &[
            "tags",
            "examples",
            "access",
            "answers",
            "profiles",
            "sanctions",
            "bot_checks",
            "accounts",
            "oidc",
            "app_passwords",
            "notices",
            "studios",
            "players",
            "people",
        ],
    ),
    ("catalogue", &["tags", "examples", "titles", "prices", "discovery"]),
    (
        "journal",
        &[
            "tags",
            "examples",
            "cards",
            "library",
            "price_falls",
            "thoughts",
            "media",
            "challenges",
            "moderation",
            "saves",
            "social",
            "public_pages",
        ],
    ),
    (
        "traces",
        &[
            "kind",
            "tags",
            "examples",
            "settings",
            "gate",
            "recordings",
            "trace",
            "v0",
            "upkeep",
            "moderation",
            "inbox",
            "voting",
            "authoring",
            "decks",
            "feed",
            "search",
            "linked",
            "tables",
            "erasure",
            "transfer",
            "metrics",
            "config",
        ],
    ),
];

/// Features that are no feature with routes of its own, or keep nothing: they lack some rooms.
const WITHOUT_ROUTES: [&str; 12] = [
    "access",
    "answers",
    "profiles",
    "sanctions",
    "bot_checks",
    "oidc",
    "gate",
    "trace",
    "upkeep",
    "cards",
    "price_falls",
    "public_pages",
];

/// The rooms of a feature, and what each may use of the others. A room is a file, or a folder of that name.
const ROOMS: [(&str, &[&str]); 7] = [
    ("api", &["request", "response", "service", "commands", "model"]),
    ("request", &["response", "model"]),
    ("response", &["request", "model"]),
    ("service", &["commands", "store", "model"]),
    ("commands", &["store", "model"]),
    ("store", &["model"]),
    ("model", &[]),
];

/// Rooms that know the HTTP framework.
const HTTP_ROOMS: [&str; 3] = ["api", "request", "response"];

/// Words that may stand only in these places. A path that ends in a slash stands for all below it, `*` for any one name.
const DOORS: [(&str, &[&str]); 28] = [
    ("fred::", &["platform/cache/redis.rs"]),
    ("simd_json", &["platform/codec/"]),
    ("flate2", &["platform/codec/"]),
    ("deadpool", &["platform/codec/"]),
    ("sea_orm", &["platform/db/", "platform/error.rs", "*/*/store.rs", "*/*/store/", "worlds/store/"]),
    ("sea_orm_migration", &["platform/db/"]),
    ("comrak", &["journal/thoughts/markdown.rs"]),
    ("ammonia", &["journal/thoughts/markdown.rs"]),
    // What runs inside a transaction reaches it only through the store.
    (".transaction()", &["*/*/store.rs", "*/*/store/", "worlds/store/"]),
    ("argon2::", &["identity/accounts/password.rs"]),
    ("lettre", &["platform/mail/"]),
    ("getrandom", &["platform/token.rs"]),
    // For ring its module of that name.
    ("hmac", &["platform/signer.rs", "platform/totp.rs"]),
    // For rustls its module of that name.
    ("ring::", &["platform/sealing/mod.rs", "platform/outbound/connection.rs", "platform/jws.rs", "platform/totp.rs"]),
    ("hyper::", &["http/server.rs", "http/timer.rs", "platform/outbound/"]),
    ("tokio_rustls", &["platform/outbound/connection.rs"]),
    ("rusty_s3", &["platform/blobs/s3.rs"]),
    ("SystemTime", &["platform/clock.rs"]),
    ("std::env::", &["cli/mod.rs"]),
    ("console::", &["cli/setup.rs", "cli/inspect.rs"]),
    ("prometheus", &["platform/metrics.rs"]),
    ("mimalloc", &["main.rs"]),
    ("jiff", &["platform/zone.rs", "platform/blobs/s3.rs"]),
    ("h3o", &["identity/people/model/place.rs"]),
    ("rlimit", &["platform/open_files.rs"]),
    ("tracing_subscriber", &["platform/observe.rs"]),
    ("figment", &["config/"]),
    // A connection that breaks must not stop the program, as a task does.
    ("tokio::spawn", &["platform/tasks.rs", "http/server.rs"]),
];

/// Entities outside of the domain that owns their tables.
const FOREIGN_ENTITIES: [(&str, &str); 3] = [
    // The mechanism of tenancy: which studios there are, and the installation itself.
    ("platform/db/mod.rs", "control::platform"),
    ("platform/db/applied.rs", "control::identity"),
    ("platform/db/lost.rs", "control::identity"),
];

/// Past this, look for the second idea that wants a file of its own.
const LINES: usize = 400;

struct Source {
    /// Below `src`, with slashes.
    path: String,
    /// The path of the module, without `crate`.
    module: Vec<String>,
    /// The lines that are code of the program: no comments, no tests.
    code: Vec<String>,
    lines: usize,
}

impl Source {
    fn tier(&self) -> &str {
        &self.module[0]
    }

    /// The feature, where the file is in one.
    fn feature(&self) -> Option<&str> {
        let features = features_of(self.tier())?;
        self.module.get(1).map(String::as_str).filter(|name| features.contains(name))
    }

    /// The room of a feature, or of a domain that has no features: the file's or folder's name.
    fn room(&self) -> Option<&str> {
        let at = if features_of(self.tier()).is_some() { 2 } else { 1 };
        self.module.get(at).map(String::as_str)
    }
}

fn features_of(domain: &str) -> Option<&'static [&'static str]> {
    FEATURES.iter().find(|(name, _)| *name == domain).map(|(_, features)| *features)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn sources() -> Vec<Source> {
    let root = root().join("src");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let program = text.split("\n#[cfg(test)]").next().unwrap();
        let code = program.lines().filter(|line| !line.trim_start().starts_with("//")).map(str::to_owned).collect();
        let path = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let mut module: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if module.len() > 1 && module.last().is_some_and(|last| last == "mod") {
            module.pop();
        }
        Source { path, module, code, lines: program.lines().count() }
    };
    rust_files(&root).into_iter().map(read).collect()
}

/// A path that ends in a slash stands for all below it; `*` for any one name.
fn matches(pattern: &str, path: &str) -> bool {
    let (parts, names): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    let alike = |count: usize| parts[..count].iter().zip(&names).all(|(part, name)| *part == "*" || part == name);
    match parts.split_last() {
        Some((&"", folders)) => names.len() > folders.len() && alike(folders.len()),
        _ => parts.len() == names.len() && alike(parts.len()),
    }
}

/// The paths that a file of `module` uses of this crate, by `crate::`, `super::` or `self::`; those in lists one by one.
fn paths_of(module: &[String], code: &[String]) -> Vec<Vec<String>> {
    let text = code.join("\n");
    let mut paths = Vec::new();
    for root in ["crate::", "super::", "self::"] {
        for (at, found) in text.match_indices(root) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':') {
                continue;
            }
            let mut base = match root {
                "crate::" => Vec::new(),
                "self::" => module.to_vec(),
                _ => module[..module.len() - 1].to_vec(),
            };
            let mut rest = &text[at + found.len()..];
            while let Some(further) = rest.strip_prefix("super::") {
                base.pop();
                rest = further;
            }
            spread(rest, &base, &mut paths);
        }
    }
    paths.retain(|path| !path.is_empty() && !path[0].is_empty());
    paths
}

/// Adds the paths that begin here, with `before` in front of each; returns what follows them.
fn spread<'a>(text: &'a str, before: &[String], paths: &mut Vec<Vec<String>>) -> &'a str {
    let mut rest = text.trim_start();
    let mut path = before.to_vec();
    loop {
        if let Some(list) = rest.strip_prefix('{') {
            rest = list.trim_start();
            while !rest.is_empty() && !rest.starts_with('}') {
                rest = spread(rest, &path, paths).trim_start();
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
            paths.push(path);
            return rest;
        };
        rest = more;
    }
}

#[test]
fn paths_are_found_in_lists_and_relative_to_their_module() {
    let module = ["a", "b", "c"].map(str::to_owned);
    let code = [
        "use crate::{a::b, c::{d, e::{self, F as G}}, h};",
        "use super::{model::M, store};",
        "x: super::super::j(), self::k",
    ]
    .map(str::to_owned);
    let mut paths: Vec<String> = paths_of(&module, &code).iter().map(|path| path.join("::")).collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        ["a::b", "a::b::c::k", "a::b::model::M", "a::b::store", "a::j", "c::d", "c::e::F", "c::e::self", "h"]
    );
}

#[test]
fn arrows_point_down() {
    let mut faults: Vec<String> = Vec::new();
    let tier_of = |name: &str| TIERS.iter().position(|tier| *tier == name);
    for source in sources() {
        let Some(tier) = tier_of(source.tier()) else {
            if !["lib", "main"].contains(&source.tier()) {
                faults.push(format!("{}: on no tier", source.path));
            }
            continue;
        };
        for path in paths_of(&source.module, &source.code) {
            let used = tier_of(&path[0]).unwrap_or_else(|| panic!("{}: crate::{} is on no tier", source.path, path[0]));
            if used > tier {
                faults.push(format!("{} uses {}, which is above it", source.path, path.join("::")));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn domains_form_a_star() {
    let mut faults: Vec<String> = Vec::new();
    let domains: BTreeMap<&str, &[&str]> = DOMAINS.into_iter().collect();
    for source in sources() {
        let Some(allowed) = domains.get(source.tier()) else { continue };
        for path in paths_of(&source.module, &source.code) {
            let used = path[0].as_str();
            let is_fine = used == source.tier() || !domains.contains_key(used) || allowed.contains(&used);
            if !is_fine {
                faults.push(format!("{} uses {}", source.path, path.join("::")));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_feature_uses_only_the_faces_of_lower_ones() {
    let mut faults: Vec<String> = Vec::new();
    for source in sources() {
        let (Some(features), Some(feature)) = (features_of(source.tier()), source.feature()) else { continue };
        let rank = |name: &str| features.iter().position(|known| *known == name);
        for path in paths_of(&source.module, &source.code) {
            if path[0] != source.tier() || path.len() < 2 {
                continue;
            }
            let Some(used) = rank(&path[1]) else { continue };
            if Some(used) > rank(feature) {
                faults.push(format!("{} uses {}, which is above it", source.path, path.join("::")));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn nobody_reaches_behind_a_face() {
    let mut faults: Vec<String> = Vec::new();
    for source in sources() {
        for path in paths_of(&source.module, &source.code) {
            let Some(features) = features_of(&path[0]) else { continue };
            let is_inside = source.tier() == path[0] && source.module.get(1) == path.get(1);
            let Some(feature) = path.get(1).filter(|name| features.contains(&name.as_str())) else { continue };
            let reaches = path.get(2).is_some_and(|part| ROOMS.iter().any(|(room, _)| room == part)) && path.len() > 3;
            // The extractors of access are its face.
            if !(is_inside || !reaches || feature == "access") {
                faults.push(format!("{} reaches {}", source.path, path.join("::")));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn inside_a_feature_arrows_point_down_too() {
    let mut faults: Vec<String> = Vec::new();
    let rooms: BTreeMap<&str, &[&str]> = ROOMS.into_iter().collect();
    for source in sources() {
        let (Some(feature), Some(room)) = (source.feature(), source.room()) else { continue };
        let Some(allowed) = rooms.get(room) else { continue };
        for path in paths_of(&source.module, &source.code) {
            if path.len() < 3 || path[0] != source.tier() || path[1] != feature {
                continue;
            }
            let used = path[2].as_str();
            let is_fine = used == room || !rooms.contains_key(used) || allowed.contains(&used);
            if !is_fine {
                faults.push(format!("{}: {room} uses {used}: {}", source.path, path.join("::")));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_feature_has_the_same_rooms() {
    let mut faults: Vec<String> = Vec::new();
    let paths: BTreeSet<String> = sources().into_iter().map(|source| source.path).collect();
    for (domain, features) in FEATURES {
        for feature in features.iter().filter(|feature| !WITHOUT_ROUTES.contains(feature)) {
            if paths.contains(&format!("{domain}/{feature}.rs")) {
                continue;
            }
            for room in ["mod", "api", "request", "response", "service", "store", "model"] {
                let (file, folder) =
                    (format!("{domain}/{feature}/{room}.rs"), format!("{domain}/{feature}/{room}/mod.rs"));
                if !(paths.contains(&file) || paths.contains(&folder)) {
                    faults.push(format!("{file} is missing"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_rooms_of_a_feature_are_private() {
    let mut faults: Vec<String> = Vec::new();
    for source in sources() {
        if source.module.len() != 2 || source.feature().is_none_or(|feature| feature == "access") {
            continue;
        }
        for (room, _) in ROOMS {
            let open = format!("pub mod {room};");
            if source.code.contains(&open) {
                faults.push(format!("{}: {open}", source.path));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Whether a word stands in a line, whole: a longer name that begins alike is another.
fn has_word(line: &str, word: &str) -> bool {
    let whole = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_');
    line.match_indices(word).any(|(at, _)| {
        (word.starts_with('.') || whole(line[..at].chars().next_back()))
            && (word.ends_with([':', ')']) || whole(line[at + word.len()..].chars().next()))
    })
}

#[test]
fn each_package_and_effect_has_one_door() {
    let mut faults: Vec<String> = Vec::new();
    for source in sources() {
        for (word, doors) in DOORS {
            if doors.iter().any(|door| matches(door, &source.path)) {
                continue;
            }
            let used = source.code.iter().find(|line| has_word(line, word));
            if used.is_some() {
                faults.push(format!(
                    "{}: {word} belongs to {doors:?}: {}",
                    source.path,
                    used.map_or("", String::as_str)
                ));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn only_request_and_response_rooms_know_http() {
    let mut faults: Vec<String> = Vec::new();
    for source in sources().iter().filter(|source| DOMAINS.iter().any(|(domain, _)| *domain == source.tier())) {
        let room = source.room().unwrap_or_default();
        // Chapters and examples of the description, for all features of a domain.
        let is_http =
            HTTP_ROOMS.contains(&room) || ["tags", "examples"].contains(&source.module[1..].join("/").as_str());
        if is_http {
            continue;
        }
        for word in ["poem::", "poem_openapi::", "crate::http"] {
            let used = source.code.iter().find(|line| has_word(line, word));
            if used.is_some() {
                faults.push(format!("{}: {word}: {}", source.path, used.map_or("", String::as_str)));
            }
        }
        let http = paths_of(&source.module, &source.code).into_iter().find(|path| path[0] == "http");
        if http.is_some() {
            faults.push(format!("{} uses {}", source.path, http.unwrap_or_default().join("::")));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The tables that a file names: the folders below `entity::control` or `entity::tenant`, with that in front.
fn tables_of(code: &[String]) -> Vec<String> {
    let text = code.join("\n");
    let mut paths = Vec::new();
    for (at, found) in text.match_indices("entity::") {
        let before = text[..at].chars().next_back();
        if before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_' && letter != ':') {
            spread(&text[at + found.len()..], &[], &mut paths);
        }
    }
    let sides = paths.into_iter().filter(|path| ["control", "tenant"].contains(&path[0].as_str()) && path.len() > 1);
    sides.map(|path| format!("{}::{}", path[0], path[1])).collect()
}

#[test]
fn only_its_domain_names_a_table() {
    let mut faults: Vec<String> = Vec::new();
    for source in sources() {
        for table in tables_of(&source.code) {
            let owner = table.split("::").last().unwrap();
            let is_trait = table.ends_with("::InWorld");
            let is_known = FOREIGN_ENTITIES.contains(&(source.path.as_str(), table.as_str()));
            if !(owner == source.tier() || is_known || is_trait) {
                faults.push(format!("{} names a table of {table}", source.path));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn only_stores_name_tables() {
    let mut faults: Vec<String> = Vec::new();
    for source in sources().iter().filter(|source| DOMAINS.iter().any(|(domain, _)| *domain == source.tier())) {
        let is_store = source.room() == Some("store") || source.module[1..] == ["tables"];
        if !(is_store || tables_of(&source.code).is_empty()) {
            faults.push(format!("{} names tables", source.path));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The names of the tables that have a column for their world.
fn tables_in_worlds() -> Vec<String> {
    let files = rust_files(&root().join("entity/src/tenant"));
    let has_world = |path: &PathBuf| fs::read_to_string(path).unwrap().contains("InWorld for Entity");
    files.into_iter().filter(has_world).map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// Statements that reach a table without the handle on one world, on purpose: what concerns all worlds of a studio at once, or
/// names the world in another way.
const WITHOUT_WORLD: [(&str, &str); 0] = [];

#[test]
fn no_statement_forgets_its_world() {
    let tables = tables_in_worlds();
    assert!(tables.len() > 10, "the tables are found by a trait of theirs: {tables:?}");
    let mut known: BTreeSet<(&str, &str)> = WITHOUT_WORLD.into_iter().collect();
    let mut faults = Vec::new();
    for source in sources().into_iter().filter(|source| source.room() == Some("store")) {
        let text = source.code.join("\n");
        for statement in text.split(';') {
            for table in &tables {
                let forms = [
                    format!(".table({table}::Entity)"),
                    format!("tenant.select::<{table}::Entity>"),
                    format!("tables().select::<{table}::Entity>"),
                ];
                // An inserted row names its own world.
                let inserts = statement.contains("into_table(");
                // A row of `world` itself is found by its id.
                let is_found = table == "world" && statement.contains("world::Column::Id");
                if inserts || is_found {
                    continue;
                }
                if !forms.iter().any(|form| statement.contains(form.as_str())) {
                    continue;
                }
                let says_world = ["::World", ".only::<", ".only_as::<"].iter().any(|word| statement.contains(word));
                let is_this = |(path, name): &(&str, &str)| *path == source.path && *name == table.as_str();
                let is_known = WITHOUT_WORLD.iter().any(is_this);
                known.retain(|one| !is_this(one));
                if !says_world && !is_known {
                    faults.push(format!("{}: {table}: {}", source.path, statement.trim()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "without a world:\n{}", faults.join("\n\n"));
    assert!(known.is_empty(), "no such statement any more: {known:?}");
}

#[test]
fn files_stay_small() {
    let mut faults: Vec<String> = Vec::new();
    for source in sources() {
        let bound = if source.path == "main.rs" || source.path == "lib.rs" { 60 } else { LINES };
        if source.lines > bound {
            faults.push(format!("{} has {} lines", source.path, source.lines));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut faults: Vec<String> = Vec::new();
    for source in sources() {
        let text = fs::read_to_string(root().join("src").join(&source.path)).unwrap();
        if !text.starts_with("//! ") {
            faults.push(format!("{} does not begin with what it is for", source.path));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn migrations_do_not_know_the_entities() {
    let manifest = fs::read_to_string(root().join("migration/Cargo.toml")).unwrap();
    assert!(!manifest.contains("entity"));
}
