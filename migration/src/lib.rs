//! Cairn's schema: one idea a migration, for PostgreSQL and SQLite, never edited once it has landed.
//!
//! [`Control`] is run once in an installation, [`Tenant`] once for each studio, on a connection whose schema (or file)
//! is the studio's.

mod control;
mod tenant;

use sea_orm_migration::prelude::*;

/// The tables that stand once in an installation.
#[derive(Debug)]
pub struct Control;

impl MigratorTrait for Control {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(control::m0001_installation::Migration),
            Box::new(control::m0002_studio::Migration),
            Box::new(control::m0003_game::Migration),
            Box::new(control::m0004_api_key::Migration),
            Box::new(control::m0005_audit::Migration),
            Box::new(control::m0006_user::Migration),
            Box::new(control::m0007_user_session::Migration),
            Box::new(control::m0008_user_code::Migration),
            Box::new(control::m0009_signing_key::Migration),
            Box::new(control::m0010_founding::Migration),
            Box::new(control::m0011_member::Migration),
            Box::new(control::m0012_invitation::Migration),
            Box::new(control::m0013_administrator::Migration),
            Box::new(control::m0014_player_link::Migration),
            Box::new(control::m0015_game_rules::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "control_migration".into_iden()
    }
}

/// The tables that stand once for each studio.
#[derive(Debug)]
pub struct Tenant;

impl MigratorTrait for Tenant {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(tenant::m0001_world::Migration),
            Box::new(tenant::m0002_trace::Migration),
            Box::new(tenant::m0003_recording::Migration),
            Box::new(tenant::m0004_idempotency::Migration),
            Box::new(tenant::m0005_rotation::Migration),
            Box::new(tenant::m0006_base_good::Migration),
            Box::new(tenant::m0007_source_id::Migration),
            Box::new(tenant::m0008_legacy::Migration),
            Box::new(tenant::m0009_import::Migration),
            Box::new(tenant::m0010_player::Migration),
            Box::new(tenant::m0011_upload::Migration),
            Box::new(tenant::m0012_recording_id::Migration),
            Box::new(tenant::m0013_standing::Migration),
            Box::new(tenant::m0014_change::Migration),
            Box::new(tenant::m0015_trace_ref::Migration),
            Box::new(tenant::m0016_seed_name::Migration),
            Box::new(tenant::m0017_vote::Migration),
            Box::new(tenant::m0018_trace_use::Migration),
            Box::new(tenant::m0019_inbox::Migration),
            Box::new(tenant::m0020_report::Migration),
            Box::new(tenant::m0021_ban::Migration),
            Box::new(tenant::m0022_hidden_author::Migration),
            Box::new(tenant::m0023_recording_in_row::Migration),
            Box::new(tenant::m0024_whole_orders::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "tenant_migration".into_iden()
    }
}
