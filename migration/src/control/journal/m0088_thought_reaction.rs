//! Reactions to thoughts. Triggers keep how many a thought has, also where an account is deleted with its reactions.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Reactions to thoughts. Triggers keep how many a thought has, also where an account is deleted with its reactions.
#[derive(DeriveMigrationName)]
pub struct Migration;

const SQLITE: &str = "
CREATE TRIGGER thought_reaction_added AFTER INSERT ON thought_reaction
BEGIN UPDATE thought SET reactions = reactions + 1 WHERE id = NEW.thought; END;
CREATE TRIGGER thought_reaction_removed AFTER DELETE ON thought_reaction
BEGIN UPDATE thought SET reactions = reactions - 1 WHERE id = OLD.thought; END;";

const POSTGRES: &str = "
CREATE FUNCTION thought_reaction_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE thought SET reactions = reactions + 1 WHERE id = NEW.thought;
    ELSE
        UPDATE thought SET reactions = reactions - 1 WHERE id = OLD.thought;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER thought_reaction_counted AFTER INSERT OR DELETE ON thought_reaction
FOR EACH ROW EXECUTE FUNCTION thought_reaction_count();";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = |column: &'static str, table: &'static str| {
            ForeignKey::create()
                .from("thought_reaction", column)
                .to(table, "id")
                .on_delete(ForeignKeyAction::Cascade)
                .to_owned()
        };
        manager
            .create_table(
                Table::create()
                    .table("thought_reaction")
                    .col(ColumnDef::new("thought").big_integer().not_null())
                    .col(ColumnDef::new("user_id").string().not_null())
                    .col(ColumnDef::new("at_ms").big_integer().not_null())
                    .primary_key(Index::create().col("thought").col("user_id"))
                    .foreign_key(&mut key("thought", "thought"))
                    .foreign_key(&mut key("user_id", "user"))
                    .to_owned(),
            )
            .await?;
        let index = Index::create().name("thought_reaction_user").table("thought_reaction").col("user_id").to_owned();
        manager.create_index(index).await?;
        let triggers = if manager.get_database_backend() == DbBackend::Postgres { POSTGRES } else { SQLITE };
        manager.get_connection().execute_unprepared(triggers).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("thought_reaction").to_owned()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION thought_reaction_count()").await?;
        }
        Ok(())
    }
}
