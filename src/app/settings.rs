//! What each part is set to, as the configuration says.

use std::time::Duration;

use crate::{
    config::{Config, StudiosBy},
    identity::{
        access::rate_classes,
        accounts::{self, HashCost},
        players, studios,
    },
    platform::{
        db, mail,
        rate_limit::{self, RateLimit},
        writer,
    },
    traces::{self, decks, settings::ScopeLimits},
};

pub fn database(config: &Config) -> db::Limits {
    db::Limits {
        connections: config.database_connections,
        deadline: Duration::from_millis(config.database_timeout_ms),
        open_studios: config.open_studios,
    }
}

pub fn studios(config: &Config) -> studios::Settings {
    studios::Settings {
        keyring: studios::KeyringSettings {
            check_interval: Duration::from_millis(config.key_check_ms),
            grace: Duration::from_secs(config.key_grace_secs),
        },
        anyone_creates_studios: config.studios_by == StudiosBy::Anyone,
        studios_per_user: config.studios_per_user,
        invitations_last: Duration::from_hours(config.invitation_hours),
    }
}

pub fn scope_limits(config: &Config) -> ScopeLimits {
    ScopeLimits { objects: config.scope_objects, messages: config.scope_messages, phantoms: config.scope_phantoms }
}

pub fn traces(config: &Config) -> traces::Settings {
    traces::Settings {
        writer: writer::Limits {
            queue_jobs: config.write_queue,
            queue_bytes: config.write_queue_bytes,
            batch_jobs: config.write_batch,
            lanes: config.write_worlds,
        },
        remember_keys: Duration::from_hours(u64::from(config.idempotency_hours)),
        snapshot_bytes: config.snapshot_bytes,
        recent_bytes: config.recent_bytes,
        snapshot_wait: Duration::from_millis(config.snapshot_wait_ms),
        revision_check: Duration::from_millis(config.revision_check_ms),
        cache_ttl: Duration::from_secs(config.cache_duration),
    }
}

pub fn decks(config: &Config) -> decks::Settings {
    decks::Settings { deck_bytes: config.deck_bytes, wait: Duration::from_millis(config.snapshot_wait_ms) }
}

pub fn accounts(config: &Config) -> accounts::Settings {
    accounts::Settings {
        hash_cost: HashCost {
            memory_kib: config.password_memory_kib,
            passes: config.password_passes,
            concurrency: config.password_hashes,
            max_wait: Duration::from_millis(config.password_wait_ms),
        },
        limits: accounts::Limits {
            free_per_account: config.account_attempts,
            free_per_network: config.network_attempts,
            max_wait: Duration::from_secs(config.attempts_wait_secs),
            reset_after: Duration::from_secs(config.attempts_forget_secs),
        },
        session_idle: Duration::from_hours(config.session_idle_hours),
        session_lifetime: Duration::from_hours(config.session_hours),
        code_lifetime: Duration::from_mins(config.code_mins),
        server: config.public_url.clone(),
    }
}

pub fn mail(config: &Config, target: mail::Target) -> mail::Settings {
    let retry_for = Duration::from_secs(config.mail_patience_secs);
    mail::Settings { target, sender: config.mail_sender.clone(), max_pending: config.mail_letters, retry_for }
}

pub fn players(config: &Config) -> players::Settings {
    players::Settings {
        token_ttl: Duration::from_secs(config.player_token_secs),
        refresh_token_ttl: Duration::from_hours(config.player_refresh_days * 24),
        new_players_per_hour: config.players_per_hour,
    }
}

pub fn rate_limits(config: &Config) -> Vec<RateLimit> {
    [
        (rate_classes::KEY, config.key_rate),
        (rate_classes::PLAYER, config.player_rate),
        (rate_classes::ACCOUNT, config.account_rate),
        (rate_limit::ADDRESS, config.address_rate),
    ]
    .map(|(class, per_minute)| RateLimit { class, per_minute })
    .into()
}
