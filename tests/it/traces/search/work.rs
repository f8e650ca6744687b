//! The cost of queries: rows and time, whatever the size of the scope.

use std::time::{Duration, Instant};

use cairn_test_macros::cairn_test;
use serde_json::{Value, json};

use super::{
    items,
    rows::{Row, put},
};
use crate::support::{Cairn, Place, eventually, game_client::GameClient};

#[cairn_test]
async fn the_cost_of_a_query_does_not_grow_with_the_scope(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, _) = GameClient::two(&cairn).await;
    let rows: Vec<Row> = (1..=100)
        .map(|id| {
            let near = f64::from(i32::try_from(id).unwrap());
            Row {
                pos: Some([near, 0.0, 0.0]),
                rank: (id % 2 == 0).then_some(near),
                score: 0.5,
                author: ann.id.clone(),
                ..Row::new(20_000 + id, if id % 2 == 0 { 2 } else { 1 })
            }
        })
        .collect();
    // Older, far away, of other kinds, groups and versions, slower, without votes.
    let others: Vec<Row> = (1..=20_000)
        .map(|id| {
            let far = 1000.0 + f64::from(i32::try_from(id).unwrap());
            let kind = usize::try_from(id % 4).unwrap();
            let rank = (kind == 2).then_some(far);
            Row { pos: Some([far, 0.0, 0.0]), rank, group: id % 3 == 0, hidden: id % 7 == 0, ..Row::new(id, kind) }
        })
        .collect();
    let questions = [
        json!({"scopes": ["a"], "kinds": ["message", "phantom"]}),
        json!({"scopes": ["a"], "mode": "top"}),
        json!({"scopes": ["a"], "mode": "near", "near": [50, 0, 0], "radius": 20}),
        json!({"scopes": ["a"], "mode": "ahead", "rank_value": 50, "behind": 10, "ahead": 10}),
        json!({"scopes": ["a"], "mode": "ahead", "rank_value": 50, "ahead": 10, "best_per_author": true}),
        json!({"mode": "own", "limit": 50}),
    ];
    put(&cairn, place, &rows).await;
    let few = work(None, &ann, &questions).await;
    put(&cairn, place, &others).await;
    place.execute_on(2, "UPDATE world SET seq = 20100").await;
    place.execute_on(2, "ANALYZE trace").await;
    let many = work(place.database_url.is_some().then_some(place), &ann, &questions).await;
    for ((question, few), many) in questions.iter().zip(&few).zip(&many) {
        println!("{question}: {:?} with 100 there; {:?} and {} rows with 20,100", few.median, many.median, many.rows);
        assert_eq!(few.answer, many.answer, "{question}");
        // Of 20,100, or of the pages that hold them.
        assert!(many.rows <= 3_000, "{question}: {} rows", many.rows);
        assert!(
            many.median <= few.median * 4 + Duration::from_millis(6),
            "{question}: {:?}, {:?}",
            few.median,
            many.median
        );
    }
    cairn.stop().await;
}

/// The cost of a query.
#[derive(Debug)]
struct Work {
    answer: Vec<i64>,
    median: Duration,
    /// Rows that PostgreSQL read, of tables and indexes, for one answer.
    rows: i64,
}

/// The cost of each query; with a place on PostgreSQL, also in rows.
async fn work(place: Option<&Place>, player: &GameClient<'_>, questions: &[Value]) -> Vec<Work> {
    const TIMES: i64 = 20;
    let mut works = Vec::new();
    for question in questions {
        let answer = items(&player.ask(question).await);
        let before = match place {
            Some(place) => Some((place, counted(place).await)),
            None => None,
        };
        let mut took = Vec::new();
        for _ in 0..TIMES {
            let began = Instant::now();
            player.ask(question).await;
            took.push(began.elapsed());
        }
        took.sort();
        let mut rows = 0;
        if let Some((place, [read, done])) = before {
            // Each connection tells what it has counted with the first statement after a second.
            let mut now = [0; 2];
            eventually("PostgreSQL has counted", async || {
                tokio::time::sleep(Duration::from_millis(200)).await;
                player.ask(question).await;
                now = counted(place).await;
                now[1] - done >= TIMES
            })
            .await;
            rows = (now[0] - read) / TIMES;
        }
        works.push(Work { answer, median: took[took.len() / 2], rows });
    }
    works
}

/// Rows of traces that PostgreSQL has read, and questions after worlds.
async fn counted(place: &Place) -> [i64; 2] {
    let rows = "SELECT (coalesce(sum(idx_tup_read), 0) + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE schemaname = 'studio_2' AND relname = 'trace'))::bigint FROM pg_stat_user_indexes WHERE schemaname = 'studio_2' AND relname = 'trace'";
    let done = "SELECT (seq_scan + coalesce(idx_scan, 0))::bigint FROM pg_stat_user_tables WHERE schemaname = 'studio_2' AND relname = 'world'";
    [place.numbers_on(2, rows).await[0], place.numbers_on(2, done).await[0]]
}
