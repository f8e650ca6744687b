//! The use case of a user's traces: read them.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;

use super::{
    model::{LinkedError, LinkedPage, LinkedTrace, MAX_PLAYERS, MAX_SHOWN, Totals},
    store::Store,
};
use crate::{
    identity::{access::UserId, players::Players},
    platform::{
        db::Database,
        page::{Page, rows_for},
    },
};

/// A game of a studio, by the names of both in addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GameNames {
    /// The studio.
    pub studio: String,
    /// The game.
    pub game: String,
}

/// Finds the games of studios that are a title, which the user must see: a port to the catalogue.
#[derive(Clone)]
pub struct TitleGamesPort(pub FindTitleGames);

/// The function of the port.
pub type FindTitleGames =
    Arc<dyn Fn(UserId, i64) -> BoxFuture<'static, Result<Vec<GameNames>, LinkedError>> + Send + Sync>;

impl fmt::Debug for TitleGamesPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TitleGamesPort").finish_non_exhaustive()
    }
}

/// Traces of players who are linked to accounts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LinkedTraces {
    store: Store,
    players: Players,
    title_games: TitleGamesPort,
}

impl LinkedTraces {
    /// The feature on that database.
    #[must_use]
    pub fn new(database: Database, players: Players, title_games: TitleGamesPort) -> Self {
        Self { store: Store::new(database), players, title_games }
    }

    /// The traces of a user's players in the games that are a title, those that were met most first: so many after the first `after`.
    ///
    /// # Errors
    /// [`LinkedError`].
    pub async fn of_title(
        &self,
        user: &UserId,
        title: i64,
        (after, limit): (usize, usize),
    ) -> Result<LinkedPage, LinkedError> {
        let games = (self.title_games.0)(user.clone(), title).await?;
        let is_of_title = |studio: &str, game: &str| games.iter().any(|it| it.studio == studio && it.game == game);
        let linked = self.players.linked_players_by_key(user).await?;
        let linked = linked.into_iter().filter(|(_, linked)| is_of_title(&linked.studio, &linked.game));
        let (mut traces, mut totals) = (Vec::new(), Totals::default());
        let shown = after.saturating_add(limit).min(MAX_SHOWN);
        for (player, linked) in linked.take(MAX_PLAYERS) {
            let (best, of_player) = self.store.best_met(&player, rows_for(shown)).await?;
            totals += of_player;
            traces.extend(best.into_iter().map(|trace| LinkedTrace {
                studio: linked.studio.clone(),
                game: linked.game.clone(),
                environment: linked.environment,
                trace,
            }));
        }
        traces.sort_by_key(|linked| {
            (std::cmp::Reverse(linked.trace.uses), std::cmp::Reverse(linked.trace.created_at_ms), linked.trace.id)
        });
        traces.truncate(shown.saturating_add(1));
        let rest = traces.split_off(after.min(traces.len()));
        let page = Page::cut(rest, limit);
        let more = page.more && shown < MAX_SHOWN;
        Ok(LinkedPage { page: Page { more, ..page }, totals })
    }
}
