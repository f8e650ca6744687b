//! Bodies for `POST /add-object`: an object, a message, and a phantom of 200 frames. As large and as hard to
//! compress as real ones, and the same in each run.

use std::{
    f64::consts::TAU,
    fmt::Write as _,
    io::{self, Write},
    sync::LazyLock,
};

/// Different bodies, generated once.
const BODIES: u64 = 256;

const FRAMES: usize = 200;

static MADE: LazyLock<Vec<String>> = LazyLock::new(|| (0..BODIES).map(make).collect());

/// A body for that scope.
pub fn body(scope: &str, random: &mut Random) -> String {
    let members = &MADE[usize::try_from(random.below(BODIES)).unwrap_or_default()];
    format!("{{\"scope\":\"{scope}\",{members}}}")
}

/// Writes every body, one a line.
pub fn write_all(out: &mut impl Write) -> io::Result<()> {
    MADE.iter().try_for_each(|members| writeln!(out, "{{{members}}}"))
}

/// `SplitMix64` (Steele, Lea, Flood 2014).
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// At least 0 and less than `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// From `-size` to `size`.
    #[expect(clippy::cast_precision_loss, reason = "20 bits fit")]
    fn around(&mut self, size: f64) -> f64 {
        let steps = 1 << 20;
        (self.below(steps) as f64 / steps as f64 * 2.0 - 1.0) * size
    }
}

/// The members of a body, without the braces around them.
fn make(seed: u64) -> String {
    let mut random = Random(seed);
    let author = format!("{:016x}-{:016x}", random.next(), random.next());
    let (mut x, mut y, mut z) = (random.around(500.0), random.around(50.0), random.around(500.0));
    let mut heading = random.around(TAU / 2.0);
    let kind = random.below(40);
    let word = random.below(600);
    let mut body = format!(
        "\"obj\":{{\"u_uuid\":\"{author}\",\"o_type\":{kind},\"o_pos\":\"{x:.4},{y:.4},{z:.4}\",\
         \"o_rot\":\"0.0,{heading:.5},0.0\"}},\"message\":{{\"u_uuid\":\"{author}\",\"part1\":\"{word}\",\
         \"part2\":\"{kind}\",\"part3\":\"Look left, then climb.\"}},\"phantom\":{{\"u_uuid\":\"{author}\",\"data\":["
    );
    for frame in 0..FRAMES {
        let comma = if frame == 0 { "" } else { "," };
        // A runner who turns, on uneven ground: ten frames a second.
        let turn = random.around(0.2);
        heading += turn;
        x += heading.sin() * 1.3 + random.around(0.05);
        z += heading.cos() * 1.3 + random.around(0.05);
        y += random.around(0.15);
        let (lean, pitch) = (turn * 0.1 + random.around(0.01), random.around(0.03));
        let (sin, cos) = (heading / 2.0).sin_cos();
        // Writing to a String can't fail.
        let _ = write!(body, "{comma}[\"{x:.6},{y:.6},{z:.6}\",\"{pitch:.6},{sin:.6},{lean:.6},{cos:.6}\"]");
    }
    body.push_str("]}");
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_as_large_as_real_ones_and_the_same_in_each_run() {
        for seed in [0, 1, BODIES - 1] {
            let body = make(seed);
            // Real messages of Demon's Souls with 200 real frames of SuperTuxKart make 12,916 to 16,015 bytes.
            assert!((13_000..17_000).contains(&body.len()), "{}", body.len());
            assert_eq!(body, make(seed));
        }
        assert_ne!(make(0), make(1));
    }

    #[test]
    fn a_place_goes_before_the_rest() {
        let body = body("place-3", &mut Random(0));
        assert!(body.starts_with(r#"{"scope":"place-3","obj":{"u_uuid":""#), "{body}");
    }
}
