//! The rules of all games that have decided anything, in the memory of this instance: asking for them waits for nothing.
//! What has changed the keyring takes in, as it does with keys.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::store::Decided;
use crate::{
    identity::access::{Environment, PublicWorld},
    platform::db::StudioId,
    traces::rules::{Keep, Rules},
};

/// The rules of worlds, by their studio and number there.
#[derive(Debug)]
pub struct Rulebook {
    /// Whatever a game decides, a scope keeps no more.
    most: Keep,
    decided: RwLock<HashMap<(StudioId, i32), Arc<Rules>>>,
    /// Of a game that has decided nothing.
    others: Arc<Rules>,
    /// The worlds that anyone may read, by their names.
    public: RwLock<HashMap<String, Arc<PublicWorld>>>,
}

/// What a world is called by those who read it without a key: `studio/game/environment`, and the live one also without that.
fn names(Decided { studio_slug, game, environment, .. }: &Decided) -> Vec<String> {
    let game = format!("{studio_slug}/{game}");
    let whole = format!("{game}/{}", environment.name());
    match environment {
        Environment::Live => vec![game, whole],
        Environment::Dev => vec![whole],
    }
}

impl Rulebook {
    /// Of a server whose scopes keep so many at most.
    pub fn new(most: Keep) -> Self {
        Self { most, decided: RwLock::default(), others: Arc::new(Rules::of_new(most)), public: RwLock::default() }
    }

    /// The rules of a world.
    pub fn of(&self, studio: StudioId, world: i32) -> Arc<Rules> {
        let decided = self.decided.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(decided.get(&(studio, world)).unwrap_or(&self.others))
    }

    /// The world that is called so, if anyone may read it.
    pub fn public(&self, name: &str) -> Option<Arc<PublicWorld>> {
        self.public.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Takes in what games have decided; forgets what was there where these are `all`.
    pub fn take_in(&self, changes: Vec<Decided>, all: bool) {
        let mut decided = self.decided.write().unwrap_or_else(PoisonError::into_inner);
        let mut public = self.public.write().unwrap_or_else(PoisonError::into_inner);
        if all {
            decided.clear();
            public.clear();
        }
        for change in &changes {
            let Decided { studio, world, environment, .. } = *change;
            let world = Arc::new(PublicWorld { studio, game: change.game.as_str().into(), environment, world });
            for name in names(change) {
                if change.rules.public_reads {
                    public.insert(name, Arc::clone(&world));
                } else {
                    public.remove(&name);
                }
            }
        }
        decided.extend(
            changes.into_iter().map(|change| ((change.studio, change.world), Arc::new(change.rules.on(self.most)))),
        );
    }
}
