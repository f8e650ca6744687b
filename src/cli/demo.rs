//! `cairn demo`: a world with something in it. Climbers on a hill left stones, words and the recordings of their walks.
//! All of it is generated; the same numbers come out each time.

use std::f64::consts::TAU;

use serde_json::json;

use super::{Outcome, on_core, say};
use crate::{app::Core, config::Config};

/// Places on the hill with the number of visits that each saw. The first is the one that seed clients see.
const PLACES: [(&str, usize); 4] = [("", 120), ("meadow", 60), ("pass", 60), ("summit", 60)];

/// What a message is made of, in the way of games that let players choose words instead of writing.
const OPENINGS: [&str; 6] = ["Try", "Beware of", "Praise", "Look for", "No need for", "Offer"];
const SUBJECTS: [&str; 8] =
    ["stone", "wind,", "climbing,", "resting,", "the left path,", "friend,", "fog,", "high ground,"];
const ENDINGS: [&str; 6] = ["then view", "ahead", "but slippery", "therefore patience", "and onwards", "in time"];

/// Frames in a recorded walk, at ten a second.
const FRAMES: u32 = 120;

pub(super) async fn run(config: &Config) -> Outcome {
    let visits = on_core(config, fill).await?;
    let places: Vec<&str> = PLACES.iter().map(|(place, _)| *place).filter(|place| !place.is_empty()).collect();
    say(&format!(
        "{visits} climbers left their traces: an object or a message each, and {visits} recorded walks.\n\
         Start the server and look:\n  \
         curl --compressed 'http://{listen}/get-objects'\n  \
         curl --compressed 'http://{listen}/get-objects?scope={last}'     (also: {all})",
        listen = config.listen,
        last = places.last().unwrap_or(&""),
        all = places.join(", "),
    ))
}

/// Returns how many came.
async fn fill(core: &Core) -> Outcome<usize> {
    let mut random = fastrand::Rng::with_seed(0x0063_6169_726e);
    let mut visits = 0;
    for (place, count) in PLACES {
        for visit in 0..count {
            let body = visit_of(&mut random, visit, place).to_string();
            core.v0.add_objects(core.open_world, "", body.as_bytes().into(), None).await?;
            visits += 1;
        }
    }
    Ok(visits)
}

fn visit_of(random: &mut fastrand::Rng, visit: usize, place: &str) -> serde_json::Value {
    let climber = format!("climber-{:04}", random.u32(0..400));
    let walk = Walk::new(random);
    let frames: Vec<_> = (0..FRAMES).map(|frame| walk.frame(f64::from(frame) / f64::from(FRAMES))).collect();
    let [x, y, z] = walk.at(1.0);
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
    json!({"scope": place, "obj": object, "message": message, "phantom": phantom})
}

/// A walk that winds up a round hill.
struct Walk {
    begin: f64,
    turns: f64,
    sway: f64,
}

impl Walk {
    fn new(random: &mut fastrand::Rng) -> Self {
        Self { begin: random.f64() * TAU, turns: 0.1 + random.f64() * 0.4, sway: random.f64() * 1.5 }
    }

    /// Where the climber is after that share of the walk, in metres, y up.
    fn at(&self, share: f64) -> [f64; 3] {
        let angle = self.begin + self.turns * TAU * share;
        let from_top = 80.0 * (1.0 - share * 0.8) + self.sway * (share * 40.0).sin();
        [from_top * angle.cos(), 60.0 - from_top * 0.6, from_top * angle.sin()]
    }

    /// The frame as the seed's clients write it: position, and a quaternion that looks along the way.
    fn frame(&self, share: f64) -> [String; 2] {
        let [x, y, z] = self.at(share);
        let [ahead_x, _, ahead_z] = self.at(share + 0.01);
        let half = (ahead_x - x).atan2(ahead_z - z) / 2.0;
        [format!("{x:.2},{y:.2},{z:.2}"), format!("0.0,{:.4},0.0,{:.4}", half.sin(), half.cos())]
    }
}
