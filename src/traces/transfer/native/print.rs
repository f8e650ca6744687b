//! Prints a line of the native form.

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
    #[serde(skip_serializing_if = "is_zero")]
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
    #[serde(skip_serializing_if = "is_zero")]
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn is_zero(number: &i32) -> bool {
    *number == 0
}

/// Appends a line, with its end, to `out`.
///
/// # Errors
/// A stored recording can't be unpacked, or a stored body is not JSON.
pub fn print(trace: &TransferredTrace, out: &mut Vec<u8>) -> Result<(), TraceError> {
    let broken = |error: serde_json::Error| TraceError::broken(error);
    let v1_recording = trace.v1.as_ref().and_then(|v1| v1.recording.as_ref());
    let v1_recording = v1_recording.map(|recording| (recordings::CODEC, &*recording.packed.bytes));
    let recording = match v1_recording.or(trace.trace.recording.as_ref().map(|packed| (packed.codec, &*packed.bytes))) {
        None => None,
        Some((codec, bytes)) => {
            let text = frame_codec::print(codec, bytes)?;
            Some(RawValue::from_string(text).map_err(broken)?)
        }
    };
    let printed = Printed {
        kind: trace.trace.kind.name(),
        scope: trace.scope.as_str(),
        author: &trace.trace.author,
        pos: trace.trace.position,
        rot: trace.rotation,
        body: match trace.v1 {
            None => Some(json::slow(trace.trace.body.as_bytes()).map_err(broken)?),
            Some(_) => None,
        },
        detail: trace.v1.as_ref().map(|v1| &v1.detail),
        good: trace.good,
        recording,
        source_id: trace.source_id.as_deref(),
        created_at: clock::format(trace.created_at_ms),
        legacy: trace.legacy,
        group_key: trace.group.as_ref().map(GroupKey::as_str),
        content_version: trace.content_version,
        rank_value: trace.rank_value,
        expires_at: trace.expires_at_ms.map(clock::format),
        hidden: trace.hidden,
        minted: trace.v1.as_ref().is_some_and(|v1| v1.minted),
    };
    serde_json::to_writer(&mut *out, &printed).map_err(broken)?;
    // Writing to memory can't fail.
    let _written = out.write_all(b"\n");
    Ok(())
}
