//! What is stored in Redis.

use super::connect_options;
use crate::support::Place;

impl Place {
    /// How many encoded snapshots of the open world Redis holds: none or one.
    pub async fn cached_snapshots(&self) -> usize {
        use fred::prelude::*;
        let config = Config::from_url(self.redis_url.as_deref().unwrap()).unwrap();
        let client = Builder::from_config(config).build().unwrap();
        client.init().await.unwrap();
        let namespace = self.namespace().await;
        let keys: usize = client.exists(format!("cairn:{namespace}:view:2:1/1:")).await.unwrap();
        client.quit().await.unwrap();
        keys
    }

    /// The keys of this place in Redis, each with the seconds until it expires; negative: never.
    pub async fn lifetimes_in_redis(&self) -> Vec<(String, i64)> {
        use fred::prelude::*;
        let config = Config::from_url(self.redis_url.as_deref().unwrap()).unwrap();
        let client = Builder::from_config(config).build().unwrap();
        client.init().await.unwrap();
        let pattern = format!("cairn:{}:*", self.namespace().await);
        let keys: Vec<String> = client.custom(fred::cmd!("KEYS"), vec![pattern]).await.unwrap();
        let mut lifetimes = Vec::new();
        for key in keys {
            let secs: i64 = client.ttl(&key).await.unwrap();
            lifetimes.push((key, secs));
        }
        client.quit().await.unwrap();
        lifetimes
    }

    /// The namespace of the database, with which all keys begin.
    pub async fn namespace(&self) -> String {
        use sea_orm::EntityTrait;
        let url = self.database_url.as_deref().unwrap().replacen("postgresql:", "postgres:", 1);
        let connection = sea_orm::Database::connect(connect_options(url)).await.unwrap();
        let row = entity::control::platform::installation::Entity::find().one(&connection).await.unwrap().unwrap();
        connection.close().await.unwrap();
        row.namespace
    }
}
