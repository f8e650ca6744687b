//! The SQL of authoring: in a world's transaction here, other reads in [`reads`] and [`listing`].

mod listing;
mod reads;

use std::collections::HashMap;

use entity::tenant::traces::{trace, trace_ref};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, Set, sea_query::Order};

pub use self::{
    listing::own_items,
    reads::{own_page, sync},
};
use super::{
    model::{RecordingInput, TraceState},
    quota::{Counted, OwnTrace},
};
use crate::{
    identity::access::Player,
    platform::{db::union_all, error::StoreError},
    traces::{
        TraceKind,
        recordings::{self, AttachedRecording, Recordings},
        trace::{RecordingSummary, Trace, is_own},
    },
    worlds::{ScopeKey, WorldTx},
};

/// An author's reference of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The reference, unique for its author in a world.
    pub name: String,
    /// The trace's id.
    pub trace: i64,
    /// SHA-256 of the trace's content.
    pub digest: [u8; 32],
}

#[derive(FromQueryResult)]
struct ReferenceRow {
    #[sea_orm(from_alias = "ref")]
    name: String,
    trace: i64,
    digest: Vec<u8>,
}

impl ReferenceRow {
    /// The reference, if the client has sent it: those that were made here begin with a control character.
    fn sent(self) -> Option<String> {
        Some(self.name).filter(|name| !name.starts_with(char::is_control))
    }
}

#[derive(FromQueryResult)]
struct StateRow {
    id: i64,
    hidden: bool,
}

#[derive(FromQueryResult)]
struct OwnRow {
    id: i64,
    kind: i16,
    scope: String,
}

/// The traces, with their digests, that these references of an author already stand for.
///
/// # Errors
/// [`StoreError`].
pub async fn references(
    tx: &WorldTx<'_>,
    author: &str,
    names: Vec<&str>,
) -> Result<HashMap<String, (i64, [u8; 32])>, StoreError> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let tables = tx.world_tables();
    let select = tables
        .select::<trace_ref::Entity>()
        .and_where(trace_ref::Column::Author.eq(author))
        .and_where(trace_ref::Column::Name.is_in(names))
        .take();
    let rows: Vec<ReferenceRow> = tables.returned(tx.transaction(), &select).await?;
    let entry = |row: ReferenceRow| Some((row.name, (row.trace, row.digest.try_into().ok()?)));
    Ok(rows.into_iter().filter_map(entry).collect())
}

/// The states of an author's traces with these ids.
///
/// # Errors
/// [`StoreError`].
pub async fn states(tx: &WorldTx<'_>, ids: &[i64]) -> Result<HashMap<i64, TraceState>, StoreError> {
    let mut states: HashMap<i64, TraceState> = ids.iter().map(|id| (*id, TraceState::Withdrawn)).collect();
    if ids.is_empty() {
        return Ok(states);
    }
    let tables = tx.world_tables();
    let select = tables
        .select_from::<trace::Entity>()
        .columns([trace::Column::Id, trace::Column::Hidden])
        .and_where(tables.among(trace::Column::Id, ids))
        .take();
    let rows: Vec<StateRow> = tables.returned(tx.transaction(), &select).await?;
    states.extend(rows.into_iter().map(|row| (row.id, TraceState::of_present(row.hidden))));
    Ok(states)
}

/// The oldest traces of an author, in order: so many as are asked for of a kind in a scope, or of a kind in all scopes.
///
/// # Errors
/// [`StoreError`].
pub async fn oldest_own(tx: &WorldTx<'_>, author: &str, asked: &[(Counted, u64)]) -> Result<Vec<OwnTrace>, StoreError> {
    let tables = tx.world_tables();
    let part = |((kind, scope), limit): &(Counted, u64)| {
        tables
            .select_from::<trace::Entity>()
            .columns([trace::Column::Id, trace::Column::Kind, trace::Column::Scope])
            .cond_where(by_author(author))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .and_where_option(scope.as_ref().map(|scope| trace::Column::Scope.eq(scope.as_str())))
            .order_by(trace::Column::Id, Order::Asc)
            .limit(*limit)
            .take()
    };
    let Some(all) = union_all(asked.iter().map(part)) else { return Ok(Vec::new()) };
    let rows: Vec<OwnRow> = tables.returned(tx.transaction(), &all).await?;
    let own = |OwnRow { id, kind, scope }| {
        Some(OwnTrace { id, kind: TraceKind::of_code(kind)?, scope: ScopeKey::stored(&scope) })
    };
    let mut oldest: Vec<OwnTrace> = rows.into_iter().filter_map(own).collect();
    oldest.sort_unstable_by_key(|own| own.id);
    oldest.dedup_by_key(|own| own.id);
    Ok(oldest)
}

/// Stores new traces.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(tx: &WorldTx<'_>, traces: Vec<Trace>) -> Result<(), StoreError> {
    let rows = traces.into_iter().map(|trace| new_row(tx.world(), trace)).collect();
    tx.world_tables().insert(tx.transaction(), rows).await
}

fn new_row(world: i32, trace: Trace) -> trace::ActiveModel {
    let [x, y, z] = numbers(trace.position);
    let [qx, qy, qz, qw] = numbers(trace.rotation);
    trace::ActiveModel {
        world: Set(world),
        id: Set(trace.id),
        kind: Set(trace.kind.code()),
        scope: Set(trace.scope.as_str().to_owned()),
        author: Set(trace.author),
        x: Set(x),
        y: Set(y),
        z: Set(z),
        body: Set(trace.detail.v0_body(trace.kind, trace.position, trace.rotation)),
        created_at_ms: Set(trace.created_at_ms),
        qx: Set(qx),
        qy: Set(qy),
        qz: Set(qz),
        qw: Set(qw),
        minted: Set(trace.by_player),
        detail: Set(Some(trace.detail.to_text())),
        group_key: Set(trace.group.map(|group| group.as_str().to_owned())),
        content_version: Set(trace.content_version),
        rank_value: Set(trace.rank_value),
        expires_at_ms: Set(trace.expires_at_ms),
        network: Set(trace.network),
        ..trace::ActiveModel::default()
    }
}

fn numbers<const N: usize>(numbers: Option<[f64; N]>) -> [Option<f64>; N] {
    numbers.map_or([None; N], |numbers| numbers.map(Some))
}

/// Stores an author's references of new traces.
///
/// # Errors
/// [`StoreError`].
pub async fn insert_references(tx: &WorldTx<'_>, author: &str, references: Vec<Reference>) -> Result<(), StoreError> {
    let row = |Reference { name, trace, digest }| trace_ref::ActiveModel {
        world: Set(tx.world()),
        author: Set(author.to_owned()),
        name: Set(name),
        trace: Set(trace),
        digest: Set(digest.to_vec()),
        created_at_ms: Set(tx.now_ms()),
    };
    tx.world_tables().insert(tx.transaction(), references.into_iter().map(row).collect()).await
}

/// A trace by its id.
///
/// # Errors
/// [`StoreError`].
pub async fn find(tx: &WorldTx<'_>, id: i64) -> Result<Option<Trace>, StoreError> {
    let tables = tx.world_tables();
    let select = tables.select::<trace::Entity>().and_where(trace::Column::Id.eq(id)).take();
    let rows: Vec<trace::Model> = tables.returned(tx.transaction(), &select).await?;
    Ok(rows.into_iter().next().and_then(Trace::from_row))
}

/// Stores what an author may change of a trace: its content, revision and score.
///
/// # Errors
/// [`StoreError`].
pub async fn update(tx: &WorldTx<'_>, trace: &Trace) -> Result<(), StoreError> {
    let [x, y, z] = numbers(trace.position);
    let [qx, qy, qz, qw] = numbers(trace.rotation);
    let body = trace.detail.v0_body(trace.kind, trace.position, trace.rotation);
    let tables = tx.world_tables();
    let update = tables
        .update::<trace::Entity>()
        .values([
            (trace::Column::Body, body.into()),
            (trace::Column::Detail, Some(trace.detail.to_text()).into()),
            (trace::Column::X, x.into()),
            (trace::Column::Y, y.into()),
            (trace::Column::Z, z.into()),
            (trace::Column::Qx, qx.into()),
            (trace::Column::Qy, qy.into()),
            (trace::Column::Qz, qz.into()),
            (trace::Column::Qw, qw.into()),
            (trace::Column::Score, trace.score.into()),
            (trace::Column::Revision, trace.revision.into()),
        ])
        .and_where(trace::Column::Id.eq(trace.id))
        .take();
    tables.execute(tx.transaction(), &update).await?;
    Ok(())
}

fn by_author(author: &str) -> Condition {
    Condition::all().add(is_own(author))
}

/// Stores the recording of a trace; nothing where an uploaded one is not available.
///
/// # Errors
/// [`StoreError`].
pub async fn attach_recording(
    tx: &WorldTx<'_>,
    player: &Player,
    recording: &RecordingInput,
    trace: i64,
) -> Result<Option<RecordingSummary>, StoreError> {
    // Recordings add the predicate of the world to their statements themselves.
    let (tables, transaction) = (tx.tables(), tx.transaction());
    let (id, attached) = match recording {
        RecordingInput::Uploaded(id) => {
            let since_ms = Recordings::oldest_upload_ms();
            (*id, recordings::attach_upload(tables, transaction, player, *id, trace, since_ms).await?)
        }
        RecordingInput::Inline(recording) => {
            let attached = recordings::insert_recording(tables, transaction, tx.world(), trace, recording).await?;
            (recording.id, Some(attached))
        }
    };
    let recorded = |AttachedRecording { duration_ms, size_bytes }| RecordingSummary {
        id: id.to_string(),
        duration_ms,
        size_bytes,
    };
    Ok(attached.map(recorded))
}
