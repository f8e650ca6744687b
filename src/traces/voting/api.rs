//! The routes of voting: votes and uses.

use poem_openapi::{ApiResponse, OpenApi, param::Path};

use super::{request::VoteRequest, response::VoteCountResponse, service::Voting};
use crate::{
    http::{
        body::JsonBody,
        failure::{Conflict, Failure, Forbidden, NotFound},
        no_store::NoStore,
        params::Params,
    },
    identity::access::request::PlayerCaller,
    traces::{
        examples,
        moderation::{InGroup, Interaction},
        tags::Tag,
    },
    worlds::WorldKey,
};

/// The routes of voting. Cheap to clone.
#[derive(Clone, Debug)]
pub struct VotingApi {
    /// The service.
    pub voting: Voting,
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
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        group: Params<InGroup>,
        body: JsonBody<VoteRequest>,
    ) -> Result<Voted, Failure<(Forbidden, NotFound, Conflict)>> {
        let vote = VoteRequest::read(&body.bytes)?;
        let interaction = Interaction::new(&caller.0, &trace_id.0, group.0)?;
        let count = self.voting.vote(WorldKey::of_player(&caller.0), interaction, vote).await?;
        Ok(Voted::Count(NoStore(count.into())))
    }

    /// Withdraw a vote
    #[oai(path = "/traces/:trace_id/vote", method = "delete", operation_id = "withdrawVote")]
    async fn withdraw_vote(
        &self,
        caller: PlayerCaller,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        group: Params<InGroup>,
    ) -> Result<Voted, Failure<(Forbidden, NotFound, Conflict)>> {
        let interaction = Interaction::new(&caller.0, &trace_id.0, group.0)?;
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
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        group: Params<InGroup>,
    ) -> Result<Used, Failure<(Forbidden, NotFound, Conflict)>> {
        let interaction = Interaction::new(&caller.0, &trace_id.0, group.0)?;
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
