//! Issuers of `OpenID` Connect: a real one (npm oidc-provider), and one of the tests' own that lies as it is told.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cairn::platform::clock;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Where the real one is.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oidc");

/// A real issuer, as a process.
pub struct RealIssuer {
    pub base: String,
    process: Child,
}

impl RealIssuer {
    /// One that sends browsers back to these addresses; prints so and gives nothing where it can't be started.
    pub fn start(callbacks: &[String]) -> Option<Self> {
        if !std::path::Path::new(FOLDER).join("node_modules/oidc-provider").exists() {
            println!("skipped: npm's oidc-provider is not there; `scripts/install-needs oidc-provider` installs it");
            return None;
        }
        let mut node = Command::new("node");
        node.arg("issuer.mjs").args(callbacks).current_dir(FOLDER).env("NODE_NO_WARNINGS", "1");
        let Ok(mut process) = node.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            println!("skipped: Node is not there");
            return None;
        };
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let base = lines.find_map(|line| line.unwrap().strip_prefix("http://").map(|rest| format!("http://{rest}")));
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { base: base.unwrap(), process })
    }

    /// Names who signs in from now on; `nobody` says no.
    pub async fn person(&self, sub: &str, email: &str, is_verified: bool) {
        let url = format!("{}/person?sub={sub}&email={email}&verified={is_verified}", self.base);
        assert_eq!(reqwest::Client::new().post(url).send().await.unwrap().status(), 204);
    }
}

impl Drop for RealIssuer {
    fn drop(&mut self) {
        let _ended_already = self.process.kill();
        let _reaped_already = self.process.wait();
    }
}

/// What the issuer of the tests' own says, where it is not the truth.
#[derive(Default)]
pub struct Lies {
    /// Members of what it says of itself.
    pub metadata: Value,
    /// Claims of its tokens; null takes one away.
    pub claims: Value,
    /// Members of the header of its tokens.
    pub header: Value,
    /// Whether its tokens are signed by a key that it does not publish.
    pub wrong_key: bool,
    /// The whole answer to the exchange of a code.
    pub token_answer: Option<(u16, String)>,
    /// The whole answer to the question for its keys.
    pub keys_answer: Option<(u16, String)>,
}

/// An issuer of the tests' own. A code is the nonce of its request.
#[derive(Clone)]
pub struct Issuer {
    pub base: String,
    state: Arc<Mutex<State>>,
}

struct State {
    key: EcdsaKeyPair,
    key_id: String,
    other_key: EcdsaKeyPair,
    lies: Lies,
    used: BTreeSet<String>,
    /// The paths that were asked for.
    asked: Vec<String>,
}

fn new_key() -> EcdsaKeyPair {
    let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap()
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn changed(mut truth: Value, lies: &Value) -> Value {
    for (name, value) in lies.as_object().into_iter().flatten() {
        match value {
            Value::Null => drop(truth.as_object_mut().unwrap().remove(name)),
            value => truth[name] = value.clone(),
        }
    }
    truth
}

impl State {
    fn keys(&self) -> String {
        let point = self.key.public_key().as_ref();
        let key = json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.key_id, "x": encoded(&point[1..33]), "y": encoded(&point[33..]),
        });
        json!({"keys": [key]}).to_string()
    }

    fn token(&self, base: &str, nonce: &str) -> String {
        let now = clock::now_ms() / 1_000;
        let claims = json!({
            "iss": base, "sub": "7", "aud": "us", "iat": now, "exp": now + 300, "nonce": nonce, "email": "ann@example.org",
            "email_verified": true,
        });
        let header = changed(json!({"alg": "ES256", "kid": self.key_id}), &self.lies.header);
        let claims = changed(claims, &self.lies.claims);
        let message = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
        if header["alg"] == "none" {
            return format!("{message}.");
        }
        let key = if self.lies.wrong_key { &self.other_key } else { &self.key };
        let signed = key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", encoded(signed))
    }

    fn exchange(&mut self, base: &str, form: &str) -> (u16, String) {
        if let Some(answer) = &self.lies.token_answer {
            return answer.clone();
        }
        let field = |name: &str| {
            url::form_urlencoded::parse(form.as_bytes())
                .find_map(|(found, value)| (found == name).then(|| value.into_owned()))
        };
        let code = field("code").unwrap();
        assert_eq!(field("grant_type").as_deref(), Some("authorization_code"));
        assert_eq!(field("code_verifier").map(|verifier| verifier.len()), Some(64));
        if !self.used.insert(code.clone()) {
            return (400, json!({"error": "invalid_grant"}).to_string());
        }
        (200, json!({"access_token": "a", "token_type": "Bearer", "id_token": self.token(base, &code)}).to_string())
    }

    fn answer(&mut self, base: &str, path: &str, body: &str) -> (u16, String) {
        self.asked.push(path.to_owned());
        match path {
            "/.well-known/openid-configuration" => {
                let metadata = json!({
                    "issuer": base, "authorization_endpoint": format!("{base}/authorize?kept=yes"),
                    "token_endpoint": format!("{base}/token?kept=yes"), "jwks_uri": format!("{base}/keys"),
                });
                (200, changed(metadata, &self.lies.metadata).to_string())
            }
            "/keys" => self.lies.keys_answer.clone().unwrap_or_else(|| (200, self.keys())),
            "/token?kept=yes" => self.exchange(base, body),
            other => panic!("asked for {other}"),
        }
    }
}

impl Issuer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state = State {
            key: new_key(),
            key_id: "first".to_owned(),
            other_key: new_key(),
            lies: Lies::default(),
            used: BTreeSet::new(),
            asked: Vec::new(),
        };
        let issuer = Self { base, state: Arc::new(Mutex::new(state)) };
        let answering = issuer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answering.clone().serve(stream));
            }
        });
        issuer
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else { return };
            head.push(byte);
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        if stream.read_exact(&mut body).await.is_err() {
            return;
        }
        let path = head.split(' ').nth(1).unwrap().to_owned();
        let body = String::from_utf8(body).unwrap();
        let (status, body) = self.state.lock().unwrap().answer(&self.base, &path, &body);
        let answer =
            format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        // The other side may be gone.
        let _broken = stream.write_all(answer.as_bytes()).await;
    }

    /// Lies from now on.
    pub fn lie(&self, lies: Lies) {
        self.state.lock().unwrap().lies = lies;
    }

    /// Signs with another key from now on.
    pub fn change_key(&self, id: &str) {
        let mut state = self.state.lock().unwrap();
        (state.key, state.key_id) = (new_key(), id.to_owned());
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.state.lock().unwrap().asked.iter().filter(|asked| *asked == path).count()
    }
}
