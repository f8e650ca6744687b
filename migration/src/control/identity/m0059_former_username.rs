//! Usernames that were given up a while ago: nobody else may take them yet.

use sea_orm_migration::prelude::*;

/// Usernames that were given up a while ago.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("former_username", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("former_username")
                    .col(ColumnDef::new("username_key").string().not_null().primary_key())
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("until_ms").big_integer().not_null())
                    .foreign_key(&mut user)
                    .to_owned(),
            )
            .await?;
        let of_user = Index::create().name("former_username_user").table("former_username").col("user_id").to_owned();
        manager.create_index(of_user).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("former_username").to_owned()).await
    }
}
