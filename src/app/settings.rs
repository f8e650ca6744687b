//! What each part is set to, as the configuration says.

use std::time::Duration;

use crate::{
    config::{Config, StudiosBy},
    identity::{
        accounts::{self, Cost},
        players, studios,
    },
    platform::{db, mail, rate_limit, writer},
    traces::{meeting, rules::Keep, upkeep, v0},
    worlds,
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
            check: Duration::from_millis(config.key_check_ms),
            grace: Duration::from_secs(config.key_grace_secs),
            keep: keep(config),
        },
        anyone_founds: config.studios_by == StudiosBy::Anyone,
        studios_per_user: config.studios_per_user,
        invitations_last: Duration::from_hours(config.invitation_hours),
    }
}

fn keep(config: &Config) -> Keep {
    Keep { objects: config.scope_objects, messages: config.scope_messages, phantoms: config.scope_phantoms }
}

pub fn worlds(config: &Config) -> worlds::Settings {
    worlds::Settings {
        writer: writer::Limits {
            queue_jobs: config.write_queue,
            queue_bytes: config.write_queue_bytes,
            batch_jobs: config.write_batch,
            lanes: config.write_worlds,
        },
        recent_bytes: config.recent_bytes,
        revision_check: Duration::from_millis(config.revision_check_ms),
    }
}

pub fn v0(config: &Config) -> v0::Settings {
    v0::Settings {
        snapshot_bytes: config.snapshot_bytes,
        snapshot_wait: Duration::from_millis(config.snapshot_wait_ms),
        cache_ttl: Duration::from_secs(config.cache_duration),
    }
}

pub fn upkeep(config: &Config) -> upkeep::Settings {
    upkeep::Settings { idempotency_kept: Duration::from_hours(u64::from(config.idempotency_hours)) }
}

pub fn meeting(config: &Config) -> meeting::Settings {
    meeting::Settings { deck_bytes: config.deck_bytes, wait: Duration::from_millis(config.snapshot_wait_ms) }
}

pub fn accounts(config: &Config) -> accounts::Settings {
    accounts::Settings {
        cost: Cost {
            memory_kib: config.password_memory_kib,
            passes: config.password_passes,
            at_once: config.password_hashes,
            wait: Duration::from_millis(config.password_wait_ms),
        },
        limits: accounts::Limits {
            of_account: config.account_attempts,
            of_network: config.network_attempts,
            longest_wait: Duration::from_secs(config.attempts_wait_secs),
            forget_after: Duration::from_secs(config.attempts_forget_secs),
        },
        session_idle: Duration::from_hours(config.session_idle_hours),
        session_lasts: Duration::from_hours(config.session_hours),
        codes_last: Duration::from_mins(config.code_mins),
        server: config.public_url.clone(),
    }
}

pub fn mail(config: &Config, target: mail::Target) -> mail::Settings {
    let patience = Duration::from_secs(config.mail_patience_secs);
    mail::Settings { target, sender: config.mail_sender.clone(), letters: config.mail_letters, patience }
}

pub fn players(config: &Config) -> players::Settings {
    players::Settings {
        token_lasts: Duration::from_secs(config.player_token_secs),
        refresh_lasts: Duration::from_hours(config.player_refresh_days * 24),
        minted_per_hour: config.players_per_hour,
    }
}

pub fn rate_limit(config: &Config) -> rate_limit::Limits {
    rate_limit::Limits {
        key: config.key_rate,
        player: config.player_rate,
        account: config.account_rate,
        address: config.address_rate,
    }
}
