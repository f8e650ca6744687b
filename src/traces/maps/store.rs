//! The SQL of maps.

use entity::tenant::traces::trace;
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::model::{Dot, MAX_TRACES, MapQuery, ScopeCount};
use crate::{
    platform::{
        db::{Tenant, WorldTables, union_all},
        error::StoreError,
    },
    traces::TraceKind,
    worlds::{ScopeKey, WorldKey},
};

/// The table of the scopes of worlds, which triggers keep (ADR 26).
const STORED_SCOPE: &str = "stored_scope";

/// The rows of a world.
#[derive(Clone, Debug)]
pub struct Store(WorldTables);

#[derive(FromQueryResult)]
struct DotRow {
    id: i64,
    x: Option<f64>,
    y: Option<f64>,
    z: Option<f64>,
    created_at_ms: i64,
    content_version: i32,
    base_good: i32,
    good: i32,
    hidden: bool,
}

#[derive(FromQueryResult)]
struct ScopeRow {
    scope: String,
}

#[derive(FromQueryResult)]
struct CountRow {
    scope: String,
    kind: i16,
    traces: i64,
}

impl Store {
    /// The rows of a world in its studio's tables.
    #[must_use]
    pub fn new(tenant: &Tenant, world: WorldKey) -> Self {
        Self(tenant.world(world.world()))
    }

    /// The traces that a map is made of: those of its scope and kinds that have a position and have not expired.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn dots(&self, query: &MapQuery, now_ms: i64) -> Result<Vec<Dot>, StoreError> {
        let mut dots = Vec::new();
        for kind in &query.kinds {
            let rows: Vec<DotRow> = self.0.all(&self.of_kind(&query.scope, *kind, now_ms)).await?;
            dots.extend(rows.into_iter().filter_map(|row| {
                let at = query.plane.of([row.x?, row.y?, row.z?]);
                let good = i64::from(row.base_good) + i64::from(row.good);
                let (version, hidden) = (row.content_version, row.hidden);
                Some(Dot { id: row.id, kind: *kind, at, left_ms: row.created_at_ms, version, good, hidden })
            }));
        }
        Ok(dots)
    }

    fn of_kind(&self, scope: &ScopeKey, kind: TraceKind, now_ms: i64) -> SelectStatement {
        let lasting = trace::Column::ExpiresAtMs.is_null().or(trace::Column::ExpiresAtMs.gt(now_ms));
        self.0
            .select_from::<trace::Entity>()
            .columns([
                trace::Column::Id,
                trace::Column::X,
                trace::Column::Y,
                trace::Column::Z,
                trace::Column::CreatedAtMs,
                trace::Column::ContentVersion,
                trace::Column::BaseGood,
                trace::Column::Good,
                trace::Column::Hidden,
            ])
            .and_where(trace::Column::Scope.eq(scope.as_str()))
            .and_where(trace::Column::Kind.eq(kind.code()))
            .and_where(lasting)
            .order_by(trace::Column::Id, Order::Desc)
            .limit(MAX_TRACES)
            .take()
    }

    /// The scopes of the world after a name, in the order of their names, and what each holds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn scopes(&self, after: Option<&ScopeKey>, limit: u64) -> Result<Vec<ScopeCount>, StoreError> {
        let mut select = Query::select();
        select
            .column("scope")
            .from(self.0.tenant().table_named(STORED_SCOPE))
            .and_where(Expr::col("world").eq(self.0.world()));
        if let Some(after) = after {
            select.and_where(Expr::col("scope").gt(after.as_str()));
        }
        let select = select.order_by("scope", Order::Asc).limit(limit).take();
        let scopes: Vec<ScopeRow> = self.0.tenant().all(&select).await?;
        let counted = union_all(scopes.iter().map(|row| self.count(&row.scope)));
        let counts: Vec<CountRow> = match counted {
            Some(counted) => self.0.all(&counted).await?,
            None => Vec::new(),
        };
        let of_scope = |scope: &str| {
            TraceKind::ALL.map(|kind| {
                let of_kind = |row: &&CountRow| row.kind == kind.code() && row.scope == scope;
                counts.iter().find(of_kind).map_or(0, |row| row.traces)
            })
        };
        Ok(scopes
            .iter()
            .map(|row| ScopeCount { scope: ScopeKey::stored(&row.scope), traces: of_scope(&row.scope) })
            .collect())
    }

    fn count(&self, scope: &str) -> SelectStatement {
        self.0
            .select_from::<trace::Entity>()
            .columns([trace::Column::Scope, trace::Column::Kind])
            .expr_as(Expr::cust("count(*)"), "traces")
            .and_where(trace::Column::Scope.eq(scope))
            .group_by_columns([trace::Column::Scope, trace::Column::Kind])
            .take()
    }
}
