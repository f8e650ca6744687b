//! Where people say that they are: a cell of a grid, never a point; and which cells are crowded.

use sea_orm_migration::prelude::*;

/// Where people say that they are.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut user = ForeignKey::create()
            .from("place", "user_id")
            .to("user", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned();
        manager
            .create_table(
                Table::create()
                    .table("place")
                    .col(ColumnDef::new("user_id").string().not_null().primary_key())
                    .col(ColumnDef::new("cell").big_integer())
                    .col(ColumnDef::new("audience").small_integer().not_null())
                    .col(ColumnDef::new("changed_at_ms").big_integer().not_null())
                    .foreign_key(&mut user)
                    .to_owned(),
            )
            .await?;
        let by_cell = Index::create().name("place_cell_user").table("place").col("cell").col("user_id").to_owned();
        manager.create_index(by_cell).await?;
        manager
            .create_table(
                Table::create()
                    .table("place_cell")
                    .col(ColumnDef::new("cell").big_integer().not_null().primary_key())
                    .col(ColumnDef::new("region").big_integer().not_null())
                    .col(ColumnDef::new("crowded").boolean().not_null().default(false))
                    .to_owned(),
            )
            .await?;
        let by_region =
            Index::create().name("place_cell_region").table("place_cell").col("region").col("cell").to_owned();
        manager.create_index(by_region).await?;
        manager
            .create_table(
                Table::create()
                    .table("place_count")
                    .col(ColumnDef::new("id").integer().not_null().primary_key())
                    .col(ColumnDef::new("day").big_integer().not_null())
                    .to_owned(),
            )
            .await?;
        let never = Query::insert()
            .into_table("place_count")
            .columns(["id", "day"])
            .values_panic([1.into(), 0.into()])
            .to_owned();
        manager.execute(never).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["place_count", "place_cell", "place"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
