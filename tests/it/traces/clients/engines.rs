//! Three clients, as they are in the world: what they send, and what they can read.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::{Map, Value};

use super::{Ask, Credential};
use crate::support::OPENAPI;

/// A client.
pub trait Client {
    /// Status and answer; `null` where there is no body.
    async fn ask(&self, ask: Ask<'_>) -> (u16, Value);
}

fn header(credential: &Credential) -> (&'static str, String) {
    match credential {
        Credential::Key(key) => ("X-API-Key", key.clone()),
        Credential::Token(token) => ("Authorization", format!("Bearer {token}")),
    }
}

async fn sent(ask: &Ask<'_>, http: &crate::support::http::Client, body: Option<String>) -> (u16, String) {
    let (name, value) = header(ask.credential);
    let mut request = http.request(ask.method.parse().unwrap(), &ask.url).header(name, value);
    if let Some(body) = body {
        request = request.header("Content-Type", "application/json").body(body);
    }
    let answer = request.send().await.unwrap();
    // None of these asks for it, and most engines can't decode it.
    assert!(!answer.headers().contains_key("content-encoding"), "{}", ask.url);
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn read(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { serde_json::from_str(text).unwrap() }
}

/// As Godot 3 and 4 do it: every number is a double, written so; keys in order; no `Accept-Encoding`.
#[derive(Default)]
pub struct Godot(crate::support::http::Client);

/// As `JSON.stringify` prints it.
fn print(value: &Value, out: &mut String) {
    match value {
        Value::Number(number) => write!(out, "{:?}", number.as_f64().unwrap()).unwrap(),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                print(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            out.push('{');
            for (at, name) in names.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write!(out, "{}:", Value::from(name.as_str())).unwrap();
                print(&members[name], out);
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

/// As `JSON.parse` reads it: numbers are doubles, and a larger integer would be another.
fn as_doubles(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let double = number.as_f64().unwrap();
            assert!(number.as_i64().is_none_or(|exact| exact.abs() <= 1 << 53), "{number} is no double");
            Value::from(double)
        }
        Value::Array(items) => items.into_iter().map(as_doubles).collect(),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, as_doubles(value))).collect())
        }
        other => other,
    }
}

impl Client for Godot {
    async fn ask(&self, ask: Ask<'_>) -> (u16, Value) {
        let body = ask.body.as_ref().map(|body| {
            let mut out = String::new();
            print(body, &mut out);
            out
        });
        let (status, text) = sent(&ask, &self.0, body).await;
        (status, as_doubles(read(&text)))
    }
}

/// The classes of bodies and answers, as a programmer writes them who reads the description.
pub struct Classes(Value);

impl Classes {
    /// Those of openapi.json.
    pub fn described() -> Self {
        Self(serde_json::from_str(OPENAPI).unwrap())
    }

    /// The schema of one of several texts where a schema refers to that, else the schema: such engines have no type for it but a
    /// text.
    fn plain<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let referred = Self::name(schema).map(|name| self.class(&name));
        referred.filter(|class| class["type"] == "string").unwrap_or(schema)
    }

    /// The name of a class, where a schema is one.
    fn name(schema: &Value) -> Option<String> {
        let reference = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str())?;
        reference.rsplit('/').next().map(str::to_owned)
    }

    fn class(&self, name: &str) -> &Value {
        &self.0["components"]["schemas"][name]
    }

    /// What is sent as JSON in a body or an answer.
    fn json(described: &Value) -> &Value {
        let of_json = |(media, content): (&String, _)| media.starts_with("application/json").then_some(content);
        let content = described["content"].as_object().and_then(|content| content.iter().find_map(of_json));
        content.map_or(&Value::Null, |content: &Value| &content["schema"])
    }

    fn operation(&self, ask: &Ask<'_>) -> &Value {
        &self.0["paths"][ask.path][ask.method.to_lowercase()]
    }

    /// The classes of all answers to games.
    pub fn of_games(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (path, methods) in self.0["paths"].as_object().unwrap() {
            // An export is kept as a file.
            if !path.starts_with("/v1/") || path.ends_with("/export") {
                continue;
            }
            for operation in methods.as_object().unwrap().values() {
                for response in operation["responses"].as_object().unwrap().values() {
                    names.extend(Self::name(Self::json(response)));
                }
            }
        }
        names
    }

    /// Whether a class has members alone that a fixed class can have.
    pub fn check(&self, name: &str) {
        let class = self.class(name);
        assert_eq!(class["type"], "object", "{name}");
        assert!(class.get("additionalProperties").is_none(), "{name} is a map");
        for (member, schema) in class["properties"].as_object().unwrap() {
            let schema = self.plain(if schema["type"] == "array" { &schema["items"] } else { schema });
            if let Some(inner) = Self::name(schema) {
                self.check(&inner);
            } else {
                let plain = ["string", "integer", "number", "boolean"];
                assert!(plain.iter().any(|one| schema["type"] == *one), "{name}.{member}: {schema}");
            }
        }
    }

    /// An object of a class, with everything in it that was not set, as such engines write that.
    fn whole(&self, name: &str, body: &Value) -> Value {
        let mut object = Map::new();
        let class = self.class(name);
        for member in body.as_object().unwrap().keys() {
            assert!(class["properties"].get(member).is_some(), "{name} has no {member}");
        }
        for (member, schema) in class["properties"].as_object().unwrap() {
            let schema = self.plain(schema);
            let set = match (body.get(member), Self::name(&schema["items"])) {
                (Some(Value::Array(items)), Some(of)) => items.iter().map(|item| self.whole(&of, item)).collect(),
                (Some(value), _) => value.clone(),
                (None, _) if schema["type"] == "array" => Value::Array(Vec::new()),
                (None, _) if schema["type"] == "string" => Value::from(""),
                (None, _) => Value::Null,
            };
            object.insert(member.clone(), set);
        }
        Value::Object(object)
    }

    /// Reads an answer into a class: fails where there is anything that the class has not, or of another type.
    fn fits(&self, schema: &Value, value: &Value, place: &str) {
        let schema = self.plain(schema);
        if let Some(name) = Self::name(schema) {
            let members = value.as_object().unwrap_or_else(|| panic!("{place} is no {name}: {value}"));
            let class = self.class(&name);
            for (member, value) in members {
                let schema = class["properties"].get(member);
                let schema = schema.unwrap_or_else(|| panic!("{name} has no {member}: {value}"));
                self.fits(schema, value, &format!("{place}.{member}"));
            }
            return;
        }
        let fits = match schema["type"].as_str().unwrap() {
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "array" => {
                let items = value.as_array().unwrap_or_else(|| panic!("{place} is no list: {value}"));
                for item in items {
                    self.fits(&schema["items"], item, place);
                }
                true
            }
            other => panic!("{place}: {other}"),
        };
        assert!(fits, "{place} is {value}, not {schema}");
    }
}

/// As Unity's `JsonUtility` does it.
pub struct Unity(pub Classes);

impl Client for Unity {
    async fn ask(&self, ask: Ask<'_>) -> (u16, Value) {
        let operation = self.0.operation(&ask);
        let body = ask.body.as_ref().map(|body| {
            let class = Classes::name(Classes::json(&operation["requestBody"])).unwrap();
            self.0.whole(&class, body).to_string()
        });
        let (status, text) = sent(&ask, &crate::support::http::Client::new(), body).await;
        let answer = read(&text);
        if (200..300).contains(&status) {
            match Classes::json(&operation["responses"][status.to_string()]) {
                Value::Null => assert_eq!(answer, Value::Null, "{}", ask.path),
                class => self.0.fits(class, &answer, ask.path),
            }
        }
        (status, answer)
    }
}

/// The program itself, with bodies gzipped. What has an ETag is asked for twice.
pub struct Curl;

struct Answer {
    status: u16,
    tag: Option<String>,
    body: Vec<u8>,
}

impl Curl {
    fn call(ask: &Ask<'_>, body: Option<&[u8]>, tag: Option<&str>) -> Answer {
        let (name, value) = header(ask.credential);
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-g", "--compressed", "-X", ask.method, "-H", &format!("{name}: {value}"), &ask.url]);
        // Behind the body, where no JSON goes on.
        curl.args(["-w", "\n%{http_code} %header{etag}"]);
        if let Some(tag) = tag {
            curl.args(["-H", &format!("If-None-Match: {tag}")]);
        }
        if body.is_some() {
            curl.args(["-H", "Content-Type: application/json", "-H", "Content-Encoding: gzip", "--data-binary", "@-"]);
        }
        let mut running = curl.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        running.stdin.take().unwrap().write_all(body.unwrap_or_default()).unwrap();
        let output = running.wait_with_output().unwrap();
        assert!(output.status.success(), "{ask:?}");
        let end = output.stdout.iter().rposition(|byte| *byte == b'\n').unwrap();
        let (body, rest) = output.stdout.split_at(end);
        let rest = String::from_utf8(rest.to_vec()).unwrap();
        let (status, tag) = rest.trim_start().split_once(' ').unwrap();
        let tag = Some(tag.to_owned()).filter(|tag| !tag.is_empty());
        Answer { status: status.parse().unwrap(), tag, body: body.to_vec() }
    }

    fn gzipped(body: &Value) -> Vec<u8> {
        let mut gzip = Command::new("gzip").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        gzip.stdin.take().unwrap().write_all(body.to_string().as_bytes()).unwrap();
        gzip.wait_with_output().unwrap().stdout
    }
}

impl Client for Curl {
    async fn ask(&self, ask: Ask<'_>) -> (u16, Value) {
        let body = ask.body.as_ref().map(Self::gzipped);
        // It waits for an answer; the server is in this process.
        let call = |tag: Option<&str>| tokio::task::block_in_place(|| Self::call(&ask, body.as_deref(), tag));
        let answer = call(None);
        if let Some(tag) = &answer.tag {
            let again = call(Some(tag));
            // Unless it has become another meanwhile.
            let is_another = again.tag.as_ref() != Some(tag);
            assert!(is_another || (again.status == 304 && again.body.is_empty()), "{}: {}", ask.url, again.status);
        }
        (answer.status, read(&String::from_utf8(answer.body).unwrap()))
    }
}
