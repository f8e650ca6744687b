//! The route of a user's traces.

use poem_openapi::{OpenApi, param::Path};

use super::{
    request::{self, LinkedList},
    response::{LinkedTracePage, LinkedTracesListed},
    service::LinkedTraces,
};
use crate::{
    http::{
        failure::{Failure, NotFound},
        no_store::NoStore,
        page::PageRequest,
        params::Params,
    },
    identity::access::request::Session,
    platform::clock,
    traces::tags::Tag,
};

/// The route of a user's traces. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LinkedTracesApi {
    /// The feature.
    pub linked: LinkedTraces,
}

fn example_title() -> String {
    "7301".to_owned()
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Traces")]
impl LinkedTracesApi {
    /// Your traces in a game
    ///
    /// What the players that you have linked to your account have left in the studios' games that are this game, in all their worlds;
    /// what others have met most comes first. `met` counts how often others have met one, and all of them together.
    #[oai(path = "/games/:game_id/traces", method = "get", operation_id = "listLinkedTraces")]
    async fn of_title(
        &self,
        session: Session,
        /// The game.
        #[oai(example = "example_title")]
        game_id: Path<String>,
        page: Params<PageRequest<LinkedList>>,
    ) -> Result<LinkedTracesListed, Failure<NotFound>> {
        let (title, after) = (request::title(&game_id.0)?, page.0.after.unwrap_or_default());
        let found = self.linked.of_title(&session.0.user, title, (after, page.0.limit)).await?;
        Ok(LinkedTracesListed::Page(NoStore(LinkedTracePage::new(found, after, clock::now_ms()))))
    }
}
