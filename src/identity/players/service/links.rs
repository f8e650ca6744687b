//! Links of players to accounts: the game shows a short code, and the user enters it where they are signed in.
//!
//! A player belongs to at most one account; an account may have many players. The game learns that its player is linked,
//! but not to whom.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use uuid::Uuid;

use super::{Players, after, time_to_next_window, window_of};
use crate::{
    identity::{
        access::{Player, UserId},
        accounts::LinkedPlayer,
        players::model::{LinkCode, PlayerError},
    },
    platform::{clock, db::StudioId},
};

/// How long a code is valid.
const CODE_TTL: Duration = Duration::from_mins(10);

/// Codes that a player may create in a [`CODES_WINDOW`].
const MAX_CODES: i64 = 10;

/// The window in which a player's codes are counted.
const CODES_WINDOW: Duration = Duration::from_hours(1);

impl Players {
    /// Creates a code with which an account can link this player; returns it and when it expires (Unix time in ms). It
    /// replaces earlier ones.
    ///
    /// # Errors
    /// The player created too many, or does not exist any more.
    pub async fn create_link_code(&self, player: &Player) -> Result<(LinkCode, i64), PlayerError> {
        let now_ms = clock::now_ms();
        let window = window_of(now_ms, CODES_WINDOW);
        let key = format!("link-codes:{window}:{}:{}:{}", player.studio, player.world, player.id);
        if self.cache.count(&key, 1, CODES_WINDOW).await > MAX_CODES {
            return Err(PlayerError::TooManyLinkCodes(time_to_next_window(now_ms, CODES_WINDOW)));
        }
        // A token is valid longer than its player exists, if the studio was deleted meanwhile.
        self.created_at_ms(player).await?;
        let (code, expires_at_ms) = (LinkCode::generate()?, after(now_ms, CODE_TTL));
        self.store.replace_link_code(player, code.digest(), expires_at_ms).await?;
        Ok((code, expires_at_ms))
    }

    /// Links the player of this code to an account.
    ///
    /// # Errors
    /// The code is not valid, too many were tried, or the player belongs to another account.
    pub async fn link(&self, user: &UserId, code: &LinkCode, from: IpAddr) -> Result<LinkedPlayer, PlayerError> {
        let counted = self.accounts.count_typed_code(user, from).await?;
        let player = self.store.link(code.digest(), user).await?;
        if self.store.find(&player).await?.is_none() {
            // Erased since the code was created.
            self.store.unlink(user, &player.id.to_string()).await?;
            return Err(PlayerError::LinkCodeInvalid);
        }
        let player = player.id;
        self.accounts.attempt_succeeded(&counted).await;
        tracing::info!(%user, %player, "a player was linked to an account");
        let id = player.to_string();
        let linked = self.linked_players(user).await?;
        linked.into_iter().find(|linked| linked.player == id).ok_or(PlayerError::NotFound)
    }

    /// Unlinks a player from an account.
    ///
    /// # Errors
    /// The account has no such player.
    pub async fn unlink(&self, user: &UserId, player: &str) -> Result<(), PlayerError> {
        if !self.store.unlink(user, player).await? {
            return Err(PlayerError::NotFound);
        }
        tracing::info!(%user, player, "a player was unlinked from an account");
        Ok(())
    }

    /// The players of an account, in the order in which they were linked.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn linked_players(&self, user: &UserId) -> Result<Vec<LinkedPlayer>, PlayerError> {
        Ok(self.linked_players_by_key(user).await?.into_iter().map(|(_, linked)| linked).collect())
    }

    /// As [`Players::linked_players`], each with its key.
    ///
    /// # Errors
    /// The database is unavailable.
    pub async fn linked_players_by_key(&self, user: &UserId) -> Result<Vec<(Player, LinkedPlayer)>, PlayerError> {
        let mut linked = self.store.linked_players(user).await?;
        let mut of_worlds = BTreeMap::<(i32, i32), Vec<Uuid>>::new();
        for (player, _) in &linked {
            of_worlds.entry((player.studio.0, player.world)).or_default().push(player.id);
        }
        for ((studio, world), ids) in of_worlds {
            let studio = StudioId(studio);
            for named in self.store.display_names(studio, world, &ids).await? {
                let key = Player { studio, world, id: named.player };
                for (_, linked) in linked.iter_mut().filter(|(player, _)| *player == key) {
                    linked.display_name = Some(named.display_name.clone());
                }
            }
        }
        Ok(linked)
    }
}
