//! The routes of moderation: players' reports and hidden authors, moderators' queue and actions.

use poem_openapi::{ApiResponse, OpenApi, param::Path};

use super::{
    model::Interaction,
    request::{self, ActionRequest, HiddenAuthors, InGroup, Queue, ReportRequest},
    response::{AffectedResponse, AuthorsResponse, QueueResponse},
    service::Moderation,
};
use crate::{
    http::{
        body::JsonBody,
        client::ClientAddress,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, Forbidden, NotFound},
        no_store::NoStore,
        page::PageRequest,
        params::Params,
    },
    identity::access::{
        Permission,
        request::{PlayerCaller, StudioCaller},
    },
    platform::clock,
    traces::{examples, tags::Tag},
    worlds::WorldKey,
};

/// The routes of moderation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ModerationApi {
    /// The service.
    pub moderation: Moderation,
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Moderation")]
impl ModerationApi {
    /// Report a trace
    ///
    /// A second report by the same player replaces the first. When the reports of a trace weigh as much as the game's rules say, it is
    /// hidden until a moderator decides. A report weighs as a vote does, and less if moderators have dismissed others of the player;
    /// of a trace that many like it takes more. Nobody learns who reported it.
    #[oai(path = "/traces/:trace_id/report", method = "put", operation_id = "reportTrace")]
    async fn report(
        &self,
        caller: PlayerCaller,
        client: ClientAddress,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        group: Params<InGroup>,
        body: JsonBody<ReportRequest>,
    ) -> Result<EmptyAnswer, Failure<(Forbidden, NotFound, Conflict)>> {
        let report = ReportRequest::read(&body.bytes)?;
        let interaction = Interaction::new(&caller.0, &trace_id.0, group.0)?;
        self.moderation.report(&caller.0, client.0, interaction, report).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Report a trace, by POST
    ///
    /// As `PUT` of the same path.
    #[oai(path = "/traces/:trace_id/report", method = "post", operation_id = "reportTraceByPost")]
    async fn report_by_post(
        &self,
        caller: PlayerCaller,
        client: ClientAddress,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        group: Params<InGroup>,
        body: JsonBody<ReportRequest>,
    ) -> Result<EmptyAnswer, Failure<(Forbidden, NotFound, Conflict)>> {
        self.report(caller, client, trace_id, group, body).await
    }

    /// List reported and hidden traces
    ///
    /// Traces with the most reports come first. Reports that a moderator has settled do not count, so traces that were hidden by
    /// a moderator come last. Needs a secret key with the permission `moderate`, or a moderator's session.
    #[oai(path = "/moderation/queue", method = "get", operation_id = "getModerationQueue")]
    async fn queue(&self, caller: StudioCaller, page: Params<PageRequest<Queue>>) -> Result<QueueAnswer, Failure> {
        let access = caller.require(Permission::Moderate)?;
        let page = page.0;
        let world = WorldKey::new(access.studio, access.world);
        let items = self.moderation.queue(world, page.after, page.limit + 1).await?;
        Ok(QueueAnswer::Page(NoStore(QueueResponse::new(items, page.after, page.limit))))
    }

    /// Moderate traces and players
    ///
    /// Hides, restores or deletes traces, bans players or lifts their bans, removes and locks players' display names or allows them
    /// again. Hiding and restoring settle a trace's reports, and the decision stands until its author changes it: reports don't hide it
    /// again. The change is visible in every response of every instance within a second, and
    /// is written to the studio's audit log first. `wipe` deletes many traces in several transactions; if it fails half-way, send
    /// it again. Needs a secret key with the permission `moderate`, or a moderator's session.
    #[oai(path = "/moderation/actions", method = "post", operation_id = "moderate")]
    async fn moderate(&self, caller: StudioCaller, body: JsonBody<ActionRequest>) -> Result<Moderated, Failure> {
        let access = caller.require(Permission::Moderate)?;
        let decision = ActionRequest::read(&body.bytes, clock::now_ms())?;
        let world_name = format!("game:{} {}", access.game, access.environment.name());
        let world = WorldKey::new(access.studio, access.world);
        let affected = self.moderation.moderate(world, world_name, access.actor(), decision).await?;
        Ok(Moderated::Done(NoStore(AffectedResponse { affected })))
    }

    /// List the authors that the player has hidden
    ///
    /// Decks are the same for all players, so the client must leave out the traces of these authors.
    #[oai(path = "/players/me/hidden", method = "get", operation_id = "listHiddenAuthors")]
    async fn hidden(&self, caller: PlayerCaller, page: Params<PageRequest<HiddenAuthors>>) -> Result<Authors, Failure> {
        let page = page.0;
        let authors = self.moderation.hidden_authors(&caller.0, page.after.as_deref(), page.limit + 1).await?;
        Ok(Authors::Page(NoStore(AuthorsResponse::new(authors, page.after, page.limit))))
    }

    /// Hide an author
    ///
    /// A player can hide 500 authors at most. The author need not exist.
    #[oai(path = "/players/me/hidden/:player_id", method = "put", operation_id = "hideAuthor")]
    async fn hide_author(
        &self,
        caller: PlayerCaller,
        /// The `author` of traces: 1 to 64 bytes, no control characters.
        #[oai(example = "example_author")]
        player_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<Conflict>> {
        let author = request::author_in_path(&player_id.0)?;
        self.moderation.hide_author(WorldKey::of_player(&caller.0), caller.0.id, author).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Show an author again
    #[oai(path = "/players/me/hidden/:player_id", method = "delete", operation_id = "showAuthor")]
    async fn show_author(
        &self,
        caller: PlayerCaller,
        /// The `author` of traces.
        #[oai(example = "example_author")]
        player_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure> {
        let author = request::author_in_path(&player_id.0)?;
        self.moderation.show_author(WorldKey::of_player(&caller.0), caller.0.id, author).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Hide an author, by POST
    ///
    /// As `PUT` of the same path.
    #[oai(path = "/players/me/hidden/:player_id", method = "post", operation_id = "hideAuthorByPost")]
    async fn hide_author_by_post(
        &self,
        caller: PlayerCaller,
        /// The `author` of traces: 1 to 64 bytes, no control characters.
        #[oai(example = "example_author")]
        player_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<Conflict>> {
        self.hide_author(caller, player_id).await
    }

    /// Show an author again, by POST
    ///
    /// As `DELETE` of `/v1/players/me/hidden/{player_id}`.
    #[oai(path = "/players/me/hidden/:player_id/remove", method = "post", operation_id = "showAuthorByPost")]
    async fn show_author_by_post(
        &self,
        caller: PlayerCaller,
        /// The `author` of traces.
        #[oai(example = "example_author")]
        player_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure> {
        self.show_author(caller, player_id).await
    }
}

#[derive(ApiResponse)]
enum QueueAnswer {
    /// A page of the moderation queue.
    #[oai(status = 200)]
    Page(NoStore<QueueResponse>),
}

#[derive(ApiResponse)]
enum Moderated {
    /// Done.
    #[oai(status = 200)]
    Done(NoStore<AffectedResponse>),
}

#[derive(ApiResponse)]
enum Authors {
    /// A page of hidden authors.
    #[oai(status = 200)]
    Page(NoStore<AuthorsResponse>),
}

fn example_author() -> String {
    "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718".to_owned()
}
