//! A snapshot made whole, made anew after one more trace, and served.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that fails may stop")]

mod bodies;

use std::{net::Ipv4Addr, sync::LazyLock};

use cairn::{
    app::Services,
    config::Config,
    platform::{byte_budget::Payer, codec::deflate::Compressor},
    traces::{TraceKind, v0::steps},
    worlds::ScopeKey,
};
use divan::{Bencher, counter::BytesCount};

fn main() {
    for frames in [200, 700] {
        let view = whole(frames);
        let once = Compressor::default().deflate(&view.identity()).len();
        let (body, joined) = (view.identity().len(), view.gzip().len());
        let permille = joined * 1000 / once;
        println!("{frames} frames: {body} bytes; joined gzip {joined}, compressed at once {once} ({permille} in 1000)");
    }
    divan::main();
}

const OBJECT: &str = r#"{"o_type":7,"o_pos":"10.5,20.0,30.2","o_rot":"0.0,90.0,0.0"}"#;
const MESSAGE: &str = r#"{"part1":"14008","part2":"0","part3":"Watch yourself."}"#;

/// The newest rows of a full scope, the newest first; each phantom with that many frames.
fn rows(frames: usize) -> Vec<steps::SnapshotTrace> {
    let mut compressor = Compressor::default();
    let row = |id: i64| {
        let (kind, body) = match id % 3 {
            0 => (TraceKind::Object, OBJECT),
            1 => (TraceKind::Message, MESSAGE),
            _ => (TraceKind::Phantom, "{}"),
        };
        let walk = || bodies::frames_of(id.unsigned_abs(), frames);
        let packed = (kind == TraceKind::Phantom).then(|| steps::pack(&walk(), &mut compressor));
        steps::SnapshotTrace {
            kind,
            id,
            author: format!("3f0c1a52-7d0e-4c86-9d1c-{id:012}"),
            body: body.to_owned(),
            codec: packed.as_ref().map(|packed| packed.codec),
            bytes: packed.map(|packed| packed.bytes.to_vec()),
        }
    };
    (1..=600).rev().filter(|id| id % 3 != 2 || *id > 540).map(row).collect()
}

fn whole(frames: usize) -> steps::View {
    steps::View::empty().with(600, &rows(frames), &mut Compressor::default()).unwrap()
}

/// All rows read, printed, compressed and joined. 700 frames make a body of a megabyte.
#[divan::bench(args = [200, 700])]
fn whole_snapshot(bencher: Bencher, frames: usize) {
    let rows = rows(frames);
    let mut compressor = Compressor::default();
    bencher.bench_local(|| steps::View::empty().with(600, &rows, &mut compressor).unwrap());
}

/// Compared with a delta: the whole body, compressed at once.
#[divan::bench(args = [200, 700])]
fn compress_body_at_once(bencher: Bencher, frames: usize) {
    let body = whole(frames).identity();
    let mut compressor = Compressor::default();
    bencher.counter(BytesCount::new(body.len())).bench_local(|| compressor.deflate(&body));
}

/// The snapshot after one more object.
#[divan::bench(args = [200, 700])]
fn delta_of_an_object(bencher: Bencher, frames: usize) {
    delta(bencher, frames, TraceKind::Object);
}

/// The snapshot after one more phantom.
#[divan::bench(args = [200, 700])]
fn delta_of_a_phantom(bencher: Bencher, frames: usize) {
    delta(bencher, frames, TraceKind::Phantom);
}

fn delta(bencher: Bencher, frames: usize, kind: TraceKind) {
    let view = whole(frames);
    let mut newer = rows(frames);
    newer.retain(|row| row.kind == kind);
    newer.truncate(1);
    newer[0].id = 601;
    let mut compressor = Compressor::default();
    bencher.bench_local(|| view.with(601, &newer, &mut compressor).unwrap());
}

/// A hot snapshot found and its body handed out.
#[divan::bench]
fn cached_snapshot(bencher: Bencher) {
    static RUNTIME: LazyLock<tokio::runtime::Runtime> =
        LazyLock::new(|| tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
    let folder = std::env::temp_dir().join(format!("cairn-bench-{}", std::process::id()));
    let setting = ("CAIRN_DATA".to_owned(), folder.display().to_string());
    let config = Config::read(None, std::iter::once(setting)).unwrap();
    let scope = ScopeKey::parse("", "?scope").unwrap();
    let services = RUNTIME.block_on(async {
        let services = Services::start(&config).await.unwrap();
        services
            .v0
            .add_objects(
                services.open_world,
                ("", Ipv4Addr::LOCALHOST.into()),
                bodies::add_object(200).as_bytes().into(),
                None,
                &Payer::default(),
            )
            .await
            .unwrap();
        services.v0.snapshot(services.open_world, scope.clone()).await.unwrap();
        services
    });
    bencher.bench_local(|| {
        RUNTIME.block_on(async { services.v0.snapshot(services.open_world, scope.clone()).await.unwrap().gzip() })
    });
    RUNTIME.block_on(services.stop());
    std::fs::remove_dir_all(folder).unwrap();
}
