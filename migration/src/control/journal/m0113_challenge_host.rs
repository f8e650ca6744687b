//! How many invitations to challenges each user has sent on a day. The row is also the lock under which a host's challenges are counted.

use sea_orm_migration::prelude::*;

use super::of_user;

/// Invitations by host.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("challenge_host")
                    .col(ColumnDef::new("user").string().not_null().primary_key())
                    .col(ColumnDef::new("day").big_integer().not_null())
                    .col(ColumnDef::new("invitations").big_integer().not_null())
                    .foreign_key(&mut of_user("challenge_host"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("challenge_host").to_owned()).await
    }
}
