//! Redis through fred, configured so that a dead server is noticed, never waited for, and reconnected to by itself.
//! With fred's defaults a command to a dead server waits for ever and the client never reconnects.

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use fred::{
    clients::{Client, Pool, SubscriberClient},
    interfaces::{ClientLike, EventInterface, KeysInterface, PubsubInterface},
    types::{
        Builder, Expiration, SetOptions,
        config::{Config, Options, ReconnectPolicy, UnresponsiveConfig},
    },
};
use tokio::sync::mpsc;

use super::{State, counters::Counters};
use crate::platform::{clock, secret::Secret, tasks::Tasks};

/// Connections for commands. They are multiplexed, so two suffice: a large value on one does not delay the other.
const CONNECTIONS: usize = 2;

/// Received messages that may wait to be handled; further ones are dropped, and the periodic check finds the changes.
const MESSAGE_CAPACITY: usize = 1024;

/// How long the first connection may take before its absence is logged.
const FIRST_ANSWER: Duration = Duration::from_secs(1);

/// How often the subscription is renewed. Renewing is idempotent; it detects a half-open connection and repairs a
/// resubscription that failed.
const RESUBSCRIBE: Duration = Duration::from_secs(2);

/// The URL can't be used.
#[derive(Debug, thiserror::Error)]
#[error("REDIS_URL: {0}")]
pub struct RedisError(String);

/// Whether it is the URL of a Redis server.
#[must_use]
pub fn is_redis_url(url: &Secret) -> bool {
    Config::from_url(url.expose()).is_ok()
}

/// A pool for commands and publishing.
#[derive(Clone, Debug)]
pub struct Redis {
    pool: Pool,
    namespace: String,
    /// Used while Redis is away.
    counters: Counters,
}

impl Redis {
    pub(super) fn open<const N: usize>(
        url: &Secret,
        deadline: Duration,
        namespace: &str,
        channels: [&'static str; N],
        tasks: &Tasks,
    ) -> Result<(Self, [mpsc::Receiver<Bytes>; N]), RedisError> {
        let to_error = |error: fred::error::Error| RedisError(error.details().to_owned());
        let mut config = Config::from_url(url.expose()).map_err(to_error)?;
        config.fail_fast = false;
        let servers: Vec<String> = config.server.hosts().iter().map(ToString::to_string).collect();
        let server = servers.join(", ");
        let mut builder = Builder::from_config(config);
        builder
            .with_performance_config(|performance| performance.default_command_timeout = deadline)
            .with_connection_config(|connection| {
                connection.connection_timeout = deadline.max(Duration::from_millis(300));
                connection.internal_command_timeout = deadline.max(Duration::from_millis(300));
                connection.max_command_attempts = 1;
                connection.max_command_buffer_len = 1000;
                connection.unresponsive = UnresponsiveConfig {
                    max_timeout: Some(deadline.max(Duration::from_millis(500))),
                    interval: Duration::from_millis(100),
                };
            })
            // Without end, from 50 ms to 1 s apart.
            .set_policy(ReconnectPolicy::new_exponential(0, 50, 1000, 2));
        let pool = builder.build_pool(CONNECTIONS).map_err(to_error)?;
        let subscriber = builder.build_subscriber_client().map_err(to_error)?;
        let mut senders = HashMap::new();
        let messages = channels.map(|channel| {
            let (sender, messages) = mpsc::channel(MESSAGE_CAPACITY);
            senders.insert(format!("{namespace}:{channel}"), sender);
            messages
        });
        tasks.spawn_until_stop("redis", connect(pool.clone(), server));
        tasks.spawn_until_stop("redis subscription", subscribe(subscriber.clone(), senders.keys().cloned().collect()));
        tasks.spawn_until_stop("redis announcements", listen(subscriber, senders));
        Ok((Self { pool, namespace: namespace.to_owned(), counters: Counters::default() }, messages))
    }

    /// A client whose commands fail at once when the connection is down.
    fn client(&self) -> fred::clients::WithOptions<Client> {
        self.pool.next().with_options(&Options { fail_fast: true, ..Options::default() })
    }

    pub(super) async fn get(&self, key: &str) -> Option<Bytes> {
        let found = self.client().get::<Option<Bytes>, _>(format!("{}:{key}", self.namespace)).await;
        found.inspect_err(|error| tracing::debug!(%error, "redis get")).ok().flatten()
    }

    pub(super) async fn set(&self, key: &str, value: Bytes, ttl: Duration) {
        let key = format!("{}:{key}", self.namespace);
        let done = self.client().set::<(), _, _>(key, value, Some(Expiration::PX(clock::ms(ttl))), None, false).await;
        if let Err(error) = done {
            tracing::debug!(%error, "redis set");
        }
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The value of a counter; `None` where Redis does not answer.
    pub(super) async fn counted(&self, key: &str) -> Option<i64> {
        let found = self.client().get::<Option<i64>, _>(format!("{}:{key}", self.namespace)).await;
        found.inspect_err(|error| tracing::debug!(%error, "redis get")).ok().map(Option::unwrap_or_default)
    }

    pub(super) async fn count(&self, key: &str, by: i64, ttl: Duration) -> Option<i64> {
        let (client, key) = (self.client(), format!("{}:{key}", self.namespace));
        // On one connection, hence in this order, and pipelined.
        let (count, ends) = tokio::join!(
            client.incr_by::<i64, _>(key.as_str(), by),
            client.pexpire::<(), _>(key.as_str(), clock::ms(ttl), None)
        );
        let done = count.and_then(|count| ends.map(|()| count));
        done.inspect_err(|error| tracing::debug!(%error, "redis count")).ok()
    }

    pub(super) async fn claim(&self, key: &str, ttl: Duration) -> Option<Result<(), Duration>> {
        let (client, key) = (self.client(), format!("{}:{key}", self.namespace));
        let (expires, if_absent) = (Some(Expiration::PX(clock::ms(ttl))), Some(SetOptions::NX));
        let claimed = client.set::<Option<String>, _, _>(key.as_str(), 1, expires, if_absent, false).await;
        let outcome = match claimed {
            Ok(Some(_)) => Ok(Ok(())),
            // Negative: it has expired in between.
            Ok(None) => client
                .pttl::<i64, _>(key.as_str())
                .await
                .map(|left_ms| Err(Duration::from_millis(u64::try_from(left_ms).unwrap_or_default()))),
            Err(error) => Err(error),
        };
        outcome.inspect_err(|error| tracing::debug!(%error, "redis claim")).ok()
    }

    pub(super) async fn forget(&self, key: &str) {
        if let Err(error) = self.client().del::<(), _>(format!("{}:{key}", self.namespace)).await {
            tracing::debug!(%error, "redis del");
        }
    }

    pub(super) async fn announce(&self, channel: &str, message: Bytes) {
        let channel = format!("{}:{channel}", self.namespace);
        if let Err(error) = self.client().publish::<(), _, _>(channel, message).await {
            tracing::debug!(%error, "redis publish");
        }
    }

    pub(super) async fn state(&self) -> State {
        match self.client().ping::<()>(None).await {
            Ok(()) => State::Up,
            Err(_) => State::Away,
        }
    }
}

async fn connect(pool: Pool, server: String) {
    let mut errors = pool.next().error_rx();
    // The reason of a failure comes as an error of the connection, while the client goes on trying.
    let reason = tokio::select! {
        started = tokio::time::timeout(FIRST_ANSWER, pool.init()) => match started {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("it did not answer".to_owned()),
        },
        Ok((error, _)) = errors.recv() => Some(error.to_string()),
    };
    if let Some(error) = reason {
        tracing::warn!(
            server,
            error,
            "redis unavailable at start; continuing without it and reconnecting in the background"
        );
    }
    // One line for each outage, not for each retry: the errors of one outage arrive together.
    let mut last = tokio::time::Instant::now();
    while let Ok((error, _)) = errors.recv().await {
        if last.elapsed() > Duration::from_secs(10) {
            tracing::warn!(server, %error, "redis unavailable; continuing without it");
        }
        last = tokio::time::Instant::now();
    }
}

async fn subscribe(subscriber: SubscriberClient, channels: Vec<String>) {
    let mut reconnected = subscriber.reconnect_rx();
    // The pool logs the error.
    let _away = subscriber.init().await;
    loop {
        let _away = subscriber.subscribe(channels.clone()).await;
        let _either = tokio::time::timeout(RESUBSCRIBE, reconnected.recv()).await;
    }
}

async fn listen(subscriber: SubscriberClient, senders: HashMap<String, mpsc::Sender<Bytes>>) {
    use tokio::sync::broadcast::error::RecvError;
    let mut messages = subscriber.message_rx();
    loop {
        match messages.recv().await {
            Ok(message) => {
                let target = senders.get::<str>(&message.channel).zip(message.value.as_bytes());
                if let Some((sender, bytes)) = target {
                    // Where the queue is full, the periodic check finds the change.
                    let _full = sender.try_send(Bytes::copy_from_slice(bytes));
                }
            }
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}
