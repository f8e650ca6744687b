//! Migrations of the catalogue's tables.

pub mod m0065_title;
pub mod m0066_title_name;
pub mod m0067_title_facts;
pub mod m0068_title_search;
pub mod m0069_title_links;
pub mod m0070_title_price;
pub mod m0071_exchange_rate;
pub mod m0074_title_discovery;

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// The column of an id that the catalogue numbers by itself. In this form SQLite takes it as the number of the row, and needs no
/// index besides.
fn id(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    if manager.get_database_backend() == DbBackend::Sqlite {
        column.integer()
    } else {
        column.big_integer()
    };
    column.not_null().to_owned()
}

/// A column whose texts are compared byte by byte on both databases, whatever the language of the server: so lists have one order.
fn ordered_text(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name).text().not_null().to_owned();
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// The reference of a table to its title, with which its rows go.
fn of_title(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, "title").to("title", "id").on_delete(ForeignKeyAction::Cascade).to_owned()
}
