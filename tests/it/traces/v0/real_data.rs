//! Real traces, where they are available: beside the repository, in `shared/data`.

use std::{path::PathBuf, process::Command, time::Instant};

use cairn_test_macros::cairn_test;
use serde_json::Value;

use crate::support::{Cairn, each};

/// Bodies made of real messages and runs; none where the data is not there.
fn real_requests(count: usize) -> Option<Vec<String>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let script = format!(
        "python3 to_native.py seed demons_souls_messages.ndjson.gz phantoms_supertuxkart.ndjson.gz 2>/dev/null | head -n {count}"
    );
    if !folder.join("to_native.py").exists() {
        println!("skipped: the real data is not there");
        return None;
    }
    let output = Command::new("sh").args(["-c", &script]).current_dir(folder).output().unwrap();
    let lines: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), count);
    Some(lines)
}

#[cairn_test]
async fn a_thousand_real_bodies_are_taken_and_the_newest_come_back_as_sent(cairn: &Cairn) {
    let Some(bodies) = real_requests(1000) else { return };
    let began = Instant::now();
    let shares = bodies.chunks(bodies.len().div_ceil(32));
    futures_util::future::join_all(shares.map(async |share| {
        for body in share {
            let answer = cairn.post(body.clone()).send().await.unwrap();
            assert_eq!(answer.status(), 201);
        }
    }))
    .await;
    println!("1,000 real bodies over 32 connections: {:?}", began.elapsed());
    let world = cairn.world().await;
    let sent: Vec<Value> = bodies.iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    for (list, member, count) in [("objects", "obj", 200), ("messages", "message", 200), ("phantoms", "phantom", 20)] {
        let rows = world[list].as_array().unwrap();
        assert_eq!(rows.len(), count);
        let ids: Vec<i64> = each(&world, list, "id").iter().map(|id| id.as_i64().unwrap()).collect();
        assert!(ids.is_sorted_by(|newer, older| newer > older));
        for row in rows {
            let mut row = row.clone();
            row.as_object_mut().unwrap().remove("id");
            assert!(sent.iter().any(|body| body[member] == row), "{row}");
        }
    }
}
