//! The routes of all features.

use std::sync::{Arc, atomic::AtomicBool};

use futures_util::FutureExt;
use poem::http::Method;

use super::{Services, journal::JournalApis};
use crate::{
    catalogue::{
        discovery::DiscoveryApi,
        prices::PricesApi,
        titles::{StudioGamesApi, TitlesApi, UnclearTitlesApi},
    },
    http::{
        blobs::BlobsApi,
        config::HttpConfig,
        health::{Health, Probe},
        in_progress::InProgressClass,
        pages::{Documents, Pages},
        problem::Problem,
    },
    identity::{
        accounts::{AccountsApi, SecondFactorApi, SetupApi},
        app_passwords::{AppPasswords, AppPasswordsApi},
        notices::NoticesApi,
        oidc::OidcApi,
        people::{BlocksApi, FollowsApi, PeopleApi, UsersApi},
        players::{LinksApi, PlayersApi},
        studios::{GamesApi, InvitationsApi, KeysApi, MembersApi, StudiosApi},
    },
    journal::{public_pages::PublicPagesApi, saves::Door},
    platform::error::Kind,
    traces::{
        MAX_BATCH,
        authoring::{Authoring, AuthoringApi},
        decks::DecksApi,
        erasure::ErasureApi,
        feed::{self, FeedApi},
        inbox::InboxApi,
        linked::{LinkedTraces, LinkedTracesApi},
        maps::{Maps, MapsApi},
        moderation::ModerationApi,
        recordings::{self, RecordingsApi},
        search::{Search, SearchApi},
        settings::{ServerLimits, SettingsApi},
        storage::StorageApi,
        transfer::TransferApi,
        v0::V0Api,
        voting::VotingApi,
    },
};

/// The routes of all features.
pub type Apis = (
    Health,
    (V0Api, TransferApi, AuthoringApi, DecksApi, FeedApi, SearchApi, MapsApi, RecordingsApi),
    (VotingApi, InboxApi, ModerationApi, LinkedTracesApi),
    (SettingsApi, StorageApi, StudiosApi, MembersApi, InvitationsApi, GamesApi, KeysApi),
    (AccountsApi, (SecondFactorApi, OidcApi), SetupApi, AppPasswordsApi),
    (UsersApi, PeopleApi, FollowsApi, BlocksApi, NoticesApi),
    (PlayersApi, LinksApi, ErasureApi),
    (TitlesApi, UnclearTitlesApi, StudioGamesApi, (PricesApi, DiscoveryApi)),
    JournalApis,
    BlobsApi,
);

/// What searches for rows, or reads many; and as how many requests each counts.
pub(super) static COSTS: [(Method, &str, u32); 35] = [
    (Method::GET, "/api/people", 5),
    (Method::POST, "/v1/traces/query", 5),
    (Method::POST, "/v1/traces/sync", 5),
    (Method::POST, "/v1/players/names", 5),
    (Method::GET, "/v1/players/me/traces", 5),
    (Method::GET, "/v1/moderation/queue", 5),
    (Method::GET, "/api/games", 5),
    (Method::GET, "/api/games/{game_id}/prices", 2),
    (Method::GET, "/api/games/{game_id}/traces", 5),
    (Method::GET, "/api/games/discover", 10),
    (Method::GET, "/v1/players/me/export", 20),
    (Method::GET, "/v1/traces/export", 20),
    (Method::GET, "/v1/account/export", 20),
    (Method::GET, "/api/feed", 5),
    (Method::GET, "/api/home", 5),
    // Their Markdown is rendered.
    (Method::POST, "/api/thoughts", 5),
    (Method::PUT, "/api/thoughts/{thought_id}", 5),
    (Method::GET, "/api/games/{game_id}/thoughts", 3),
    (Method::GET, "/api/users/{username}/thoughts", 3),
    (Method::GET, "/api/challenges", 5),
    (Method::POST, "/api/challenges", 5),
    // It reads all guests.
    (Method::POST, "/api/challenges/{challenge_id}/moves", 2),
    // They write or read up to two thousand files.
    (Method::POST, "/api/saves/{save_id}/versions", 5),
    (Method::POST, "/api/saves/{save_id}/versions/{number}/uploads", 5),
    (Method::POST, "/api/saves/{save_id}/versions/{number}/restore", 5),
    (Method::GET, "/api/saves/{save_id}/versions/{number}", 3),
    (Method::POST, "/api/library/bulk", 5),
    (Method::POST, "/api/library/import", 20),
    (Method::GET, "/api/library/export", 20),
    (Method::GET, "/api/moderation/queue", 5),
    // Up to a hundred transactions.
    (Method::POST, "/api/moderation/verdicts", 10),
    (Method::GET, "/api/moderation/audit", 3),
    // It reads what is reported, and perhaps who has reported it.
    (Method::POST, "/api/reports", 2),
    (Method::GET, "/v1/games/{game}/map", 3),
    (Method::GET, "/v1/games/{game}/scopes", 10),
];

/// The routes of which a network has so many requests in progress at most.
pub(super) fn in_progress(config: &HttpConfig) -> Arc<[InProgressClass]> {
    let polls = InProgressClass {
        name: "polls",
        refusal: || {
            let detail = "Too many requests of this network wait for changes. Try again.";
            Problem::new(Kind::TooMany, "too_many_polls", detail)
        },
        routes: vec![(Method::GET, "/v1/changes")],
        shares: config.polls(),
    };
    let queries = InProgressClass {
        name: "queries",
        refusal: || {
            let detail = "Too many costly requests of this network are in progress. Try again.";
            Problem::new(Kind::TooMany, "too_many_queries", detail)
        },
        routes: COSTS.iter().map(|(method, path, _)| (method.clone(), *path)).collect(),
        shares: config.queries(),
    };
    Arc::new([polls, queries])
}

impl Services {
    /// The routes of all features.
    pub(super) fn apis(&self, draining: &Arc<AtomicBool>) -> Apis {
        let services = self.clone();
        let probe: Probe = Arc::new(move || {
            let services = services.clone();
            async move { services.parts().await }.boxed()
        });
        let health = Health { draining: Arc::clone(draining), probe };
        let studios = || self.studios.clone();
        let studios = (
            SettingsApi { settings: self.game_settings.clone(), limits: self.limits() },
            StorageApi { storage: self.storage.clone() },
            StudiosApi { studios: studios() },
            MembersApi { studios: studios() },
            InvitationsApi { studios: studios() },
            GamesApi { studios: studios() },
            KeysApi { studios: studios() },
        );
        let passwords = AppPasswordsApi { passwords: self.app_passwords() };
        let accounts = || self.accounts.clone();
        let (factor, setup) = (SecondFactorApi { accounts: accounts() }, SetupApi { accounts: accounts() });
        let factor = (factor, OidcApi { oidc: self.oidc.clone() });
        let accounts = (self.accounts_api(), factor, setup, passwords);
        let players = (
            PlayersApi { players: self.players.clone() },
            LinksApi { players: self.players.clone() },
            ErasureApi { erasure: self.erasure.clone() },
        );
        let recordings = RecordingsApi { recordings: self.recordings.clone() };
        let authoring =
            Authoring::new(self.worlds.clone(), self.game_rules.clone(), self.gate.clone(), self.recordings.clone());
        let search = Search::new(self.worlds.clone(), self.game_rules.clone(), authoring.clone());
        let (feed, search) = (FeedApi { feed: self.feed.clone() }, SearchApi { search });
        let transfer = TransferApi::new(self.transfer.clone(), self.studios.clone(), &self.installation.id);
        let authoring = AuthoringApi { authoring };
        let maps = MapsApi { maps: Maps::new(self.worlds.clone()) };
        let traces = (self.v0_api(), transfer, authoring, self.decks_api(), feed, search, maps, recordings);
        let moderation = ModerationApi { moderation: self.moderation.clone() };
        let inbox = InboxApi { inbox: self.inbox.clone() };
        let linked = LinkedTraces::new(self.database.clone(), self.players.clone(), self.title_games());
        let voting = (VotingApi { voting: self.voting.clone() }, inbox, moderation, LinkedTracesApi { linked });
        let titles = || self.titles.clone();
        let catalogue = (
            TitlesApi { titles: titles() },
            UnclearTitlesApi { titles: titles() },
            StudioGamesApi { titles: titles() },
            self.providers.apis(),
        );
        let (people, journal) = (self.people_apis(), self.journal.apis());
        let blobs = BlobsApi { blobs: self.blobs.clone() };
        (health, traces, voting, studios, accounts, people, players, catalogue, journal, blobs)
    }

    /// The routes of people.
    fn people_apis(&self) -> (UsersApi, PeopleApi, FollowsApi, BlocksApi, NoticesApi) {
        let people = || self.journal.people.clone();
        let (accounts, affiliations) = (self.accounts.clone(), self.affiliations());
        let users = UsersApi { people: people(), accounts, affiliations, bot_checks: self.bot_checks.clone() };
        let (finding, follows) = (PeopleApi { people: people() }, FollowsApi { people: people() });
        let notices = NoticesApi { notices: self.journal.notices.clone() };
        (users, finding, follows, BlocksApi { people: people() }, notices)
    }

    /// What clients need to know of this server's limits.
    fn limits(&self) -> ServerLimits {
        ServerLimits {
            max_body_bytes: self.max_body_bytes,
            max_wait_s: u16::try_from(feed::MAX_WAIT_SECS).unwrap_or(u16::MAX),
            max_batch: u16::try_from(MAX_BATCH).unwrap_or(u16::MAX),
            max_duration_ms: u32::try_from(recordings::LATEST_MS).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn decks_api(&self) -> DecksApi {
        DecksApi { decks: self.decks.clone(), key_verifier: self.key_verifier() }
    }

    pub(super) fn v0_api(&self) -> V0Api {
        let open_world = self.is_world_open.then_some(self.open_world);
        V0Api { v0: self.v0.clone(), key_verifier: self.key_verifier(), open_world }
    }

    /// Passwords that users give to programs.
    pub(super) fn app_passwords(&self) -> AppPasswords {
        AppPasswords::new(self.database.control().clone(), self.accounts.clone())
    }

    /// The pages that the server makes.
    pub(super) fn public_pages(&self, pages: &Pages, public_url: &str) -> Documents {
        let public_pages = self.journal.public_pages();
        PublicPagesApi { public_pages, pages: pages.clone(), public_url: Arc::from(public_url) }.documents()
    }

    /// The door of saves.
    pub(super) fn saves_door(&self) -> Door {
        Door { saves: (*self.journal.saves).clone(), passwords: self.app_passwords() }
    }

    pub(super) fn accounts_api(&self) -> AccountsApi {
        let (accounts, affiliations) = (self.accounts.clone(), self.affiliations());
        AccountsApi { accounts, affiliations, bot_checks: self.bot_checks.clone() }
    }
}
