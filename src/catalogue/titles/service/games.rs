//! Says which titles studios' games are.

use super::Titles;
use crate::{
    catalogue::titles::model::{Title, TitleError, TitleId},
    identity::{
        access::{Role, UserId},
        studios::NamedGame,
    },
};

impl Titles {
    /// Says that a game of a studio is a title, which everybody sees. For the owners of the studio.
    ///
    /// # Errors
    /// [`TitleError::NotFound`], [`TitleError::Studio`], or the database can't be reached.
    pub async fn link_game(&self, user: &UserId, studio: &str, game: &str, title: TitleId) -> Result<(), TitleError> {
        let owner = self.studios.acting_member(user, studio).await?.require(Role::Owner)?;
        let game = self.studios.game(owner.studio, game).await?;
        let title = self.card(None, title).await?;
        Ok(self.store.link_game(game.id, title.id).await?)
    }

    /// Takes back that a game of a studio is a title. For the owners of the studio.
    ///
    /// # Errors
    /// [`TitleError::NotFound`], [`TitleError::Studio`], or the database can't be reached.
    pub async fn unlink_game(&self, user: &UserId, studio: &str, game: &str, title: TitleId) -> Result<(), TitleError> {
        let owner = self.studios.acting_member(user, studio).await?.require(Role::Owner)?;
        let game = self.studios.game(owner.studio, game).await?;
        let title = self.card(None, title).await?;
        if self.store.unlink_game(game.id, title.id).await? { Ok(()) } else { Err(TitleError::NotFound) }
    }

    /// The games of studios that are a title.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn games_of(&self, title: &Title) -> Result<Vec<NamedGame>, TitleError> {
        let games: Vec<i64> = title.games.iter().copied().map(i64::from).collect();
        Ok(self.directory.games(&games).await?)
    }
}
