//! Invitations to become a member of a studio.

use sea_orm_migration::prelude::*;

/// Invitations to become a member of a studio.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut studio = ForeignKey::create()
            .from("invitation", "studio")
            .to("studio", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("invitation")
                    .col(ColumnDef::new("id").string().not_null().primary_key())
                    .col(ColumnDef::new("studio").integer().not_null())
                    .col(ColumnDef::new("email").text().not_null())
                    .col(ColumnDef::new("email_key").string().not_null())
                    .col(ColumnDef::new("role").text().not_null())
                    .col(ColumnDef::new("digest").blob().not_null().unique_key())
                    .col(ColumnDef::new("invited_by").string().not_null())
                    .col(ColumnDef::new("created_at_ms").big_integer().not_null())
                    .col(ColumnDef::new("expires_at_ms").big_integer().not_null())
                    .foreign_key(&mut studio)
                    .to_owned(),
            )
            .await?;
        let of_address = Index::create()
            .name("invitation_email_key")
            .table("invitation")
            .col("studio")
            .col("email_key")
            .unique()
            .to_owned();
        manager.create_index(of_address).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("invitation").to_owned()).await
    }
}
