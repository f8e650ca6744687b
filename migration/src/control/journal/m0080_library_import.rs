//! Imports into libraries: the rows of a file, and what becomes of each.

use sea_orm_migration::prelude::*;

use super::of_user;

/// Imports into libraries.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let number = |name| ColumnDef::new(name).big_integer().not_null().to_owned();
        let count = |name| ColumnDef::new(name).integer().not_null().default(0).to_owned();
        let small = |name| ColumnDef::new(name).small_integer().not_null().to_owned();
        manager
            .create_table(
                Table::create()
                    .table("library_import")
                    .col(ColumnDef::new("id").string().not_null().primary_key())
                    .col(ColumnDef::new("user").string().not_null())
                    .col(small("source"))
                    .col(small("mode"))
                    .col(ColumnDef::new("state").small_integer())
                    .col(small("audience"))
                    .col(small("status"))
                    .col(count("new"))
                    .col(count("changed"))
                    .col(count("same"))
                    .col(count("unclear"))
                    .col(count("refused"))
                    // How far it was applied: the last row.
                    .col(count("applied_upto"))
                    .col(ColumnDef::new("edit").string())
                    .col(number("made_ms"))
                    .col(number("expires_ms"))
                    .foreign_key(&mut of_user("library_import"))
                    .to_owned(),
            )
            .await?;
        let of_user =
            Index::create().name("library_import_user").table("library_import").col("user").col("id").to_owned();
        manager.create_index(of_user).await?;
        let expires =
            Index::create().name("library_import_expires").table("library_import").col("expires_ms").to_owned();
        manager.create_index(expires).await?;
        manager
            .create_table(
                Table::create()
                    .table("library_import_row")
                    .col(ColumnDef::new("import").string().not_null())
                    .col(ColumnDef::new("number").integer().not_null())
                    .col(small("outcome"))
                    .col(ColumnDef::new("title").big_integer())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("why").text().not_null())
                    // What the row says about the entry.
                    .col(ColumnDef::new("content").text().not_null())
                    .primary_key(Index::create().col("import").col("number"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("library_import_row", "import")
                            .to("library_import", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        let by_outcome = Index::create()
            .name("library_import_row_outcome")
            .table("library_import_row")
            .col("import")
            .col("outcome")
            .col("number")
            .to_owned();
        manager.create_index(by_outcome).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["library_import_row", "library_import"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
