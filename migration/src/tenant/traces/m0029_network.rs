//! The networks of those who vote, report and leave traces, as keyed digests that name nobody: players of one network count together.

use sea_orm_migration::prelude::*;

/// The networks of those who vote, report and leave traces.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 3] = ["vote", "report", "trace"];

/// The indexes by which the votes and the reports of one network on one trace are found.
const INDEXES: [(&str, &str); 2] = [("vote_network", "vote"), ("report_network", "report")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let network = ColumnDef::new("network").big_integer().to_owned();
            manager.alter_table(Table::alter().table(table).add_column(network).to_owned()).await?;
        }
        for (name, table) in INDEXES {
            let mut index = Index::create().name(name).table(table).col("world").col("trace").col("network").to_owned();
            manager.create_index(index.and_where(Expr::col("network").is_not_null()).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table) in INDEXES {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        for table in TABLES {
            manager.alter_table(Table::alter().table(table).drop_column("network").to_owned()).await?;
        }
        Ok(())
    }
}
