//! Accounts elsewhere with which users sign in.

use sea_orm_migration::prelude::*;

/// Accounts elsewhere with which users sign in.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("user_identity", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("user_identity")
                    .col(ColumnDef::new("id").string().not_null().primary_key())
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("provider").string().not_null())
                    .col(ColumnDef::new("issuer").text().not_null())
                    .col(ColumnDef::new("subject").text().not_null())
                    .col(ColumnDef::new("email").text().not_null())
                    .col(ColumnDef::new("linked_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("used_at_ms").big_integer())
                    .foreign_key(&mut user)
                    .to_owned(),
            )
            .await?;
        let index = || Index::create().table("user_identity").unique().to_owned();
        let subject = index().name("user_identity_subject").col("issuer").col("subject").to_owned();
        manager.create_index(subject).await?;
        let provider = index().name("user_identity_user").col("user_id").col("provider").to_owned();
        manager.create_index(provider).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("user_identity").to_owned()).await
    }
}
