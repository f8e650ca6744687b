//! Recordings, attached and removed without a route.

use cairn::{
    identity::access::Player,
    traces::recordings::{self, RecordingId, Recordings},
};
use entity::tenant::traces::recording;
use sea_orm::ColumnTrait;

use crate::support::Cairn;

impl Cairn {
    fn player_of(&self, token: &str) -> Player {
        self.services().players.verify_token(token).unwrap()
    }

    /// The number of the studio whose player has that token.
    pub fn studio_of(&self, token: &str) -> usize {
        usize::try_from(self.player_of(token).studio.0).unwrap()
    }

    /// Removes the recordings that have waited too long for a trace.
    pub async fn sweep_recordings(&self) {
        self.services().recordings.delete_expired_uploads().await;
    }

    /// Attaches a player's waiting recording to the trace of that id; whether it could be.
    pub async fn attach_recording(&self, token: &str, recording: &str, trace: i64) -> bool {
        let player = self.player_of(token);
        let tenant = self.services().database.tenant(player.studio).await.unwrap();
        let transaction = tenant.begin().await.unwrap();
        let id = RecordingId::of_text(recording).unwrap();
        let since = Recordings::oldest_upload_ms();
        let attached = recordings::attach_upload(&tenant, &transaction, &player, id, trace, since).await.unwrap();
        tenant.commit(transaction).await.unwrap();
        attached.is_some()
    }
}

/// Deletes the only recording in the studio of a player; returns the id of its trace.
pub async fn take_frames_away(cairn: &Cairn, token: &str) -> i64 {
    let tenant = cairn.services().database.tenant(cairn.player_of(token).studio).await.unwrap();
    let transaction = tenant.begin().await.unwrap();
    let rows: Vec<recording::Model> = tenant.all(&tenant.select::<recording::Entity>()).await.unwrap();
    let [frames] = &rows[..] else { panic!("{rows:?}") };
    tenant.delete(&transaction, recording::Entity, recording::Column::Id.eq(frames.id)).await.unwrap();
    tenant.commit(transaction).await.unwrap();
    frames.id
}
