//! Reading the traces of a world page by page.

use bytes::Bytes;
use entity::tenant::traces::{recording, trace};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order},
};

use super::Store;
use crate::{
    platform::{codec::json, error::StoreError},
    traces::{
        TraceKind,
        trace::{Detail, GroupKey, NewTrace, Packed},
        transfer::model::{TransferredTrace, V1Fields},
    },
    worlds::ScopeKey,
};

/// A trace with everything that is stored of it.
#[derive(FromQueryResult)]
struct ExportRow {
    id: i64,
    kind: i16,
    scope: String,
    author: String,
    x: Option<f64>,
    y: Option<f64>,
    z: Option<f64>,
    qx: Option<f64>,
    qy: Option<f64>,
    qz: Option<f64>,
    qw: Option<f64>,
    body: String,
    base_good: i32,
    legacy: bool,
    source_id: Option<String>,
    created_at_ms: i64,
    expires_at_ms: Option<i64>,
    hidden: bool,
    group_key: Option<String>,
    content_version: i32,
    rank_value: Option<f64>,
    minted: bool,
    detail: Option<String>,
    codec: Option<i16>,
    frames: Option<i32>,
    bytes: Option<Vec<u8>>,
}

impl Store {
    /// The traces with ids after `after`, up to and including `upto`, in order, at most `limit`; each with its id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn page(&self, after: i64, upto: i64, limit: u64) -> Result<Vec<(i64, TransferredTrace)>, StoreError> {
        let mut select = self
            .tables
            .select::<trace::Entity>()
            .columns([
                ("recording", recording::Column::Codec),
                ("recording", recording::Column::Frames),
                ("recording", recording::Column::Bytes),
            ])
            .and_where(trace::Column::Id.gt(after))
            .and_where(trace::Column::Id.lte(upto))
            .order_by(("trace", trace::Column::Id), Order::Asc)
            .limit(limit)
            .take();
        let of_trace = Expr::col(("recording", recording::Column::Id)).equals(("trace", trace::Column::Id));
        self.tables.left_join::<recording::Entity>(&mut select, of_trace);
        let rows: Vec<ExportRow> = self.tables.all(&select).await?;
        rows.into_iter().map(|row| Ok((row.id, row.into_trace()?))).collect()
    }
}

impl ExportRow {
    /// The trace; an error where this version does not know its kind.
    fn into_trace(self) -> Result<TransferredTrace, StoreError> {
        let unknown =
            || StoreError::Statement(sea_orm::DbErr::Type(format!("trace {} is of kind {}", self.id, self.kind)));
        let kind = TraceKind::of_code(self.kind).ok_or_else(unknown)?;
        let recording = match (self.codec, self.frames, self.bytes) {
            (Some(codec), Some(frames), Some(bytes)) => Some(Packed { codec, frames, bytes: Bytes::from(bytes) }),
            _ => None,
        };
        // The recording is exported as a member of its own.
        let v1 = self.detail.map(|detail| {
            let detail = Detail { recording: None, ..json::slow(detail.as_bytes()).unwrap_or_default() };
            V1Fields { detail, minted: self.minted, recording: None }
        });
        let position = (|| Some([self.x?, self.y?, self.z?]))();
        Ok(TransferredTrace {
            scope: ScopeKey::stored(&self.scope),
            trace: NewTrace { kind, author: self.author, position, body: self.body, recording },
            rotation: (|| Some([self.qx?, self.qy?, self.qz?, self.qw?]))(),
            good: self.base_good,
            legacy: self.legacy,
            source_id: self.source_id,
            created_at_ms: self.created_at_ms,
            expires_at_ms: self.expires_at_ms,
            hidden: self.hidden,
            group: self.group_key.as_deref().and_then(GroupKey::of_digest),
            content_version: self.content_version,
            rank_value: self.rank_value,
            v1,
        })
    }
}
