//! A world's guard: it is raised whenever it changes who may write there. A writer that checked the bans before its statement
//! names the guard that it saw, and the statement stores nothing if there is another by now. 0: nobody was ever banned.

use sea_orm_migration::prelude::*;

/// A world's guard, which is raised whenever it changes who may write there.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let guard = ColumnDef::new("guard").big_integer().not_null().default(0).to_owned();
        manager.alter_table(Table::alter().table("world").add_column(guard).to_owned()).await?;
        let banned = Query::select().column("world").from("ban").to_owned();
        let raise =
            Query::update().table("world").value("guard", 1).and_where(Expr::col("id").in_subquery(banned)).to_owned();
        manager.execute(raise).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("world").drop_column("guard").to_owned()).await
    }
}
