//! Generated requests of players: the same each time.

use cairn::traces::v0::steps::Frames;
use serde_json::json;

/// Frames of a walk, as v0 clients write them.
pub fn frames(count: usize) -> Frames<String> {
    frames_of(7, count)
}

/// Frames of that walker's walk.
pub fn frames_of(walker: u64, count: usize) -> Frames<String> {
    let mut random = fastrand::Rng::with_seed(walker);
    let (mut x, mut z, mut heading) = (120.0, -40.0, 0.0_f64);
    let frame = |_| {
        heading += (random.f64() - 0.5) * 0.2;
        x += heading.sin() * 0.8;
        z += heading.cos() * 0.8;
        let y = 3.0 + (x * 0.05_f64).sin();
        let (sin, cos) = (heading / 2.0).sin_cos();
        vec![format!("{x:.6},{y:.6},{z:.6}"), format!("0.0,{sin:.6},0.0,{cos:.6}")]
    };
    (0..count).map(frame).collect()
}

/// A body for `POST /add-object`: an object, a message and a phantom of that many frames.
pub fn add_object(count: usize) -> String {
    let author = "3f0c1a52-7d0e-4c86-9d1c-0a7c9c1f1f11";
    json!({
        "obj": {"u_uuid": author, "o_type": 7, "o_pos": "10.5,20.0,30.2", "o_rot": "0.0,90.0,0.0"},
        "message": {"u_uuid": author, "part1": "14008", "part2": "0", "part3": "Watch yourself."},
        "phantom": {"u_uuid": author, "data": frames(count)},
    })
    .to_string()
}
