//! `cairn demo`: generated traces. Climbers on a hill left objects, messages, recordings of their walks, and bloodstains
//! where they fell. The random generator has a fixed seed, so each run generates the same traces, and a world stores them
//! once.

use std::f64::consts::{PI, TAU};

use serde_json::{Value, json};

use super::{
    CommandResult,
    context::{Context, quoted},
    print_line, with_services,
    world::{WorldArgs, WorldName},
};
use crate::{
    app::Services,
    identity::access::Environment,
    platform::codec::deflate::Compressor,
    traces::transfer::{Line, Progress},
    worlds::WorldKey,
};

/// Scopes and the number of visits to each. The first is the one that v0 clients see.
const SCOPES: [(&str, usize); 4] = [("", 120), ("meadow", 60), ("pass", 60), ("summit", 60)];

/// Parts of messages, as in games whose players choose words instead of writing.
const OPENINGS: [&str; 6] = ["Try", "Beware of", "Praise", "Look for", "No need for", "Offer"];
const SUBJECTS: [&str; 8] =
    ["stone", "wind,", "climbing,", "resting,", "the left path,", "friend,", "fog,", "high ground,"];
const ENDINGS: [&str; 6] = ["then view", "ahead", "but slippery", "therefore patience", "and onwards", "in time"];

/// What climbers died of.
const CAUSES: [&str; 3] = ["fall", "cold", "rockslide"];

/// Trails up the hill. Each walk follows one.
const TRAILS: u32 = 6;

/// Frames of a recorded walk, and the time between two.
const FRAMES: u32 = 120;
const FRAME_MS: u32 = 100;

/// Frames of a recorded fall: the last ones of the walk.
const FALL_FRAMES: u32 = 30;

/// The name under which the import of a scope keeps its progress.
const INPUT: &str = "demo";

/// Generate traces.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The world; its studio and game are created if they do not exist.
    #[command(flatten)]
    world: WorldArgs,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let name = arguments.world.name()?;
    let (visits, traces) = with_services(context, async |services| {
        let world = match &name {
            Some(name) => {
                let (game, _) = name.find_or_create(services).await?;
                WorldKey::new(game.studio, game.world(name.environment))
            }
            None => services.open_world,
        };
        fill(services, world).await
    })
    .await?;
    print_line(&summary(context, name.as_ref(), visits, traces))
}

fn summary(context: &Context, world: Option<&WorldName>, visits: usize, traces: u64) -> String {
    let program = &context.program;
    let (named, game, options) = match world {
        Some(WorldName { studio, game, environment }) => {
            let environment = match environment {
                Environment::Live => String::new(),
                Environment::Dev => " --environment dev".to_owned(),
            };
            let game = format!("{}/{game}", studio.as_str());
            (game.clone(), game.clone(), format!(" --game {game}{environment}"))
        }
        // `inspect` shows the open world by default.
        None => ("the open world".to_owned(), "default/default".to_owned(), String::new()),
    };
    let key_options = if options.is_empty() { format!(" --game {game}") } else { options.clone() };
    let request = context.server().map_or_else(String::new, |server| {
        format!(
            "To read them as a game does, while the server runs ({program}):\n\n  \
             KEY=$({program} key create{key_options})\n  curl {} -H \"X-API-Key: $KEY\"\n\n",
            quoted(&format!("{server}/v1/deck?scope=summit&deck=0"))
        )
    });
    format!(
        "{visits} climbers were in {named} and left {traces} new traces:\nobjects, messages, recorded walks, and \
         bloodstains where they fell.\n\nTo see them on a map:\n\n  {program} inspect scope summit{options}\n\n\
         {request}Other scopes: meadow, pass."
    )
}

/// Returns the number of visits, and of new traces.
async fn fill(services: &Services, world: WorldKey) -> CommandResult<(usize, u64)> {
    let mut random = fastrand::Rng::with_seed(0x0063_6169_726e);
    let mut compressor = Compressor::default();
    let (mut visits, mut new) = (0, 0);
    for (scope, count) in SCOPES {
        let trails: Vec<Trail> = (0..TRAILS).map(|number| Trail::new(&mut random, number)).collect();
        let mut lines = Vec::new();
        for visit in 0..count {
            let trail = random.choice(&trails).copied().unwrap_or_default();
            for trace in generate_visit(&mut random, trail, scope, visit) {
                lines.push(Line::read(trace.to_string().as_bytes(), &mut compressor)?);
            }
        }
        visits += count;
        new += services.transfer.import(world, lines, INPUT, &Progress::default()).await?;
    }
    services.transfer.import_done(world, INPUT).await?;
    Ok((visits, new))
}

/// The traces of a visit, in the form of `cairn import`.
fn generate_visit(random: &mut fastrand::Rng, trail: Trail, scope: &str, visit: usize) -> Vec<Value> {
    let author = format!("climber-{:04}", random.u32(0..400));
    let falls = random.u32(0..4) == 0;
    // How far the climber came, as a share of the trail.
    let reached = if falls { 0.3 + random.f64() * 0.6 } else { 1.0 };
    let walk = Walk { trail, beside: random.f64() * 14.0 - 7.0, reached };
    let mut traces = Vec::new();
    let leaves_object = visit.is_multiple_of(3) || random.bool();
    if leaves_object {
        let half = random.f64() * PI;
        traces.push(json!({
            "kind": "object", "type": random.i64(1..12).to_string(), "pos": walk.nearby(random),
            "rot": [0.0, half.sin(), 0.0, half.cos()], "good": votes(random),
        }));
    }
    if !leaves_object || random.bool() {
        let mut pick = |words: &[&'static str]| random.choice(words.iter().copied()).unwrap_or_default();
        let text = [pick(&OPENINGS), pick(&SUBJECTS), pick(&ENDINGS)];
        traces.push(json!({"kind": "message", "text": text, "pos": walk.nearby(random), "good": votes(random)}));
    }
    traces.push(json!({
        "kind": "phantom", "pos": walk.position(0.0), "recording": walk.recording(0..FRAMES),
    }));
    if falls {
        traces.push(json!({
            "kind": "bloodstain", "type": random.choice(CAUSES).unwrap_or_default(), "pos": walk.position(1.0),
            "recording": walk.recording(FRAMES - FALL_FRAMES..FRAMES),
        }));
    }
    for (number, members) in traces.iter_mut().filter_map(Value::as_object_mut).enumerate() {
        let source = format!("demo {scope:?} {visit}.{number}");
        members.extend(
            [("scope", scope), ("author", &author), ("source_id", &source)]
                .map(|(name, text)| (name.to_owned(), json!(text))),
        );
    }
    traces
}

/// Votes for a trace: few for most, many for some.
fn votes(random: &mut fastrand::Rng) -> u32 {
    let most = random.u32(0..30);
    random.u32(0..=most * most / 16)
}

/// A trail that winds up a round hill.
#[derive(Clone, Copy, Default)]
struct Trail {
    start_angle: f64,
    turns: f64,
    bend: f64,
}

impl Trail {
    /// A trail of its own direction; every other one winds the other way.
    fn new(random: &mut fastrand::Rng, number: u32) -> Self {
        let turns = 0.2 + random.f64() * 0.4;
        Self {
            start_angle: (f64::from(number) + random.f64() * 0.5) / f64::from(TRAILS) * TAU,
            turns: if number.is_multiple_of(2) { turns } else { -turns },
            bend: random.f64() * TAU,
        }
    }
}

/// A climber's walk on a trail.
struct Walk {
    trail: Trail,
    /// How far beside the trail the climber walks at its beginning, in metres.
    beside: f64,
    /// The share of the trail (0 to 1) at the end of the walk.
    reached: f64,
}

impl Walk {
    /// The position after a share (0 to 1) of the walk, in metres, y up.
    fn position(&self, share: f64) -> [f64; 3] {
        self.position_beside(share, 0.0)
    }

    /// The position some metres farther from the top.
    fn position_beside(&self, share: f64, metres: f64) -> [f64; 3] {
        let Trail { start_angle, turns, bend } = self.trail;
        let along = share * self.reached;
        let angle = start_angle + turns * TAU * along + 0.12 * (along * 9.0 + bend).sin();
        let sway = 1.2 * (along * 25.0 + self.beside).sin();
        let radius = 80.0 - 74.0 * along + self.beside * (1.0 - 0.7 * along) + sway + metres;
        [radius * angle.cos(), 60.0 - radius * 0.6, radius * angle.sin()].map(|at| (at * 100.0).round() / 100.0)
    }

    /// A position near the walk, not at its very beginning.
    fn nearby(&self, random: &mut fastrand::Rng) -> [f64; 3] {
        self.position_beside(0.15 + random.f64() * 0.85, random.f64() * 8.0 - 4.0)
    }

    /// Frames of the walk, each with a quaternion that faces along it.
    fn recording(&self, frames: std::ops::Range<u32>) -> Value {
        let (mut times, mut positions, mut rotations) = (Vec::new(), Vec::new(), Vec::new());
        for (number, frame) in (0..).zip(frames) {
            let share = f64::from(frame) / f64::from(FRAMES - 1);
            let [x, y, z] = self.position(share);
            let [ahead_x, _, ahead_z] = self.position(share + 0.02);
            let half = (ahead_x - x).atan2(ahead_z - z) / 2.0;
            times.push(number * FRAME_MS);
            positions.extend([x, y, z]);
            rotations.extend([0.0, half.sin(), 0.0, half.cos()]);
        }
        json!({"columns": {"complete": self.reached >= 1.0, "t_ms": times, "pos": positions, "rot": rotations}})
    }
}
