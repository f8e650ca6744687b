//! How much a world and its studio may store, in bytes and in scopes.
//!
//! What is stored is kept by triggers in the transactions that store and remove rows (table `storage_use`), so it is exact whatever
//! those do, and nothing is counted when it is needed. A row is charged with the bytes by which it makes the database grow at most,
//! indexes included.
//!
//! Traces leave a part of the bytes free ([`StorageBounds::of_traces`]): what a world needs beside them fits there, such as a
//! recording that is uploaded before its trace.

mod config;

pub use self::config::StorageConfig;

/// The part of the bytes that traces leave free: a sixteenth.
const RESERVED: i64 = 16;

/// An amount of storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// Bytes, indexes included.
    pub bytes: i64,
    /// Scopes with at least one trace.
    pub scopes: i64,
}

impl Storage {
    /// More than any world stores.
    pub const UNBOUNDED: Self = Self { bytes: i64::MAX, scopes: i64::MAX };

    /// Bytes in no new scope.
    #[must_use]
    pub fn bytes(bytes: i64) -> Self {
        Self { bytes, scopes: 0 }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { bytes: self.bytes.saturating_add(other.bytes), scopes: self.scopes.saturating_add(other.scopes) }
    }

    /// What is in this and not in the other; 0 where the other is larger.
    #[must_use]
    pub fn beyond(self, other: Self) -> Self {
        let beyond = |this: i64, other: i64| this.saturating_sub(other).max(0);
        Self { bytes: beyond(self.bytes, other.bytes), scopes: beyond(self.scopes, other.scopes) }
    }

    fn most(self, other: Self) -> Self {
        Self { bytes: self.bytes.max(other.bytes), scopes: self.scopes.max(other.scopes) }
    }
}

/// How much may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageBounds {
    /// In one world.
    pub world: Storage,
    /// In all worlds of a studio together.
    pub studio: Storage,
}

impl StorageBounds {
    /// No bounds.
    pub const NONE: Self = Self { world: Storage::UNBOUNDED, studio: Storage::UNBOUNDED };

    /// The bounds of traces, which leave a part of the bytes free.
    #[must_use]
    pub fn of_traces(self) -> Self {
        let some = |bound: Storage| Storage { bytes: bound.bytes - bound.bytes / RESERVED, ..bound };
        Self { world: some(self.world), studio: some(self.studio) }
    }
}

/// What is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StorageUse {
    /// In the world.
    pub world: Storage,
    /// In all worlds of its studio.
    pub studio: Storage,
}

/// What is stored in a world and its studio, and how much may be.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    used: StorageUse,
    bounds: StorageBounds,
}

impl Room {
    /// The room that is left.
    #[must_use]
    pub fn new(used: StorageUse, bounds: StorageBounds) -> Self {
        Self { used, bounds }
    }

    /// How much of `demand` does not fit.
    #[must_use]
    pub fn lacking(&self, demand: Storage) -> Storage {
        let lacking = |used: Storage, bound| used.plus(demand).beyond(bound);
        let most = lacking(self.used.world, self.bounds.world).most(lacking(self.used.studio, self.bounds.studio));
        // What lacks already is not lacking for want of this.
        Storage {
            bytes: if demand.bytes > 0 { most.bytes } else { 0 },
            scopes: if demand.scopes > 0 { most.scopes } else { 0 },
        }
    }

    /// Counts what is going to be stored in this transaction.
    pub fn charge(&mut self, stored: Storage) {
        self.used = StorageUse { world: self.used.world.plus(stored), studio: self.used.studio.plus(stored) };
    }

    /// Counts what has been removed in this transaction.
    pub fn credit(&mut self, removed: Storage) {
        self.used = StorageUse { world: self.used.world.beyond(removed), studio: self.used.studio.beyond(removed) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(bytes: i64, scopes: i64) -> Storage {
        Storage { bytes, scopes }
    }

    #[test]
    fn what_is_lacking_is_the_most_that_one_bound_lacks() {
        let bounds = StorageBounds { world: amount(100, 10), studio: amount(150, 12) };
        let mut room = Room::new(StorageUse { world: amount(90, 9), studio: amount(145, 12) }, bounds);
        assert_eq!(room.lacking(amount(5, 0)), amount(0, 0));
        assert_eq!(room.lacking(amount(11, 1)), amount(6, 1), "the studio lacks six, the world one");
        room.credit(amount(40, 3));
        assert_eq!(room.lacking(amount(11, 1)), amount(0, 0));
        room.charge(amount(45, 4));
        assert_eq!(room.lacking(amount(11, 1)), amount(11, 2));
        assert_eq!(Room::new(StorageUse::default(), StorageBounds::NONE).lacking(amount(i64::MAX, 1)), amount(0, 0));
    }

    #[test]
    fn a_world_above_its_bounds_still_takes_what_needs_no_room() {
        let bounds = StorageBounds { world: amount(100, 1), studio: Storage::UNBOUNDED };
        let room = Room::new(StorageUse { world: amount(200, 5), studio: amount(200, 5) }, bounds);
        assert_eq!(room.lacking(amount(0, 0)), amount(0, 0));
        assert_eq!(room.lacking(amount(-5, 0)), amount(0, 0));
        assert_eq!(room.lacking(amount(5, 0)), amount(105, 0));
    }

    #[test]
    fn traces_leave_a_sixteenth_free() {
        let bounds = StorageBounds { world: amount(1600, 10), studio: Storage::UNBOUNDED }.of_traces();
        assert_eq!(bounds.world, amount(1500, 10));
    }
}
