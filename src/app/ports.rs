//! The ports between features: what the extractors of callers ask studios and players, and what accounts ask about a user.

use std::{io, sync::Arc};

use futures_util::{FutureExt, StreamExt, TryStreamExt};
use poem::http::{HeaderMap, HeaderValue};

use super::{Services, tables};
use crate::{
    catalogue::titles::{TitleError, TitleId},
    http::{idempotency::KeptAnswers, problem::Problem},
    identity::{
        access::request::{
            KeyVerifier, MembershipVerifier, PlayerTokenVerifier, SessionVerifier, credentials, player_token,
        },
        accounts::{Affiliations, AffiliationsPort},
        answers::Answers,
        players::{NameGate, PlayerError},
        studios::{NamedGame, Ports},
    },
    journal::library::ExportFormat,
    platform::{db::Database, jobs::Work},
    traces::{
        gate,
        linked::{GameNames, LinkedError, TitleGamesPort},
        settings::{self, GameRules},
    },
    worlds,
};

/// What studios need from the domains above.
pub(super) fn of_studios(rules: &GameRules) -> Ports {
    Ports {
        game_settings: Arc::new(rules.clone()),
        ensure_world: |tenant, game, environment| Box::pin(worlds::ensure_world(tenant, game, environment)),
        tenant_tables: tables::tenant_tables(),
        game_tables: settings::game_tables(),
    }
}

/// Whether players may have display names, as the gate decides.
pub(super) fn name_gate(database: &Database, rules: &GameRules) -> NameGate {
    let (database, rules) = (database.clone(), rules.clone());
    NameGate(Arc::new(move |player| {
        let (database, rules) = (database.clone(), rules.clone());
        async move {
            gate::check_name(&database, &rules, &player).await?.map_err(|refused| {
                let (_, code) = refused.kind();
                PlayerError::NameRefused { code, detail: refused.to_string() }
            })
        }
        .boxed()
    }))
}

/// What does the jobs of each kind.
pub(super) fn work(services: &Services) -> Vec<Work> {
    let mut work = vec![services.accounts.work(), services.studios.work()];
    work.push(services.journal.notices.work(&services.accounts));
    work.push(services.journal.price_falls.work());
    work.extend(services.providers.work());
    work.extend(services.blobs.work());
    work.push(services.backups.work());
    work.extend(services.journal.media.work());
    work.extend(services.journal.challenges.work(&services.accounts));
    work.extend(services.journal.saves.work());
    work
}

impl Services {
    /// Verifies keys, and finds public worlds, in the keyring of studios.
    pub(super) fn key_verifier(&self) -> KeyVerifier {
        let (cached, studios, public) = (self.studios.clone(), self.studios.clone(), self.studios.clone());
        KeyVerifier::new(
            Arc::new(move |key| cached.try_get(key)),
            Arc::new(move |key| {
                let studios = studios.clone();
                async move { studios.look_up(&key).await }.boxed()
            }),
            Arc::new(move |name| public.public(name)),
        )
    }

    /// Verifies the tokens of players.
    pub(super) fn player_token_verifier(&self) -> PlayerTokenVerifier {
        let players = self.players.clone();
        PlayerTokenVerifier(Arc::new(move |token| players.verify_token(token)))
    }

    /// The answers that are kept for repeated requests, by caller: a player, whatever token they show, or whoever has the
    /// credentials of the request.
    pub(super) fn kept_answers(&self, sessions: &SessionVerifier) -> KeptAnswers {
        let players = self.players.clone();
        let caller =
            move |headers: &HeaderMap| match player_token(headers).and_then(|token| players.verify_token(token)) {
                Some(player) => Some(Answers::caller(&player)),
                None => credentials(headers),
            };
        let clear_cookie = HeaderValue::try_from(sessions.clear_cookie()).ok();
        KeptAnswers { store: Arc::new(self.answers.clone()), caller: Arc::new(caller), clear_cookie }
    }

    /// The games of studios that are a title, by their names.
    pub(super) fn title_games(&self) -> TitleGamesPort {
        let titles = self.titles.clone();
        TitleGamesPort(Arc::new(move |user, title| {
            let titles = titles.clone();
            async move {
                let found = titles.title(Some(&user), TitleId(title)).await;
                let title = found.map_err(|error| match error {
                    TitleError::NotFound => LinkedError::GameNotFound,
                    other => LinkedError::titles(&other),
                })?;
                let games = titles.games_of(&title).await.map_err(|error| LinkedError::titles(&error))?;
                let names = |game: NamedGame| GameNames { studio: game.studio_slug, game: game.game.slug };
                Ok(games.into_iter().map(names).collect())
            }
            .boxed()
        }))
    }

    /// Verifies that users are members of studios.
    pub(super) fn membership_verifier(&self) -> MembershipVerifier {
        let studios = self.studios.clone();
        MembershipVerifier(Arc::new(move |user, world| {
            let studios = studios.clone();
            async move {
                let names = (world.studio.as_str(), world.game.as_str());
                Ok(studios.access(&user, names, world.environment).await?)
            }
            .boxed()
        }))
    }

    /// What accounts need from the features that know what a user belongs to.
    pub(super) fn affiliations(&self) -> AffiliationsPort<Problem> {
        let (listed_studios, players, journal) = (self.studios.clone(), self.players.clone(), self.journal.clone());
        let (studios, named_players, ended) = (self.studios.clone(), self.players.clone(), self.journal.clone());
        let (exported, passwords) = (self.journal.library.clone(), self.app_passwords());
        AffiliationsPort {
            list: Arc::new(move |user| {
                let (studios, players, journal) = (listed_studios.clone(), players.clone(), journal.clone());
                let passwords = passwords.clone();
                async move {
                    let mut kept = journal.kept_of(&user).await?;
                    let own = passwords.export_of(&user).await.map_err(|error| Problem::from(&error))?;
                    kept.insert("app_passwords".to_owned(), serde_json::json!(own));
                    let (memberships, players) =
                        tokio::join!(studios.memberships(&user), players.linked_players(&user));
                    Ok(Affiliations { memberships: memberships?, players: players?, kept })
                }
                .boxed()
            }),
            library: Arc::new(move |user| {
                let library = exported.clone();
                async move { Ok(library.export(&user, ExportFormat::Json).await?.map_err(io::Error::other).boxed()) }
                    .boxed()
            }),
            // The database deletes links to players with the user.
            end: Arc::new(move |user, keep| {
                let (studios, players, journal) = (studios.clone(), named_players.clone(), ended.clone());
                async move {
                    studios.leave_all_studios(&user).await?;
                    journal.remove(&user, keep).await?;
                    Ok(players.remove_display_names(&user).await?)
                }
                .boxed()
            }),
        }
    }
}
