//! Members of studios, with their roles.

use sea_orm_migration::prelude::*;

/// Members of studios, with their roles.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut studio = ForeignKey::create()
            .from("member", "studio")
            .to("studio", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        // No cascade: deleting an account ends its memberships first, and checks that no studio loses its last owner.
        let mut user = ForeignKey::create().from("member", "user").to("user", "id").to_owned();
        manager
            .create_table(
                Table::create()
                    .table("member")
                    .col(ColumnDef::new("studio").integer().not_null())
                    .col(ColumnDef::new("user").string().not_null())
                    .col(ColumnDef::new("role").text().not_null())
                    .col(ColumnDef::new("since_ms").big_integer().not_null())
                    .primary_key(Index::create().col("studio").col("user"))
                    .foreign_key(&mut studio)
                    .foreign_key(&mut user)
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("member_user").table("member").col("user").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("member").to_owned()).await
    }
}
