//! Leaving traces in a world that is full, or nearly so: each request by itself, in the world's transaction, where nobody can be
//! banned meanwhile.

use std::sync::Arc;

use super::{
    model::{NewTraces, stored_bytes},
    store::Store,
};
use crate::{
    platform::error::StoreError,
    traces::{
        settings::Rules,
        storage::{self, Wanted},
    },
    worlds::{Command, InsertOutcome, WorldTx},
};

/// Leaves the traces of one request, after it has made room for them.
#[derive(Debug)]
pub struct LeaveWithRoom {
    /// The traces.
    pub new: NewTraces,
    /// The rules of the game.
    pub rules: Arc<Rules>,
}

impl Command for LeaveWithRoom {
    type Output = InsertOutcome;

    fn size_bytes(&self) -> usize {
        self.new.size_bytes()
    }

    async fn run(&self, tx: &mut WorldTx<'_>) -> Result<InsertOutcome, StoreError> {
        let Self { new, rules } = self;
        if tx.is_guarded() {
            let authors = new.authors().collect();
            if !new.gate.refused(tx.tables(), new.world, &authors).await?.is_empty() {
                return Ok(InsertOutcome::Refused);
            }
        }
        if let Some(earlier) = Store::earlier(tx, new).await? {
            return Ok(earlier);
        }
        let wanted: Vec<Wanted<'_>> = new
            .traces
            .iter()
            .map(|trace| Wanted {
                kind: trace.kind,
                author: &trace.author,
                by_player: false,
                bytes: stored_bytes(trace, &new.scope),
            })
            .collect();
        let Some(room) = storage::make_room(tx, &new.scope, &wanted, rules).await? else {
            return Ok(InsertOutcome::NoRoom);
        };
        room.take(tx).await?;
        Store::insert_one(tx, new).await?;
        Ok(InsertOutcome::Stored)
    }
}
