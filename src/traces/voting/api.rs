//! The routes of voting: votes and uses.

use poem::Request;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{request::VoteRequest, response::VoteCountResponse, service::Voting};
use crate::{
    http::{
        body::JsonBody,
        no_store::NoStore,
        problem::{Answers, Failure},
    },
    identity::access::request::PlayerCaller,
    traces::{examples, moderation::Interaction, tags::Tag},
    worlds::WorldKey,
};

/// The routes of voting. Cheap to clone.
#[derive(Clone, Debug)]
pub struct VotingApi {
    /// The service.
    pub voting: Voting,
}

struct VoteErrors;

impl Answers for VoteErrors {
    const STATUSES: &'static [u16] = &[400, 401, 403, 404, 408, 409, 413, 415, 422, 503];
}

struct InteractionErrors;

impl Answers for InteractionErrors {
    const STATUSES: &'static [u16] = &[401, 403, 404, 409, 422, 503];
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Votes")]
impl VotingApi {
    /// Vote for or against a trace
    ///
    /// Replaces the player's earlier vote on the trace. A vote weighs a quarter in the first hour after the player was created,
    /// half on the first day and then 1. The weight affects the trace's score, not the counts.
    #[oai(path = "/traces/:trace_id/vote", method = "put", operation_id = "voteForTrace")]
    async fn vote(
        &self,
        caller: PlayerCaller,
        request: &Request,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        /// The trace's group, if it has one.
        #[oai(example = "examples::group")]
        group: Query<Option<String>>,
        body: JsonBody<VoteRequest>,
    ) -> Result<Voted, Failure<VoteErrors>> {
        // Declared for the description only: the value is read from the request.
        drop(group);
        let vote = VoteRequest::read(&body.bytes)?;
        let interaction = Interaction::read(&caller.0, &trace_id.0, request)?;
        let count = self.voting.vote(WorldKey::of_player(&caller.0), interaction, vote).await?;
        Ok(Voted::Count(NoStore(count.into())))
    }

    /// Withdraw a vote
    #[oai(path = "/traces/:trace_id/vote", method = "delete", operation_id = "withdrawVote")]
    async fn withdraw_vote(
        &self,
        caller: PlayerCaller,
        request: &Request,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        /// The trace's group, if it has one.
        #[oai(example = "examples::group")]
        group: Query<Option<String>>,
    ) -> Result<Voted, Failure<InteractionErrors>> {
        // Declared for the description only: the value is read from the request.
        drop(group);
        let interaction = Interaction::read(&caller.0, &trace_id.0, request)?;
        let count = self.voting.withdraw_vote(WorldKey::of_player(&caller.0), interaction).await?;
        Ok(Voted::Count(NoStore(count.into())))
    }

    /// Record a use of a trace
    ///
    /// For example that the player has crossed a bridge or met a ghost. Counts once per hour, player and trace; more requests
    /// succeed and change nothing.
    #[oai(path = "/traces/:trace_id/uses", method = "post", operation_id = "recordTraceUse")]
    async fn use_trace(
        &self,
        caller: PlayerCaller,
        request: &Request,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        /// The trace's group, if it has one.
        #[oai(example = "examples::group")]
        group: Query<Option<String>>,
    ) -> Result<Used, Failure<InteractionErrors>> {
        // Declared for the description only: the value is read from the request.
        drop(group);
        let interaction = Interaction::read(&caller.0, &trace_id.0, request)?;
        self.voting.use_trace(WorldKey::of_player(&caller.0), interaction).await?;
        Ok(Used::Used)
    }
}

#[derive(ApiResponse)]
enum Voted {
    /// The trace's votes now.
    #[oai(status = 200)]
    Count(NoStore<VoteCountResponse>),
}

#[derive(ApiResponse)]
enum Used {
    /// The use counts, or one within the last hour did.
    #[oai(status = 204)]
    Used,
}
