//! What authors can do with traces.

use bytes::Bytes;

use super::{
    model::{Change, Changed, LeavingError, Outcome, Refusal, Synced, Which},
    read::{self, ReadItem},
    store::{self, ChangeTrace, LeaveItems, Withdraw, Withdrawn},
};
use crate::{
    identity::{access::model::Player, studios::Studios},
    traces::{
        TraceWorlds,
        recordings::Recordings,
        trace::{TraceError, TraceResponse},
    },
    worlds::WorldKey,
};

/// A body larger than this is read off the reactor, as one with recordings mostly is.
const INLINE_BYTES: usize = 32 * 1024;

/// Leaves traces, and does with them what their authors may. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Leaving {
    traces: TraceWorlds,
    studios: Studios,
    recordings: Recordings,
}

/// A page of an author's own traces.
#[derive(Debug)]
pub struct OwnPage {
    /// The traces, the oldest first.
    pub items: Vec<TraceResponse>,
    /// After which the next page begins.
    pub next: i64,
    /// Whether there is one.
    pub more: bool,
}

impl Leaving {
    /// On that store of traces, by those games' rules.
    #[must_use]
    pub fn new(traces: TraceWorlds, studios: Studios, recordings: Recordings) -> Self {
        Self { traces, studios, recordings }
    }

    /// Leaves what a player has sent; for each item, in order, what the client calls it and what became of it. `key` is
    /// the request's `Idempotency-Key`.
    ///
    /// # Errors
    /// The body as a whole is wrong, or the database is away.
    pub async fn leave(
        &self,
        player: &Player,
        body: Bytes,
        key: Option<&str>,
    ) -> Result<Vec<(Option<String>, Outcome)>, LeavingError> {
        let (names, read): (Vec<_>, Vec<_>) = self.read(player, body, key).await?.into_iter().unzip();
        let rules = self.studios.rules(player.studio, player.world);
        let mut items = Vec::with_capacity(read.len());
        let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(read.len());
        for item in read {
            outcomes.push(item.map_err(|faults| Outcome::Refused(Refusal::Invalid(faults))).map_or_else(
                Some,
                |item| {
                    items.push(item);
                    None
                },
            ));
        }
        let done = if items.is_empty() {
            Vec::new()
        } else {
            self.traces
                .run(
                    WorldKey::of_player(player),
                    LeaveItems { player: player.clone(), author: player.id.to_string(), items, rules },
                )
                .await?
        };
        let mut done = done.into_iter();
        let outcomes = outcomes.into_iter().filter_map(|outcome| outcome.or_else(|| done.next()));
        Ok(names.into_iter().zip(outcomes).collect())
    }

    /// Reads a body, and packs the recordings that are in it.
    async fn read(&self, player: &Player, body: Bytes, key: Option<&str>) -> Result<Vec<ReadItem>, LeavingError> {
        let mut packer = self.recordings.packer(player).await?;
        if body.len() <= INLINE_BYTES {
            return read::items(&body, key, &mut |columns| packer.pack(columns));
        }
        let key = key.map(str::to_owned);
        let read = move || read::items(&body, key.as_deref(), &mut |columns| packer.pack(columns));
        tokio::task::spawn_blocking(read).await.map_err(|error| TraceError::Broken(error.to_string()))?
    }

    /// Changes a trace of a player's.
    ///
    /// # Errors
    /// There is no such trace, or it is another's.
    pub async fn change(&self, player: &Player, id: i64, change: Change) -> Result<Changed, LeavingError> {
        let act = ChangeTrace { author: player.id.to_string(), id, change };
        match self.traces.run(WorldKey::of_player(player), act).await? {
            Changed::NotThere => Err(LeavingError::NotThere),
            Changed::NotYours => Err(LeavingError::NotYours),
            Changed::Unfit(fault) => Err(LeavingError::Invalid(vec![fault])),
            changed => Ok(changed),
        }
    }

    /// Takes a trace of a player's back.
    ///
    /// # Errors
    /// There is no such trace, or it is another's.
    pub async fn withdraw(&self, player: &Player, id: i64) -> Result<(), LeavingError> {
        let act = Withdraw { author: player.id.to_string(), id };
        match self.traces.run(WorldKey::of_player(player), act).await? {
            Withdrawn::Done => Ok(()),
            Withdrawn::NotThere => Err(LeavingError::NotThere),
            Withdrawn::NotYours => Err(LeavingError::NotYours),
        }
    }

    /// What a player has left, after an id: so many at most.
    ///
    /// # Errors
    /// The database is away.
    pub async fn own(&self, player: &Player, which: &Which, after: i64, limit: usize) -> Result<OwnPage, LeavingError> {
        let tables = self.traces.tables(player.studio).await?;
        let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let author = player.id.to_string();
        let mut rows = store::own(&tables, player.world, &author, which, after, one_more).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().map_or(after, |row| row.id);
        Ok(OwnPage { items: rows.into_iter().map(TraceResponse::of).collect(), next, more })
    }

    /// How traces stand that a client knows.
    ///
    /// # Errors
    /// The database is away.
    pub async fn sync(&self, player: &Player, ids: &[i64]) -> Result<Synced, LeavingError> {
        let tables = self.traces.tables(player.studio).await?;
        Ok(store::sync(&tables, player.world, &player.id.to_string(), ids).await?)
    }
}
