//! The routes of moderation: what players report and whom they do not want to see, what moderators look at and decide.

use poem::Request;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{
    bodies::{ActionRequest, ReportRequest},
    model::{self, Meeting, ModerationError, Place, Refused},
    service::Moderation,
    wire::{AffectedResponse, AuthorsResponse, QueueResponse},
};
use crate::{
    http::{
        body::JsonBody,
        docs::Tag,
        examples,
        no_store::NoStore,
        page::PageRequest,
        params,
        problem::{Answers, Failure},
    },
    identity::access::{
        model::{Permission, Player},
        request::{player::PlayerCaller, studio_caller::StudioCaller},
    },
    platform::{clock, error::Fault},
    traces::trace::GroupKey,
    worlds::WorldKey,
};

/// Items of a page of the queue, where nothing is said, and at most.
const QUEUE_PAGE: [usize; 2] = [50, 100];

/// Authors of a page, where nothing is said, and at most.
const AUTHORS_PAGE: [usize; 2] = [500, 500];

/// The routes of moderation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ModerationApi {
    /// The feature.
    pub moderation: Moderation,
}

impl Meeting {
    /// Of a player with the trace that a path names, in the group that a request names.
    ///
    /// # Errors
    /// There can be no such trace, or no such group.
    pub fn of(player: &Player, trace: &str, request: &Request) -> Result<Self, ModerationError> {
        let group = params::query(request.uri(), "group").and_then(|name| {
            if name.is_empty() {
                return Ok(None);
            }
            GroupKey::parse(&name).map(Some).map_err(|detail| Fault::new("?group", detail))
        });
        let group = group.map_err(|fault| ModerationError::Invalid(vec![fault]))?;
        let trace = model::trace_id(trace).map_err(|_| Refused::NotFound)?;
        Ok(Self { player: player.id, trace, group })
    }
}

/// With a body, about a trace.
struct Reporting;

impl Answers for Reporting {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 503];
}

struct Looking;

impl Answers for Looking {
    const STATUSES: &'static [u16] = &[401, 403, 404, 422, 503];
}

struct Deciding;

impl Answers for Deciding {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 413, 415, 422, 503];
}

struct Listing;

impl Answers for Listing {
    const STATUSES: &'static [u16] = &[401, 422, 503];
}

struct Hiding;

impl Answers for Hiding {
    const STATUSES: &'static [u16] = &[401, 409, 422, 503];
}

fn named_author(path: &str) -> Result<String, ModerationError> {
    model::author(path).map_err(|detail| ModerationError::Invalid(vec![Fault::new("player_id", detail)]))
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Moderation")]
impl ModerationApi {
    /// Report a trace
    ///
    /// Says that something is wrong with it; saying it again replaces what was said before. When as many players have reported
    /// a trace as the game has decided, nobody is shown it until a moderator decides. Nobody is told who reported it.
    #[oai(path = "/traces/:trace_id/report", method = "put", operation_id = "reportTrace")]
    async fn report(
        &self,
        playing: PlayerCaller,
        request: &Request,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        /// The group that the trace is left in, where it is in one.
        #[oai(example = "examples::group")]
        group: Query<Option<String>>,
        body: JsonBody<ReportRequest>,
    ) -> Result<Done, Failure<Reporting>> {
        // Read exactly, by name.
        drop(group);
        let report = ReportRequest::read(&body.bytes)?;
        let meeting = Meeting::of(&playing.0, &trace_id.0, request)?;
        self.moderation.report(WorldKey::of_player(&playing.0), meeting, report).await?;
        Ok(Done::Done)
    }

    /// What waits for a moderator
    ///
    /// TraceWorlds that players have reported, and those that are hidden: what most have reported first. What a moderator has
    /// decided counts no reports any more, so that hidden traces come last. Needs a secret key with the scope `moderate`,
    /// or a moderator's session.
    #[oai(path = "/moderation/queue", method = "get", operation_id = "getModerationQueue")]
    async fn queue(
        &self,
        steward: StudioCaller,
        request: &Request,
        /// `next` of the page before; absent: from the start.
        #[oai(example = "example_place")]
        after: Query<Option<String>>,
        /// Items at most: 1 to 100; absent: 50.
        #[oai(example = "examples::limit")]
        limit: Query<Option<String>>,
    ) -> Result<Queue, Failure<Looking>> {
        // Read exactly, by name.
        drop((after, limit));
        let access = steward.allowed(Permission::Moderate)?;
        let asked = PageRequest::read(request.uri(), QUEUE_PAGE, Place::parse).map_err(ModerationError::Invalid)?;
        let waiting =
            self.moderation.queue(WorldKey::new(access.studio, access.world), asked.after, asked.limit + 1).await?;
        Ok(Queue::Page(NoStore(QueueResponse::new(waiting, asked.after, asked.limit))))
    }

    /// Decide
    ///
    /// Hides traces, shows them again, removes them for good, bans players and lets them again. Hiding and restoring settle the
    /// reports of a trace: the players who have reported it can't hide it once more. In every answer on every instance within a
    /// second. Written into the studio's audit first. A wipe of many traces is done some hundreds at a time; cut short, it goes on
    /// when it is asked for again. Needs a secret key with the scope `moderate`,
    /// or a moderator's session.
    #[oai(path = "/moderation/actions", method = "post", operation_id = "moderate")]
    async fn decide(&self, steward: StudioCaller, body: JsonBody<ActionRequest>) -> Result<Decided, Failure<Deciding>> {
        let access = steward.allowed(Permission::Moderate)?;
        let order = ActionRequest::read(&body.bytes, clock::now_ms())?;
        let called = format!("game:{} {}", access.game, access.environment.name());
        let world = WorldKey::new(access.studio, access.world);
        let affected = self.moderation.decide(world, called, access.actor(), order).await?;
        Ok(Decided::Done(NoStore(AffectedResponse { affected })))
    }

    /// Authors whom the player does not want to see
    ///
    /// Decks are shared, so that the client leaves their traces out itself.
    #[oai(path = "/players/me/hidden", method = "get", operation_id = "listHiddenAuthors")]
    async fn hidden(
        &self,
        playing: PlayerCaller,
        request: &Request,
        /// `next` of the page before; absent: from the start.
        #[oai(example = "example_after")]
        after: Query<Option<String>>,
        /// Items at most: 1 to 500; absent: 500, which is all.
        #[oai(example = "examples::limit")]
        limit: Query<Option<String>>,
    ) -> Result<Authors, Failure<Listing>> {
        // Read exactly, by name.
        drop((after, limit));
        let asked = PageRequest::read(request.uri(), AUTHORS_PAGE, model::author).map_err(ModerationError::Invalid)?;
        let hidden = self.moderation.hidden_authors(&playing.0, asked.after.as_deref(), asked.limit + 1).await?;
        Ok(Authors::Page(NoStore(AuthorsResponse::new(hidden, asked.after, asked.limit))))
    }

    /// Do not show an author
    ///
    /// At most 500. Whether there is such an author is not looked at.
    #[oai(path = "/players/me/hidden/:player_id", method = "put", operation_id = "hideAuthor")]
    async fn hide_author(
        &self,
        playing: PlayerCaller,
        /// The `author` of traces: 1 to 64 bytes, no control characters.
        #[oai(example = "example_author")]
        player_id: Path<String>,
    ) -> Result<Done, Failure<Hiding>> {
        let author = named_author(&player_id.0)?;
        self.moderation.hide_author(WorldKey::of_player(&playing.0), playing.0.id, author).await?;
        Ok(Done::Done)
    }

    /// Show an author again
    #[oai(path = "/players/me/hidden/:player_id", method = "delete", operation_id = "showAuthor")]
    async fn show_author(
        &self,
        playing: PlayerCaller,
        /// The `author` of traces.
        #[oai(example = "example_author")]
        player_id: Path<String>,
    ) -> Result<Done, Failure<Listing>> {
        let author = named_author(&player_id.0)?;
        self.moderation.show_author(WorldKey::of_player(&playing.0), playing.0.id, author).await?;
        Ok(Done::Done)
    }
}

#[derive(ApiResponse)]
enum Done {
    /// Done.
    #[oai(status = 204)]
    Done,
}

#[derive(ApiResponse)]
enum Queue {
    /// A page of the queue.
    #[oai(status = 200)]
    Page(NoStore<QueueResponse>),
}

#[derive(ApiResponse)]
enum Decided {
    /// Done.
    #[oai(status = 200)]
    Done(NoStore<AffectedResponse>),
}

#[derive(ApiResponse)]
enum Authors {
    /// A page of authors.
    #[oai(status = 200)]
    Page(NoStore<AuthorsResponse>),
}

#[expect(clippy::unnecessary_wraps, reason = "an example has the type of its parameter")]
fn example_place() -> Option<String> {
    Some("3-4211".to_owned())
}

fn example_author() -> String {
    "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718".to_owned()
}

#[expect(clippy::unnecessary_wraps, reason = "an example has the type of its parameter")]
fn example_after() -> Option<String> {
    Some(example_author())
}
