//! What has changed where, told to every instance.
//!
//! After a batch was committed, its ids and scopes are announced, and what was left, where that is little: so views are made
//! anew without asking the database ([`super::revision_tracker`]).

use std::{collections::BTreeSet, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    model::{NewTrace, NewTraces, ScopeKey, WorldKey},
    store::Shown,
};
use crate::platform::codec::json;

/// Permissions that an announcement names at most; beyond them the ids say enough.
const NAMED_SCOPES: usize = 200;

/// Bytes of what was left that an announcement takes along, at most, as they are stored. Where more is committed at once,
/// reading it is little beside that.
const TAKEN_ALONG_BYTES: usize = 16 * 1024;

/// A trace that was left a moment ago.
#[derive(Debug)]
pub struct RecentTrace {
    /// Where.
    pub scope: ScopeKey,
    /// As the database would show it.
    pub shown: Shown,
}

impl RecentTrace {
    fn of(scope: &ScopeKey, id: i64, trace: &NewTrace) -> Self {
        let NewTrace { kind, author, body, recording, .. } = trace;
        let (codec, bytes) = recording.as_ref().map(|packed| (packed.codec, packed.bytes.to_vec())).unzip();
        let shown = Shown { kind: kind.code(), id, author: author.clone(), body: body.clone(), codec, bytes };
        Self { scope: scope.clone(), shown }
    }

    /// What it holds in memory, about.
    pub fn size_bytes(&self) -> usize {
        let Shown { author, body, bytes, .. } = &self.shown;
        size_of::<Self>() + author.len() + body.len() + bytes.as_ref().map_or(0, Vec::len)
    }
}

/// All that seed clients can see of a batch, in the order of its ids.
pub type Batch = Arc<[RecentTrace]>;

/// What was left, `placed` behind those ids, if it is little enough to be taken along.
#[must_use]
pub fn taken_along(leaves: &[&NewTraces], placed: &[Option<i64>]) -> Option<Batch> {
    let stored = || leaves.iter().zip(placed).filter_map(|(leave, placed)| Some((leave, (*placed)?)));
    let size_bytes: usize = stored().map(|(leave, _)| leave.size_bytes()).sum();
    let fresh = |(leave, before): (&&NewTraces, i64)| {
        let NewTraces { scope, traces, .. } = *leave;
        (before + 1..).zip(traces).map(|(id, trace)| RecentTrace::of(scope, id, trace)).collect::<Vec<_>>()
    };
    (size_bytes <= TAKEN_ALONG_BYTES).then(|| stored().flat_map(fresh).collect())
}

/// A committed batch.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// Where.
    pub world: WorldKey,
    /// Its ids are more than this,
    pub after: i64,
    /// up to and with this.
    pub upto: i64,
    /// Its scopes.
    pub scopes: BTreeSet<ScopeKey>,
    /// Whether something is there no more, or other than it was.
    pub unmade: bool,
    /// What was left under all of its ids, if it is known.
    pub left: Option<Batch>,
}

/// What has changed, for those who watch.
#[derive(Clone, Copy, Debug)]
pub struct WorldChange<'a> {
    /// Where.
    pub world: WorldKey,
    /// The world's revision then, or a later one.
    pub upto: i64,
    /// In which scopes; in any where there is nothing.
    pub scopes: Option<&'a BTreeSet<ScopeKey>>,
    /// Whether something is there no more, or other than it was.
    pub unmade: bool,
}

/// Who watches.
pub type ChangeListener = dyn Fn(WorldChange<'_>) + Send + Sync;

#[derive(Serialize, Deserialize)]
struct Wire {
    world: WorldKey,
    after: i64,
    upto: i64,
    scopes: Vec<String>,
    #[serde(default)]
    unmade: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left: Option<Vec<WireLeft>>,
}

#[derive(Serialize, Deserialize)]
struct WireLeft {
    scope: String,
    kind: i16,
    id: i64,
    author: String,
    body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recording: Option<(i16, String)>,
}

impl WireLeft {
    fn of(RecentTrace { scope, shown }: &RecentTrace) -> Self {
        let Shown { kind, id, author, body, codec, bytes } = shown;
        let recording = codec.zip(bytes.as_ref()).map(|(codec, bytes)| (codec, BASE64_STANDARD.encode(bytes)));
        let (scope, author, body) = (scope.as_str().to_owned(), author.clone(), body.clone());
        Self { scope, kind: *kind, id: *id, author, body, recording }
    }

    fn into_fresh(self) -> Option<RecentTrace> {
        let Self { scope, kind, id, author, body, recording } = self;
        let (codec, bytes) = match recording {
            Some((codec, text)) => (Some(codec), Some(BASE64_STANDARD.decode(text).ok()?)),
            None => (None, None),
        };
        Some(RecentTrace { scope: ScopeKey::stored(&scope), shown: Shown { kind, id, author, body, codec, bytes } })
    }
}

impl Announcement {
    /// As it is sent; nothing when it names too many scopes: then the slow look finds it.
    #[must_use]
    pub fn to_bytes(&self) -> Option<Bytes> {
        let Self { world, after, upto, scopes, unmade, left } = self;
        if scopes.len() > NAMED_SCOPES {
            return None;
        }
        let scopes = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let left = left.as_ref().map(|left| left.iter().map(WireLeft::of).collect());
        let wire = Wire { world: *world, after: *after, upto: *upto, scopes, unmade: *unmade, left };
        serde_json::to_vec(&wire).ok().map(Bytes::from)
    }

    /// As it was sent.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let Wire { world, after, upto, scopes, unmade, left } = json::owned(bytes)?;
        let scopes = scopes.iter().map(|scope| ScopeKey::stored(scope)).collect();
        let left = left.map(|left| left.into_iter().map(WireLeft::into_fresh).collect::<Option<_>>());
        Some(Self { world, after, upto, scopes, unmade, left: left.flatten() })
    }
}

/// The channel on which batches are told.
pub const CHANNEL: &str = "traces";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::StudioId;

    #[test]
    fn an_announcement_arrives_as_it_was_sent() {
        let scopes = ["", "Ash Lake"].map(ScopeKey::stored).into();
        let row = |scope, codec, bytes| RecentTrace {
            scope: ScopeKey::stored(scope),
            shown: Shown { kind: 3, id: 9, author: "é\"".to_owned(), body: "{}".to_owned(), codec, bytes },
        };
        let left = [row("", None, None), row("Ash Lake", Some(2), Some((0..=255).collect()))];
        let world = WorldKey::new(StudioId(1), 1);
        for left in [None, Some(Arc::from(left))] {
            let sent = Announcement { world, after: 3, upto: 9, scopes: BTreeSet::clone(&scopes), unmade: true, left };
            let revision_tracker = Announcement::of_bytes(&sent.to_bytes().unwrap()).unwrap();
            assert_eq!(format!("{revision_tracker:?}"), format!("{sent:?}"));
        }
        assert!(Announcement::of_bytes(b"{}").is_none());
    }
}
