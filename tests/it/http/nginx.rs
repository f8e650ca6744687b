//! The shipped nginx configuration before two instances, each a process of its own.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use serde_json::Value;

use crate::support::{
    Backend, Place, each, eventually,
    process::{Process, cairn},
    samples,
};

const CLIENTS: usize = 16;

/// nginx in a folder of its own, with the shipped configuration but for the ports.
struct Nginx {
    child: Child,
    folder: PathBuf,
    base: String,
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The shipped upstream.conf with these instances. Their names mean something inside Compose's network only.
fn upstream(shipped: &Path, instances: [u16; 2]) -> String {
    let mut text = fs::read_to_string(shipped.join("upstream.conf")).unwrap();
    for (name, port) in ["app1:8000", "app2:8000"].into_iter().zip(instances) {
        text = text.replace(name, &format!("127.0.0.1:{port}"));
    }
    text
}

impl Nginx {
    /// Without its bounds by network: all load is of one address.
    async fn before(instances: [u16; 2]) -> Option<Self> {
        Self::with_limits(instances, "").await
    }

    /// With these bounds by network.
    async fn with_limits(instances: [u16; 2], limits: &str) -> Option<Self> {
        let Some(program) = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|path| Path::new(path).exists())
        else {
            println!("skipped: nginx is not there; `make test` installs it");
            return None;
        };
        let folder = std::env::temp_dir().join(format!("cairn_nginx_{}", uuid::Uuid::new_v4().simple()));
        fs::create_dir_all(&folder).unwrap();
        let port = free_port();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("nginx");
        fs::copy(shipped.join("nginx.conf"), folder.join("nginx.conf")).unwrap();
        fs::write(folder.join("limits.conf"), limits).unwrap();
        fs::write(folder.join("listen.conf"), format!("listen 127.0.0.1:{port};\naccess_log off;\n")).unwrap();
        fs::write(folder.join("upstream.conf"), upstream(&shipped, instances)).unwrap();
        let child = Command::new(program)
            .arg("-p")
            .arg(&folder)
            .args(["-c", "nginx.conf", "-g", "daemon off;"])
            .stderr(fs::File::create(folder.join("error.log")).unwrap())
            .spawn()
            .unwrap();
        let nginx = Self { child, folder, base: format!("http://127.0.0.1:{port}") };
        eventually("nginx answers", async || {
            reqwest::get(format!("{}/health", nginx.base)).await.is_ok_and(|answer| answer.status() == 200)
        })
        .await;
        Some(nginx)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let id = self.child.id().to_string();
        let _ended_already = Command::new("kill").args(["-s", "TERM", &id]).status();
        let _reaped_already = self.child.wait();
        if std::thread::panicking() {
            println!("nginx: {}", fs::read_to_string(self.folder.join("error.log")).unwrap_or_default());
        }
        let _gone_already = fs::remove_dir_all(&self.folder);
    }
}

/// An instance on a place, on a port that stays its.
fn instance(place: &Place, port: u16) -> Process {
    instance_with(place, port, &[])
}

fn instance_with(place: &Place, port: u16, settings: &[(&str, &str)]) -> Process {
    let mut command = cairn(place, &[]);
    command.env("CAIRN_LISTEN", format!("127.0.0.1:{port}")).env("CAIRN_DRAIN_SECS", "2");
    command.envs(settings.iter().copied());
    Process::start(command)
}

/// The answers to clients that read and wrote through nginx meanwhile.
#[derive(Default)]
struct Seen {
    answered: AtomicUsize,
    failed: AtomicUsize,
    acknowledged: AtomicUsize,
}

async fn under_load(base: &str, happening: impl Future<Output = ()>) -> Seen {
    let (seen, over) = (Seen::default(), AtomicBool::new(false));
    let client = async |number: usize| {
        let http = crate::support::http::Client::new();
        let (read, write) = (format!("{base}/get-objects?scope={number}"), format!("{base}/add-object"));
        let body = samples::all_three("a", "x").to_string();
        while !over.load(Ordering::Relaxed) {
            let writing = http.post(&write).body(body.clone());
            for (what, request) in [("read", http.get(&read)), ("read", http.get(&read)), ("write", writing)] {
                let answer = async {
                    let answer = request.send().await?;
                    let status = answer.status().as_u16();
                    answer.bytes().await.map(|_| status)
                };
                match answer.await {
                    Ok(200) => seen.answered.fetch_add(1, Ordering::Relaxed),
                    Ok(201) => seen.acknowledged.fetch_add(1, Ordering::Relaxed),
                    other => {
                        println!("failed: {what}: {other:?}");
                        seen.failed.fetch_add(1, Ordering::Relaxed)
                    }
                };
            }
        }
    };
    let happening = async {
        eventually("the load runs", async || seen.acknowledged.load(Ordering::Relaxed) > CLIENTS).await;
        happening.await;
        let then = seen.acknowledged.load(Ordering::Relaxed);
        eventually("and goes on", async || seen.acknowledged.load(Ordering::Relaxed) > then + 10 * CLIENTS).await;
        over.store(true, Ordering::Relaxed);
    };
    tokio::join!(futures_util::future::join_all((0..CLIENTS).map(client)), happening);
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_instance_loses_no_request() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let ports = [free_port(), free_port()];
    let (one, other) = (instance(&place, ports[0]), instance(&place, ports[1]));
    let Some(nginx) = Nginx::before(ports).await else { return };

    let left = under_load(&nginx.base, async {
        one.signal("TERM");
        let address = format!("127.0.0.1:{}", ports[0]);
        eventually("it is gone", async || tokio::net::TcpStream::connect(&address).await.is_err()).await;
    })
    .await;
    assert!(one.wait().0.success());
    assert_eq!(left.failed.into_inner(), 0, "of {}", left.answered.into_inner());

    let stored = place.numbers("SELECT count(*) FROM trace WHERE kind = 1").await[0];
    assert_eq!(usize::try_from(stored).unwrap(), left.acknowledged.into_inner());
    other.signal("TERM");
    other.wait();
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_instance_loses_only_its_requests_in_progress() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let ports = [free_port(), free_port()];
    let (one, other) = (instance(&place, ports[0]), instance(&place, ports[1]));
    let Some(nginx) = Nginx::before(ports).await else { return };

    let first = under_load(&nginx.base, async { one.signal("KILL") }).await;
    one.wait();
    // The one that comes back counts as failed for a while yet when the other goes: somebody must be asked all the same.
    let one = instance(&place, ports[0]);
    let second = under_load(&nginx.base, async { other.signal("KILL") }).await;
    other.wait();

    let [mut acknowledged, mut failed] = [0, 0];
    for mut seen in [first, second] {
        let lost = seen.failed.into_inner();
        println!("killed: {lost} failed, {} read, {} left", seen.answered.into_inner(), *seen.acknowledged.get_mut());
        assert!(lost <= CLIENTS, "{lost} failed, of which {CLIENTS} were in its hands at most");
        acknowledged += seen.acknowledged.into_inner();
        failed += lost;
    }
    let stored = usize::try_from(place.numbers("SELECT count(*) FROM trace WHERE kind = 1").await[0]).unwrap();
    assert!((acknowledged..=acknowledged + failed).contains(&stored), "{acknowledged} acknowledged, {stored} stored");
    one.signal("TERM");
    one.wait();
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_passes_answers_on_unchanged() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let ports = [free_port(), free_port()];
    let instances = ports.map(|port| instance(&place, port));
    let Some(nginx) = Nginx::before(ports).await else { return };
    let http = crate::support::http::Client::new();
    let post = http.post(format!("{}/add-object", nginx.base)).body(samples::all_three("a", "x").to_string());
    let created = post.send().await.unwrap();
    assert_eq!((created.status().as_u16(), created.text().await.unwrap().as_str()), (201, "Created!!!"));

    let read = |encoding: &str| http.get(format!("{}/get-objects", nginx.base)).header("Accept-Encoding", encoding);
    eventually("it is shown within the micro-cache's age", async || {
        let world: Value = serde_json::from_slice(&read("").send().await.unwrap().bytes().await.unwrap()).unwrap();
        each(&world, "objects", "o_rot") == ["x"]
    })
    .await;
    let mut tags = Vec::new();
    for encoding in ["identity", "gzip, br", "gzip;q=0"] {
        let answer = read(encoding).send().await.unwrap();
        assert_eq!(answer.headers().contains_key("content-encoding"), encoding == "gzip, br");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        let tag = answer.headers()["etag"].clone();
        let again = read(encoding).header("If-None-Match", &tag).send().await.unwrap();
        assert_eq!(again.status(), 304, "{encoding}");
        tags.push(tag);
    }
    assert!(tags[0] == tags[2] && tags[0] != tags[1]);

    let large = http.post(format!("{}/add-object", nginx.base)).body(vec![b' '; 1_048_577]).send().await.unwrap();
    assert_eq!(large.status(), 413);
    assert_eq!(large.headers()["content-type"], "application/problem+json");
    let problem: Value = serde_json::from_slice(&large.bytes().await.unwrap()).unwrap();
    assert!(problem["code"] == "body_too_large" && problem["request_id"].is_string(), "{problem}");

    for path in ["/get-objects", "/openapi.json"] {
        for (named, status) in [("*", 200), ("\"another\"", 412)] {
            let answer = http.get(format!("{}{path}", nginx.base)).header("If-Match", named).send().await.unwrap();
            assert_eq!(answer.status(), status, "{path} {named}");
            if status == 412 {
                let problem: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
                assert_eq!(problem["code"], "precondition_failed");
            }
        }
    }

    // The id that nginx gave is the one in the answer's problem.
    let missing = http.get(format!("{}/nowhere", nginx.base)).header("X-Request-Id", "forged").send().await.unwrap();
    let id = missing.headers()["x-request-id"].to_str().unwrap().to_owned();
    let problem: Value = serde_json::from_slice(&missing.bytes().await.unwrap()).unwrap();
    assert!(problem["request_id"] == id && id != "forged", "{problem}");

    for instance in instances {
        instance.signal("TERM");
        instance.wait();
    }
    let nobody = read("").header("X-API-Key", "none").send().await.unwrap();
    assert_eq!((nobody.status().as_u16(), nobody.headers()["retry-after"].to_str().unwrap()), (502, "1"));
    assert_eq!(nobody.headers()["content-type"], "application/problem+json");
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_bounds_what_a_network_asks() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let port = free_port();
    let instance = instance(&place, port);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("nginx/limits.conf");
    // A burst of 800 takes long to send here.
    let limits = fs::read_to_string(shipped).unwrap().replace("burst=800", "burst=10");
    let Some(nginx) = Nginx::with_limits([port; 2], &limits).await else { return };
    let http = crate::support::http::Client::new();
    let ask = async || {
        let answer = http.get(format!("{}/v1/nowhere", nginx.base)).send().await.unwrap();
        (answer.status().as_u16(), answer)
    };
    let mut refused = None;
    eventually("it asks too much", async || {
        let answers = futures_util::future::join_all((0..50).map(|_| ask())).await;
        refused = answers.into_iter().find_map(|(status, answer)| (status == 429).then_some(answer));
        refused.is_some()
    })
    .await;
    let refused = refused.unwrap();
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    assert_eq!(refused.headers()["retry-after"], "1");
    let problem: Value = serde_json::from_slice(&refused.bytes().await.unwrap()).unwrap();
    assert!(problem["code"] == "rate_limited" && problem["status"] == 429, "{problem}");
    instance.signal("TERM");
    instance.wait();
    place.clear().await;
}

/// Removes the files in a folder and those below it.
fn empty(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    for file in &files {
        fs::remove_file(file).unwrap();
    }
    files.len() + folders.iter().map(|folder| empty(folder)).sum::<usize>()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_removed_from_the_micro_cache_is_stored_again() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let (port, figures) = (free_port(), format!("127.0.0.1:{}", free_port()));
    let instance = instance_with(&place, port, &[("CAIRN_METRICS_LISTEN", &figures)]);
    let Some(nginx) = Nginx::before([port; 2]).await else { return };
    let http = crate::support::http::Client::new();
    let read = async || {
        let answer = http.get(format!("{}/get-objects", nginx.base)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap();
    };
    let asked = async || {
        let text = http.get(format!("http://{figures}/metrics")).send().await.unwrap().text().await.unwrap();
        let of_reads = r#"cairn_http_requests_total{method="GET",route="/get-objects""#;
        let counts = text.lines().filter(|line| line.starts_with(of_reads)).filter_map(|line| line.rsplit(' ').next());
        counts.map(|count| count.parse::<usize>().unwrap()).sum::<usize>()
    };
    // Each worker has the file open.
    for _ in 0..20 {
        read().await;
    }
    assert_eq!(empty(&nginx.folder.join("cache")), 1);
    // The stored entry is too old by now.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let before = asked().await;
    for _ in 0..40 {
        read().await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let passed_on = asked().await - before;
    assert!((1..20).contains(&passed_on), "{passed_on} of 40 reads were passed on");
    instance.signal("TERM");
    instance.wait();
    place.clear().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_client_address_is_ignored_behind_nginx() {
    let Some(place) = Place::make(Backend::Server).await else { return };
    let ports = [free_port(), free_port()];
    let settings = [("CAIRN_NETWORK_ATTEMPTS", "3"), ("CAIRN_ADDRESS_RATE", "40")];
    let instances = ports.map(|port| instance_with(&place, port, &settings));
    let Some(nginx) = Nginx::before(ports).await else { return };
    let http = crate::support::http::Client::new();
    for instance in &instances {
        eventually("it has found its cache", async || {
            let mut up = true;
            for _ in 0..4 {
                let answer = http.get(format!("{}/readyz", instance.base)).send().await.unwrap();
                up &= answer.text().await.unwrap().contains(r#""cache":"up""#);
            }
            up
        })
        .await;
    }
    let mut statuses = Vec::new();
    for turn in 0..5 {
        let (made_up, body) = (format!("203.0.113.{turn}"), format!(r#"{{"email":"no{turn}@x.org","password":"x"}}"#));
        let attempt = http.post(format!("{}/v1/account/sessions", nginx.base)).body(body);
        let attempt = attempt.header("X-Forwarded-For", &made_up).header("X-Real-IP", &made_up);
        let answer = attempt.header("Forwarded", format!("for={made_up}")).send().await.unwrap();
        statuses.push(answer.status().as_u16());
    }
    // Three are free, the fourth shuts the gate for a second.
    assert_eq!(statuses, [401, 401, 401, 401, 429]);

    // Nor does it get anybody more requests in a minute than one address has: 40 and a few, twice that around its turn.
    let mut passed = 0;
    for turn in 0..100 {
        let made_up = format!("198.51.100.{turn}");
        let request = http.get(format!("{}/v1/nowhere", nginx.base)).header("X-Forwarded-For", &made_up);
        let request = request.header("X-Real-IP", &made_up).header("Forwarded", format!("for={made_up}"));
        let answer = request.send().await.unwrap();
        assert!(answer.headers()["ratelimit"].to_str().unwrap().starts_with("\"address\";r="));
        passed += usize::from(answer.status() == 404);
    }
    assert!((20..90).contains(&passed), "{passed} of a hundred passed");
    for instance in instances {
        instance.signal("TERM");
        instance.wait();
    }
    place.clear().await;
}
