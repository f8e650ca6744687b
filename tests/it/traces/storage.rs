//! How much worlds and studios store, and who pays for it: exact counts, bounds, and limits of bytes a day.

use std::{io::Read, path::Path, time::Duration};

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use flate2::{Compression, read::GzEncoder};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Cairn, Place, eventually,
    game_client::GameClient,
    keys::{admin, decide},
    mail::Mailbox,
    person::Person,
    process,
};

const WORLD: &str = "moss/climb/live";

/// Numbers that look random, the same in each run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 24
    }

    /// A v0 request that leaves a message and a phantom of so many frames in a scope of their own.
    fn in_a_new_scope(&mut self, frames: usize) -> Value {
        let scope = format!("{:x}", self.next());
        self.message_and_phantom(&scope, frames)
    }

    /// A v0 request that leaves a message and a phantom of so many frames in a scope.
    fn message_and_phantom(&mut self, scope: &str, frames: usize) -> Value {
        let mut triple = || {
            let [x, y, z] = [(); 3].map(|()| self.next() % 1_000_000);
            format!("{x}.{y},{y}.{z},{z}.{x}")
        };
        let data: Vec<Value> = (0..frames).map(|_| json!([triple(), triple()])).collect();
        let author = format!("{:x}", self.next());
        json!({
            "message": {"u_uuid": author, "part1": "try", "part2": "climbing", "part3": "here", "m_pos": "1,2,3"},
            "phantom": {"u_uuid": author, "data": data},
            "scope": scope
        })
    }
}

async fn post(cairn: &Cairn, key: &str, body: &Value) -> (u16, Value) {
    let answer = cairn.post(body.to_string()).header("X-API-Key", key).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
}

/// What is stored, from the rows themselves: bytes and scopes of all worlds of the second studio.
async fn counted(place: &Place) -> [i64; 2] {
    let len = |column: &str| match &place.database_url {
        Some(_) => format!("coalesce(octet_length({column}), 0)"),
        None => format!("coalesce(length(CAST({column} AS BLOB)), 0)"),
    };
    let pages = |beside: i64, bytes: String| {
        format!(
            "{beside} + {bytes} / 16 + CASE WHEN {bytes} <= 4096 THEN 4096 / (4096 / {bytes}) \
             ELSE ({bytes} + 4095) / 4096 * 4096 END"
        )
    };
    let [body, detail, source] = ["body", "detail", "source_id"].map(len);
    let [author, scope, frames, look] = ["author", "scope", "bytes", "look"].map(len);
    let tables = [
        ("trace", format!("500 + 2 * {author} + 4 * {scope} + {body} + {detail} + 2 * {source}")),
        ("stored_scope", format!("200 + 2 * {scope}")),
        ("recording", pages(250, format!("({frames} + {look} + 150)"))),
        ("upload", pages(500, format!("({frames} + {look} + 400)"))),
        ("idempotency", "900".to_owned()),
        ("trace_ref", "600".to_owned()),
        ("vote", "250".to_owned()),
        ("trace_use", "250".to_owned()),
        ("inbox", "400".to_owned()),
        ("report", "900".to_owned()),
        ("reporter", "250".to_owned()),
        ("change", "350".to_owned()),
        ("player", "400".to_owned()),
        ("player_token", "450".to_owned()),
        ("hidden_author", "300".to_owned()),
    ];
    let mut bytes = 0;
    for (table, charge) in tables {
        let sum = format!("SELECT CAST(coalesce(sum({charge}), 0) AS bigint) FROM {table}");
        bytes += place.numbers_on(2, &sum).await[0];
    }
    let scopes = "SELECT count(*) FROM (SELECT DISTINCT world, scope FROM trace) AS scopes";
    [bytes, place.numbers_on(2, scopes).await[0]]
}

/// What is stored, as it is kept.
async fn kept(place: &Place) -> [i64; 2] {
    let sum = |column: &str| format!("SELECT CAST(sum({column}) AS bigint) FROM storage_use");
    [place.numbers_on(2, &sum("bytes")).await[0], place.numbers_on(2, &sum("scopes")).await[0]]
}

#[cairn_test]
async fn what_is_stored_is_exact_whatever_was_left_changed_and_removed(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, ben) = GameClient::two(&cairn).await;
    let mut random = Random(1);
    for turn in 0..6 {
        let scope = format!("scope é {}", turn % 3);
        assert_eq!(post(&cairn, &ann.key, &random.message_and_phantom(&scope, 40 * turn + 1)).await.0, 201);
    }
    let again = || {
        let body = Random(9).message_and_phantom("again", 3);
        cairn.post(body.to_string()).header("X-API-Key", &ann.key).header("Idempotency-Key", "one")
    };
    for _ in 0..2 {
        assert_eq!(again().send().await.unwrap().status(), 201);
    }
    assert_eq!(kept(place).await, counted(place).await, "after v0 requests");
    assert_eq!(kept(place).await[1], 4);

    let message = |scope: &str, text: &str| json!({"kind": "message", "scope": scope, "text": [text]});
    let recording = json!({"t_ms": [0, 100, 200], "pos": [1, 0, 5, 2, 0, 6, 3, 0, 7]});
    let phantom = json!({"kind": "phantom", "scope": "run", "recording": recording});
    let own = ann.leave_one(message("hall", "short")).await;
    let gone = ann.leave_one(message("cellar", "nobody comes here")).await;
    ann.leave_one(phantom).await;
    let (status, _) = ann.send(Method::POST, "/v1/recordings", Some(recording)).await;
    assert_eq!(status, 201);
    let vote = format!("/v1/traces/{own}/vote");
    assert_eq!(ben.send(Method::PUT, &vote, Some(json!({"vote": "good"}))).await.0, 200);
    assert_eq!(ben.send(Method::POST, &format!("/v1/traces/{own}/uses"), None).await.0, 204);
    let report = Some(json!({"reason": "abuse", "note": "it names me"}));
    assert_eq!(ben.send(Method::PUT, &format!("/v1/traces/{own}/report"), report).await.0, 204);
    let hide = format!("/v1/players/me/hidden/{}", ann.id);
    assert_eq!(ben.send(Method::PUT, &hide, None).await.0, 204);
    assert_eq!(kept(place).await, counted(place).await, "after /v1");
    let longer = json!({"revision": 1, "text": ["much longer words, which take more room than those before"]});
    assert_eq!(ann.send(Method::PATCH, &format!("/v1/traces/{own}"), Some(longer)).await.0, 200);
    assert_eq!(kept(place).await, counted(place).await, "after a change");
    let scopes = kept(place).await[1];
    assert_eq!(ann.send(Method::DELETE, &format!("/v1/traces/{gone}"), None).await.0, 204);
    assert_eq!(kept(place).await, counted(place).await, "after a withdrawal");
    assert_eq!(kept(place).await[1], scopes - 1, "a scope without traces is none");
    for _ in 0..12 {
        ann.leave_one(message("hall", "evicts the oldest")).await;
    }
    assert_eq!(kept(place).await, counted(place).await, "after evictions");

    let key = admin(&cairn, WORLD).await;
    let exported = cairn.get_with(&key, "/v1/traces/export").send().await.unwrap().text().await.unwrap();
    let other = admin(&cairn, "moss/dive/live").await;
    let import = cairn.http.post(format!("{}/v1/traces/import", cairn.base)).header("X-API-Key", &other);
    assert_eq!(
        import.header("Content-Type", "application/x-ndjson").body(exported).send().await.unwrap().status(),
        200
    );
    assert_eq!(kept(place).await, counted(place).await, "after an import");
    place.execute_on(2, "DELETE FROM trace WHERE kind = 2").await;
    assert_eq!(kept(place).await, counted(place).await, "after what no transaction of ours has done");
    cairn.stop().await;
}

#[cairn_test]
async fn random_phantoms_in_ever_new_scopes_fill_a_world_to_its_bound_and_no_further(place: &Place) {
    let bound = 600_000;
    let cairn = Cairn::start(place, &[("CAIRN_WORLD_BYTES", "600000"), ("CAIRN_STUDIO_BYTES", "0")]).await;
    let key = cairn.game_key(WORLD).await;
    let mut random = Random(7);
    let (mut stored, mut refused) = (0, 0);
    for turn in 0..120 {
        let body = random.in_a_new_scope(200).to_string();
        let mut request = cairn.post(body.clone()).header("X-API-Key", &key);
        if turn % 2 == 0 {
            let mut zipped = Vec::new();
            GzEncoder::new(body.as_bytes(), Compression::best()).read_to_end(&mut zipped).unwrap();
            request = request.header("Content-Encoding", "gzip").body(zipped);
        }
        let answer = request.send().await.unwrap();
        if answer.status() == 201 {
            stored += 1;
        } else {
            assert_eq!(answer.status(), 409);
            assert_eq!(answer.json::<Value>().await.unwrap()["code"], "quota_full");
            refused += 1;
        }
        assert!(kept(place).await[0] <= bound, "{turn}");
    }
    assert!(stored > 20 && refused > 20, "{stored} stored, {refused} refused");
    // Fifteen sixteenths are for traces, less than one request of them is left.
    assert!(kept(place).await[0] > bound * 15 / 16 - 20_000, "{:?}", kept(place).await);
    assert_eq!(kept(place).await, counted(place).await);

    let (other, small) = (cairn.game_key("fern/walk/live").await, random.message_and_phantom("", 5));
    assert_eq!(post(&cairn, &other, &small).await.0, 201, "another studio has its own room");
    cairn.stop().await;
}

#[cairn_test]
async fn where_a_world_is_full_a_scopes_oldest_give_way_unless_the_game_rejects(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_WORLD_BYTES", "300000"), ("CAIRN_STUDIO_BYTES", "0")]).await;
    let key = cairn.game_key(WORLD).await;
    let mut random = Random(3);
    for turn in 0..80 {
        assert_eq!(post(&cairn, &key, &random.message_and_phantom("hall", 200)).await.0, 201, "{turn}");
    }
    assert!(kept(place).await[0] <= 300_000);
    let view: Value = cairn.get_with(&key, "/get-objects?scope=hall").send().await.unwrap().json().await.unwrap();
    let ids: Vec<i64> = view["phantoms"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
    let oldest = place.numbers_on(2, "SELECT min(id) FROM trace WHERE kind = 3").await[0];
    assert!(ids.contains(&160) || ids.iter().max() > Some(&160), "the newest are there: {ids:?}");
    assert!(oldest > 50, "the oldest gave way: {oldest}");
    assert_eq!(kept(place).await, counted(place).await);

    let body = Random(5).message_and_phantom("hall", 200);
    let send = || cairn.post(body.to_string()).header("X-API-Key", &key).header("Idempotency-Key", "once").send();
    let before = place.numbers_on(2, "SELECT count(*) FROM trace").await;
    assert_eq!(send().await.unwrap().status(), 201);
    let after = place.numbers_on(2, "SELECT max(id) FROM trace").await;
    assert_eq!(send().await.unwrap().status(), 201, "the same request again");
    assert_eq!(place.numbers_on(2, "SELECT max(id) FROM trace").await, after, "is not stored twice");

    decide(&cairn, WORLD, &json!({"kinds": [{"kind": "phantom", "on_quota": "reject"}]})).await;
    eventually("phantoms are rejected", async || {
        post(&cairn, &key, &random.message_and_phantom("hall", 200)).await.0 == 409
    })
    .await;
    let kept_count = place.numbers_on(2, "SELECT count(*) FROM trace").await;
    let (status, problem) = post(&cairn, &key, &random.message_and_phantom("hall", 200)).await;
    assert_eq!((status, &problem["code"]), (409, &json!("quota_full")));
    assert_eq!(
        place.numbers_on(2, "SELECT count(*) FROM trace").await,
        kept_count,
        "nothing is removed for what is refused"
    );
    assert!(before[0] > 10);
    cairn.stop().await;
}

#[cairn_test]
async fn a_players_own_oldest_of_the_kind_give_way_first(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_WORLD_BYTES", "100000"), ("CAIRN_STUDIO_BYTES", "0")]).await;
    let (ann, ben) = GameClient::two(&cairn).await;
    let message = |scope: String| json!({"kind": "message", "scope": scope, "text": ["x".repeat(500)]});
    let anns = ann.leave_one(message("hall".to_owned())).await;
    for _ in 0..4 {
        ann.leave_one(message("hall".to_owned())).await;
    }
    let object = json!({"kind": "object", "scope": "hall", "type": "torch", "pos": [1, 2, 3]});
    let torch = ben.leave_one(object.clone()).await;
    let mut bens = Vec::new();
    let evicted = loop {
        let left = ben.leave(json!([message(format!("scope {}", bens.len()))])).await;
        assert_eq!(left[0]["status"], 201, "{left:?}");
        bens.push(left[0]["id"].clone());
        if let Some(evicted) = left[0].get("evicted") {
            break evicted.clone();
        }
        assert!(bens.len() < 90, "nothing gave way: {:?}", kept(place).await);
    };
    assert_eq!(evicted[0], bens[0], "ben's oldest message, in another scope");
    for id in [&anns, &torch] {
        assert_eq!(ann.send(Method::GET, &format!("/v1/traces/{id}"), None).await.0, 200, "{id}");
    }
    let big = json!({"kind": "object", "scope": "hall", "type": "torch", "pos": [1, 2, 3], "data": "y".repeat(3000)});
    let refused = ben.leave(json!([big])).await;
    assert_eq!(
        (&refused[0]["status"], &refused[0]["code"]),
        (&json!(409), &json!("quota_full")),
        "objects are rejected"
    );
    let longer = json!({"revision": 1, "text": ["z".repeat(1000), "z".repeat(1000)]});
    let (status, problem) = ann.send(Method::PATCH, &format!("/v1/traces/{anns}"), Some(longer)).await;
    assert_eq!((status, &problem["code"]), (409, &json!("quota_full")), "{problem}");
    assert_eq!(problem["current"]["revision"], 1);
    let carla = GameClient::with(&cairn, &ann.key).await;
    let refused = carla.leave(json!([message("a new scope".to_owned())])).await;
    assert_eq!(refused[0]["code"], "quota_full", "nothing there gives way to a player who has left nothing");
    assert_eq!(
        carla.leave(json!([message("hall".to_owned())])).await[0]["status"],
        201,
        "the oldest of the scope does"
    );
    assert_eq!(ann.send(Method::GET, &format!("/v1/traces/{anns}"), None).await.0, 404);
    assert_eq!(kept(place).await, counted(place).await);
    assert!(kept(place).await[0] <= 100_000);
    cairn.stop().await;
}

#[cairn_test]
async fn scopes_are_bounded_and_one_without_traces_makes_room(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_WORLD_SCOPES", "3"), ("CAIRN_STUDIO_SCOPES", "4")]).await;
    let (ann, ben) = GameClient::two(&cairn).await;
    let message = |scope: &str| json!({"kind": "message", "scope": scope, "text": ["here"]});
    let first = ann.leave_one(message("one")).await;
    let mut random = Random(2);
    for scope in ["two", "three"] {
        assert_eq!(post(&cairn, &ann.key, &random.message_and_phantom(scope, 2)).await.0, 201);
    }
    assert_eq!(post(&cairn, &ann.key, &random.message_and_phantom("four", 2)).await.1["code"], "quota_full");
    assert_eq!(ben.leave(json!([message("four")])).await[0]["code"], "quota_full");
    assert_eq!(post(&cairn, &ann.key, &random.message_and_phantom("two", 2)).await.0, 201, "a scope that is there");
    let moved = ann.leave(json!([message("four")])).await;
    assert_eq!(moved[0]["evicted"], json!([first]), "ann's only trace leaves its scope");
    assert_eq!(kept(place).await[1], 3);
    let (other, small) = (cairn.game_key("moss/dive/live").await, random.message_and_phantom("a", 2));
    assert_eq!(post(&cairn, &other, &small).await.0, 201);
    let one_more = random.message_and_phantom("b", 2);
    assert_eq!(post(&cairn, &other, &one_more).await.1["code"], "quota_full", "the studio's scopes, over its worlds");
    cairn.stop().await;
}

#[cairn_test]
async fn a_studios_bytes_are_bounded_over_its_worlds_and_uploads_and_imports_too(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_WORLD_BYTES", "0"), ("CAIRN_STUDIO_BYTES", "200000")]).await;
    let key = cairn.game_key(WORLD).await;
    let mut random = Random(4);
    let mut turn = 0;
    while post(&cairn, &key, &random.message_and_phantom(&format!("scope {turn}"), 100)).await.0 == 201 {
        turn += 1;
        assert!(turn < 100);
    }
    let other = cairn.game_key("moss/dive/live").await;
    assert_eq!(post(&cairn, &other, &random.message_and_phantom("", 100)).await.1["code"], "quota_full");
    let ann = GameClient::with(&cairn, &other).await;
    let t_ms: Vec<usize> = (0..3000).map(|frame| frame * 16).collect();
    let pos: Vec<u64> = (0..9000).map(|_| random.next() % 100_000).collect();
    let recording = json!({"t_ms": t_ms, "pos": pos});
    let (status, problem) = ann.send(Method::POST, "/v1/recordings", Some(recording)).await;
    assert_eq!((status, &problem["code"]), (409, &json!("quota_full")), "{problem}");
    let secret = admin(&cairn, "moss/dive/live").await;
    let line = r#"{"kind":"message","author":"a","body":{"part1":"x","part2":"y","part3":"z"}}"#;
    let line = format!("{line}\n").repeat(20);
    let import = cairn.http.post(format!("{}/v1/traces/import", cairn.base)).header("X-API-Key", &secret);
    let answer = import.header("Content-Type", "application/x-ndjson").body(line).send().await.unwrap();
    let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
    assert!(status == 409 && text.contains("quota_full"), "{status} {text}");
    assert!(kept(place).await[0] <= 200_000);
    cairn.stop().await;
}

#[cairn_test]
async fn the_studio_sees_what_it_stores_and_its_owners_are_told_at_four_fifths(place: &Place) {
    let metrics = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let extra =
        [("CAIRN_WORLD_BYTES", "400000"), ("CAIRN_STUDIO_BYTES", "0"), ("CAIRN_METRICS_LISTEN", metrics.as_str())];
    let (cairn, mailbox) = (Cairn::start(place, &extra).await, Mailbox::in_data_of(place));
    let key = cairn.game_key(WORLD).await;
    let (_ann, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let added = process::cairn(place, &["member", "add", "moss", "ann@example.org", "owner"]).output().unwrap();
    assert!(added.status.success(), "{added:?}");
    let mut random = Random(6);
    let secret = admin(&cairn, WORLD).await;
    let shown = async || -> Value {
        let answer = cairn.get_with(&secret, "/v1/storage").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    };
    let before = shown().await;
    assert_eq!(before["world"]["max_bytes"], 400_000);
    assert!(before["studio"].get("max_bytes").is_none(), "{before}");
    let mut turn = 0;
    while shown().await["world"]["bytes"].as_i64().unwrap() < 330_000 {
        turn += 1;
        assert_eq!(post(&cairn, &key, &random.message_and_phantom(&format!("scope {turn}"), 200)).await.0, 201);
    }
    let now = shown().await;
    assert_eq!(now["world"]["scopes"], turn);
    assert_eq!(
        now["world"]["bytes"].as_i64(),
        place.numbers_on(2, "SELECT max(bytes) FROM storage_use").await.first().copied()
    );
    let email = mailbox.take("ann@example.org", "Your studio comes near a bound of its storage").await;
    assert!(email.text.contains("climb/live") && email.text.contains("of 400000 bytes are stored"), "{}", email.text);
    let audited = place.control_texts("SELECT detail FROM audit WHERE action = 'storage.near_bound'").await;
    assert_eq!(audited.len(), 1, "{audited:?}");
    assert_eq!(cairn.figure(&metrics, "cairn_storage_worlds{state=\"filling\"}").await, 1);
    assert!(cairn.figure(&metrics, "cairn_storage_used_percent{bound=\"world_bytes\"}").await >= 80);
    let listed = process::cairn(place, &["studio", "storage", "moss", "--json"]).output().unwrap();
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!((&listed[0]["world"], &listed[0]["bytes"]), (&json!("climb/live"), &now["world"]["bytes"]), "{listed}");
    let publishable = cairn.get_with(&key, "/v1/storage").send().await.unwrap();
    assert_eq!(publishable.status(), 403);
    cairn.stop().await;
}

/// The bytes of a place's files, or of its database.
async fn size(place: &Place) -> u64 {
    fn of(folder: &Path) -> u64 {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        entries
            .map(|entry| if entry.path().is_dir() { of(&entry.path()) } else { entry.metadata().unwrap().len() })
            .sum()
    }
    match &place.database_url {
        Some(_) => place.numbers_on(1, "SELECT pg_database_size(current_database())").await[0].unsigned_abs(),
        None => of(&place.folder),
    }
}

#[cairn_test]
async fn one_network_stores_a_burst_and_then_waits_while_others_store_on(place: &Place) {
    let day = [("CAIRN_ADDRESS_BYTES_PER_DAY", "500000000")];
    let cairn = Cairn::start(place, &day).await;
    let (ann, ben) = GameClient::two(&cairn).await;
    let own = ben.leave_one(json!({"kind": "message", "scope": "cellar", "text": ["here"]})).await;
    let anns = ann.leave_one(json!({"kind": "message", "scope": "hall", "text": ["there"]})).await;
    let before = size(place).await;
    let mut random = Random(8);
    let from = |address: &'static str, body: String| {
        cairn.post(body).header("X-API-Key", &ann.key).header("X-Forwarded-For", address)
    };
    let mut stored = 0;
    let refused = loop {
        let body = random.in_a_new_scope(6000).to_string();
        let answer = from("203.0.113.7", body).send().await.unwrap();
        if answer.status() != 201 {
            break answer;
        }
        stored += 1;
        assert!(stored < 2000);
    };
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..600).contains(&wait), "{wait}");
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "rate_limited");
    let grown = size(place).await - before;
    // A burst is 32 MB; SQLite's log has 16 MB of its own, whatever the limit.
    assert!((5_000_000..=48_000_000).contains(&grown), "{grown} bytes by {stored} requests");

    let small = random.message_and_phantom("hall", 2).to_string();
    assert_eq!(from("203.0.113.8", small).send().await.unwrap().status(), 201, "another network");
    // Other writes of the same network wait too, reads and removals do not.
    let of_ben = |method: Method, path: &str| {
        let request = cairn.http.request(method, format!("{}{path}", cairn.base)).bearer_auth(&ben.token);
        request.header("X-API-Key", &ben.key).header("X-Forwarded-For", "203.0.113.7")
    };
    // What is left is too little for a long recording, and enough for some small writes; it grows back meanwhile.
    let message = json!({"traces": [{"kind": "message", "scope": "hall", "text": ["x"]}]}).to_string();
    let vote = format!("/v1/traces/{anns}/vote");
    let writes = [
        (Method::POST, "/v1/traces", message.as_str()),
        (Method::PUT, vote.as_str(), r#"{"vote":"good"}"#),
        (Method::POST, "/v1/players", "{}"),
    ];
    for (method, path, body) in writes {
        eventually(path, async || {
            let write = of_ben(method.clone(), path).header("Content-Type", "application/json");
            write.body(body.to_owned()).send().await.unwrap().status() == 429
        })
        .await;
    }
    let (get, delete) = (Method::GET, Method::DELETE);
    assert_eq!(of_ben(get, &format!("/v1/traces/{own}")).send().await.unwrap().status(), 200);
    let query = of_ben(Method::POST, "/v1/traces/query").header("Content-Type", "application/json");
    assert_eq!(query.body(r#"{"scopes":["hall"]}"#).send().await.unwrap().status(), 200);
    assert_eq!(of_ben(delete, &format!("/v1/traces/{own}")).send().await.unwrap().status(), 204);
    cairn.stop().await;
}

#[cairn_test]
async fn a_player_and_a_key_pay_too_and_of_a_shared_key_the_fattest_network_stops_first(place: &Place) {
    let limits = [
        ("CAIRN_PLAYER_BYTES_PER_DAY", "1000000"),
        ("CAIRN_KEY_BYTES_PER_DAY", "10000000"),
        ("CAIRN_ADDRESS_BYTES_PER_DAY", "10000000"),
    ];
    let cairn = Cairn::start(place, &limits).await;
    let (ann, ben) = GameClient::two(&cairn).await;
    let long = json!([{"kind": "message", "scope": "hall", "text": ["x".repeat(900), "y".repeat(900)]}]);
    let leave = async |client: &GameClient<'_>| -> u16 {
        client.send(Method::POST, "/v1/traces", Some(json!({"traces": long}))).await.0
    };
    let mut stored = 0;
    while leave(&ann).await == 200 {
        stored += 1;
        assert!(stored < 200);
    }
    assert!(stored > 3, "{stored}");
    assert_eq!(leave(&ben).await, 200, "another player of the same network");

    let key = cairn.key(WORLD, KeyKind::Publishable, &[Permission::Write]).await;
    let mut random = Random(11);
    let mut fill = async |address: &'static str| -> u32 {
        let mut stored = 0;
        loop {
            let body = random.message_and_phantom("hall", 100).to_string();
            let request = cairn.post(body).header("X-API-Key", &key).header("X-Forwarded-For", address);
            if request.send().await.unwrap().status() != 201 {
                return stored;
            }
            stored += 1;
            assert!(stored < 1000);
        }
    };
    let (first, second) = (fill("203.0.113.1").await, fill("203.0.113.2").await);
    assert!(first > second && second > 0, "{first} {second}: the first stops with a part of the key's bytes left");
    assert!(fill("203.0.113.3").await > 0, "a network that has stored nothing still can");
    cairn.stop().await;
}

#[cairn_test]
async fn instances_share_the_bytes_of_a_network(place: &Place) {
    if place.redis_url.is_none() {
        return;
    }
    let day = [("CAIRN_ADDRESS_BYTES_PER_DAY", "20000000")];
    let (here, there) = (Cairn::start(place, &day).await, Cairn::start(place, &day).await);
    let key = here.game_key(WORLD).await;
    let mut random = Random(12);
    let mut total = 0;
    // By turns, until neither takes any more.
    let begun = std::time::Instant::now();
    let mut refused = 0;
    while refused < 2 {
        refused = 0;
        for cairn in [&here, &there] {
            let body = random.message_and_phantom("hall", 100);
            eventually("the key is known", async || post(cairn, &key, &body).await.0 != 401).await;
            if post(cairn, &key, &body).await.0 == 201 { total += 1 } else { refused += 1 }
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{total}");
    }
    // Each post is sent twice, and charged with about 14,000 bytes: one instance alone lets some 90 pass.
    assert!((30..=75).contains(&total), "{total} of the pairs passed");
    here.stop().await;
    there.stop().await;
}
