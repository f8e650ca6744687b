//! Finding, listing and deleting studios.

use super::Studios;
use crate::{
    identity::{
        access::Environment,
        studios::{
            model::{Actor, Slug, StudioError, StudioStatus},
            store::Store,
        },
    },
    platform::db::{Database, StudioId},
};

impl Studios {
    /// All studios, with the state of their tables. Works on a database whose schema is not current, too.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn list(database: &Database) -> Result<Vec<StudioStatus>, StudioError> {
        let states = database.states().await?;
        let studios = Store::new(database.clone()).studios().await?.into_iter();
        // A studio that was created between the two queries has no state here, and is left out.
        Ok(studios.filter_map(|studio| Some(StudioStatus { schema: *states.get(&studio.id)?, studio })).collect())
    }

    /// The studio of that name.
    ///
    /// # Errors
    /// [`StudioError::StudioNotFound`], or the database can't be reached.
    pub async fn studio(&self, slug: &Slug) -> Result<StudioId, StudioError> {
        self.store.studio(slug).await?.ok_or_else(|| StudioError::StudioNotFound(slug.as_str().to_owned()))
    }

    /// Deletes a studio with all data of its games. Its keys are revoked before anything is removed. If it fails midway, it
    /// can be repeated. The audit log stays.
    ///
    /// # Errors
    /// [`StudioError::StudioNotFound`], [`StudioError::IsOpenWorld`], or the database can't be reached.
    pub async fn delete(&self, slug: &Slug, actor: Actor<'_>) -> Result<(), StudioError> {
        let studio = self.studio(slug).await?;
        if studio == self.open_world.0 {
            return Err(StudioError::IsOpenWorld);
        }
        self.close_public_reads(studio, actor).await?;
        self.store.revoke_all_keys(studio, actor).await?;
        self.keyring.refresh_and_announce().await;
        // Stopped after any of these steps, it can be repeated, and the server starts.
        self.store.delete_games(studio, &self.ports.game_tables).await?;
        self.database.remove_tenant(studio).await?;
        Ok(self.store.delete_studio(studio, slug, actor).await?)
    }

    /// Turns off public reads of all games of a studio.
    async fn close_public_reads(&self, studio: StudioId, actor: Actor<'_>) -> Result<(), StudioError> {
        for game in self.store.games(studio).await? {
            for environment in Environment::ALL {
                let change = self.store.begin_settings_change(&game, environment).await?;
                let differences = self.ports.game_settings.close_public_reads(&change).await?;
                self.store.finish_settings_change(change, actor, differences).await?;
            }
        }
        Ok(())
    }
}
