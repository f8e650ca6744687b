//! `POST /v1/traces/query`.

use poem_openapi::{
    OpenApi,
    payload::{Json, Response as With},
};

use super::world_of;
use crate::{
    http::{
        body::JsonBody,
        docs::Tag,
        problem::{Answers, Failure, Problem},
    },
    identity::access::{
        model::Player,
        request::{player::OptionalPlayer, reader::Reader},
    },
    traces::{
        authoring::{Leaving, Which},
        meeting::{
            query::{Order, Question, question},
            service::Meeting,
            wire::{QueryPage, QueryRequest},
        },
    },
    worlds::WorldKey,
};

/// The route of questions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct QueryApi {
    /// The feature.
    pub meeting: Meeting,
    /// Knows what is a player's own.
    pub leaving: Leaving,
}

struct Asking;

impl Answers for Asking {
    const STATUSES: &'static [u16] = &[400, 401, 403, 408, 410, 413, 415, 422, 503];
}

impl QueryApi {
    async fn own(&self, player: &Player, question: &Question) -> Result<QueryPage, Problem> {
        let Question { scopes, kinds, version_min, .. } = question.clone();
        let which = Which { scopes, kinds, version_min };
        let after = question.after.as_ref().and_then(|after| after.position).map_or(0, |position| position.id);
        let page = self.leaving.own(player, &which, after, usize::from(question.limit)).await?;
        let world = WorldKey::of_player(player);
        Ok(QueryPage::of(self.meeting.own(world, question, page.items, page.more).await?))
    }
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Traces")]
impl QueryApi {
    /// Ask for traces
    ///
    /// A page of the traces of some places: the newest, the best, the nearest, ghosts beside a rank, or the player's own. Ask on
    /// with `next`, as long as there is `more`; and later, to be told in `gone` which of those that you hold have gone. Who does
    /// so for the first time after a week is told 410 `cursor_too_old`, and starts over.
    #[oai(path = "/traces/query", method = "post", operation_id = "queryTraces")]
    async fn query(
        &self,
        /// Without a key: a game that lets itself be read, as `studio/game`, or `studio/game/dev`.
        #[oai(name = "game")]
        reader: Reader,
        playing: OptionalPlayer,
        body: JsonBody<QueryRequest>,
    ) -> Result<With<Json<QueryPage>>, Failure<Asking>> {
        let question = question(&body.bytes)?;
        let page = if question.order == Order::Own {
            self.own(&playing.0?, &question).await?
        } else {
            QueryPage::of(self.meeting.query(world_of(&reader), &question).await?)
        };
        Ok(reader.answer_now(Json(page)))
    }
}
