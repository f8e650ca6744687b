//! Challenges and gatherings.

mod addresses;
mod emails;
mod places;
mod requests;
mod table;
mod time;

use std::time::Duration;

use cairn::platform::clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::Gamer;
use crate::support::{Place, person::Answer};

/// A time so many hours from now.
pub fn in_hours(hours: u64) -> String {
    clock::format(clock::ms_from_now(Duration::from_hours(hours)))
}

/// What a host sends for a gathering in Iași in two days, and more.
pub fn wanted(game: i64, more: &Value) -> Value {
    let mut body = json!({
        "game": game.to_string(), "session_type": "offline", "starts_at": in_hours(48), "zone": "Europe/Bucharest",
        "area": "Iași, Copou", "place": {"latitude": 47.16, "longitude": 27.59}, "brings": ["pc"],
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// A gathering of that host.
pub async fn gathering(host: &Gamer<'_>, game: i64, more: Value) -> Value {
    let (status, challenge) = host.post("/challenges", wanted(game, &more)).await;
    assert_eq!(status, 201, "{challenge}");
    challenge
}

/// The path of a challenge.
pub fn path(challenge: &Value) -> String {
    format!("/challenges/{}", challenge["id"].as_str().unwrap())
}

impl Gamer<'_> {
    /// Makes a move.
    pub async fn moves(&self, path: &str, body: Value) -> Answer {
        self.post(&format!("{path}/moves"), body).await
    }

    /// Accepts, and says what has become of it.
    pub async fn accepts(&self, path: &str) -> String {
        let (status, now) = self.moves(path, json!({"action": "accept"})).await;
        assert_eq!(status, 200, "{now}");
        now["you"]["state"].as_str().unwrap().to_owned()
    }

    pub async fn declines(&self, path: &str) {
        let (status, now) = self.moves(path, json!({"action": "decline"})).await;
        assert_eq!((status, &now["you"]["state"]), (200, &json!("declined")), "{now}");
    }

    /// Their own state as a guest.
    pub async fn state(&self, path: &str) -> String {
        self.get(path).await.1["you"]["state"].as_str().unwrap_or("none").to_owned()
    }

    /// The kinds of notices about challenges that they have, the newest first.
    pub async fn notice_kinds(&self) -> Vec<String> {
        let (status, page) = self.get("/notices").await;
        assert_eq!(status, 200);
        let kinds = page["items"].as_array().unwrap().iter().map(|notice| notice["kind"].as_str().unwrap());
        kinds.filter_map(|kind| kind.strip_prefix("challenge_")).map(str::to_owned).collect()
    }

    pub async fn calls_off(&self, path: &str) {
        assert_eq!(self.send(Method::DELETE, path, Some("*"), None).await.0, 204);
    }
}

/// Lets the time of a challenge come: it begins so many hours ago, and the jobs that wait for it are due.
pub async fn begins_ago(place: &Place, path: &str, hours: u64) {
    let (id, at_ms) = (path.rsplit('/').next().unwrap(), clock::ms_ago(Duration::from_hours(hours)) - 1000);
    place.execute_control(&format!("UPDATE challenge SET starts_at_ms = {at_ms} WHERE id = {id}")).await;
    due(place).await;
}

/// Has all jobs of challenges done that wait for a time.
pub async fn due(place: &Place) {
    place.execute_control("UPDATE job SET due_ms = 1 WHERE kind = 'challenge_clock' AND lease IS NULL").await;
}
