//! Every feature's routes.

use std::sync::{Arc, atomic::AtomicBool};

use futures_util::FutureExt;

use super::Core;
use crate::{
    http::health::{Health, Probe},
    identity::{
        accounts::{AccountsApi, SetupApi},
        players::{LinksApi, PlayersApi},
        studios::{GamesApi, MembersApi, StudiosApi},
    },
    traces::{
        authoring::{Leaving, LeavingApi},
        meeting::{MeetingApi, QueryApi},
        moderation::ModerationApi,
        recordings::RecordingsApi,
        transfer::TransferApi,
        v0::V0Api,
        voting::VotingApi,
    },
};

/// The routes of all features.
pub type Apis = (
    Health,
    (V0Api, TransferApi, LeavingApi, MeetingApi, QueryApi, RecordingsApi),
    (VotingApi, ModerationApi),
    (StudiosApi, MembersApi, GamesApi),
    (AccountsApi, SetupApi),
    (PlayersApi, LinksApi),
);

impl Core {
    /// Every feature's routes.
    pub(super) fn apis(&self, leaving: &Arc<AtomicBool>) -> Apis {
        let core = self.clone();
        let probe: Probe = Arc::new(move || {
            let core = core.clone();
            async move { core.parts().await }.boxed()
        });
        let health = Health { draining: Arc::clone(leaving), probe };
        let studios = || self.studios.clone();
        let studios = (
            StudiosApi { studios: studios(), max_body_bytes: self.max_body_bytes },
            MembersApi { studios: studios() },
            GamesApi { studios: studios() },
        );
        let accounts = (self.accounts_api(), SetupApi { accounts: self.accounts.clone() });
        let players = (PlayersApi { players: self.players.clone() }, LinksApi { players: self.players.clone() });
        let recordings = RecordingsApi { recordings: self.recordings.clone() };
        let leaving = Leaving::new(self.worlds.clone(), self.studios.clone(), self.recordings.clone());
        let query = QueryApi { meeting: self.meeting.clone(), leaving: leaving.clone() };
        let transfer = TransferApi::new(self.transfer.clone(), self.studios.clone(), &self.installation);
        let traces = (self.v0_api(), transfer, LeavingApi { leaving }, self.meeting_api(), query, recordings);
        let moderation = ModerationApi { moderation: self.moderation.clone() };
        let voting = (VotingApi { voting: self.voting.clone() }, moderation);
        (health, traces, voting, studios, accounts, players)
    }

    pub(super) fn meeting_api(&self) -> MeetingApi {
        MeetingApi {
            meeting: self.meeting.clone(),
            key_verifier: self.key_verifier(),
            player_token_verifier: self.player_token_verifier(),
        }
    }

    pub(super) fn v0_api(&self) -> V0Api {
        let open_world = self.is_open.then_some(self.open_world);
        V0Api { v0: self.v0.clone(), key_verifier: self.key_verifier(), open_world }
    }

    pub(super) fn accounts_api(&self) -> AccountsApi {
        AccountsApi { accounts: self.accounts.clone(), user_data: self.user_data() }
    }
}
