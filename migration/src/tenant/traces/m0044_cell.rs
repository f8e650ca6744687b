//! The cell of space that a trace is in, from its position: the bits of its three coordinates, interleaved (a Z-order curve), so
//! that every cube of a power of two is one range of an index. It takes the place of the index on one coordinate, by which a search
//! read a slice of the whole scope. A coordinate has 20 bits, so the smallest cell is some 19 units wide.
//!
//! The column is generated: PostgreSQL stores it, and SQLite, which can't add a stored one, computes it for the index.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// The cell of space that a trace is in.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Coordinates are within ±1e7; this factor takes them to less than 2^20.
const STEPS: &str = "0.0524287";

/// Bits that one [`spread`] takes; a coordinate has twice as many.
const HALF: u32 = 10;

/// The steps that put ten bits three places apart: a factor adds a copy that is shifted so far that no bits meet, and a mask keeps
/// the half of each group of bits that is in its place. It is written as products, because each use of a generated column's parts
/// is computed anew, for every row that is added or removed.
const STEPS_APART: [(u32, u32); 4] =
    [(0x1_0001, 0x0300_00ff), (0x101, 0x0300_f00f), (0x11, 0x030c_30c3), (0x5, 0x0924_9249)];

fn spread(ten_bits: &str) -> String {
    let step = |bits: String, (factor, mask): &(u32, u32)| format!("(({bits} * {factor}) & {mask})");
    STEPS_APART.iter().fold(format!("({ten_bits})"), step)
}

fn cell(backend: DbBackend) -> String {
    let mut parts = Vec::new();
    for (coordinate, place) in ["x", "y", "z"].into_iter().zip([2, 1, 0]) {
        let steps = format!("({coordinate} + 10000000.0) * {STEPS}");
        let whole = match backend {
            DbBackend::Postgres => format!("CAST(floor({steps}) AS bigint)"),
            // The cast truncates, and the number is not negative.
            _ => format!("CAST({steps} AS integer)"),
        };
        let (low, high) = (spread(&format!("{whole} & {}", (1 << HALF) - 1)), spread(&format!("{whole} >> {HALF}")));
        parts.push(format!("({low} << {place})"));
        parts.push(format!("({high} << {})", 3 * HALF + place));
    }
    parts.join(" | ")
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let kept = if backend == DbBackend::Postgres { "STORED" } else { "VIRTUAL" };
        let cell = cell(backend);
        let connection = manager.get_connection();
        let add = format!(r#"ALTER TABLE "trace" ADD COLUMN "cell" bigint GENERATED ALWAYS AS ({cell}) {kept}"#);
        connection.execute_unprepared(&add).await?;
        connection.execute_unprepared(r#"DROP INDEX "trace_near""#).await?;
        let index = r#"CREATE INDEX "trace_cell" ON "trace" ("world", "scope", "kind", "cell") WHERE "x" IS NOT NULL"#;
        connection.execute_unprepared(index).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared(r#"DROP INDEX "trace_cell""#).await?;
        let index = r#"CREATE INDEX "trace_near" ON "trace" ("world", "scope", "kind", "x") WHERE "x" IS NOT NULL"#;
        connection.execute_unprepared(index).await?;
        connection.execute_unprepared(r#"ALTER TABLE "trace" DROP COLUMN "cell""#).await.map(drop)
    }
}
