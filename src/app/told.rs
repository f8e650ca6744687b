//! What lower floors are told of what higher ones know: whom a key, a token or a session is, and what a user has.

use std::sync::Arc;

use futures_util::FutureExt;

use super::Services;
use crate::identity::{
    access::request::{caller::KeyVerifier, player::PlayerTokenVerifier, studio_caller::MembershipVerifier},
    accounts::{Held, UserData},
};

impl Services {
    /// What HTTP is told of keys, and of what anyone may read.
    pub(super) fn key_verifier(&self) -> KeyVerifier {
        let (try_get, look_up, public) = (self.studios.clone(), self.studios.clone(), self.studios.clone());
        KeyVerifier::new(
            Arc::new(move |shown| try_get.try_get(shown)),
            Arc::new(move |shown| {
                let look_up = look_up.clone();
                async move { look_up.look_up(&shown).await }.boxed()
            }),
            Arc::new(move |name| public.public(name)),
        )
    }

    /// What HTTP is told of players.
    pub(super) fn player_token_verifier(&self) -> PlayerTokenVerifier {
        let players = self.players.clone();
        PlayerTokenVerifier(Arc::new(move |token| players.of_token(token)))
    }

    /// What HTTP is told of studios' members.
    pub(super) fn members(&self) -> MembershipVerifier {
        let studios = self.studios.clone();
        MembershipVerifier(Arc::new(move |user, world| {
            let studios = studios.clone();
            async move {
                let names = (world.studio.as_str(), world.game.as_str());
                Ok(studios.mandate(&user, names, world.environment).await?)
            }
            .boxed()
        }))
    }

    /// What accounts are told of what other features keep of their users.
    pub(super) fn user_data(&self) -> UserData {
        let (studios, players, leaving) = (self.studios.clone(), self.players.clone(), self.studios.clone());
        UserData {
            list: Arc::new(move |user| {
                let (studios, players) = (studios.clone(), players.clone());
                async move {
                    let (memberships, players) = tokio::join!(studios.memberships(&user), players.players_of(&user));
                    Ok(Held { memberships: memberships?, players: players? })
                }
                .boxed()
            }),
            // Links to players go with the user.
            part: Arc::new(move |user| {
                let studios = leaving.clone();
                async move { Ok(studios.leave_all(&user).await?) }.boxed()
            }),
        }
    }
}
