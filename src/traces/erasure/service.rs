//! The use cases of erasure.

use std::time::Duration;

use tokio::sync::oneshot;

use super::{
    commands::{EraseFeedback, EraseTraces},
    model::{ErasureError, NOT_EXPORTED, PlayerExport},
    store,
};
use crate::{
    identity::{
        access::{Actor, Player},
        answers::Answers,
        players::Players,
        studios::Studios,
    },
    platform::{clock, error::StoreError, tasks::Tasks},
    traces::{TraceWorlds, tables},
    worlds::WorldKey,
};

/// After this time no instance accepts a token of the player any more, and what one has written meanwhile is erased too.
const SETTLED: Duration = Duration::from_secs(3);

/// Exports and erases players. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Erasure {
    worlds: TraceWorlds,
    players: Players,
    studios: Studios,
    answers: Answers,
    tasks: Tasks,
}

impl Erasure {
    /// Starts the feature, which goes on with what was cut short.
    #[must_use]
    pub fn start(worlds: TraceWorlds, players: Players, studios: Studios, answers: Answers, tasks: &Tasks) -> Self {
        let erasure = Self { worlds, players, studios, answers, tasks: tasks.clone() };
        tasks.spawn_until_stop("unfinished erasures", erasure.clone().go_on());
        erasure
    }

    async fn go_on(self) {
        let unfinished = match self.players.unfinished_erasures().await {
            Ok(players) => players,
            Err(error) => return tracing::warn!(%error, "reading unfinished erasures failed"),
        };
        for player in unfinished {
            self.erase_and_settle(&player).await;
        }
    }

    /// All that is stored about a player.
    ///
    /// # Errors
    /// There is no such player.
    pub async fn export(&self, player: &Player) -> Result<PlayerExport, ErasureError> {
        let mut all = self.players.personal_rows(player).await?;
        let names = self.players.legacy_names(player).await?;
        let world = self.worlds.tables(player.studio).await?.world(player.world);
        let id = player.id.to_string();
        all.push(("trace", store::trace_rows(&world, &id, &names).await?));
        all.extend(store::rows(&world, &id, &tables::personal_tables()).await?);
        for row in all.iter_mut().flat_map(|(_, rows)| rows) {
            row.retain(|column, value| !NOT_EXPORTED.contains(&column.as_str()) && !value.is_null());
        }
        Ok(PlayerExport { player: player.clone(), exported_at_ms: clock::now_ms(), tables: all })
    }

    /// Erases a player, in a task of its own, so that it is completed also when the client disconnects. `actor` is whoever does
    /// it, other than the player, for the studio's audit log.
    ///
    /// # Errors
    /// There is no such player, or the database is unavailable: then it goes on at the next start.
    pub async fn erase(&self, player: &Player, actor: Option<Actor<'_>>) -> Result<(), ErasureError> {
        self.players.begin_erasure(player).await?;
        if let Some(actor) = actor {
            // Without the id: the audit log keeps it for ever.
            let (object, detail) = ("player".to_owned(), String::new());
            self.studios.record_audit(player.studio, actor, "player.erased", object, detail).await?;
        }
        let (done, outcome) = oneshot::channel();
        let (erasure, player) = (self.clone(), player.clone());
        self.tasks.spawn("erase a player", async move {
            // Fails if the client has disconnected.
            let _disconnected = done.send(erasure.erase_all(&player).await);
            erasure.settle(&player).await;
        });
        outcome
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("erasing the player was cut short".to_owned()).into()))
    }

    async fn erase_all(&self, player: &Player) -> Result<(), ErasureError> {
        let world = WorldKey::of_player(player);
        let names = self.players.legacy_names(player).await?;
        let id = player.id.to_string();
        let mut next = Some(0);
        while let Some(after) = next {
            let erase = EraseTraces { player: id.clone(), names: names.clone(), after };
            next = self.worlds.run(world, erase).await?;
        }
        while self.worlds.run(world, EraseFeedback { player: id.clone() }).await? > 0 {}
        self.players.delete(player).await?;
        self.answers.forget(player).await?;
        Ok(())
    }

    /// Erases what was written meanwhile with a token that an instance still took for valid.
    async fn settle(&self, player: &Player) {
        tokio::select! {
            () = tokio::time::sleep(SETTLED) => {}
            () = self.tasks.stopping() => {}
        }
        self.erase_and_settle(player).await;
    }

    async fn erase_and_settle(&self, player: &Player) {
        let erased = match self.erase_all(player).await {
            Ok(()) => self.players.finish_erasure(player).await.map_err(ErasureError::from),
            Err(error) => Err(error),
        };
        if let Err(error) = erased {
            tracing::warn!(%error, "erasing a player failed; it goes on at the next start");
        }
    }
}
