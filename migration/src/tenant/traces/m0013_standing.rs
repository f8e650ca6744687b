//! The columns that `/v1` adds to traces: authorship, details, votes and score, moderation state, expiry.

use sea_orm_migration::prelude::*;

/// The columns that `/v1` adds to traces.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// The score of imported votes: the lower bound of the 95 % Wilson score interval, all votes being good.
const SCORE_OF_BASE: &str = "base_good * 1.0 / (base_good + 3.8416)";

fn columns() -> Vec<ColumnDef> {
    let number = |name: &'static str| ColumnDef::new(name).integer().not_null().default(0).to_owned();
    vec![
        ColumnDef::new("minted").boolean().not_null().default(false).to_owned(),
        ColumnDef::new("detail").text().to_owned(),
        ColumnDef::new("group_key").text().to_owned(),
        number("content_version"),
        ColumnDef::new("rank_value").double().to_owned(),
        number("good"),
        number("poor"),
        number("good_weight"),
        number("poor_weight"),
        ColumnDef::new("score").double().not_null().default(0.0).to_owned(),
        number("uses"),
        number("reports"),
        ColumnDef::new("hidden").boolean().not_null().default(false).to_owned(),
        ColumnDef::new("revision").integer().not_null().default(1).to_owned(),
        ColumnDef::new("expires_at_ms").big_integer().to_owned(),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &'static str, columns: &[&'static str]| {
        let mut index = Index::create().name(name).table("trace").to_owned();
        for column in columns {
            index.col(*column);
        }
        index
    };
    let mut own = index("trace_own", &["world", "author", "kind", "scope", "id"]);
    let mut top = index("trace_top", &["world", "scope", "kind", "score"]);
    let mut ranked = index("trace_ranked", &["world", "scope", "kind", "rank_value"]);
    let mut group = index("trace_group", &["world", "group_key", "scope", "kind", "id"]);
    let mut near = index("trace_near", &["world", "scope", "x"]);
    let mut expiring = index("trace_expiring", &["world", "expires_at_ms"]);
    vec![
        // Traces of v0 clients are in few of these indexes, so that writing them costs no more than before.
        own.and_where(Expr::cust("minted")).to_owned(),
        top.and_where(Expr::cust("score > 0 AND NOT legacy AND NOT hidden")).to_owned(),
        ranked.and_where(Expr::col("rank_value").is_not_null()).to_owned(),
        group.and_where(Expr::col("group_key").is_not_null()).to_owned(),
        near.and_where(Expr::col("x").is_not_null()).to_owned(),
        expiring.and_where(Expr::col("expires_at_ms").is_not_null()).to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            manager.alter_table(Table::alter().table("trace").add_column(column).to_owned()).await?;
        }
        let scored = Query::update()
            .table("trace")
            .value("score", Expr::cust(SCORE_OF_BASE))
            .and_where(Expr::col("base_good").gt(0))
            .to_owned();
        manager.execute(scored).await?;
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["trace_own", "trace_top", "trace_ranked", "trace_group", "trace_near", "trace_expiring"] {
            manager.drop_index(Index::drop().name(name).table("trace").to_owned()).await?;
        }
        for column in columns() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table("trace").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
