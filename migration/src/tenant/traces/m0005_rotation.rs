//! The rotation of a trace, as a quaternion.

use sea_orm_migration::prelude::*;

/// The rotation of a trace, as a quaternion.
#[derive(DeriveMigrationName)]
pub struct Migration;

const PARTS: [&str; 4] = ["qx", "qy", "qz", "qw"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for part in PARTS {
            let add = Table::alter().table("trace").add_column(ColumnDef::new(part).double()).to_owned();
            manager.alter_table(add).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for part in PARTS {
            manager.alter_table(Table::alter().table("trace").drop_column(part).to_owned()).await?;
        }
        Ok(())
    }
}
