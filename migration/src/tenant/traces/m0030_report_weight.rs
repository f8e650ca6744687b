//! Reports weigh as votes do, and a moderator's decision stands. Reports from before weigh a whole vote each; a trace with settled
//! reports is one that a moderator has decided about.

use sea_orm_migration::prelude::*;

/// The weight of reports, and whether a moderator has decided.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            ("report", ColumnDef::new("weight").integer().not_null().default(4).to_owned()),
            ("trace", ColumnDef::new("report_weight").integer().not_null().default(0).to_owned()),
            ("trace", ColumnDef::new("decided").boolean().not_null().default(false).to_owned()),
        ];
        for (table, column) in columns {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        let weigh = Query::update()
            .table("trace")
            .value("report_weight", Expr::col("reports").mul(4))
            .and_where(Expr::col("reports").gt(0))
            .to_owned();
        manager.execute(weigh).await?;
        let settled = Query::select()
            .expr(Expr::val(1))
            .from("report")
            .and_where(Expr::col(("report", "world")).equals(("trace", "world")))
            .and_where(Expr::col(("report", "trace")).equals(("trace", "id")))
            .and_where(Expr::col(("report", "settled")).eq(true))
            .to_owned();
        let decide = Query::update().table("trace").value("decided", true).and_where(Expr::exists(settled)).to_owned();
        manager.execute(decide).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("report", "weight"), ("trace", "report_weight"), ("trace", "decided")] {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
