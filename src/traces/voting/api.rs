//! The routes of voting: votes, uses, the inbox.

use poem::Request;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{
    model::VotingError,
    service::Voting,
    wire::{CountResponse, InboxResponse, VoteRequest},
};
use crate::{
    http::{
        body::JsonBody,
        docs::Tag,
        examples,
        no_store::NoStore,
        page::PageRequest,
        problem::{Answers, Failure},
    },
    identity::access::request::player::PlayerCaller,
    traces::moderation::Meeting,
    worlds::WorldKey,
};

/// Items of a page of the inbox, where nothing is said, and at most.
const PAGE: [usize; 2] = [100, 500];

/// The routes of voting. Cheap to clone.
#[derive(Clone, Debug)]
pub struct VotingApi {
    /// The feature.
    pub voting: Voting,
}

/// With a body, about a trace.
struct Rating;

impl Answers for Rating {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 503];
}

/// About a trace.
struct Using;

impl Answers for Using {
    const STATUSES: &'static [u16] = &[401, 403, 404, 409, 422, 503];
}

struct Reading;

impl Answers for Reading {
    const STATUSES: &'static [u16] = &[401, 422, 503];
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Votes")]
impl VotingApi {
    /// Vote for a trace, or against it
    ///
    /// In place of the vote that the player had. The votes of players weigh a quarter in their first hour, half on their first
    /// day, and then whole: that decides the trace's score, not the counts.
    #[oai(path = "/traces/:trace_id/vote", method = "put", operation_id = "voteForTrace")]
    async fn vote(
        &self,
        playing: PlayerCaller,
        request: &Request,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        /// The group that the trace is left in, where it is in one.
        #[oai(example = "examples::group")]
        group: Query<Option<String>>,
        body: JsonBody<VoteRequest>,
    ) -> Result<Counted, Failure<Rating>> {
        // Read exactly, by name.
        drop(group);
        let vote = VoteRequest::read(&body.bytes)?;
        let meeting = Meeting::of(&playing.0, &trace_id.0, request)?;
        let count = self.voting.rate(WorldKey::of_player(&playing.0), meeting, Some(vote)).await?;
        Ok(Counted::Count(NoStore(count.into())))
    }

    /// Take the vote back
    #[oai(path = "/traces/:trace_id/vote", method = "delete", operation_id = "takeVoteBack")]
    async fn take_back(
        &self,
        playing: PlayerCaller,
        request: &Request,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        /// The group that the trace is left in, where it is in one.
        #[oai(example = "examples::group")]
        group: Query<Option<String>>,
    ) -> Result<Counted, Failure<Using>> {
        // Read exactly, by name.
        drop(group);
        let meeting = Meeting::of(&playing.0, &trace_id.0, request)?;
        let count = self.voting.rate(WorldKey::of_player(&playing.0), meeting, None).await?;
        Ok(Counted::Count(NoStore(count.into())))
    }

    /// A trace was of use
    ///
    /// A structure was crossed, a ghost met. Counts once an hour for each player and trace; sending it more often is no fault
    /// and changes nothing.
    #[oai(path = "/traces/:trace_id/uses", method = "post", operation_id = "useTrace")]
    async fn use_trace(
        &self,
        playing: PlayerCaller,
        request: &Request,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        /// The group that the trace is left in, where it is in one.
        #[oai(example = "examples::group")]
        group: Query<Option<String>>,
    ) -> Result<Used, Failure<Using>> {
        // Read exactly, by name.
        drop(group);
        let meeting = Meeting::of(&playing.0, &trace_id.0, request)?;
        self.voting.use_trace(WorldKey::of_player(&playing.0), meeting).await?;
        Ok(Used::Used)
    }

    /// What happened to the player's traces
    ///
    /// One item for each trace and kind of news, kept for 30 days and 500 of them, also while the player is away. Nobody is told
    /// who it was.
    #[oai(path = "/inbox", method = "get", operation_id = "getInbox")]
    async fn inbox(
        &self,
        playing: PlayerCaller,
        request: &Request,
        /// `next` of the page before; absent: from the start.
        #[oai(example = "example_after")]
        after: Query<Option<String>>,
        /// Items at most: 1 to 500; absent: 100.
        #[oai(example = "examples::limit")]
        limit: Query<Option<String>>,
    ) -> Result<Inbox, Failure<Reading>> {
        // Read exactly, by name.
        drop((after, limit));
        let number = |text: &str| {
            text.parse::<u64>()
                .ok()
                .and_then(|id| i64::try_from(id).ok())
                .ok_or_else(|| "must be what `next` was".to_owned())
        };
        let asked = PageRequest::read(request.uri(), PAGE, number).map_err(VotingError::Invalid)?;
        let after = asked.after.unwrap_or_default();
        let news = self.voting.news(&playing.0, after, asked.limit + 1).await?;
        Ok(Inbox::Page(NoStore(InboxResponse::new(news, after, asked.limit))))
    }
}

#[derive(ApiResponse)]
enum Counted {
    /// What all think of it now.
    #[oai(status = 200)]
    Count(NoStore<CountResponse>),
}

#[derive(ApiResponse)]
enum Used {
    /// It has counted, or had within the hour.
    #[oai(status = 204)]
    Used,
}

#[derive(ApiResponse)]
enum Inbox {
    /// A page of it.
    #[oai(status = 200)]
    Page(NoStore<InboxResponse>),
}

#[expect(clippy::unnecessary_wraps, reason = "an example has the type of its parameter")]
fn example_after() -> Option<String> {
    Some("7".to_owned())
}
