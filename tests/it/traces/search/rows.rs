//! Traces that the tests insert into the database of a world.

use fastrand::Rng;

use super::WORLD;
use crate::support::{Cairn, Place};

/// A trace to insert into the database.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub kind: usize,
    pub scope: String,
    pub author: String,
    pub pos: Option<[f64; 3]>,
    pub score: f64,
    pub rank: Option<f64>,
    pub group: bool,
    pub hidden: bool,
    pub version: i32,
    pub over: bool,
}

impl Row {
    pub fn new(id: i64, kind: usize) -> Self {
        Self {
            id,
            kind,
            scope: "a".to_owned(),
            author: format!("author {id}"),
            pos: None,
            score: 0.0,
            rank: None,
            group: false,
            hidden: false,
            version: 0,
            over: false,
        }
    }

    pub fn any(id: i64, chance: &mut Rng) -> Self {
        // Coarse, so that many stand in one place of an order.
        let mut coarse = |steps: u32| f64::from(chance.u32(..steps));
        let pos = [coarse(9) - 4.0, coarse(9) - 4.0, coarse(3)];
        let (score, rank) = (coarse(5) / 5.0, coarse(30));
        let kind = chance.usize(..4);
        Self {
            kind,
            scope: ["a", "b"][chance.usize(..2)].to_owned(),
            author: format!("author {}", chance.u8(..12)),
            pos: (chance.u8(..8) > 0).then_some(pos),
            score,
            rank: (kind == 2).then_some(rank),
            group: chance.u8(..8) == 0,
            hidden: chance.u8(..8) == 0,
            version: chance.i32(0..3),
            over: chance.u8(..8) == 0,
            ..Self::new(id, kind)
        }
    }

    pub fn is_seen(&self, version: i32) -> bool {
        !self.group && !self.hidden && !self.over && self.version >= version
    }

    fn values(&self, world: i32) -> String {
        let number = |number: Option<f64>| number.map_or("NULL".to_owned(), |number| format!("{number:?}"));
        let [x, y, z] = self.pos.map_or([None; 3], |pos| pos.map(Some)).map(number);
        let group = if self.group { "'g'" } else { "NULL" };
        let over = if self.over { "1" } else { "NULL" };
        let Self { id, scope, author, score, hidden, version, .. } = self;
        let (kind, rank) = (self.kind + 1, number(self.rank));
        format!(
            "({world}, {id}, {kind}, '{scope}', '{author}', {x}, {y}, {z}, '{{}}', 1, TRUE, {score:?}, {rank}, {group}, {hidden}, {version}, {over})"
        )
    }
}

const COLUMNS: &str = "world, id, kind, scope, author, x, y, z, body, created_at_ms, minted, score, rank_value, group_key, hidden, content_version, expires_at_ms";

/// Puts traces into the world of these tests; its ids must be those that were given out.
pub async fn put(cairn: &Cairn, place: &Place, rows: &[Row]) {
    let world = cairn.world_key(WORLD).await.world();
    for some in rows.chunks(500) {
        let values: Vec<String> = some.iter().map(|row| row.values(world)).collect();
        place.execute_on(2, &format!("INSERT INTO trace ({COLUMNS}) VALUES {}", values.join(", "))).await;
    }
    let last = rows.iter().map(|row| row.id).max().unwrap();
    place.execute_on(2, &format!("UPDATE world SET seq = {last} WHERE id = {world}")).await;
}
