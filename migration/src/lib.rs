//! Cairn's schema as migrations for PostgreSQL and SQLite: one idea in each, and never edited once released. The name that
//! a database records for an applied migration is the stem of its file.
//!
//! [`Control`] runs once in an installation, [`Tenant`] once for each studio, on a connection to the studio's schema (or
//! file). Migrations run in the order of these lists; a new one goes into the folder of its domain and to the end of a list.

mod control;
mod job_table;
mod tenant;

use sea_orm_migration::prelude::*;

/// Migrations of the tables that exist once in an installation.
#[derive(Debug)]
pub struct Control;

impl MigratorTrait for Control {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(control::platform::m0001_installation::Migration),
            Box::new(control::identity::m0002_studio::Migration),
            Box::new(control::identity::m0003_game::Migration),
            Box::new(control::identity::m0004_api_key::Migration),
            Box::new(control::identity::m0005_audit::Migration),
            Box::new(control::identity::m0006_user::Migration),
            Box::new(control::identity::m0007_user_session::Migration),
            Box::new(control::identity::m0008_user_code::Migration),
            Box::new(control::identity::m0009_signing_key::Migration),
            Box::new(control::identity::m0010_founding::Migration),
            Box::new(control::identity::m0011_member::Migration),
            Box::new(control::identity::m0012_invitation::Migration),
            Box::new(control::identity::m0013_administrator::Migration),
            Box::new(control::identity::m0014_player_link::Migration),
            Box::new(control::traces::m0015_game_rules::Migration),
            Box::new(control::identity::m0039_kept_answer::Migration),
            Box::new(control::identity::m0040_request::Migration),
            Box::new(control::identity::m0041_erased_player::Migration),
            Box::new(control::platform::m0048_namespace::Migration),
            Box::new(control::identity::m0055_profile::Migration),
            Box::new(control::identity::m0056_follow::Migration),
            Box::new(control::identity::m0057_block::Migration),
            Box::new(control::identity::m0058_notice::Migration),
            Box::new(control::catalogue::m0065_title::Migration),
            Box::new(control::catalogue::m0066_title_name::Migration),
            Box::new(control::catalogue::m0067_title_facts::Migration),
            Box::new(control::catalogue::m0068_title_search::Migration),
            Box::new(control::catalogue::m0069_title_links::Migration),
            Box::new(control::platform::m0050_job::Migration),
            Box::new(control::platform::m0051_crossing::Migration),
            Box::new(control::platform::m0052_secret_key_check::Migration),
            Box::new(control::journal::m0085_thought::Migration),
            Box::new(control::journal::m0086_thought_version::Migration),
            Box::new(control::journal::m0087_thought_comment::Migration),
            Box::new(control::journal::m0088_thought_reaction::Migration),
            Box::new(control::journal::m0075_library_entry::Migration),
            Box::new(control::journal::m0076_playthrough::Migration),
            Box::new(control::journal::m0077_state_change::Migration),
            Box::new(control::journal::m0078_library_count::Migration),
            Box::new(control::journal::m0079_library_edit::Migration),
            Box::new(control::journal::m0080_library_import::Migration),
            Box::new(control::identity::m0059_former_username::Migration),
            Box::new(control::identity::m0060_name_word::Migration),
            Box::new(control::identity::m0061_place::Migration),
            Box::new(control::identity::m0062_user_administrator::Migration),
            Box::new(control::catalogue::m0070_title_price::Migration),
            Box::new(control::catalogue::m0071_exchange_rate::Migration),
            Box::new(control::journal::m0072_price_fall::Migration),
            Box::new(control::platform::m0073_outbound_month::Migration),
            Box::new(control::catalogue::m0074_title_discovery::Migration),
            Box::new(control::platform::m0095_blob::Migration),
            Box::new(control::platform::m0096_blob_usage::Migration),
            Box::new(control::journal::m0100_media::Migration),
            Box::new(control::journal::m0101_state_change_told::Migration),
            Box::new(control::journal::m0110_challenge::Migration),
            Box::new(control::journal::m0111_challenge_guest::Migration),
            Box::new(control::journal::m0112_challenge_move::Migration),
            Box::new(control::journal::m0113_challenge_host::Migration),
            Box::new(control::platform::m0120_saves_bucket::Migration),
            Box::new(control::identity::m0121_app_password::Migration),
            Box::new(control::journal::m0122_save_slot::Migration),
            Box::new(control::journal::m0123_save_keeper::Migration),
            Box::new(control::journal::m0124_save_content::Migration),
            Box::new(control::journal::m0125_save_version::Migration),
            Box::new(control::journal::m0126_save_entry::Migration),
            Box::new(control::journal::m0127_save_window::Migration),
            Box::new(control::journal::m0128_save_change::Migration),
            Box::new(control::identity::m0130_user_ban::Migration),
            Box::new(control::identity::m0131_profile_hidden::Migration),
            Box::new(control::journal::m0132_hidden::Migration),
            Box::new(control::journal::m0133_moderation_case::Migration),
            Box::new(control::journal::m0134_moderation_report::Migration),
            Box::new(control::journal::m0135_moderation_verdict::Migration),
            Box::new(control::platform::m0136_blob_turn::Migration),
            Box::new(control::journal::m0137_media_turn::Migration),
            Box::new(control::identity::m0140_second_factor::Migration),
            Box::new(control::identity::m0141_recovery_code::Migration),
            Box::new(control::identity::m0142_user_identity::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "control_migration".into_iden()
    }
}

/// Migrations of the tables that exist once for each studio.
#[derive(Debug)]
pub struct Tenant;

impl MigratorTrait for Tenant {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(tenant::worlds::m0001_world::Migration),
            Box::new(tenant::traces::m0002_trace::Migration),
            Box::new(tenant::traces::m0003_recording::Migration),
            Box::new(tenant::traces::m0004_idempotency::Migration),
            Box::new(tenant::traces::m0005_rotation::Migration),
            Box::new(tenant::traces::m0006_base_good::Migration),
            Box::new(tenant::traces::m0007_source_id::Migration),
            Box::new(tenant::traces::m0008_legacy::Migration),
            Box::new(tenant::traces::m0009_import::Migration),
            Box::new(tenant::identity::m0010_player::Migration),
            Box::new(tenant::traces::m0011_upload::Migration),
            Box::new(tenant::traces::m0012_recording_id::Migration),
            Box::new(tenant::traces::m0013_standing::Migration),
            Box::new(tenant::worlds::m0014_change::Migration),
            Box::new(tenant::traces::m0015_trace_ref::Migration),
            Box::new(tenant::identity::m0016_seed_name::Migration),
            Box::new(tenant::traces::m0017_vote::Migration),
            Box::new(tenant::traces::m0018_trace_use::Migration),
            Box::new(tenant::traces::m0019_inbox::Migration),
            Box::new(tenant::traces::m0020_report::Migration),
            Box::new(tenant::traces::m0021_ban::Migration),
            Box::new(tenant::traces::m0022_hidden_author::Migration),
            Box::new(tenant::traces::m0023_recording_in_row::Migration),
            Box::new(tenant::traces::m0024_whole_orders::Migration),
            Box::new(tenant::identity::m0025_display_name::Migration),
            Box::new(tenant::traces::m0026_rated_seq::Migration),
            Box::new(tenant::worlds::m0027_guard::Migration),
            Box::new(tenant::traces::m0028_claimed_ban::Migration),
            Box::new(tenant::traces::m0029_network::Migration),
            Box::new(tenant::traces::m0030_report_weight::Migration),
            Box::new(tenant::traces::m0031_reporter::Migration),
            Box::new(tenant::worlds::m0032_storage_use::Migration),
            Box::new(tenant::traces::m0033_storage_counted::Migration),
            Box::new(tenant::identity::m0038_token_request::Migration),
            Box::new(tenant::traces::m0039_rows_of_player::Migration),
            Box::new(tenant::worlds::m0047_stamp::Migration),
            Box::new(tenant::traces::m0042_own_count::Migration),
            Box::new(tenant::traces::m0043_own_orders::Migration),
            Box::new(tenant::traces::m0044_cell::Migration),
            Box::new(tenant::traces::m0045_upload_order::Migration),
            Box::new(tenant::platform::m0053_job::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "tenant_migration".into_iden()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Existing databases record these names: changing one, or their order, would make them unreadable.
    const CONTROL: [&str; 15] = [
        "m0001_installation",
        "m0002_studio",
        "m0003_game",
        "m0004_api_key",
        "m0005_audit",
        "m0006_user",
        "m0007_user_session",
        "m0008_user_code",
        "m0009_signing_key",
        "m0010_founding",
        "m0011_member",
        "m0012_invitation",
        "m0013_administrator",
        "m0014_player_link",
        "m0015_game_rules",
    ];

    /// As [`CONTROL`].
    const TENANT: [&str; 31] = [
        "m0001_world",
        "m0002_trace",
        "m0003_recording",
        "m0004_idempotency",
        "m0005_rotation",
        "m0006_base_good",
        "m0007_source_id",
        "m0008_legacy",
        "m0009_import",
        "m0010_player",
        "m0011_upload",
        "m0012_recording_id",
        "m0013_standing",
        "m0014_change",
        "m0015_trace_ref",
        "m0016_seed_name",
        "m0017_vote",
        "m0018_trace_use",
        "m0019_inbox",
        "m0020_report",
        "m0021_ban",
        "m0022_hidden_author",
        "m0023_recording_in_row",
        "m0024_whole_orders",
        "m0025_display_name",
        "m0026_rated_seq",
        "m0027_guard",
        "m0028_claimed_ban",
        "m0029_network",
        "m0030_report_weight",
        "m0031_reporter",
    ];

    fn names<M: MigratorTrait>() -> Vec<String> {
        M::migrations().iter().map(|migration| migration.name().to_owned()).collect()
    }

    #[test]
    fn released_migrations_keep_their_names_and_order() {
        assert_eq!(names::<Control>().get(..CONTROL.len()), Some(CONTROL.map(str::to_owned).as_slice()));
        assert_eq!(names::<Tenant>().get(..TENANT.len()), Some(TENANT.map(str::to_owned).as_slice()));
    }
}
