//! The reference decoders read the fixtures, and real runs, which are small and exact.

use std::{path::PathBuf, process::Command};

use cairn::{
    platform::codec::deflate::{Compressor, gunzip},
    traces::recordings::steps::{Column, Columns, Limits, Precision, RawColumns, pack, unpack},
};
use serde_json::Value;

/// The output of each reference decoder for these files; decoders that can't run here are left out.
fn decoded(files: &[PathBuf]) -> Vec<(&'static str, Vec<Value>)> {
    let clients = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("clients");
    let run = |(program, script): (&'static str, &str)| {
        let output = match Command::new(program).arg(clients.join(script)).args(files).output() {
            Ok(output) => output,
            Err(error) => {
                println!("left out: {script}, since {program} can't be run: {error}");
                return None;
            }
        };
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        Some((program, lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()))
    };
    [("python3", "recording.py"), ("node", "recording.mjs")].into_iter().filter_map(run).collect()
}

/// Numbers are equal whether they are written `1` or `1.0`.
pub fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|it| same(value, it)))
        }
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

#[test]
fn the_reference_decoders_read_the_fixtures() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recordings");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "cairn"));
    assert!(files.len() >= 4);
    for (decoder, values) in decoded(&files) {
        for (file, value) in files.iter().zip(&values) {
            let want = std::fs::read_to_string(file.with_extension("json")).unwrap();
            assert!(same(value, &serde_json::from_str(&want).unwrap()), "{decoder}: {}", file.display());
        }
    }
}

/// The real runs, each as times in seconds, positions and rotations; none where the data is not there.
fn real_runs() -> Option<Vec<Vec<[f64; 8]>>> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/phantoms_supertuxkart.ndjson.gz");
    let Ok(bytes) = std::fs::read(file) else {
        println!("skipped: the real data is not there");
        return None;
    };
    let lines = String::from_utf8(gunzip(&bytes, 1 << 28).unwrap()).unwrap();
    let run = |line: &str| {
        let mut recorded: Value = serde_json::from_str(line).unwrap();
        serde_json::from_value(recorded["frames"].take()).unwrap()
    };
    Some(lines.lines().map(run).collect())
}

fn draft(run: &[[f64; 8]]) -> RawColumns {
    let mut draft = RawColumns::default();
    for (column, numbers) in Column::ALL.iter().zip(&mut draft.columns) {
        *numbers = match column {
            Column::Time => run.iter().map(|frame| (frame[0] * 1000.0).round()).collect(),
            Column::Pos => run.iter().flat_map(|frame| frame[1..4].to_vec()).collect(),
            Column::Rot => run.iter().flat_map(|frame| frame[4..].to_vec()).collect(),
            _ => Vec::new(),
        };
    }
    draft
}

/// How far two quaternions are turned apart, in degrees.
fn apart(one: &[f64], other: &[f64]) -> f64 {
    let length = |quaternion: &[f64]| quaternion.iter().map(|part| part * part).sum::<f64>().sqrt();
    let (of_one, of_other) = (length(one), length(other));
    let chord = |sign: f64| {
        let differences: Vec<f64> =
            one.iter().zip(other).map(|(one, other)| one / of_one - sign * other / of_other).collect();
        length(&differences)
    };
    (4.0 * (chord(1.0).min(chord(-1.0)) / 2.0).asin()).to_degrees()
}

#[test]
fn real_runs_are_small_and_exact_and_read_by_the_reference_decoders() {
    let Some(runs) = real_runs() else { return };
    let folder = std::env::temp_dir().join(format!("cairn_runs_{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir_all(&folder).unwrap();
    let (mut frames, mut bytes, mut files, mut shown) = (0, 0, Vec::new(), Vec::new());
    let (mut farthest, mut turned, mut teleports) = (0.0_f64, 0.0_f64, 0);
    for (at, run) in runs.iter().enumerate() {
        let recording = draft(run).quantise(&Limits::default(), Precision::default()).unwrap();
        let packed = pack(&recording, &mut Compressor::default());
        assert_eq!(unpack(&packed, &Limits::default()).unwrap(), recording);
        let columns: Columns = recording.columns();
        for ((frame, pos), rot) in run.iter().zip(columns.pos.chunks(3)).zip(columns.rot.chunks(4)) {
            let off = frame[1..4].iter().zip(pos).map(|(one, other)| (one - other).abs());
            farthest = farthest.max(off.fold(0.0, f64::max));
            turned = turned.max(apart(&frame[4..], rot));
        }
        let quaternions: Vec<&[f64]> = columns.rot.chunks(4).collect();
        let near = |pair: &[&[f64]]| pair[0].iter().zip(pair[1]).map(|(one, other)| one * other).sum::<f64>() >= 0.0;
        assert!(quaternions.windows(2).all(near), "a quaternion jumps to its opposite");
        frames += run.len();
        bytes += packed.len();
        teleports += columns.teleports.len();
        let file = folder.join(format!("{at}.cairn"));
        std::fs::write(&file, &packed).unwrap();
        files.push(file);
        shown.push(serde_json::to_value(&columns).unwrap());
    }
    // Counting bytes needs no more digits than a double has.
    let per_frame = f64::from(u32::try_from(bytes).unwrap()) / f64::from(u32::try_from(frames).unwrap());
    println!(
        "{frames} frames, {per_frame:.3} bytes each; off by {farthest} and {turned} degrees; {teleports} teleports"
    );
    assert!(per_frame <= 7.0 && farthest <= 0.001 && turned <= 0.1, "{per_frame} {farthest} {turned}");
    assert!((1..=8).contains(&teleports));
    for (decoder, values) in decoded(&files) {
        assert_eq!(values.len(), shown.len());
        for (file, (value, want)) in files.iter().zip(values.iter().zip(&shown)) {
            assert!(same(value, want), "{decoder}: {}", file.display());
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}
