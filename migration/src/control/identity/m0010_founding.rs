//! A studio's title, and the user who created it.

use sea_orm_migration::prelude::*;

/// A studio's title, and the user who created it.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = |column: &mut ColumnDef| Table::alter().table("studio").add_column(column).to_owned();
        manager.alter_table(add(ColumnDef::new("title").text().not_null().default(""))).await?;
        manager.alter_table(add(&mut ColumnDef::new("founder").string().to_owned())).await?;
        manager.create_index(Index::create().name("studio_founder").table("studio").col("founder").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("studio_founder").table("studio").to_owned()).await?;
        for column in ["founder", "title"] {
            manager.alter_table(Table::alter().table("studio").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
