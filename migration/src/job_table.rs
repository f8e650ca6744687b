//! The table of jobs, which is the same in the control tables and in a studio's.

use sea_orm_migration::prelude::*;

/// Creates the table and its indexes.
pub async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("job")
                .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                .col(ColumnDef::new("kind").string().not_null())
                .col(ColumnDef::new("payload").text().not_null())
                .col(ColumnDef::new("unique_key").text())
                .col(ColumnDef::new("dead").boolean().not_null())
                .col(ColumnDef::new("due_ms").big_integer().not_null())
                .col(ColumnDef::new("lease").string())
                .col(ColumnDef::new("attempts").integer().not_null())
                .col(ColumnDef::new("uncertain").integer().not_null())
                .col(ColumnDef::new("error").text().not_null())
                .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                .to_owned(),
        )
        .await?;
    manager
        .create_index(Index::create().name("job_due").table("job").col("kind").col("dead").col("due_ms").to_owned())
        .await?;
    let unique = Index::create().name("job_key").table("job").col("kind").col("unique_key").unique().to_owned();
    manager.create_index(unique).await
}
