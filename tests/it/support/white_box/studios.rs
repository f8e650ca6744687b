//! Studios, games and keys, made by the application behind the server.

use cairn::identity::{
    access::{Environment, KeyKind, Permission, Permissions},
    studios::{Actor, NewKey, Slug, Title},
};

use crate::support::{
    Cairn,
    keys::{id_of, names},
};

impl Cairn {
    /// A key of a world, whose studio and game are made where they are not there yet.
    pub async fn key(&self, world: &str, kind: KeyKind, permissions: &[Permission]) -> String {
        let studios = &self.server.services().studios;
        let [studio, game, environment] = names(world);
        let (studio, slug) = (Slug::parse(studio).unwrap(), Slug::parse(game).unwrap());
        let studio = match studios.studio(&studio).await {
            Ok(studio) => studio,
            Err(_) => studios.create(&studio, Actor::CommandLine).await.unwrap(),
        };
        if studios.game(studio, game).await.is_err() {
            studios.register_game(studio, &slug, &Title::parse(game).unwrap(), Actor::CommandLine).await.unwrap();
        }
        let game = studios.game(studio, game).await.unwrap();
        let new_key = NewKey {
            environment: Environment::parse(environment).unwrap(),
            kind,
            permissions: Permissions::of(permissions),
            label: Title::parse("").unwrap(),
        };
        studios.issue_key(&game, &new_key, Actor::CommandLine, None).await.unwrap().text.expose().to_owned()
    }

    pub async fn revoke(&self, key: &str) {
        self.server.services().studios.revoke_key(id_of(key), Actor::CommandLine).await.unwrap();
    }

    /// Deletes a studio and all its data.
    pub async fn delete_studio(&self, studio: &str) {
        self.services().studios.delete(&Slug::parse(studio).unwrap(), Actor::CommandLine).await.unwrap();
    }
}
