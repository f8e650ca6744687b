//! A world inside a transaction that has locked it.

use std::collections::BTreeSet;

use entity::tenant::worlds::change;
use sea_orm::{DatabaseTransaction, Set};

use crate::{
    platform::db::{Tenant, WorldTables},
    worlds::{
        model::{ChangeReason, Revision, ScopeKey, SilentChanges, TraceLocation, WorldKey},
        storage::{Room, Storage},
    },
};

/// A world inside a transaction that has locked it: commands read and write through it.
#[derive(Debug)]
pub struct WorldTx<'a> {
    tenant: &'a Tenant,
    transaction: &'a DatabaseTransaction,
    world: WorldKey,
    now_ms: i64,
    seq: i64,
    guard: i64,
    log: Vec<change::ActiveModel>,
    scopes: BTreeSet<ScopeKey>,
    silent: SilentChanges,
    added: Vec<(ScopeKey, i16)>,
    room: Room,
}

/// The changes that commands made in a world: ids greater than `after`, up to and including those of `upto`.
#[derive(Debug)]
pub struct CommittedCommands {
    /// The sequence before the commands.
    pub after: i64,
    /// The revision after the commands.
    pub upto: Revision,
    /// The scopes whose views were touched; none if all places in the order were taken silently.
    pub scopes: BTreeSet<ScopeKey>,
    /// What no view shows of them.
    pub silent: SilentChanges,
    /// Whether something that existed before was removed or changed.
    pub alters_existing: bool,
    /// The scope and the domain's own code of each row that was added.
    pub added: Vec<(ScopeKey, i16)>,
}

impl<'a> WorldTx<'a> {
    /// The most rows that one command removes. Logging more would keep a thread busy and the world locked for over half a
    /// millisecond.
    pub const ROWS: u64 = 200;

    pub(super) fn new(
        tenant: &'a Tenant,
        transaction: &'a DatabaseTransaction,
        world: WorldKey,
        now_ms: i64,
        (seq, guard): (i64, i64),
        room: Room,
    ) -> Self {
        let (log, scopes, silent, added) = (Vec::new(), BTreeSet::new(), SilentChanges::default(), Vec::new());
        Self { tenant, transaction, world, now_ms, seq, guard, log, scopes, silent, added, room }
    }

    /// The changes since `after`, and the rows of the change log.
    pub(super) fn finish(self, after: i64, upto: Revision) -> (CommittedCommands, Vec<change::ActiveModel>) {
        let Self { log, scopes, silent, added, .. } = self;
        (CommittedCommands { after, upto, scopes, silent, alters_existing: !log.is_empty(), added }, log)
    }

    /// The studio's tables.
    #[must_use]
    pub fn tables(&self) -> &'a Tenant {
        self.tenant
    }

    /// The world's rows, with the predicate added to each statement.
    #[must_use]
    pub fn world_tables(&self) -> WorldTables {
        self.tenant.world(self.world.world())
    }

    /// The transaction.
    #[must_use]
    pub fn transaction(&self) -> &'a DatabaseTransaction {
        self.transaction
    }

    /// The world's key.
    #[must_use]
    pub fn key(&self) -> WorldKey {
        self.world
    }

    /// The world's number in the studio's tables.
    #[must_use]
    pub fn world(&self) -> i32 {
        self.world.world()
    }

    /// The time of the transaction, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// The world's sequence: the id that was taken last.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// Whether anybody was ever banned here: where not, no ban need be looked for.
    #[must_use]
    pub fn is_guarded(&self) -> bool {
        self.guard != 0
    }

    pub(super) fn guard_raised(&mut self) {
        self.guard += 1;
    }

    /// How much of `demand` does not fit into what traces may occupy, in the world or in its studio.
    #[must_use]
    pub fn lacking(&self, demand: Storage) -> Storage {
        self.room.lacking(demand)
    }

    /// Counts what this transaction is going to store, for what comes later in it.
    pub fn charge(&mut self, stored: Storage) {
        self.room.charge(stored);
    }

    /// Counts what this transaction has removed, for what comes later in it.
    pub fn credit(&mut self, removed: Storage) {
        self.room.credit(removed);
    }

    /// Takes the id of a row that is added to a scope. `code` is the domain's own code for the kind of row.
    pub fn next_id(&mut self, scope: &ScopeKey, code: i16) -> i64 {
        self.added.push((scope.clone(), code));
        self.next_seq(scope)
    }

    fn next_seq(&mut self, scope: &ScopeKey) -> i64 {
        self.seq += 1;
        self.scopes.insert(scope.clone());
        self.seq
    }

    /// Takes a place in the world's order for something in a scope that no view of it shows, such as a vote. Those who wait for
    /// changes of the scope are woken; views are not refreshed.
    pub fn next_silent_seq(&mut self, scope: &ScopeKey) -> i64 {
        self.seq += 1;
        self.silent.scopes.insert(scope.clone());
        self.seq
    }

    /// Wakes a player who waits for news of their inbox, if something takes a place in the world's order too.
    pub fn wake_inbox(&mut self, player: &str) {
        self.silent.inboxes.insert(player.to_owned());
    }

    /// Adds a change of a trace to the change log.
    pub fn log_change(&mut self, location: &TraceLocation, reason: ChangeReason) {
        let seq = self.next_seq(&location.scope);
        self.log.push(change::ActiveModel {
            world: Set(self.world.world()),
            seq: Set(seq),
            trace: Set(location.id),
            reason: Set(reason.code()),
            scope: Set(location.scope.as_str().to_owned()),
            at_ms: Set(self.now_ms),
        });
    }
}
