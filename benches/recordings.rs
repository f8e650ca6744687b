//! Recordings under `/v1`: columns to bytes and back, beside what zlib-rs takes for the JSON of the same runs. Over the real
//! runs where they are there (`../shared/data`), else over generated walks.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that fails may stop")]

use std::{path::PathBuf, sync::LazyLock};

use cairn::{
    platform::codec::deflate::{Compressor, gunzip},
    traces::recordings::steps::{Column, Limits, Precision, RawColumns, pack, unpack},
};
use divan::{Bencher, counter::ItemsCount};

/// Time in seconds, position, rotation.
type Run = Vec<[f64; 8]>;

static RUNS: LazyLock<Vec<Run>> = LazyLock::new(|| real_runs().unwrap_or_else(walks));

fn main() {
    let frames = frames();
    let mut compressor = Compressor::default();
    let bytes: usize = RUNS.iter().map(|run| packed(run, &mut compressor).len()).sum();
    println!("{} runs, {frames} frames, {bytes} bytes", RUNS.len());
    divan::main();
}

fn frames() -> usize {
    RUNS.iter().map(Vec::len).sum()
}

fn real_runs() -> Option<Vec<Run>> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/phantoms_supertuxkart.ndjson.gz");
    let lines = String::from_utf8(gunzip(&std::fs::read(file).ok()?, 1 << 28).unwrap()).unwrap();
    let run = |line: &str| {
        let mut recorded: serde_json::Value = serde_json::from_str(line).unwrap();
        serde_json::from_value(recorded["frames"].take()).unwrap()
    };
    Some(lines.lines().map(run).collect())
}

fn walks() -> Vec<Run> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut walk = |_| {
        let (mut x, mut z, mut heading) = (120.0, -40.0, 0.0_f64);
        let frame = |at: u32| {
            heading += (random.f64() - 0.5) * 0.2;
            x += heading.sin() * 0.8;
            z += heading.cos() * 0.8;
            let (sin, cos) = (heading / 2.0).sin_cos();
            [f64::from(at) * 0.1, x, 3.0 + (x * 0.05_f64).sin(), z, 0.0, sin, 0.0, cos]
        };
        (0..1500).map(frame).collect()
    };
    (0..46).map(&mut walk).collect()
}

fn raw(run: &Run) -> RawColumns {
    let mut raw = RawColumns::default();
    for (column, numbers) in Column::ALL.iter().zip(&mut raw.columns) {
        match column {
            Column::Time => numbers.extend(run.iter().map(|frame| (frame[0] * 1000.0).round())),
            Column::Pos => numbers.extend(run.iter().flat_map(|frame| &frame[1..4])),
            Column::Rot => numbers.extend(run.iter().flat_map(|frame| &frame[4..])),
            _ => {}
        }
    }
    raw
}

fn packed(run: &Run, compressor: &mut Compressor) -> Vec<u8> {
    pack(&raw(run).quantise(&Limits::default(), Precision::default()).unwrap(), compressor)
}

/// Columns to bytes: checked, quantised, predicted, compressed.
#[divan::bench]
fn pack_columns(bencher: Bencher) {
    let raws: Vec<RawColumns> = RUNS.iter().map(raw).collect();
    let mut compressor = Compressor::default();
    bencher.counter(ItemsCount::new(frames())).bench_local(|| {
        for raw in &raws {
            let recording = raw.quantise(&Limits::default(), Precision::default()).unwrap();
            divan::black_box(pack(&recording, &mut compressor));
        }
    });
}

/// Bytes to columns: inflated, checked, added up.
#[divan::bench]
fn unpack_columns(bencher: Bencher) {
    let mut compressor = Compressor::default();
    let all: Vec<Vec<u8>> = RUNS.iter().map(|run| packed(run, &mut compressor)).collect();
    bencher.counter(ItemsCount::new(frames())).bench_local(|| {
        for bytes in &all {
            divan::black_box(unpack(bytes, &Limits::default()).unwrap().columns());
        }
    });
}

/// Compared with them: zlib-rs, level 6, over the runs as JSON.
#[divan::bench]
fn deflate_json(bencher: Bencher) {
    let texts: Vec<Vec<u8>> = RUNS.iter().map(|run| serde_json::to_vec(run).unwrap()).collect();
    let mut compressor = Compressor::default();
    bencher.counter(ItemsCount::new(frames())).bench_local(|| {
        for text in &texts {
            divan::black_box(compressor.deflate(text));
        }
    });
}
