//! Indexes for paged queries cover the complete sort order: kind first where it is filtered on, and the id last as the tie
//! breaker. Thousands of traces may have the same score.

use sea_orm_migration::prelude::*;

/// Indexes for paged queries cover the complete sort order.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Name, columns before, columns after, and the condition of each partial index.
const INDEXES: [(&str, &[&str], &[&str], &str); 3] = [
    (
        "trace_top",
        &["world", "scope", "kind", "score"],
        &["world", "scope", "kind", "score", "id"],
        "score > 0 AND NOT legacy AND NOT hidden",
    ),
    (
        "trace_ranked",
        &["world", "scope", "kind", "rank_value"],
        &["world", "scope", "kind", "rank_value", "id"],
        "rank_value IS NOT NULL",
    ),
    ("trace_near", &["world", "scope", "x"], &["world", "scope", "kind", "x"], "x IS NOT NULL"),
];

async fn recreate(
    manager: &SchemaManager<'_>,
    name: &str,
    columns: &[&'static str],
    condition: &'static str,
) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(name).table("trace").to_owned()).await?;
    let mut index = Index::create().name(name).table("trace").to_owned();
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index.and_where(Expr::cust(condition)).to_owned()).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _, columns, condition) in INDEXES {
            recreate(manager, name, columns, condition).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, columns, _, condition) in INDEXES {
            recreate(manager, name, columns, condition).await?;
        }
        Ok(())
    }
}
