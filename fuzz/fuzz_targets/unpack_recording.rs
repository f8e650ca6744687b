//! Whatever bytes a client sends as a packed recording: nothing, or a recording that packs and unpacks to itself.
//!
//! The bytes are taken as a whole file, and as the content of one: else every change would end at the checksum.
#![no_main]

use cairn::{
    platform::codec::deflate::Compressor,
    traces::recordings::steps::{Limits, pack, unpack},
};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { frames: 2000, events: 2000, bytes: 1 << 20 };

fn harmless(file: &[u8], compressor: &mut Compressor) {
    let Ok(recording) = unpack(file, &LIMITS) else { return };
    let columns = recording.columns();
    assert!(columns.t_ms.len() <= LIMITS.frames);
    assert!(columns.pos.iter().chain(&columns.rot).all(|number| number.is_finite()));
    let packed = pack(&recording, compressor);
    assert_eq!(unpack(&packed, &LIMITS).as_ref(), Ok(&recording));
}

fuzz_target!(|bytes: &[u8]| {
    let mut compressor = Compressor::default();
    harmless(bytes, &mut compressor);
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    let file = [b"\xcaREC\x01\0\0\0", &length[..], &compressor.zlib(bytes)].concat();
    harmless(&file, &mut compressor);
});
