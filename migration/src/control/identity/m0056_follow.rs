//! Who follows whom.

use sea_orm_migration::prelude::*;

/// Who follows whom.
#[derive(DeriveMigrationName)]
pub struct Migration;

fn to_user(column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from("follow", column).to("user", "id").on_delete(ForeignKeyAction::Cascade).to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("follow")
                    .col(ColumnDef::new("follower").string().not_null())
                    .col(ColumnDef::new("followed").string().not_null())
                    .col(ColumnDef::new("since_ms").big_integer().not_null())
                    .primary_key(Index::create().col("follower").col("followed"))
                    .foreign_key(&mut to_user("follower"))
                    .foreign_key(&mut to_user("followed"))
                    .to_owned(),
            )
            .await?;
        for (name, of, other) in
            [("follow_of_follower", "follower", "followed"), ("follow_of_followed", "followed", "follower")]
        {
            let index = Index::create().name(name).table("follow").col(of).col("since_ms").col(other).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("follow").to_owned()).await
    }
}
