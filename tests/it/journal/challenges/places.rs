//! The last place of a gathering, which many want at the same moment; also where the server is killed meanwhile.

use std::{collections::BTreeSet, time::Duration};

use cairn_test_macros::cairn_test;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{super::Gamer, gathering, path};
use crate::support::{
    Cairn, Place, http,
    process::{Process, cairn},
    white_box::Relations,
};

const CLIENTS: usize = 16;

/// Asserts that one has the place, and the others wait, each at another position.
fn one_has_the_place(guests: &[(String, Option<u64>)]) {
    let with = |wanted: &str| guests.iter().filter(|(state, _)| state == wanted).count();
    assert_eq!((with("accepted"), with("waiting")), (1, CLIENTS - 1), "{guests:?}");
    let positions: BTreeSet<u64> = guests.iter().filter_map(|(_, position)| *position).collect();
    let expected: BTreeSet<u64> = (1..=u64::try_from(CLIENTS - 1).unwrap()).collect();
    assert_eq!(positions, expected, "they wait in order: {guests:?}");
}

fn own(challenge: &Value) -> (String, Option<u64>) {
    (challenge["you"]["state"].as_str().unwrap_or("none").to_owned(), challenge["you"]["position"].as_u64())
}

#[cairn_test]
async fn of_16_who_want_the_last_place_one_has_it_and_the_others_wait_in_order(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let ann = Gamer::new(&server, place, "ann").await;
    let game = server.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let path = path(&gathering(&ann, game, json!({"audience": "public", "capacity": 1})).await);
    let people = Relations(place);
    let mut tokens = Vec::new();
    for number in 0..CLIENTS {
        tokens.push(people.signed_in(&format!("guest{number}"), 1).await);
    }
    let guests: Vec<Gamer<'_>> =
        tokens.into_iter().map(|token| Gamer::known(&server, (String::new(), Some(token)))).collect();
    join_all(guests.iter().map(|guest| guest.accepts(&path))).await;
    let seen = join_all(guests.iter().map(|guest| guest.get(&path))).await;
    one_has_the_place(&seen.iter().map(|(_, challenge)| own(challenge)).collect::<Vec<_>>());
    // The order in which they are asked is that of their positions.
    let first = seen.iter().position(|(_, challenge)| challenge["you"]["position"] == 1).unwrap();
    let holder = seen.iter().position(|(_, challenge)| challenge["you"]["state"] == "accepted").unwrap();
    guests[holder].declines(&path).await;
    assert_eq!(guests[first].state(&path).await, "pending");
    server.stop().await;
}

/// Accepts until it is known that it was done, whatever becomes of the server.
async fn insist(client: &http::Client, base: &tokio::sync::watch::Receiver<String>, path: &str, token: &str) {
    loop {
        let url = format!("{}/api{path}", base.borrow().clone());
        let accept = client.post(format!("{url}/moves")).bearer_auth(token).header("Content-Type", "application/json");
        let _may_be_killed = accept.body(r#"{"action":"accept"}"#).send().await;
        if let Ok(answer) = client.get(&url).bearer_auth(token).send().await
            && let Ok(bytes) = answer.bytes().await
            && let Ok(challenge) = serde_json::from_slice::<Value>(&bytes)
            && ["accepted", "waiting"].contains(&own(&challenge).0.as_str())
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[cairn_test]
async fn nobody_has_the_last_place_twice_although_the_server_is_killed(place: &Place) {
    let server = Cairn::start(place, &[]).await;
    let ann = Gamer::new(&server, place, "ann").await;
    let game = server.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let path = path(&gathering(&ann, game, json!({"audience": "public", "capacity": 1})).await);
    let people = Relations(place);
    let mut tokens = Vec::new();
    for number in 0..CLIENTS {
        tokens.push(people.signed_in(&format!("guest{number}"), 1).await);
    }
    server.stop().await;
    let start = || {
        let mut command = cairn(place, &[]);
        command.env("CAIRN_JOB_LEASE_SECS", "1");
        Process::start(command)
    };
    let (client, mut process) = (http::Client::new(), start());
    let (told, base) = tokio::sync::watch::channel(process.base.clone());
    let all = async { join_all(tokens.iter().map(|token| insist(&client, &base, &path, token))).await };
    let mut all = std::pin::pin!(all);
    let mut kills = 0;
    loop {
        // The moment is what is random here.
        let moment = Duration::from_millis(fastrand::u64(1..25));
        let is_done = tokio::time::timeout(moment, &mut all).await.is_ok();
        if is_done {
            break;
        }
        process.signal("KILL");
        process.wait();
        kills += 1;
        process = start();
        told.send_replace(process.base.clone());
        if kills == 6 {
            all.as_mut().await;
            break;
        }
    }
    let mut seen = Vec::new();
    for token in &tokens {
        let answer = client.get(format!("{}/api{path}", process.base)).bearer_auth(token).send().await.unwrap();
        seen.push(own(&serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()));
    }
    one_has_the_place(&seen);
    println!("{kills} kills");
    assert!(kills > 0, "the server was killed");
    let counted = place.control_texts("SELECT user_id FROM challenge_guest").await;
    assert_eq!(counted.len(), CLIENTS, "each is a guest once");
    process.signal("TERM");
    process.wait();
}
