//! Linking a player to an account: the game shows a short code, the user types it where he is signed in.
//!
//! A player belongs to at most one account; an account may have many players. The game learns that its player is linked,
//! and not to whom.

use std::{net::IpAddr, time::Duration};

use super::{
    model::{LinkCode, PlayerError},
    service::{Players, after},
};
use crate::{
    identity::{
        access::{model::Player, user_id::UserId},
        accounts::LinkedPlayer,
    },
    platform::clock,
};

/// For how long a code is good.
const CODE_LASTS: Duration = Duration::from_mins(10);

/// Codes that a player may ask for in [`CODES_WINDOW`].
const CODES: i64 = 10;

/// For how long the codes that a player asked for are counted together.
const CODES_WINDOW: Duration = Duration::from_hours(1);

impl Players {
    /// A code by which an account gets this player, and when it ends. An older one is good no longer.
    ///
    /// # Errors
    /// Too many were asked for, or there is no such player any more.
    pub async fn link_code(&self, player: &Player) -> Result<(LinkCode, i64), PlayerError> {
        let window_ms = clock::ms(CODES_WINDOW);
        let now_ms = clock::now_ms();
        let key = format!("link-codes:{}:{}:{}:{}", now_ms / window_ms, player.studio, player.world, player.id);
        if self.cache().count(&key, 1, CODES_WINDOW).await > CODES {
            let left_ms = window_ms - now_ms % window_ms;
            return Err(PlayerError::TooManyCodes(Duration::from_millis(left_ms.unsigned_abs())));
        }
        // A token outlives its player, if the studio is deleted meanwhile.
        self.created_at_ms(player).await?;
        let (code, expires_at_ms) = (LinkCode::draw()?, after(now_ms, CODE_LASTS));
        self.store().keep_link_code(player, code.digest(), expires_at_ms).await?;
        Ok((code, expires_at_ms))
    }

    /// Links the player that shows this code to an account.
    ///
    /// # Errors
    /// The code is none that is good, or too many were tried; or the player belongs to another account.
    pub async fn link(&self, user: &UserId, code: &LinkCode, from: IpAddr) -> Result<LinkedPlayer, PlayerError> {
        let counted = self.accounts().count_typed(user, from).await?;
        let player = self.store().link(code.digest(), user).await?;
        self.accounts().typed_right(&counted).await;
        tracing::info!(%user, %player, "a player was linked");
        let player = player.to_string();
        let linked = self.store().players_of(user).await?;
        linked.into_iter().find(|one| one.player == player).ok_or(PlayerError::Gone)
    }

    /// Ends a link.
    ///
    /// # Errors
    /// The account has no such player.
    pub async fn unlink(&self, user: &UserId, player: &str) -> Result<(), PlayerError> {
        if !self.store().unlink(user, player).await? {
            return Err(PlayerError::Gone);
        }
        tracing::info!(%user, player, "a player's link was ended");
        Ok(())
    }

    /// The players of an account.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn players_of(&self, user: &UserId) -> Result<Vec<LinkedPlayer>, PlayerError> {
        Ok(self.store().players_of(user).await?)
    }

    /// Whether a player belongs to an account.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn is_linked(&self, player: &Player) -> Result<bool, PlayerError> {
        Ok(self.store().is_linked(player).await?)
    }
}
