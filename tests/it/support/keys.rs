//! The keys of a world, and requests with a key.

use cairn::identity::access::{KeyKind, Permission};
use serde_json::Value;

use super::{Cairn, each};

/// A world by its names: `studio/game/environment`.
pub fn names(world: &str) -> [&str; 3] {
    let mut names = world.split('/');
    [(); 3].map(|()| names.next().unwrap())
}

/// The id in a key.
pub fn id_of(key: &str) -> &str {
    key.split('_').nth(2).unwrap()
}

/// A secret key of a world that may do everything there.
pub async fn admin(cairn: &Cairn, world: &str) -> String {
    cairn.key(world, KeyKind::Secret, &Permission::ALL).await
}

/// Changes what a game decides about its traces in a world.
pub async fn decide(cairn: &Cairn, world: &str, change: &Value) {
    let url = format!("{}/v1/games/{}/settings", cairn.base, names(world)[1]);
    let request = cairn.http.patch(url).header("X-API-Key", admin(cairn, world).await);
    assert_eq!(request.body(change.to_string()).send().await.unwrap().status(), 200);
}

impl Cairn {
    /// A publishable key that reads and writes.
    pub async fn game_key(&self, world: &str) -> String {
        self.key(world, KeyKind::Publishable, &[Permission::Read, Permission::Write]).await
    }

    pub fn get_with(&self, key: &str, path: &str) -> crate::support::http::RequestBuilder {
        self.get(path).header("X-API-Key", key)
    }

    /// Leaves something with a key, and sees that it was taken.
    pub async fn leave_with(&self, key: &str, body: &Value) {
        let answer = self.post(body.to_string()).header("X-API-Key", key).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (201, "Created!!!"));
    }

    /// The authors of the objects in the world of a key.
    pub async fn authors(&self, key: &str) -> Vec<String> {
        let answer = self.get_with(key, "/get-objects").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let world: Value = answer.json().await.unwrap();
        each(&world, "objects", "u_uuid").into_iter().map(|author| author.as_str().unwrap().to_owned()).collect()
    }

    /// Status and code of a GET with a key.
    pub async fn refusal(&self, key: &str) -> (u16, String) {
        let answer = self.get_with(key, "/get-objects").send().await.unwrap();
        let status = answer.status().as_u16();
        let code = match status {
            200 => String::new(),
            _ => answer.json::<Value>().await.unwrap()["code"].as_str().unwrap().to_owned(),
        };
        (status, code)
    }
}
