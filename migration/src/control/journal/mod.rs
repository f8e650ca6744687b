//! Migrations of the tables of the journal.

pub mod m0072_price_fall;
pub mod m0075_library_entry;
pub mod m0076_playthrough;
pub mod m0077_state_change;
pub mod m0078_library_count;
pub mod m0079_library_edit;
pub mod m0080_library_import;
pub mod m0085_thought;
pub mod m0086_thought_version;
pub mod m0087_thought_comment;
pub mod m0088_thought_reaction;
pub mod m0100_media;
pub mod m0101_state_change_told;
pub mod m0110_challenge;
pub mod m0111_challenge_guest;
pub mod m0112_challenge_move;
pub mod m0113_challenge_host;
pub mod m0122_save_slot;
pub mod m0123_save_keeper;
pub mod m0124_save_content;
pub mod m0125_save_version;
pub mod m0126_save_entry;
pub mod m0127_save_window;
pub mod m0128_save_change;
pub mod m0132_hidden;
pub mod m0133_moderation_case;
pub mod m0134_moderation_report;
pub mod m0135_moderation_verdict;
pub mod m0137_media_turn;

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Runs the statements of the database that it is.
async fn run(manager: &SchemaManager<'_>, sqlite: &[String], postgres: &[String]) -> Result<(), DbErr> {
    let statements = if manager.get_database_backend() == DbBackend::Postgres { postgres } else { sqlite };
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// A column whose texts are compared byte by byte on both databases, so that what is below a path follows it.
fn ordered_text(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name).text().not_null().to_owned();
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// The reference of a table to the user whose rows it holds, with whom they go.
fn of_user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, "user").to("user", "id").on_delete(ForeignKeyAction::Cascade).to_owned()
}

/// The reference of a table to the entry that its rows belong to.
fn of_entry(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, ("user", "title"))
        .to("library_entry", ("user", "title"))
        .on_delete(ForeignKeyAction::Cascade)
        .on_update(ForeignKeyAction::Cascade)
        .to_owned()
}
