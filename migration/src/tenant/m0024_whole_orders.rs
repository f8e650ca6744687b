//! The indexes that questions page through have the whole of their order: each kind apart, and ending in the id, which tells
//! apart what stands in one place. Thousands of traces may have the same score.

use sea_orm_migration::prelude::*;

/// The indexes that questions page through have the whole of their order.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Each with its columns before and after, and which traces are in it.
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

async fn make_anew(
    manager: &SchemaManager<'_>,
    name: &str,
    columns: &[&'static str],
    of: &'static str,
) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(name).table("trace").to_owned()).await?;
    let mut index = Index::create().name(name).table("trace").to_owned();
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index.and_where(Expr::cust(of)).to_owned()).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _, columns, of) in INDEXES {
            make_anew(manager, name, columns, of).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, columns, _, of) in INDEXES {
            make_anew(manager, name, columns, of).await?;
        }
        Ok(())
    }
}
