//! Traces that were inserted a moment ago, as they are announced and kept in memory.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{model::NewTraces, store::SnapshotRow};
use crate::{
    traces::{TraceKind, trace::NewTrace},
    worlds::{Recent, RecentBatches, ScopeKey},
};

/// The most that an announcement carries, in bytes as they are stored. Beside a larger commit reading it from the database costs
/// little.
const ANNOUNCED_BYTES: usize = 16 * 1024;

/// A trace that was inserted a moment ago.
#[derive(Debug)]
pub struct RecentTrace {
    /// Its scope.
    pub scope: ScopeKey,
    /// The trace as the database would return it.
    pub row: SnapshotRow,
}

impl RecentTrace {
    fn new(scope: &ScopeKey, id: i64, trace: &NewTrace) -> Self {
        let NewTrace { kind, author, body, recording, .. } = trace;
        let (codec, bytes) = recording.as_ref().map(|packed| (packed.codec, packed.bytes.to_vec())).unzip();
        let row = SnapshotRow { kind: *kind, id, author: author.clone(), body: body.clone(), codec, bytes };
        Self { scope: scope.clone(), row }
    }
}

impl Recent for RecentTrace {
    fn id(&self) -> i64 {
        self.row.id
    }

    fn size_bytes(&self) -> usize {
        let SnapshotRow { author, body, bytes, .. } = &self.row;
        size_of::<Self>() + author.len() + body.len() + bytes.as_ref().map_or(0, Vec::len)
    }
}

/// The form of an announcement.
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
        let SnapshotRow { kind, id, author, body, codec, bytes } = &self.row;
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
        Ok(Self { scope: ScopeKey::stored(&scope), row: SnapshotRow { kind, id, author, body, codec, bytes } })
    }
}

/// All traces of a batch, if they are few enough to be announced. `first_ids` holds the id before each request's first trace.
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

/// The traces of a scope with ids greater than `after`: of each kind in `limits` so many, newest first.
pub fn newest<'a>(
    recent: &'a RecentBatches<RecentTrace>,
    scope: &ScopeKey,
    after: i64,
    limits: &[(TraceKind, u64)],
) -> Vec<&'a SnapshotRow> {
    let mut room = limits.to_vec();
    recent
        .newest_first()
        .filter(|trace| trace.row.id > after && trace.scope == *scope)
        .map(|trace| &trace.row)
        .filter(|row| {
            let room = room.iter_mut().find(|(kind, room)| *kind == row.kind && *room > 0);
            room.map(|(_, room)| *room -= 1).is_some()
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
            let row = SnapshotRow { kind, id: 9, author: "é\"".to_owned(), body: "{}".to_owned(), codec, bytes };
            let sent = RecentTrace { scope: ScopeKey::stored("Ash Lake"), row };
            let received: RecentTrace = json::owned(&serde_json::to_vec(&sent).unwrap()).unwrap();
            assert_eq!(format!("{received:?}"), format!("{sent:?}"));
        }
    }
}
