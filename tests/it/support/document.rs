//! Holds answers against the description of the API, strictly: the status must be described, every member of the body and every
//! header too, and what the description requires must be there.

use std::{
    collections::HashMap,
    io::Read,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::{Draft, Validator};
use reqwest::{Method, header::HeaderMap};
use serde_json::{Value, json};

use super::{OPENAPI, guide};

/// Paths that are no part of the API: its description, and what Prometheus reads on a port of its own.
const OTHERS: [&str; 4] = ["/openapi.json", "/docs", "/redoc", "/metrics"];

/// Where the paths of pages begin, which are no part of the API either.
const PAGES: [&str; 11] =
    ["", "account", "admin", "assets", "games", "index.htm", "journal", "journals", "people", "studio", "thoughts"];

/// Headers of HTTP itself, which any answer may have.
const GENERAL: [&str; 17] = [
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "age",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
    "vary",
    "x-cache-status",
];

/// The description of the API.
pub struct Document {
    pub whole: Value,
    /// The components, in which no object has a member that is not described.
    strict: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

pub static DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::read(OPENAPI));

impl Document {
    fn read(text: &str) -> Self {
        let whole: Value = serde_json::from_str(text).unwrap();
        let mut strict = whole["components"]["schemas"].clone();
        strict.as_object_mut().unwrap().values_mut().for_each(close);
        Self { strict, whole, validators: Mutex::default() }
    }

    /// What a reference stands for, or the value itself.
    pub fn followed<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.whole.pointer(reference.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    /// The operation for a method and a path, with the template of the path; `None` where no template fits. The operation is
    /// null where the path has none of that method.
    fn operation(&self, method: &Method, path: &str) -> Option<(&str, &Value)> {
        let sent: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let parts: Vec<&str> = template.split('/').collect();
            let literals = parts.iter().filter(|part| !part.starts_with('{')).count();
            let is_fit = |(part, sent): (&&str, &&str)| part.starts_with('{') || part == sent;
            (parts.len() == sent.len() && parts.iter().zip(&sent).all(is_fit)).then_some(literals)
        };
        let paths = self.whole["paths"].as_object().unwrap();
        let best =
            paths.iter().filter_map(|(path, methods)| Some((fits(path)?, path, methods))).max_by_key(|found| found.0);
        let name = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
        best.map(|(_, path, methods)| (path.as_str(), &methods[name]))
    }

    /// Whether an operation, such as `GET /v1/deck`, has a parameter of that name.
    pub fn takes(&self, operation: &str, parameter: &str) -> bool {
        let (method, path) = operation.split_once(' ').unwrap();
        let parameters = self.whole["paths"][path][method.to_lowercase()]["parameters"].as_array();
        let mut sent = parameters.into_iter().flatten().map(|one| self.followed(one));
        sent.any(|one| one["in"] == "query" && one["name"] == parameter)
    }

    /// A validator of a schema, in which no object has a member that is not described.
    pub fn validator(&self, schema: &Value) -> Arc<Validator> {
        let key = schema.to_string();
        let mut validators = self.validators.lock().unwrap();
        let made = validators.entry(key).or_insert_with(|| {
            let mut schema = schema.clone();
            close(&mut schema);
            let root = json!({"allOf": [schema], "components": {"schemas": self.strict}});
            // OpenAPI 3.0 is of the time of Draft 5, whose schemas are those of Draft 4.
            let options = jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(true);
            Arc::new(options.build(&root).unwrap())
        });
        Arc::clone(made)
    }

    /// What contradicts a schema.
    pub fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.validator(schema);
        let in_words = |fault: jsonschema::ValidationError<'_>| format!("{} {fault}", fault.instance_path());
        validator.iter_errors(value).map(in_words).collect()
    }
}

/// Refuses members that are not described, in all objects of a schema; and says as Draft 4 does what may be null.
fn close(schema: &mut Value) {
    if schema["nullable"] == true {
        let mut other = std::mem::take(schema);
        other.as_object_mut().unwrap().remove("nullable");
        *schema = json!({"anyOf": [other, {"type": "null"}]});
    }
    if let Some(parts) = schema.as_object_mut() {
        if parts.contains_key("properties") && !parts.contains_key("additionalProperties") {
            parts.insert("additionalProperties".to_owned(), json!(false));
        }
        for (name, part) in parts {
            if name != "example" && name != "enum" {
                close(part);
            }
        }
    } else if let Some(parts) = schema.as_array_mut() {
        parts.iter_mut().for_each(close);
    }
}

/// Whether a path is no part of the API.
fn is_other(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    OTHERS.contains(&path) || PAGES.contains(&first)
}

/// Panics unless an answer is as the description says. `body` is absent where it was not received.
pub fn check(method: &Method, path: &str, status: u16, headers: &HeaderMap, body: Option<&[u8]>) {
    if method == Method::OPTIONS || is_other(path) {
        return;
    }
    let body = body.filter(|_| method != Method::HEAD).map(|body| decoded(headers, body));
    if let Err(contradiction) = compare(method, path, status, headers, body.as_deref()) {
        let body = String::from_utf8_lossy(body.as_deref().unwrap_or_default()).into_owned();
        panic!("openapi.json is contradicted: {method} {path} {status}: {contradiction}\n{headers:?}\n{body}");
    }
}

fn decoded(headers: &HeaderMap, body: &[u8]) -> Vec<u8> {
    if headers.get("content-encoding").is_none_or(|coding| coding != "gzip") {
        return body.to_vec();
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(body).read_to_end(&mut plain).unwrap();
    plain
}

fn compare(method: &Method, path: &str, status: u16, headers: &HeaderMap, body: Option<&[u8]>) -> Result<(), String> {
    let document = &*DOCUMENT;
    let problem = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
    // nginx answers by itself while an instance is away.
    if headers.get("server").is_some_and(|server| server == "nginx") && status == 502 {
        return Ok(());
    }
    let Some((template, operation)) = document.operation(method, path) else {
        return if status >= 400 { content(&problem, headers, body) } else { Err("no such path".to_owned()) };
    };
    if operation.is_null() {
        return if status == 405 {
            content(&problem, headers, body)
        } else {
            Err(format!("{template} has no such method"))
        };
    }
    let described = document.followed(&operation["responses"][status.to_string()]);
    if described.is_null() {
        return Err(format!("{template} has no such status"));
    }
    for (name, header) in described["headers"].as_object().into_iter().flatten() {
        if document.followed(header)["required"] == true && !headers.contains_key(name) {
            return Err(format!("the header {name} is missing"));
        }
    }
    for name in headers.keys().map(reqwest::header::HeaderName::as_str) {
        let mut named = described["headers"].as_object().into_iter().flatten().map(|(name, _)| name);
        if !GENERAL.contains(&name) && !named.any(|described| described.eq_ignore_ascii_case(name)) {
            return Err(format!("the header {name} is not described"));
        }
    }
    content(&described["content"], headers, body)
}

/// Compares the content of an answer with the described media types.
fn content(described: &Value, headers: &HeaderMap, body: Option<&[u8]>) -> Result<(), String> {
    let Some(media) = described.as_object() else {
        return if body.is_none_or(<[u8]>::is_empty) { Ok(()) } else { Err("a body is not described".to_owned()) };
    };
    let sent = headers.get("content-type").and_then(|sent| sent.to_str().ok()).unwrap_or_default();
    let sent = sent.split(';').next().unwrap();
    let Some(media) = media.get(sent) else { return Err(format!("the content type {sent:?} is not described")) };
    let Some(body) = body.filter(|_| sent == "application/json" || sent.ends_with("+json")) else { return Ok(()) };
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("no JSON: {error}"))?;
    if sent == "application/problem+json" && !guide::has_code(&value) {
        return Err("docs/api.md does not have its code with this status".to_owned());
    }
    let faults = DOCUMENT.faults(&media["schema"], &value);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}
