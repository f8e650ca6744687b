//! `cairn demo`: generated traces for the open world. Climbers on a hill left objects, messages and recordings of their
//! walks. The random generator has a fixed seed, so each run generates the same traces.

use std::f64::consts::TAU;

use serde_json::json;

use super::{CommandResult, print_line, with_services};
use crate::{app::Services, config::Config};

/// Scopes and the number of visits to each. The first is the one that v0 clients see.
const SCOPES: [(&str, usize); 4] = [("", 120), ("meadow", 60), ("pass", 60), ("summit", 60)];

/// Parts of messages, as in games whose players choose words instead of writing.
const OPENINGS: [&str; 6] = ["Try", "Beware of", "Praise", "Look for", "No need for", "Offer"];
const SUBJECTS: [&str; 8] =
    ["stone", "wind,", "climbing,", "resting,", "the left path,", "friend,", "fog,", "high ground,"];
const ENDINGS: [&str; 6] = ["then view", "ahead", "but slippery", "therefore patience", "and onwards", "in time"];

/// Frames of a recorded walk, 10 per second.
const FRAMES: u32 = 120;

pub(super) async fn run(config: &Config) -> CommandResult {
    let visits = with_services(config, fill).await?;
    let scopes: Vec<&str> = SCOPES.iter().map(|(scope, _)| *scope).filter(|scope| !scope.is_empty()).collect();
    print_line(&format!(
        "{visits} climbers left traces: an object, a message or both, and a recorded walk each.\n\
         Start the server, then read them:\n  \
         curl --compressed 'http://{listen}/get-objects'\n  \
         curl --compressed 'http://{listen}/get-objects?scope={last}'     (also: {all})",
        listen = config.http.listen,
        last = scopes.last().unwrap_or(&""),
        all = scopes.join(", "),
    ))
}

/// Returns the number of visits.
async fn fill(services: &Services) -> CommandResult<usize> {
    let mut random = fastrand::Rng::with_seed(0x0063_6169_726e);
    let mut visits = 0;
    for (scope, count) in SCOPES {
        for visit in 0..count {
            let body = generate_visit(&mut random, visit, scope).to_string();
            services.v0.add_objects(services.open_world, "", body.as_bytes().into(), None).await?;
            visits += 1;
        }
    }
    Ok(visits)
}

/// The body of a `POST /add-object`.
fn generate_visit(random: &mut fastrand::Rng, visit: usize, scope: &str) -> serde_json::Value {
    let climber = format!("climber-{:04}", random.u32(0..400));
    let walk = Walk::new(random);
    let frames: Vec<_> = (0..FRAMES).map(|frame| walk.frame(f64::from(frame) / f64::from(FRAMES))).collect();
    let [x, y, z] = walk.position(1.0);
    let position = format!("{x:.2},{y:.2},{z:.2}");
    let object = (visit.is_multiple_of(3) || random.bool()).then(|| {
        let heading = random.f64() * 360.0;
        json!({"u_uuid": climber, "o_type": random.i64(1..12), "o_pos": position, "o_rot": format!("0.0,{heading:.1},0.0")})
    });
    let message = (object.is_none() || random.bool()).then(|| {
        let mut pick = |words: &[&'static str]| random.choice(words.iter().copied()).unwrap_or_default();
        let (part1, part2, part3) = (pick(&OPENINGS), pick(&SUBJECTS), pick(&ENDINGS));
        json!({"u_uuid": climber, "part1": part1, "part2": part2, "part3": part3, "m_pos": position})
    });
    let phantom = json!({"u_uuid": climber, "data": frames});
    json!({"scope": scope, "obj": object, "message": message, "phantom": phantom})
}

/// A walk that spirals up a round hill.
struct Walk {
    start_angle: f64,
    turns: f64,
    sway: f64,
}

impl Walk {
    fn new(random: &mut fastrand::Rng) -> Self {
        Self { start_angle: random.f64() * TAU, turns: 0.1 + random.f64() * 0.4, sway: random.f64() * 1.5 }
    }

    /// The position after a share (0 to 1) of the walk, in metres, y up.
    fn position(&self, share: f64) -> [f64; 3] {
        let angle = self.start_angle + self.turns * TAU * share;
        let radius = 80.0 * (1.0 - share * 0.8) + self.sway * (share * 40.0).sin();
        [radius * angle.cos(), 60.0 - radius * 0.6, radius * angle.sin()]
    }

    /// The frame as v0 clients write it: position, and a quaternion facing along the walk.
    fn frame(&self, share: f64) -> [String; 2] {
        let [x, y, z] = self.position(share);
        let [ahead_x, _, ahead_z] = self.position(share + 0.01);
        let half = (ahead_x - x).atan2(ahead_z - z) / 2.0;
        [format!("{x:.2},{y:.2},{z:.2}"), format!("0.0,{:.4},0.0,{:.4}", half.sin(), half.cos())]
    }
}
