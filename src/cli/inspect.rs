//! `cairn inspect`: shows how the traces that players are shown were chosen.

use std::collections::{HashMap, HashSet};

use console::{Term, style};
use serde_json::{Value, json};

use super::{
    CommandResult,
    context::Context,
    map::{self, Point},
    print_line,
    table::{self, Format, Row},
    with_services,
    world::WorldArgs,
};
use crate::{
    app::Services,
    platform::clock,
    traces::{
        TraceKind,
        decks::{Counts, Inspection, PickReason},
        trace::GroupKey,
    },
    worlds::ScopeKey,
};

/// Columns of the map if there is no terminal.
const WIDTH: usize = 80;

/// Characters shown of a trace's text.
const TEXT_CHARS: usize = 40;

/// Characters shown of an author: the last ones, because ids (UUIDv7) created at about the same time begin alike.
const AUTHOR_CHARS: usize = 8;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Show the traces of a scope, the decks dealt from them, and a map.
    Scope {
        /// The scope, as the game names it; may be empty. Put it after `--` if it begins with a hyphen and is not a number.
        #[arg(allow_negative_numbers = true)]
        key: String,
        /// The name of the group whose decks are shown.
        #[arg(long)]
        group: Option<String>,
        #[command(flatten)]
        world: WorldArgs,
        #[command(flatten)]
        format: Format,
    },
}

pub(super) async fn run(context: &Context, command: Command) -> CommandResult {
    with_services(context, async |services| run_on(services, command).await).await
}

async fn run_on(services: &Services, command: Command) -> CommandResult {
    let Command::Scope { key, group, world, format } = command;
    let world = world.find(services).await?;
    let scope = ScopeKey::parse(&key, "KEY").map_err(|fault| format!("{} {}", fault.pointer, fault.detail))?;
    let group = group.filter(|group| !group.is_empty()).map(|group| GroupKey::parse(&group)).transpose()?;
    let inspected = services.decks.inspect(world, scope, group).await?;
    if format.is_json() { print_line(&as_json(&key, &inspected).to_string()) } else { print(&key, &inspected) }
}

fn as_json(scope: &str, inspected: &Inspection) -> Value {
    let entry = |(index, why): &(usize, PickReason)| {
        let trace = inspected.traces.get(*index);
        json!({"id": trace.map(|trace| &trace["id"]), "kind": trace.map(|trace| &trace["kind"]), "why": why.name()})
    };
    let decks: Vec<Vec<Value>> = inspected.decks.iter().map(|deck| deck.iter().map(entry).collect()).collect();
    json!({
        "game": inspected.game,
        "environment": inspected.environment,
        "scope": scope,
        "dealt_at": clock::format(inspected.read_at_ms),
        "refresh_s": inspected.refresh_s,
        "kinds": kinds(inspected).into_iter().map(|row| row.into_iter().collect::<HashMap<_, _>>()).collect::<Vec<_>>(),
        "decks": decks,
        "traces": inspected.traces,
    })
}

fn kinds(inspected: &Inspection) -> Vec<Row> {
    let in_decks = |kind: TraceKind| inspected.traces.iter().filter(|trace| trace["kind"] == kind.name()).count();
    let row = |counts: &Counts| {
        vec![
            ("kind", json!(counts.kind.name())),
            ("there", json!(counts.in_scope.total)),
            ("hidden", json!(counts.in_scope.hidden)),
            ("over", json!(counts.in_scope.expired)),
            ("too_old", json!(counts.in_scope.too_old)),
            ("eligible", json!(counts.in_scope.eligible)),
            ("legacy", json!(counts.in_scope.legacy)),
            ("candidates", json!(counts.candidates)),
            ("in_decks", json!(in_decks(counts.kind))),
        ]
    };
    inspected.counts.iter().map(row).collect()
}

/// The character for a reason in the `decks` column.
fn reason_char(why: PickReason) -> char {
    match why {
        PickReason::Best => 'b',
        PickReason::Fresh => 'f',
        PickReason::Chance => 'c',
        PickReason::Fill => '+',
    }
}

/// Prints the map first: it is what one looks for, and the tables may be long.
fn print(scope: &str, inspected: &Inspection) -> CommandResult {
    print_line(&format!(
        "Scope {scope:?} of {}, {}: decks as they would be dealt now.\nServers cache theirs for at least {} s.\n",
        inspected.game, inspected.environment, inspected.refresh_s
    ))?;
    draw(inspected)?;
    table::print(&kinds(inspected))?;
    print_line("")?;
    if inspected.traces.is_empty() {
        return print_line("No trace is in a deck.");
    }
    table::print(&summary(inspected))?;
    print_line("")?;
    table::print(&in_decks(inspected))?;
    print_line("\nOne character per deck, from deck 0: b best, f fresh (no votes yet), c by chance, + filled up.")
}

/// The number of traces of each kind in each deck, by reason.
fn summary(inspected: &Inspection) -> Vec<Row> {
    let mut rows = Vec::new();
    for (number, deck) in inspected.decks.iter().enumerate() {
        for kind in TraceKind::ALL {
            let traces: Vec<(&Value, PickReason)> = deck
                .iter()
                .filter_map(|(index, why)| Some((inspected.traces.get(*index)?, *why)))
                .filter(|(trace, _)| trace["kind"] == kind.name())
                .collect();
            if traces.is_empty() {
                continue;
            }
            let number_of = |why: PickReason| json!(traces.iter().filter(|(_, reason)| *reason == why).count());
            let scores: f64 = traces.iter().filter_map(|(trace, _)| trace["score"].as_f64()).sum();
            let mean = scores / f64::from(u32::try_from(traces.len()).unwrap_or(u32::MAX));
            rows.push(vec![
                ("deck", json!(number)),
                ("kind", json!(kind.name())),
                ("traces", json!(traces.len())),
                ("best", number_of(PickReason::Best)),
                ("fresh", number_of(PickReason::Fresh)),
                ("chance", number_of(PickReason::Chance)),
                ("fill", number_of(PickReason::Fill)),
                ("mean_score", json!(format!("{mean:.3}"))),
            ]);
        }
    }
    rows
}

/// The traces that are in any deck, by kind and score.
fn in_decks(inspected: &Inspection) -> Vec<Row> {
    let reasons: Vec<HashMap<usize, PickReason>> =
        inspected.decks.iter().map(|deck| deck.iter().copied().collect()).collect();
    let mut order: Vec<usize> = (0..inspected.traces.len()).collect();
    let sort_key = |index: &usize| {
        let trace = inspected.traces.get(*index);
        let kind = trace.and_then(|trace| TraceKind::of_name(trace["kind"].as_str()?));
        (kind, trace.and_then(|trace| trace["score"].as_f64()).unwrap_or_default())
    };
    order.sort_by(|one, other| {
        let ((one, one_score), (other, other_score)) = (sort_key(one), sort_key(other));
        one.cmp(&other).then(other_score.total_cmp(&one_score))
    });
    let row = |index: usize| {
        let trace = inspected.traces.get(index)?;
        let decks: String = reasons.iter().map(|deck| deck.get(&index).map_or('.', |why| reason_char(*why))).collect();
        Some(vec![
            ("id", trace["id"].clone()),
            ("kind", trace["kind"].clone()),
            ("decks", json!(decks)),
            ("score", json!(format!("{:.3}", trace["score"].as_f64().unwrap_or_default()))),
            ("good", trace["good"].clone()),
            ("poor", trace["poor"].clone()),
            ("age", json!(age(trace, inspected.read_at_ms))),
            ("author", json!(last_chars(trace["author"].as_str().unwrap_or_default()))),
            ("position", json!(position(trace))),
            ("text", json!(text(trace))),
        ])
    };
    order.into_iter().filter_map(row).collect()
}

fn age(trace: &Value, now_ms: i64) -> String {
    let created_at_ms = trace["created_at"].as_str().and_then(clock::parse).unwrap_or(now_ms);
    let secs = (now_ms - created_at_ms).max(0) / 1000;
    match secs {
        0..60 => format!("{secs} s"),
        60..3600 => format!("{} min", secs / 60),
        3600..172_800 => format!("{} h", secs / 3600),
        _ => format!("{} d", secs / 86_400),
    }
}

fn last_chars(author: &str) -> String {
    let length = author.chars().count();
    author.chars().skip(length.saturating_sub(AUTHOR_CHARS)).flat_map(char::escape_debug).collect()
}

fn position(trace: &Value) -> String {
    let Some(position) = trace["pos"].as_array() else { return "-".to_owned() };
    let coordinates: Vec<String> = position.iter().filter_map(Value::as_f64).map(|at| format!("{at:.1}")).collect();
    coordinates.join(",")
}

/// The text of a trace, or the numbers of its template sentence, or its type.
fn text(trace: &Value) -> String {
    let texts: Vec<&str> = trace["text"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let sentence: Vec<String> = ["template", "word", "conjunction", "template2", "word2"]
        .iter()
        .filter(|name| trace[**name].is_i64())
        .map(|name| format!("{name} {}", trace[*name]))
        .collect();
    let text = if !texts.is_empty() {
        texts.join(" / ")
    } else if sentence.is_empty() {
        trace["type"].as_str().unwrap_or("-").to_owned()
    } else {
        sentence.join(" ")
    };
    // Text from players: control characters must not reach the terminal.
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if plain.chars().count() > TEXT_CHARS { plain.chars().take(TEXT_CHARS - 1).chain(['…']).collect() } else { plain }
}

fn draw(inspected: &Inspection) -> CommandResult {
    let kind = |trace: &Value| TraceKind::of_name(trace["kind"].as_str()?);
    let position = |trace: &Value| {
        let coordinate = |axis: usize| trace["pos"].get(axis).and_then(Value::as_f64);
        Some([coordinate(0)?, coordinate(1)?, coordinate(2)?])
    };
    let in_decks = inspected.traces.iter().filter_map(|trace| Some((kind(trace)?, position(trace)?)));
    let in_decks = in_decks.map(|(kind, position)| Point { kind, position, is_in_deck: true });
    let others = inspected.positions.iter().map(|(kind, position)| Point {
        kind: *kind,
        position: *position,
        is_in_deck: false,
    });
    let points: Vec<Point> = in_decks.chain(others).collect();
    // (rows, columns)
    let width = Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| usize::from(columns));
    let Some(map) = map::draw(&points, width) else {
        let nothing = points.is_empty() && inspected.traces.is_empty();
        return if nothing { Ok(()) } else { print_line("No trace has a position: there is no map.\n") };
    };
    for row in &map.rows {
        print_line(&colour(row))?;
    }
    let kinds: HashSet<TraceKind> = points.iter().map(|point| point.kind).collect();
    let letters = TraceKind::ALL.into_iter().filter(|kind| kinds.contains(kind));
    let letters: Vec<String> =
        letters.map(|kind| format!("{} {}", colour(&map::kind_char(kind).to_string()), kind.name())).collect();
    let ((across, left, right), (up, bottom, top)) = (map.across, map.up);
    let units = if inspected.units.is_empty() { "units" } else { &inspected.units };
    print_line(&format!(
        "\n{};\na capital letter: several; *: several kinds; .: candidates that are in no deck.\n\
         Horizontal: {across} from {left:.1} to {right:.1}; vertical: {up} from {bottom:.1} to {top:.1}.\n\
         A character is {:.2} {units} wide and {:.2} high.",
        letters.join(", "),
        map.cell_width,
        map.cell_width * 2.0
    ))?;
    if !inspected.axes.is_empty() {
        print_line(&format!("Axes: {}.", inspected.axes))?;
    }
    print_line("")
}

/// A row of the map, coloured by kind if standard output is a terminal.
fn colour(row: &str) -> String {
    let kind =
        |letter: char| TraceKind::ALL.into_iter().find(|kind| map::kind_char(*kind) == letter.to_ascii_lowercase());
    let letter = |letter: char| match kind(letter) {
        Some(TraceKind::Object) => style(letter).yellow().to_string(),
        Some(TraceKind::Message) => style(letter).cyan().to_string(),
        Some(TraceKind::Phantom) => style(letter).magenta().to_string(),
        Some(TraceKind::Bloodstain) => style(letter).red().to_string(),
        None => letter.to_string(),
    };
    row.chars().map(letter).collect()
}
