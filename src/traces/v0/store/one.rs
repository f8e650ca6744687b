//! Storing one request by itself, inside a world's transaction; and the rows of a trace.

use std::collections::HashSet;

use entity::tenant::traces::{idempotency, recording, trace};
use sea_orm::{ColumnTrait, Set};

use super::Store;
use crate::{
    platform::error::StoreError,
    traces::{stored_size::new_scope, trace::NewTrace, v0::model::NewTraces},
    worlds::{InsertOutcome, WorldTx, storage::Storage},
};

impl Store {
    /// Stores the traces of one request inside a world's transaction, which has counted them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_one(tx: &mut WorldTx<'_>, new: &NewTraces) -> Result<(), StoreError> {
        let (store, transaction, now) = (Self::new(tx.tables(), new.world), tx.transaction(), tx.now_ms());
        if let Some(idempotency) = &new.idempotency {
            store.insert_idempotency(transaction, idempotency, now).await?;
        }
        let (mut traces, mut recordings) = (Vec::new(), Vec::new());
        for trace in &new.traces {
            let id = tx.next_trace_id(&new.scope, trace.kind);
            let (trace, recording) = rows(tx.world(), id, new, trace, now);
            traces.push(trace);
            recordings.extend(recording);
        }
        store.tables.insert(transaction, traces).await?;
        store.tables.insert(transaction, recordings).await
    }

    /// What became of an earlier request with the same idempotency key; `None` if there was none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn earlier(tx: &WorldTx<'_>, new: &NewTraces) -> Result<Option<InsertOutcome>, StoreError> {
        let Some(given) = &new.idempotency else { return Ok(None) };
        let tables = tx.world_tables();
        let select = tables
            .select::<idempotency::Entity>()
            .and_where(idempotency::Column::Caller.eq(&given.caller))
            .and_where(idempotency::Column::Key.eq(&given.key))
            .take();
        let rows: Vec<idempotency::Model> = tables.returned(tx.transaction(), &select).await?;
        let outcome = |row: &idempotency::Model| {
            if row.digest == given.digest { InsertOutcome::AlreadyStored } else { InsertOutcome::OtherRequest }
        };
        Ok(rows.first().map(outcome))
    }
}

/// What a batch needs at most, as if each of its scopes were new.
pub(super) fn demand(batch: &[&NewTraces]) -> Storage {
    let mut scopes = HashSet::new();
    batch.iter().fold(Storage::default(), |demand, new| {
        let scope = if scopes.insert(&new.scope) { new_scope(&new.scope) } else { Storage::default() };
        demand.plus(scope).plus(Storage::bytes(new.stored_bytes()))
    })
}

/// The rows of a trace and of its recording.
pub(super) fn rows(
    world: i32,
    id: i64,
    new: &NewTraces,
    trace: &NewTrace,
    now: i64,
) -> (trace::ActiveModel, Option<recording::ActiveModel>) {
    let [x, y, z] = trace.position.map_or([None; 3], |position| position.map(Some));
    let recording = trace.recording.as_ref().map(|packed| recording::ActiveModel {
        world: Set(world),
        id: Set(id),
        codec: Set(packed.codec),
        frames: Set(packed.frames),
        bytes: Set(packed.bytes.to_vec()),
        ..recording::ActiveModel::default()
    });
    let trace = trace::ActiveModel {
        world: Set(world),
        id: Set(id),
        kind: Set(trace.kind.code()),
        scope: Set(new.scope.as_str().to_owned()),
        author: Set(trace.author.clone()),
        x: Set(x),
        y: Set(y),
        z: Set(z),
        body: Set(trace.body.clone()),
        created_at_ms: Set(now),
        network: Set(new.network),
        ..trace::ActiveModel::default()
    };
    (trace, recording)
}
