//! When the votes on a trace changed last, in the world's sequence: readers of the feed learn of new votes by it. The change log
//! has no rows for votes, which would be many; a trace has one place.

use sea_orm_migration::prelude::*;

/// When the votes on a trace changed last, in the world's sequence.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// The indexes by which the feed of a world and that of a scope find new votes. Only traces with votes are in them.
const INDEXES: [(&str, &[&str]); 2] =
    [("trace_rated", &["world", "rated_seq"]), ("trace_rated_in_scope", &["world", "scope", "rated_seq"])];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let rated_seq = ColumnDef::new("rated_seq").big_integer().to_owned();
        manager.alter_table(Table::alter().table("trace").add_column(rated_seq).to_owned()).await?;
        for (name, columns) in INDEXES {
            let mut index = Index::create().name(name).table("trace").to_owned();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index.and_where(Expr::col("rated_seq").is_not_null()).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _) in INDEXES {
            manager.drop_index(Index::drop().name(name).table("trace").to_owned()).await?;
        }
        manager.alter_table(Table::alter().table("trace").drop_column("rated_seq").to_owned()).await
    }
}
