//! Traces that were inserted recently, as they are announced to other instances and kept in memory.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::model::{NewTraces, SnapshotTrace};
use crate::{
    traces::{TraceKind, trace::NewTrace},
    worlds::{Recent, RecentBatches, ScopeKey},
};

/// The most that an announcement carries, in stored bytes. Reading a larger batch from the database costs little compared with
/// committing it.
const ANNOUNCED_BYTES: usize = 16 * 1024;

/// A trace that was inserted recently.
#[derive(Debug)]
pub struct RecentTrace {
    /// Its scope.
    pub scope: ScopeKey,
    /// The trace as the database would return it.
    pub trace: SnapshotTrace,
}

impl RecentTrace {
    fn new(scope: &ScopeKey, id: i64, trace: &NewTrace) -> Self {
        let NewTrace { kind, author, body, recording, .. } = trace;
        let (codec, bytes) = recording.as_ref().map(|packed| (packed.codec, packed.bytes.to_vec())).unzip();
        let trace = SnapshotTrace { kind: *kind, id, author: author.clone(), body: body.clone(), codec, bytes };
        Self { scope: scope.clone(), trace }
    }
}

impl Recent for RecentTrace {
    fn id(&self) -> i64 {
        self.trace.id
    }

    fn size_bytes(&self) -> usize {
        let SnapshotTrace { author, body, bytes, .. } = &self.trace;
        size_of::<Self>() + author.len() + body.len() + bytes.as_ref().map_or(0, Vec::len)
    }
}

/// A recent trace in an announcement.
#[derive(Serialize, Deserialize)]
struct Announced<S> {
    scope: S,
    kind: i16,
    id: i64,
    author: S,
    body: S,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recording: Option<(i16, String)>,
}

impl Serialize for RecentTrace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let SnapshotTrace { kind, id, author, body, codec, bytes } = &self.trace;
        let recording = codec.zip(bytes.as_ref()).map(|(codec, bytes)| (codec, BASE64_STANDARD.encode(bytes)));
        let scope = self.scope.as_str();
        Announced { scope, kind: kind.code(), id: *id, author: author.as_str(), body: body.as_str(), recording }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RecentTrace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Announced::<String> { scope, kind, id, author, body, recording } = Announced::deserialize(deserializer)?;
        let kind = TraceKind::of_code(kind).ok_or_else(|| D::Error::custom("unknown kind of trace"))?;
        let (codec, bytes) = match recording {
            Some((codec, text)) => (Some(codec), Some(BASE64_STANDARD.decode(text).map_err(D::Error::custom)?)),
            None => (None, None),
        };
        Ok(Self { scope: ScopeKey::stored(&scope), trace: SnapshotTrace { kind, id, author, body, codec, bytes } })
    }
}

/// All traces of a batch, if they are few enough to be announced. `first_ids` holds the id before each request's first trace;
/// `None` for requests that stored nothing.
#[must_use]
pub fn announced(batch: &[&NewTraces], first_ids: &[Option<i64>]) -> Option<Arc<[RecentTrace]>> {
    let stored = || batch.iter().zip(first_ids).filter_map(|(new, before)| Some((new, (*before)?)));
    let size_bytes: usize = stored().map(|(new, _)| new.size_bytes()).sum();
    let recent = |(new, before): (&&NewTraces, i64)| {
        let NewTraces { scope, traces, .. } = *new;
        (before + 1..).zip(traces).map(|(id, trace)| RecentTrace::new(scope, id, trace)).collect::<Vec<_>>()
    };
    (size_bytes <= ANNOUNCED_BYTES).then(|| stored().flat_map(recent).collect())
}

/// The traces of a scope with ids greater than `after`, newest first: of each kind in `limits` at most so many.
pub fn newest<'a>(
    recent: &'a RecentBatches<RecentTrace>,
    scope: &ScopeKey,
    after: i64,
    limits: &[(TraceKind, u64)],
) -> Vec<&'a SnapshotTrace> {
    let mut remaining = limits.to_vec();
    recent
        .newest_first()
        .filter(|recent| recent.trace.id > after && recent.scope == *scope)
        .map(|recent| &recent.trace)
        .filter(|trace| {
            let remaining = remaining.iter_mut().find(|(kind, count)| *kind == trace.kind && *count > 0);
            remaining.map(|(_, count)| *count -= 1).is_some()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::codec::json;

    #[test]
    fn a_recent_trace_arrives_as_it_was_sent() {
        for (kind, codec, bytes) in
            [(TraceKind::Message, None, None), (TraceKind::Phantom, Some(2), Some((0..=255).collect()))]
        {
            let trace = SnapshotTrace { kind, id: 9, author: "é\"".to_owned(), body: "{}".to_owned(), codec, bytes };
            let sent = RecentTrace { scope: ScopeKey::stored("Ash Lake"), trace };
            let received: RecentTrace = json::owned(&serde_json::to_vec(&sent).unwrap()).unwrap();
            assert_eq!(format!("{received:?}"), format!("{sent:?}"));
        }
    }
}
