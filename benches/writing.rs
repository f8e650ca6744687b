//! The steps of a write before it is queued: reading a body, packing its phantom.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails may stop")]

mod bodies;

use cairn::{
    platform::codec::deflate::Compressor,
    traces::{gate::TextAllowed, v0::steps},
};
use divan::{Bencher, counter::BytesCount};

fn main() {
    divan::main();
}

/// Reading, checking and packing a whole body, as `POST /add-object` takes it.
#[divan::bench(args = [1, 200, 1000])]
fn read_add_object(bencher: Bencher, frames: usize) {
    let body = bodies::add_object(frames);
    let mut compressor = Compressor::default();
    bencher
        .counter(BytesCount::new(body.len()))
        .with_inputs(|| body.clone().into_bytes())
        .bench_local_values(|mut body| steps::read(&mut body, &mut compressor, TextAllowed::ALL).unwrap());
}

/// Packing frames whose texts are numbers: the columns of integers.
#[divan::bench(args = [200, 1000])]
fn pack_phantom(bencher: Bencher, frames: usize) {
    let frames = bodies::frames(frames);
    let mut compressor = Compressor::default();
    bencher.bench_local(|| steps::pack(&frames, &mut compressor));
}

/// Packing frames in which a text is no number: deflated JSON.
#[divan::bench(args = [200, 1000])]
fn pack_phantom_of_words(bencher: Bencher, frames: usize) {
    let walk = bodies::frames(frames);
    let frames = std::iter::once(&["start".to_owned()][..]).chain(walk.iter()).map(<[_]>::to_vec).collect();
    let mut compressor = Compressor::default();
    bencher.bench_local(|| steps::pack(&frames, &mut compressor));
}

/// A packed phantom as JSON again.
#[divan::bench(args = [200, 1000])]
fn unpack_phantom(bencher: Bencher, frames: usize) {
    let packed = steps::pack(&bodies::frames(frames), &mut Compressor::default());
    bencher.bench(|| steps::unpack(packed.codec, &packed.bytes).unwrap());
}
