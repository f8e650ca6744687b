//! What edits of many entries, deletions and imports have changed, for as long as they can be undone.

use sea_orm_migration::prelude::*;

use super::of_user;

/// What edits have changed.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let number = |name| ColumnDef::new(name).big_integer().not_null().to_owned();
        manager
            .create_table(
                Table::create()
                    .table("library_edit")
                    .col(ColumnDef::new("id").string().not_null().primary_key())
                    .col(ColumnDef::new("user").string().not_null())
                    .col(number("expires_ms"))
                    // How far it was undone: the last title.
                    .col(ColumnDef::new("undone_upto").big_integer())
                    .col(ColumnDef::new("restored").big_integer().not_null().default(0))
                    .col(ColumnDef::new("kept").big_integer().not_null().default(0))
                    .foreign_key(&mut of_user("library_edit"))
                    .to_owned(),
            )
            .await?;
        for (name, column) in [("library_edit_user", "user"), ("library_edit_expires", "expires_ms")] {
            manager.create_index(Index::create().name(name).table("library_edit").col(column).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("library_edit_row")
                    .col(ColumnDef::new("edit").string().not_null())
                    .col(number("title"))
                    // The entry as it was; nothing where there was none.
                    .col(ColumnDef::new("before").text())
                    // The revision that the edit gave it; nothing where it has removed it.
                    .col(ColumnDef::new("revision").big_integer())
                    .primary_key(Index::create().col("edit").col("title"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("library_edit_row", "edit")
                            .to("library_edit", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["library_edit_row", "library_edit"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
