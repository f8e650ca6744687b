//! `cairn inspect`: how what players are shown was chosen.

use std::collections::{HashMap, HashSet};

use console::Term;
use serde_json::{Value, json};

use super::{
    Outcome,
    list::{self, Form, Line},
    map::{self, Spot},
    on_core,
    place::Place,
    say,
};
use crate::{
    app::Core,
    config::Config,
    platform::clock,
    traces::{
        meeting::{Inspected, Why},
        rules::TraceKind,
        trace::GroupKey,
    },
    worlds::ScopeKey,
};

/// Width where there is no terminal.
const WIDTH: usize = 80;

/// Characters of what a trace says that are shown.
const WORDS: usize = 40;

/// Characters of an author that are shown: the end, because ids that were minted at about one time begin alike.
const AUTHOR: usize = 8;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Show what lies in a scope, how its decks are dealt from that, and where it lies.
    Scope {
        /// The scope, as the game names it; may be empty. Behind `--` where it begins with a hyphen and is no number.
        #[arg(allow_negative_numbers = true)]
        key: String,
        /// What the group calls itself whose decks they are.
        #[arg(long)]
        group: Option<String>,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        form: Form,
    },
}

pub(super) async fn run(config: &Config, command: Command) -> Outcome {
    on_core(config, async |core| obey(core, command).await).await
}

async fn obey(core: &Core, command: Command) -> Outcome {
    let Command::Scope { key, group, place, form } = command;
    let world = place.find(core).await?;
    let scope = ScopeKey::parse(&key, "KEY").map_err(|fault| format!("{} {}", fault.pointer, fault.detail))?;
    let group = group.filter(|group| !group.is_empty()).map(|group| GroupKey::parse(&group)).transpose()?;
    let found = core.meeting.inspect(world, scope, group).await?;
    if form.is_json() { say(&as_json(&key, &found).to_string()) } else { print(&key, &found) }
}

fn as_json(scope: &str, found: &Inspected) -> Value {
    let place = |(at, why): &(usize, Why)| {
        let trace = found.traces.get(*at);
        json!({"id": trace.map(|trace| &trace["id"]), "kind": trace.map(|trace| &trace["kind"]), "why": why.name()})
    };
    let decks: Vec<Vec<Value>> = found.decks.iter().map(|deck| deck.iter().map(place).collect()).collect();
    json!({
        "game": found.game,
        "environment": found.environment,
        "scope": scope,
        "dealt_at": clock::format(found.dealt_at_ms),
        "refresh_s": found.refresh_s,
        "kinds": kinds(found).into_iter().map(|line| line.into_iter().collect::<HashMap<_, _>>()).collect::<Vec<_>>(),
        "decks": decks,
        "traces": found.traces,
    })
}

fn kinds(found: &Inspected) -> Vec<Line> {
    let in_decks = |kind: TraceKind| found.traces.iter().filter(|trace| trace["kind"] == kind.name()).count();
    let line = |counts: &crate::traces::meeting::Counts| {
        vec![
            ("kind", json!(counts.kind.name())),
            ("there", json!(counts.in_scope.there)),
            ("hidden", json!(counts.in_scope.hidden)),
            ("over", json!(counts.in_scope.over)),
            ("too_old", json!(counts.in_scope.too_old)),
            ("eligible", json!(counts.in_scope.eligible)),
            ("legacy", json!(counts.in_scope.legacy)),
            ("candidates", json!(counts.candidates)),
            ("in_decks", json!(in_decks(counts.kind))),
        ]
    };
    found.counts.iter().map(line).collect()
}

/// What stands for a reason in the column of a deck.
fn letter(why: Why) -> char {
    match why {
        Why::Best => 'b',
        Why::Fresh => 'f',
        Why::Chance => 'c',
        Why::Fill => '+',
    }
}

fn print(scope: &str, found: &Inspected) -> Outcome {
    say(&format!(
        "Scope {scope:?} of {}, {}: decks as they would be dealt now; servers keep theirs for {} s at least.\n",
        found.game, found.environment, found.refresh_s
    ))?;
    list::table(&kinds(found))?;
    say("")?;
    list::table(&summary(found))?;
    say("")?;
    if found.traces.is_empty() {
        return say("Nothing here stands in a deck.");
    }
    list::table(&in_decks(found))?;
    say(
        "\nA character a deck, from deck 0: b among the best, f fresh (nobody has voted on it), c by chance, + to fill up.\n",
    )?;
    draw(found)
}

/// How many of a kind stand in each deck, and why.
fn summary(found: &Inspected) -> Vec<Line> {
    let mut lines = Vec::new();
    for (number, deck) in found.decks.iter().enumerate() {
        for kind in TraceKind::ALL {
            let those: Vec<(&Value, Why)> = deck
                .iter()
                .filter_map(|(at, why)| Some((found.traces.get(*at)?, *why)))
                .filter(|(trace, _)| trace["kind"] == kind.name())
                .collect();
            if those.is_empty() {
                continue;
            }
            let number_of = |why: Why| json!(those.iter().filter(|(_, is)| *is == why).count());
            let scores: f64 = those.iter().filter_map(|(trace, _)| trace["score"].as_f64()).sum();
            let mean = scores / f64::from(u32::try_from(those.len()).unwrap_or(u32::MAX));
            lines.push(vec![
                ("deck", json!(number)),
                ("kind", json!(kind.name())),
                ("traces", json!(those.len())),
                ("best", number_of(Why::Best)),
                ("fresh", number_of(Why::Fresh)),
                ("chance", number_of(Why::Chance)),
                ("fill", number_of(Why::Fill)),
                ("mean_score", json!(format!("{mean:.3}"))),
            ]);
        }
    }
    lines
}

/// Each trace that stands in any deck.
fn in_decks(found: &Inspected) -> Vec<Line> {
    let whys: Vec<HashMap<usize, Why>> = found.decks.iter().map(|deck| deck.iter().copied().collect()).collect();
    let mut order: Vec<usize> = (0..found.traces.len()).collect();
    let rank = |at: &usize| {
        let trace = found.traces.get(*at);
        let kind = trace.and_then(|trace| TraceKind::of_name(trace["kind"].as_str()?));
        (kind, trace.and_then(|trace| trace["score"].as_f64()).unwrap_or_default())
    };
    order.sort_by(|one, other| {
        let ((one, one_score), (other, other_score)) = (rank(one), rank(other));
        one.cmp(&other).then(other_score.total_cmp(&one_score))
    });
    let line = |at: usize| {
        let trace = found.traces.get(at)?;
        let decks: String = whys.iter().map(|deck| deck.get(&at).map_or('.', |why| letter(*why))).collect();
        Some(vec![
            ("id", trace["id"].clone()),
            ("kind", trace["kind"].clone()),
            ("decks", json!(decks)),
            ("score", json!(format!("{:.3}", trace["score"].as_f64().unwrap_or_default()))),
            ("good", trace["good"].clone()),
            ("poor", trace["poor"].clone()),
            ("age", json!(age(trace, found.dealt_at_ms))),
            ("author", json!(ending(trace["author"].as_str().unwrap_or_default()))),
            ("position", json!(position(trace))),
            ("words", json!(words(trace))),
        ])
    };
    order.into_iter().filter_map(line).collect()
}

fn age(trace: &Value, now_ms: i64) -> String {
    let left_at_ms = trace["created_at"].as_str().and_then(clock::parse).unwrap_or(now_ms);
    let secs = (now_ms - left_at_ms).max(0) / 1000;
    match secs {
        0..60 => format!("{secs} s"),
        60..3600 => format!("{} min", secs / 60),
        3600..172_800 => format!("{} h", secs / 3600),
        _ => format!("{} d", secs / 86_400),
    }
}

fn ending(author: &str) -> String {
    let length = author.chars().count();
    author.chars().skip(length.saturating_sub(AUTHOR)).flat_map(char::escape_debug).collect()
}

fn position(trace: &Value) -> String {
    let Some(position) = trace["pos"].as_array() else { return "-".to_owned() };
    let coordinates: Vec<String> = position.iter().filter_map(Value::as_f64).map(|at| format!("{at:.1}")).collect();
    coordinates.join(",")
}

/// What a trace says: its words, or the numbers of its sentence, or its type.
fn words(trace: &Value) -> String {
    let texts: Vec<&str> = trace["text"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let sentence: Vec<String> = ["template", "word", "conjunction", "template2", "word2"]
        .iter()
        .filter(|name| trace[**name].is_i64())
        .map(|name| format!("{name} {}", trace[*name]))
        .collect();
    let said = if !texts.is_empty() {
        texts.join(" / ")
    } else if sentence.is_empty() {
        trace["type"].as_str().unwrap_or("-").to_owned()
    } else {
        sentence.join(" ")
    };
    // Players' words: nothing in them may move the cursor.
    let plain: String = said.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if plain.chars().count() > WORDS { plain.chars().take(WORDS - 1).chain(['…']).collect() } else { plain }
}

fn draw(found: &Inspected) -> Outcome {
    let kind = |trace: &Value| TraceKind::of_name(trace["kind"].as_str()?);
    let place = |trace: &Value| {
        let at = |axis: usize| trace["pos"].get(axis).and_then(Value::as_f64);
        Some([at(0)?, at(1)?, at(2)?])
    };
    let shown = found.traces.iter().filter_map(|trace| Some((kind(trace)?, place(trace)?)));
    let shown = shown.map(|(kind, position)| Spot { kind, position, shown: true });
    let others = found.places.iter().map(|(kind, position)| Spot { kind: *kind, position: *position, shown: false });
    let spots: Vec<Spot> = shown.chain(others).collect();
    // Columns of the terminal stand second.
    let width = Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| usize::from(columns));
    let Some(map) = map::draw(&spots, width) else { return say("Nothing here has a position.") };
    for row in &map.rows {
        say(row)?;
    }
    let kinds: HashSet<TraceKind> = spots.iter().map(|spot| spot.kind).collect();
    let letters = TraceKind::ALL.into_iter().filter(|kind| kinds.contains(kind));
    let letters: Vec<String> = letters.map(|kind| format!("{} {}", map::letter(kind), kind.name())).collect();
    let ((across, left, right), (up, bottom, top)) = (map.across, map.up);
    let units = if found.units.is_empty() { "units" } else { &found.units };
    say(&format!(
        "\n{}; a capital for several, * for several kinds, . for what was looked at and stands in no deck.\n\
         {across} from {left:.1} to {right:.1} to the right, {up} from {bottom:.1} to {top:.1} upwards; \
         a character is {:.2} {units} wide and {:.2} high.",
        letters.join(", "),
        map.column,
        map.column * 2.0
    ))?;
    if found.axes.is_empty() { Ok(()) } else { say(&format!("Axes: {}.", found.axes)) }
}
