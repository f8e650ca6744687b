//! The search in a catalogue of 99,000 titles, where it is available: beside the repository, in `shared/data`. It takes minutes
//! without optimisation, so `make catalogue` runs it.

use std::{
    collections::HashMap,
    fmt::Write as _,
    path::PathBuf,
    time::{Duration, Instant},
};

use cairn::catalogue::titles::fold;
use serde_json::Value;

use super::people::names;
use crate::support::{Backend, Cairn, Place, process};

/// The lists, with the names under which their ids are known, and the platform of one that names none.
const LISTS: [(&str, &str, &[&str]); 2] =
    [("catalogue_mame_cc0.tsv.gz", "mame", &[]), ("pc_titles_ludusavi_mit.tsv.gz", "pcgw", &["--platform", "pc"])];

/// A generator of numbers (Steele and others, `SplitMix64`), so that the questions are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }
}

/// A folded name with a letter deleted, two swapped, or one added.
fn with_slip(name: &str, kind: usize, numbers: &mut Numbers) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    // Of a name such as `000` no two letters can be swapped.
    let kind = if kind == 1 && letters.windows(2).all(|two| two[0] == two[1]) { 2 } else { kind };
    loop {
        let at = numbers.below(letters.len());
        match kind {
            0 if letters[at] != ' ' => drop(letters.remove(at)),
            1 if at + 1 < letters.len() && letters[at] != letters[at + 1] => letters.swap(at, at + 1),
            2 => letters.insert(at, char::from(b'a' + u8::try_from(numbers.below(26)).unwrap())),
            _ => continue,
        }
        return letters.into_iter().collect();
    }
}

/// Names that are unique after folding, with so many letters, in a fixed order.
fn unique(folded: &HashMap<String, usize>, letters: impl Fn(usize) -> bool) -> Vec<&str> {
    let fits = |(name, count): (&'_ String, &usize)| *count == 1 && letters(name.chars().count());
    let mut found: Vec<&str> =
        folded.iter().filter(|(name, count)| fits((name, count))).map(|(name, _)| name.as_str()).collect();
    found.sort_unstable();
    found
}

async fn search(cairn: &Cairn, typed: &str) -> Value {
    let answer = cairn.get("/api/games").query(&[("q", typed), ("limit", "10")]).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{typed}");
    answer.json().await.unwrap()
}

fn median_and_99th(times: &mut [Duration]) -> String {
    times.sort_unstable();
    format!("median {:.1?}, 99th {:.1?}", times[times.len() / 2], times[times.len() * 99 / 100])
}

/// Fills a place from the lists, as the command line does.
fn fill(place: &Place, folder: &std::path::Path) {
    for (file, source, more) in LISTS {
        let path = folder.join(file).display().to_string();
        let began = Instant::now();
        let arguments = [&["titles", "import", &path, "--source", source], more].concat();
        let output = process::cairn(place, &arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        assert!(output.status.success(), "{}", text(output.stderr));
        println!("{file}: {} in {:.1?}", text(output.stdout).trim(), began.elapsed());
    }
}

/// What is asked, the part that must be found, and the questions.
type Questions = (&'static str, f64, Vec<(String, String)>);

/// The questions: what was typed, and the name that was meant, as it is folded.
fn questions(folded: &HashMap<String, usize>) -> [Questions; 2] {
    let mut numbers = Numbers(7);
    let mut ask = |names: &[&str]| -> Vec<(String, String)> {
        let mut asked = Vec::new();
        for at in 0..600 {
            let name = names[numbers.below(names.len())];
            asked.push((with_slip(name, at % 3, &mut numbers), name.to_owned()));
        }
        asked
    };
    let long = ask(&unique(folded, |letters| letters >= 6));
    let short = ask(&unique(folded, |letters| (3..=5).contains(&letters)));
    [("6 letters and more", 0.98, long), ("3 to 5 letters", 0.9, short)]
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes without optimisation: make catalogue"]
async fn a_slip_in_a_name_is_forgiven() {
    let lists = PathBuf::from(std::env::var("CAIRN_TEST_CATALOGUE").unwrap_or_else(|_| {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/catalogue").display().to_string()
    }));
    if !lists.join(LISTS[0].0).exists() {
        println!("skipped: the catalogue is not there");
        return;
    }
    let mut orders: Vec<Vec<(String, Vec<String>)>> = Vec::new();
    for backend in [Backend::Embedded, Backend::Server] {
        let Some(place) = Place::make(backend).await else { return };
        fill(&place, &lists);
        let cairn = Box::pin(Cairn::start(&place, &[])).await;
        let all = place.control_texts("SELECT name_key FROM title_name").await;
        let mut folded: HashMap<String, usize> = HashMap::new();
        for name in all {
            *folded.entry(name).or_default() += 1;
        }
        let mut order = Vec::new();
        let mut said = format!("{backend:?}, {} names:", folded.len());
        for (what, least, questions) in questions(&folded) {
            let (mut hits, mut times, mut missed) = (0_u32, Vec::new(), Vec::new());
            let count = u32::try_from(questions.len()).unwrap();
            for (typed, meant) in questions {
                let began = Instant::now();
                let page = search(&cairn, &typed).await;
                times.push(began.elapsed());
                let ids: Vec<String> = page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|game| game["id"].as_str().unwrap().to_owned())
                    .collect();
                let is_hit =
                    place_has(&place, &ids, &meant).await || names(&page).iter().any(|name| fold(name) == meant);
                hits += u32::from(is_hit);
                if !is_hit {
                    missed.push(format!("{typed} for {meant}"));
                }
                order.push((typed, ids));
            }
            let part = f64::from(hits) / f64::from(count);
            write!(said, "\n  {what}: {hits} of {count}; {}; missed {missed:?}", median_and_99th(&mut times)).unwrap();
            assert!(part >= least, "{said}");
        }
        let mut times = Vec::new();
        for at in 1..=600 {
            let began = Instant::now();
            assert_eq!(cairn.get(&format!("/api/games/{at}")).send().await.unwrap().status(), 200);
            times.push(began.elapsed());
        }
        println!("{said}\n  by id: {}", median_and_99th(&mut times));
        if place.database_url.is_some() {
            for condition in
                ["search_text % '  castelvania  '", "search_text LIKE '%castle%' AND search_text LIKE '%night%'"]
            {
                let explain = format!("EXPLAIN SELECT title FROM title_name WHERE {condition}");
                let plan = place.control_texts(&explain).await.join("\n");
                assert!(plan.contains("Bitmap Index Scan on title_name_search"), "{plan}");
            }
        }
        orders.push(order);
        cairn.stop().await;
        place.clear().await;
    }
    let pairs = orders[0].iter().zip(&orders[1]).filter(|(one, other)| one != other);
    let differing: Vec<_> = pairs.collect();
    assert!(differing.is_empty(), "{} questions have another order: {differing:?}", differing.len());
}

/// Whether one of these titles has the name, perhaps as another of its names.
async fn place_has(place: &Place, ids: &[String], name: &str) -> bool {
    if ids.is_empty() {
        return false;
    }
    let list = ids.join(", ");
    let name = name.replace('\'', "''");
    let sql = format!("SELECT name_key FROM title_name WHERE title IN ({list}) AND name_key = '{name}'");
    !place.control_texts(&sql).await.is_empty()
}
