//! Limits of requests a minute: by key, player, account and address, shared by all instances.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use cairn::identity::access::{KeyKind, Permission};
use cairn_test_macros::cairn_test;
use reqwest::Response;

use crate::support::http::RequestBuilder;
use serde_json::{Value, json};

use crate::support::{
    Backend, Cairn, Place,
    document::DOCUMENT,
    eventually,
    mail::Mailbox,
    person::{PASSWORD, Person},
    process::{Process, cairn},
    proxy::Proxy,
    samples,
};

const WORLD: &str = "moss/climb/live";

/// Limits are of a minute of the clock: a test that counts to one begins when enough is left of it.
async fn early_in_a_minute() {
    let secs = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() % 60;
    eventually("a minute has begun", async || secs() < 45).await;
}

/// The `RateLimit` headers of an answer, by limit: quota, remaining requests, seconds until it is renewed.
fn limits(answer: &Response) -> BTreeMap<String, [u64; 3]> {
    let items = |header: &str| -> Vec<(String, BTreeMap<String, u64>)> {
        let lines = answer.headers().get_all(header).iter().map(|line| line.to_str().unwrap());
        let items = lines.flat_map(|line| line.split(", ")).map(|item| {
            let (name, parameters) = item.split_once(';').unwrap();
            let pairs = parameters.split(';').map(|pair| pair.split_once('=').unwrap());
            (
                name.trim_matches('"').to_owned(),
                pairs.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect(),
            )
        });
        items.collect()
    };
    let (policies, left) = (items("ratelimit-policy"), items("ratelimit"));
    assert!(policies.iter().map(|(name, _)| name).eq(left.iter().map(|(name, _)| name)), "{policies:?} {left:?}");
    let mut limits = BTreeMap::new();
    for ((name, policy), (_, left)) in policies.into_iter().zip(left) {
        assert_eq!(policy["w"], 60);
        limits.insert(name, [policy["q"], left["r"], left["t"]]);
    }
    limits
}

/// Sends until one is refused; returns how many passed, and checks the headers of each answer.
async fn passed(by: &str, limit: u64, send: impl Fn() -> RequestBuilder) -> u64 {
    for turn in 0..=limit {
        let answer = send().send().await.unwrap();
        let limits = limits(&answer);
        let [quota, left, renewed_in] = limits[by];
        assert!(quota == limit && (1..=60).contains(&renewed_in), "{limits:?}");
        if answer.status() != 429 {
            assert_eq!(left, limit - turn - 1, "{by}");
            continue;
        }
        assert_eq!(left, 0);
        let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert_eq!(wait, renewed_in);
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], "rate_limited");
        assert!(problem["detail"].as_str().unwrap().ends_with(&format!(": {limit} a minute.")), "{problem}");
        return turn;
    }
    limit + 1
}

const LIMITS: [(&str, &str); 4] =
    [("CAIRN_KEY_RATE", "40"), ("CAIRN_PLAYER_RATE", "7"), ("CAIRN_ACCOUNT_RATE", "9"), ("CAIRN_ADDRESS_RATE", "30")];

/// A server with limits and metrics, and the address of its metrics.
async fn limited(place: &Place) -> (Cairn, String) {
    let metrics = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut settings = LIMITS.to_vec();
    settings.push(("CAIRN_METRICS_LISTEN", &metrics));
    let cairn = Cairn::start(place, &settings).await;
    cairn.has_its_cache().await;
    (cairn, metrics)
}

async fn refused(cairn: &Cairn, metrics: &str, by: &str) -> u64 {
    cairn.figure(metrics, &format!("cairn_rate_limited_total{{by=\"{by}\"}}")).await
}

fn from(address: &str, request: RequestBuilder) -> RequestBuilder {
    request.header("X-Forwarded-For", address)
}

/// Sends each request from another network.
fn from_anywhere(request: RequestBuilder) -> RequestBuilder {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let turn = NEXT.fetch_add(1, Ordering::Relaxed);
    from(&format!("198.51.{}.{}", 101 + turn / 250, turn % 250), request)
}

#[cairn_test]
async fn a_key_has_a_limit_of_writes_and_of_other_requests_together(place: &Place) {
    let (cairn, metrics) = limited(place).await;
    let (key, other) = (cairn.game_key(WORLD).await, cairn.game_key(WORLD).await);
    early_in_a_minute().await;
    assert_eq!(passed("key", 40, || from_anywhere(cairn.get_with(&key, "/v1/game"))).await, 40);
    let write = from_anywhere(cairn.post(samples::all_three("a", "x").to_string()).header("X-API-Key", &key));
    assert_eq!(write.send().await.unwrap().status(), 429);
    let answer = from_anywhere(cairn.get_with(&other, "/v1/game")).send().await.unwrap();
    assert_eq!(answer.status(), 200, "another key of the world has its own");
    assert_eq!(refused(&cairn, &metrics, "key").await, 2);
    cairn.stop().await;
}

#[cairn_test]
async fn a_search_counts_as_several_requests(place: &Place) {
    let (cairn, _) = limited(place).await;
    let key = cairn.game_key(WORLD).await;
    early_in_a_minute().await;
    let search = async || {
        let request = cairn.http.post(format!("{}/v1/traces/query", cairn.base)).header("X-API-Key", &key);
        from("198.51.100.9", request).json(&json!({"scopes": ["a"]})).send().await.unwrap()
    };
    let answer = search().await;
    assert_eq!((answer.status().as_u16(), limits(&answer)["key"][1], limits(&answer)["address"][1]), (200, 35, 25));
    let cheap = from("198.51.100.9", cairn.get_with(&key, "/v1/game")).send().await.unwrap();
    assert_eq!((limits(&cheap)["key"][1], limits(&cheap)["address"][1]), (34, 24));
    for _ in 0..4 {
        assert_eq!(search().await.status(), 200);
    }
    assert_eq!(search().await.status(), 429, "four are left");
    let cheap = from("198.51.100.9", cairn.get_with(&key, "/v1/game")).send().await.unwrap();
    assert_eq!((cheap.status().as_u16(), limits(&cheap)["address"][1]), (200, 3));
    cairn.stop().await;
}

#[cairn_test]
async fn reads_of_v0_have_no_limit(place: &Place) {
    let (cairn, _) = limited(place).await;
    let key = cairn.game_key(WORLD).await;
    early_in_a_minute().await;
    assert_eq!(passed("key", 40, || from_anywhere(cairn.get_with(&key, "/v1/game"))).await, 40);
    let read = from_anywhere(cairn.get_with(&key, "/get-objects")).send().await.unwrap();
    assert_eq!((read.status().as_u16(), limits(&read).len()), (200, 0));
    cairn.stop().await;
}

#[cairn_test]
async fn a_read_of_v0_that_is_not_in_memory_counts_for_its_network(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_ADDRESS_RATE", "5")]).await;
    early_in_a_minute().await;
    let read = async |scope: usize| {
        let answer = cairn.get("/get-objects").query(&[("scope", scope)]).send().await.unwrap();
        answer.status().as_u16()
    };
    let mut statuses = Vec::new();
    for scope in 0..7 {
        statuses.push(read(scope).await);
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429, 429]);
    assert_eq!(read(0).await, 200, "it comes from memory");
    cairn.stop().await;
}

#[cairn_test]
async fn no_network_uses_up_the_limit_of_a_key_for_others(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_KEY_RATE", "100")]).await;
    let key = cairn.game_key(WORLD).await;
    early_in_a_minute().await;
    let passed = async |requests: usize, address: &dyn Fn(usize) -> String| {
        let mut passed = 0;
        for turn in 0..requests {
            let request = cairn.get_with(&key, "/v1/game").header("X-Forwarded-For", address(turn));
            passed += u32::from(request.send().await.unwrap().status() == 200);
        }
        passed
    };
    // Whatever subnets of its site it uses.
    assert_eq!(passed(150, &|turn| format!("2001:db8:0:{turn:x}::1")).await, 100);
    assert_eq!(passed(60, &|_| "203.0.113.7".to_owned()).await, 50, "half of it is the other network's");
    assert_eq!(passed(60, &|_| "203.0.113.8".to_owned()).await, 33, "and a third of it that of a third one");
    assert_eq!(passed(10, &|_| "2001:db8::1".to_owned()).await, 0);
    cairn.stop().await;
}

/// The routes that no limit of requests bounds, whoever asks.
const UNLIMITED: [&str; 3] = ["GET /health", "GET /livez", "GET /readyz"];

#[cairn_test]
async fn every_route_is_limited_unless_it_is_on_the_list(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_ADDRESS_RATE", "1")]).await;
    let paths = DOCUMENT.whole["paths"].as_object().unwrap();
    let described = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.clone()))
    });
    let others = ["/", "/nowhere", "/v1/nowhere", "/docs", "/redoc", "/openapi.json", "/v2/traces", "/health/x"];
    let others =
        others.iter().flat_map(|path| ["GET", "POST", "DELETE"].map(|method| (method.to_owned(), (*path).to_owned())));
    let mut unlimited = Vec::new();
    for (number, (method, path)) in described.chain(others).enumerate() {
        early_in_a_minute().await;
        let template = format!("{method} {path}");
        let path: String =
            path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/");
        let from = format!("198.18.{}.{}", number / 200, 1 + number % 200);
        let mut refused = false;
        for turn in 0..3 {
            let url = if path == "/get-objects" { format!("{path}?scope={turn}") } else { path.clone() };
            let request = cairn.http.request(method.parse().unwrap(), format!("{}{url}", cairn.base));
            let answer = request.header("X-Forwarded-For", &from).send().await.unwrap();
            refused |= answer.status() == 429 && turn > 0;
        }
        if !refused {
            unlimited.push(template);
        }
    }
    assert_eq!(unlimited, UNLIMITED);
    cairn.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_requests_do_not_fill_the_log() {
    let place = Place::make(Backend::Embedded).await.unwrap();
    let mut command = cairn(&place, &[]);
    command.env("CAIRN_ADDRESS_RATE", "100").env("NO_COLOR", "1");
    let server = Process::start(command);
    early_in_a_minute().await;
    let http = crate::support::http::Client::new();
    for _ in 0..300 {
        http.get(format!("{}/nowhere", server.base)).send().await.unwrap();
    }
    server.signal("TERM");
    let (_, log) = server.wait();
    let lines = |status: &str| log.lines().filter(|line| line.contains(&format!("status={status} "))).count();
    assert_eq!((lines("404"), lines("429")), (10, 1), "{log}");
    place.clear().await;
}

#[cairn_test]
async fn a_forged_key_counts_for_its_address_and_not_for_the_key(place: &Place) {
    let (cairn, _) = limited(place).await;
    let key = cairn.game_key(WORLD).await;
    let (start, _) = key.rsplit_once('_').unwrap();
    let forged = format!("{start}_{}", "0".repeat(26));
    early_in_a_minute().await;
    for turn in 0..20 {
        let answer = from("198.51.100.1", cairn.get_with(&forged, "/v1/game")).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), limits(&answer)["address"][1]), (401, 29 - turn));
    }
    assert_eq!(passed("key", 40, || from_anywhere(cairn.get_with(&key, "/v1/game"))).await, 40);
    cairn.stop().await;
}

#[cairn_test]
async fn a_player_has_a_limit(place: &Place) {
    let (cairn, metrics) = limited(place).await;
    let key = cairn.game_key(WORLD).await;
    let mint = async || {
        let request = cairn.http.post(format!("{}/v1/players", cairn.base)).header("X-API-Key", &key).body("{}");
        let signed: Value = request.send().await.unwrap().json().await.unwrap();
        signed["token"].as_str().unwrap().to_owned()
    };
    let (token, another) = (mint().await, mint().await);
    early_in_a_minute().await;
    let me = |token: &str| from_anywhere(cairn.get("/v1/players/me").bearer_auth(token));
    assert_eq!(passed("player", 7, || me(&token)).await, 7);
    assert_eq!(me(&another).send().await.unwrap().status(), 200, "another player has their own");
    assert_eq!(refused(&cairn, &metrics, "player").await, 1);
    cairn.stop().await;
}

#[cairn_test]
async fn an_account_has_a_limit(place: &Place) {
    let (cairn, metrics) = limited(place).await;
    let mut ann = Person::new(&cairn);
    ann.register("ann@example.org", &Mailbox::in_data_of(place)).await;
    ann.sign_in("ann@example.org", PASSWORD).await;
    early_in_a_minute().await;
    let account = || from_anywhere(cairn.get("/v1/account").bearer_auth(ann.token.as_ref().unwrap()));
    assert_eq!(passed("account", 9, account).await, 9);
    assert_eq!(refused(&cairn, &metrics, "account").await, 1);
    cairn.stop().await;
}

#[cairn_test]
async fn a_network_has_a_limit(place: &Place) {
    let (cairn, metrics) = limited(place).await;
    early_in_a_minute().await;
    let nowhere = |address: &'static str| from(address, cairn.get("/v1/nowhere"));
    assert_eq!(passed("address", 30, || nowhere("2001:db8::1")).await, 30);
    assert_eq!(nowhere("2001:db8::2").send().await.unwrap().status(), 429, "the same subscriber");
    assert_eq!(nowhere("2001:db8:0:1::1").send().await.unwrap().status(), 404);
    assert_eq!(refused(&cairn, &metrics, "address").await, 2);
    cairn.stop().await;
}

#[cairn_test]
async fn the_subnets_of_an_ipv6_household_or_site_have_a_limit_together(place: &Place) {
    // A subscriber may make 2 requests, a household 8, a site 32.
    let cairn = Cairn::start(place, &[("CAIRN_ADDRESS_RATE", "2")]).await;
    early_in_a_minute().await;
    let passed = async |addresses: &mut dyn Iterator<Item = String>| {
        let mut passed = 0;
        for address in addresses {
            let answer = from(&address, cairn.get("/v1/nowhere")).send().await.unwrap();
            passed += u32::from(answer.status() == 404);
        }
        passed
    };
    let household = passed(&mut (0..40).map(|subnet| format!("2001:db8:1:{subnet:x}::1"))).await;
    assert_eq!(household, 8);
    let site = passed(&mut (0..80).map(|household| format!("2001:db8:1:{household:x}00::1"))).await;
    assert_eq!(site, 32 - household, "the first household's requests count for the site");
    assert_eq!(passed(&mut ["2001:db8:2::1".to_owned()].into_iter()).await, 1, "another site has its own");
    cairn.stop().await;
}

#[cairn_test]
async fn a_limit_of_zero_is_none_and_other_limits_use_the_same_header(place: &Place) {
    let rates = ["CAIRN_KEY_RATE", "CAIRN_PLAYER_RATE", "CAIRN_ACCOUNT_RATE", "CAIRN_ADDRESS_RATE"];
    let mut settings = rates.map(|rate| (rate, "0")).to_vec();
    settings.extend([("CAIRN_PLAYERS_PER_HOUR", "1"), ("CAIRN_NETWORK_ATTEMPTS", "1")]);
    let cairn = Cairn::start(place, &settings).await;
    cairn.has_its_cache().await;
    let key = cairn.game_key(WORLD).await;
    let mint = || cairn.http.post(format!("{}/v1/players", cairn.base)).header("X-API-Key", &key).body("{}");
    let sign_in = || {
        let body = r#"{"email":"no@example.org","password":"wrong"}"#;
        cairn.http.post(format!("{}/v1/account/sessions", cairn.base)).body(body)
    };
    let requests: [(&str, &dyn Fn() -> RequestBuilder); 2] = [("new-players", &mint), ("attempts", &sign_in)];
    for (name, request) in requests {
        let first = request().send().await.unwrap();
        assert!(first.status() != 429 && !first.headers().contains_key("ratelimit"), "{name}");
        // The second shuts the gate for the third; an hour of the clock may end in between.
        let refused = async || {
            for _ in 0..4 {
                let answer = request().send().await.unwrap();
                if answer.status() == 429 {
                    return answer;
                }
            }
            panic!("{name}: none was refused");
        };
        let refused = refused().await;
        let wait = refused.headers()["retry-after"].to_str().unwrap();
        assert_eq!(refused.headers()["ratelimit"].to_str().unwrap(), format!("\"{name}\";r=0;t={wait}"));
    }
    cairn.stop().await;
}

#[cairn_test]
async fn an_untrusted_client_cannot_choose_the_address_that_is_limited(place: &Place) {
    let settings = [("CAIRN_ADDRESS_RATE", "5"), ("CAIRN_TRUSTED_PROXIES", "10.0.0.0/8")];
    let cairn = Cairn::start(place, &settings).await;
    early_in_a_minute().await;
    let statuses = async |forged: &str| {
        let mut statuses = Vec::new();
        for turn in 0..7 {
            let request = cairn.get("/v1/nowhere").header("X-Forwarded-For", format!("{forged}{turn}"));
            statuses.push(request.header("X-Real-IP", "203.0.113.9").send().await.unwrap().status().as_u16());
        }
        statuses
    };
    assert_eq!(statuses("203.0.113.").await, [404, 404, 404, 404, 404, 429, 429]);
    cairn.stop().await;
}

#[cairn_test]
async fn a_proxy_on_the_loopback_address_is_trusted_by_default(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_ADDRESS_RATE", "5")]).await;
    for turn in 0..7 {
        let request = cairn.get("/v1/nowhere").header("X-Forwarded-For", format!("203.0.113.{turn}"));
        assert_eq!(request.send().await.unwrap().status(), 404, "{turn}");
    }
    cairn.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_share_a_limit_with_few_redis_commands() {
    const LIMIT: u64 = 400;
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let (proxy, url) = Proxy::before(place.redis_url.as_deref().unwrap()).await;
    place.redis_url = Some(url);
    let settings = [("CAIRN_KEY_RATE", "400"), ("CAIRN_ADDRESS_RATE", "100000")];
    let instances = [Cairn::start(&place, &settings).await, Cairn::start(&place, &settings).await];
    for instance in &instances {
        instance.has_its_cache().await;
    }
    let secret = instances[0].key(WORLD, KeyKind::Secret, &[Permission::Read]).await;
    for instance in &instances {
        // The instance has the key cached from now on.
        assert_eq!(instance.get_with(&secret, "/get-objects").send().await.unwrap().status(), 200);
    }
    early_in_a_minute().await;
    let before = proxy.counts();
    let mut passed = 0;
    for turn in 0..600 {
        let answer = instances[turn % 2].get_with(&secret, "/v1/game").send().await.unwrap();
        passed += u64::from(answer.status() == 200);
    }
    let commands = proxy.counts() - before;
    println!("{passed} of {LIMIT} passed two instances; {commands} commands to Redis for 600 requests");
    // Each publishes its count after every twentieth of the limit: so many more may pass each of them, and those that come
    // while it publishes.
    assert!((LIMIT..=LIMIT + 2 * LIMIT / 20 + 10).contains(&passed), "{passed}");
    // Two for a twentieth of the limit, of the key and of its network's part.
    assert!(commands <= 2 * 2 * 2 * 22, "{commands}");
    for instance in instances {
        instance.stop().await;
    }
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_instance_keeps_the_limit_alone() {
    const LIMIT: u64 = 400;
    let Some(mut place) = Place::make(Backend::Server).await else { return };
    let (proxy, url) = Proxy::before(place.redis_url.as_deref().unwrap()).await;
    place.redis_url = Some(url);
    let settings = [("CAIRN_KEY_RATE", "400"), ("CAIRN_ADDRESS_RATE", "100000")];
    let instances = [Cairn::start(&place, &settings).await, Cairn::start(&place, &settings).await];
    for instance in &instances {
        instance.has_its_cache().await;
    }
    proxy.cut();
    let key = instances[0].game_key("moss/dive/live").await;
    for instance in &instances {
        instance.get_with(&key, "/get-objects").send().await.unwrap();
    }
    early_in_a_minute().await;
    let mut slowest = Duration::ZERO;
    for instance in &instances {
        let mut passed = 0;
        for _ in 0..=LIMIT + 5 {
            let began = Instant::now();
            passed += u64::from(instance.get_with(&key, "/v1/game").send().await.unwrap().status() == 200);
            slowest = slowest.max(began.elapsed());
        }
        assert_eq!(passed, LIMIT);
    }
    println!("slowest request while Redis was away: {slowest:?}");
    for instance in instances {
        instance.stop().await;
    }
    place.clear().await;
}
