//! Printing a line.

use std::io::Write;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    platform::{clock, codec::json},
    traces::{
        recordings,
        trace::{Detail, GroupKey, TraceError, frame_codec},
        transfer::model::TransferredTrace,
    },
};

#[derive(Serialize)]
struct Printed<'a> {
    kind: &'a str,
    scope: &'a str,
    author: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pos: Option<[f64; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rot: Option<[f64; 4]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
    #[serde(flatten)]
    detail: Option<&'a Detail>,
    #[serde(skip_serializing_if = "is_nought")]
    good: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    recording: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_id: Option<&'a str>,
    created_at: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    legacy: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_key: Option<&'a str>,
    #[serde(skip_serializing_if = "is_nought")]
    content_version: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    minted: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
fn is_nought(number: &i32) -> bool {
    *number == 0
}

/// Writes one line, its end too.
///
/// # Errors
/// A stored recording can't be unpacked, or what was stored as JSON is none.
pub fn print(one: &TransferredTrace, out: &mut Vec<u8>) -> Result<(), TraceError> {
    let broken = |error: serde_json::Error| TraceError::Broken(error.to_string());
    let brought = one.said.as_ref().and_then(|said| said.recording.as_ref());
    let brought = brought.map(|brought| (recordings::CODEC, &*brought.packed.bytes));
    let recording = match brought.or(one.trace.recording.as_ref().map(|packed| (packed.codec, &*packed.bytes))) {
        None => None,
        Some((codec, bytes)) => {
            let text = frame_codec::print(codec, bytes)?;
            Some(RawValue::from_string(text).map_err(broken)?)
        }
    };
    let printed = Printed {
        kind: one.trace.kind.name(),
        scope: one.scope.as_str(),
        author: &one.trace.author,
        pos: one.trace.position,
        rot: one.rotation,
        body: match one.said {
            None => Some(json::slow(one.trace.body.as_bytes()).map_err(broken)?),
            Some(_) => None,
        },
        detail: one.said.as_ref().map(|said| &said.detail),
        good: one.good,
        recording,
        source_id: one.source_id.as_deref(),
        created_at: clock::format(one.created_at_ms),
        legacy: one.legacy,
        group_key: one.group.as_ref().map(GroupKey::as_str),
        content_version: one.content_version,
        rank_value: one.rank_value,
        expires_at: one.expires_at_ms.map(clock::format),
        hidden: one.hidden,
        minted: one.said.as_ref().is_some_and(|said| said.minted),
    };
    serde_json::to_writer(&mut *out, &printed).map_err(broken)?;
    // Writing to memory can't fail.
    let _whole = out.write_all(b"\n");
    Ok(())
}
