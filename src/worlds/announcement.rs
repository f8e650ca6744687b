//! Announcements of changes to all instances.
//!
//! After a batch is committed, its ids and scopes are announced, together with the inserted rows where they are few, so that the other
//! instances can refresh their snapshots without querying the database ([`super::revision_tracker`]).

use std::{collections::BTreeSet, sync::Arc};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    insert::Recent,
    model::{Revision, ScopeKey, SilentChanges, WorldKey},
};
use crate::platform::codec::json;

/// The channel of announcements.
pub const CHANNEL: &str = "traces";

/// The most scopes that an announcement names. A batch with more is not announced; the revision check finds it.
const NAMED_SCOPES: usize = 200;

/// A committed batch.
#[derive(Clone, Debug)]
pub struct Announcement<R> {
    /// The world.
    pub world: WorldKey,
    /// Its ids are greater than this,
    pub after: i64,
    /// up to and including those of this revision.
    pub upto: Revision,
    /// The scopes it touches.
    pub scopes: BTreeSet<ScopeKey>,
    /// What no view shows of it; `None` if it is not known.
    pub silent: Option<SilentChanges>,
    /// Whether something that existed before was removed or changed.
    pub alters_existing: bool,
    /// All rows under these ids, if they are known.
    pub recent: Option<Arc<[R]>>,
}

#[derive(Serialize)]
struct Sent<'a, R> {
    world: WorldKey,
    after: i64,
    upto: i64,
    stamp: i64,
    scopes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    silent: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inboxes: Option<Vec<&'a str>>,
    unmade: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<&'a [R]>,
}

#[derive(Deserialize)]
struct Received<R> {
    world: WorldKey,
    after: i64,
    upto: i64,
    stamp: i64,
    scopes: Vec<String>,
    #[serde(default)]
    silent: Option<Vec<String>>,
    #[serde(default)]
    inboxes: Option<Vec<String>>,
    #[serde(default)]
    unmade: bool,
    #[serde(default = "none")]
    left: Option<Vec<R>>,
}

/// The default of a generic field: the derive would ask for `R: Default`.
fn none<R>() -> Option<Vec<R>> {
    None
}

impl<R: Recent> Announcement<R> {
    /// The message; `None` when it would name too many scopes.
    #[must_use]
    pub fn to_bytes(&self) -> Option<Bytes> {
        let Self { world, after, upto, scopes, silent, alters_existing, recent } = self;
        if scopes.len() > NAMED_SCOPES {
            return None;
        }
        // With too many, all who wait in the world are woken.
        let silent = silent.as_ref().filter(|silent| silent.scopes.len() + silent.inboxes.len() <= NAMED_SCOPES);
        let sent = Sent {
            world: *world,
            after: *after,
            upto: upto.seq,
            stamp: upto.stamp,
            scopes: scopes.iter().map(ScopeKey::as_str).collect(),
            silent: silent.map(|silent| silent.scopes.iter().map(ScopeKey::as_str).collect()),
            inboxes: silent.map(|silent| silent.inboxes.iter().map(String::as_str).collect()),
            unmade: *alters_existing,
            left: recent.as_deref(),
        };
        serde_json::to_vec(&sent).ok().map(Bytes::from)
    }

    /// Reads a message.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let Received { world, after, upto, stamp, scopes, silent, inboxes, unmade, left } = json::owned(bytes)?;
        let stored = |scopes: &[String]| scopes.iter().map(|scope| ScopeKey::stored(scope)).collect();
        let silent = silent
            .zip(inboxes)
            .map(|(silent, inboxes)| SilentChanges { scopes: stored(&silent), inboxes: inboxes.into_iter().collect() });
        let (scopes, recent) = (stored(&scopes), left.map(Arc::from));
        let upto = Revision { seq: upto, stamp };
        Some(Self { world, after, upto, scopes, silent, alters_existing: unmade, recent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{platform::db::StudioId, worlds::revision_tracker::tests::Row};

    #[test]
    fn an_announcement_arrives_as_it_was_sent() {
        let scopes = ["", "Ash Lake"].map(ScopeKey::stored).into();
        let rows = [Row { id: 8, scope: "é\"".to_owned() }, Row { id: 9, scope: "Ash Lake".to_owned() }];
        let world = WorldKey::new(StudioId(1), 1);
        for recent in [None, Some(Arc::from(rows))] {
            let scopes = BTreeSet::clone(&scopes);
            let sent = Announcement {
                world,
                after: 3,
                upto: Revision { seq: 9, stamp: -7 },
                silent: Some(SilentChanges { scopes: scopes.clone(), inboxes: ["ann".to_owned()].into() }),
                scopes,
                alters_existing: true,
                recent,
            };
            let received = Announcement::<Row>::of_bytes(&sent.to_bytes().unwrap()).unwrap();
            assert_eq!(format!("{received:?}"), format!("{sent:?}"));
        }
        assert!(Announcement::<Row>::of_bytes(b"{}").is_none());
    }
}
