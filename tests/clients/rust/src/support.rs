//! Callers, bodies, and what is printed about an answer.

use std::{fmt::Debug, fs, time::Duration};

use cairn_client::{
    apis::{
        Error,
        configuration::{ApiKey, Configuration},
    },
    models::Problem,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// The client's configuration with the credentials of one caller.
pub type Caller = Configuration;

/// The answer to a call, or why the walk ends.
pub type Seen<A> = Result<A, String>;

/// A variable of the environment.
pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

/// A caller with a key, a token, both or neither.
pub fn caller(key: Option<&str>, token: Option<&str>) -> Caller {
    Configuration {
        base_path: variable("CAIRN_URL"),
        api_key: key.map(|key| ApiKey { prefix: None, key: key.to_owned() }),
        bearer_access_token: token.map(str::to_owned),
        ..Configuration::new()
    }
}

/// A body of the client's type, of these members.
///
/// # Panics
/// If the type has no such member, or the member another type.
pub fn body<B: Serialize + DeserializeOwned>(members: Value) -> B {
    let body: B = serde_json::from_value(members.clone()).unwrap_or_else(|error| panic!("{members}: {error}"));
    let sent = json!(body);
    assert!(same_members(&members, &sent), "{members} would be sent as {sent}");
    body
}

fn same_members(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same_members(value, other)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_members(one, other))
        }
        _ => true,
    }
}

/// What is seen in an answer without a body.
pub fn nothing(_: &()) -> Value {
    json!([])
}

/// The values in the order of their JSON.
pub fn ordered(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut values: Vec<Value> = values.collect();
    values.sort_by_key(Value::to_string);
    values
}

/// Prints what an answer says.
pub async fn call<A, E: Debug>(
    operation: &str,
    answer: impl Future<Output = Result<A, Error<E>>>,
    see: impl FnOnce(&A) -> Value,
) -> Seen<A> {
    match answer.await {
        Ok(answer) => {
            println!("{operation} {}", see(&answer));
            Ok(answer)
        }
        Err(error) => {
            let said = match &error {
                Error::ResponseError(response) => response.content.clone(),
                _ => error.to_string(),
            };
            println!("{operation} ! {}", said.replace('\n', " "));
            Err(format!("{operation}: {said}"))
        }
    }
}

/// Prints what the problem says with which a request is refused.
pub async fn refused<A, E: Debug>(operation: &str, answer: impl Future<Output = Result<A, Error<E>>>) -> Seen<()> {
    let said = match answer.await {
        Ok(_) => "! not refused".to_owned(),
        Err(Error::ResponseError(response)) => match serde_json::from_str::<Problem>(&response.content) {
            Ok(problem) if response.entity.is_some() => {
                let faults = problem.errors.into_iter().flatten().map(|fault| json!(fault.pointer));
                let seen: Value = [json!(problem.status), json!(problem.code)].into_iter().chain(faults).collect();
                seen.to_string()
            }
            _ => format!("! {} {}", response.status, response.content),
        },
        Err(error) => format!("! {error}"),
    };
    println!("{operation} {said}");
    Ok(())
}

/// Waits for the email and returns its code. The server writes emails to a folder when it has no mail server.
pub async fn code_from_mail(to: &str, subject: &str) -> String {
    let wanted = [format!("To: {to}\n"), format!("Subject: {subject}\n")];
    let find = async || loop {
        let files = fs::read_dir(variable("CAIRN_MAIL")).into_iter().flatten().flatten();
        let texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
        for text in texts.map(|text| text.replace("\r\n", "\n")) {
            let code = text.lines().find_map(|line| line.strip_prefix("    ").filter(|code| code.len() == 32));
            if let Some(code) = code
                && wanted.iter().all(|line| text.contains(line))
            {
                return code.to_owned();
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let found = tokio::time::timeout(Duration::from_secs(20), find()).await;
    found.unwrap_or_else(|_| panic!("no email to {to}: {subject}"))
}
