//! Passwords that users give to programs.

use sea_orm_migration::prelude::*;

/// Passwords that users give to programs.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("app_password", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("app_password")
                    .col(ColumnDef::new("id").string().not_null().primary_key())
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("epoch").big_integer().not_null())
                    .col(ColumnDef::new("name").string().not_null())
                    .col(ColumnDef::new("digest").binary().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("used_at_ms").big_integer())
                    .foreign_key(&mut user)
                    .to_owned(),
            )
            .await?;
        let user = Index::create().name("app_password_user").table("app_password").col("user_id").col("id").to_owned();
        manager.create_index(user).await?;
        let digest =
            Index::create().name("app_password_digest").table("app_password").col("digest").unique().to_owned();
        manager.create_index(digest).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("app_password").to_owned()).await
    }
}
