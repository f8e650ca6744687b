//! Who has blocked whom.

use sea_orm_migration::prelude::*;

/// Who has blocked whom.
#[derive(DeriveMigrationName)]
pub struct Migration;

fn to_user(column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from("block", column).to("user", "id").on_delete(ForeignKeyAction::Cascade).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("block")
                    .col(ColumnDef::new("blocker").string().not_null())
                    .col(ColumnDef::new("blocked").string().not_null())
                    .col(ColumnDef::new("since_ms").big_integer().not_null())
                    .primary_key(Index::create().col("blocker").col("blocked"))
                    .foreign_key(&mut to_user("blocker"))
                    .foreign_key(&mut to_user("blocked"))
                    .to_owned(),
            )
            .await?;
        let blocked = Index::create().name("block_of_blocked").table("block").col("blocked").col("blocker").to_owned();
        manager.create_index(blocked).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("block").to_owned()).await
    }
}
