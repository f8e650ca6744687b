//! The routes of voting: votes and uses.

use poem_openapi::{ApiResponse, OpenApi, param::Path};

use super::{
    model::Ballot,
    request::{UsesRequest, VoteRequest, VotesRequest},
    response::{UseResults, VoteCountResponse, VoteResults},
    service::Voting,
};
use crate::{
    http::{
        body::JsonBody,
        client::ClientAddress,
        failure::{Conflict, Failure, Forbidden, NotFound},
        no_store::NoStore,
        params::Params,
        payer::Paying,
    },
    identity::access::request::PlayerCaller,
    traces::{
        examples,
        moderation::{InGroup, Interaction},
        stored_size,
        tags::Tag,
    },
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
    /// half on the first day and then 1; the votes of one network on a trace weigh 1 together. The weight affects the trace's score,
    /// not the counts.
    #[oai(path = "/traces/:trace_id/vote", method = "put", operation_id = "voteForTrace")]
    async fn vote(
        &self,
        caller: PlayerCaller,
        client: ClientAddress,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        group: Params<InGroup>,
        body: JsonBody<VoteRequest>,
    ) -> Result<Voted, Failure<(Forbidden, NotFound, Conflict)>> {
        let vote = VoteRequest::read(&body.bytes)?;
        let interaction = Interaction::new(&caller.0, &trace_id.0, group.0)?;
        let count = self.voting.vote(&caller.0, client.0, Ballot { interaction, vote: Some(vote) }).await?;
        Ok(Voted::Count(NoStore(count.into())))
    }

    /// Vote for or against a trace, by POST
    ///
    /// As `PUT` of the same path.
    #[oai(path = "/traces/:trace_id/vote", method = "post", operation_id = "voteForTraceByPost")]
    async fn vote_by_post(
        &self,
        caller: PlayerCaller,
        client: ClientAddress,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        group: Params<InGroup>,
        body: JsonBody<VoteRequest>,
    ) -> Result<Voted, Failure<(Forbidden, NotFound, Conflict)>> {
        self.vote(caller, client, trace_id, group, body).await
    }

    /// Withdraw a vote
    #[oai(path = "/traces/:trace_id/vote", method = "delete", operation_id = "withdrawVote")]
    async fn withdraw_vote(
        &self,
        caller: PlayerCaller,
        client: ClientAddress,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        group: Params<InGroup>,
    ) -> Result<Voted, Failure<(Forbidden, NotFound, Conflict)>> {
        let interaction = Interaction::new(&caller.0, &trace_id.0, group.0)?;
        let count = self.voting.vote(&caller.0, client.0, Ballot { interaction, vote: None }).await?;
        Ok(Voted::Count(NoStore(count.into())))
    }

    /// Withdraw a vote, by POST
    ///
    /// As `DELETE` of `/v1/traces/{trace_id}/vote`.
    #[oai(path = "/traces/:trace_id/vote/withdraw", method = "post", operation_id = "withdrawVoteByPost")]
    async fn withdraw_vote_by_post(
        &self,
        caller: PlayerCaller,
        client: ClientAddress,
        /// The trace.
        #[oai(example = "examples::trace_id")]
        trace_id: Path<String>,
        group: Params<InGroup>,
    ) -> Result<Voted, Failure<(Forbidden, NotFound, Conflict)>> {
        self.withdraw_vote(caller, client, trace_id, group).await
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
        self.voting.use_trace(&caller.0, interaction).await?;
        Ok(Used::Used)
    }

    /// Vote on several traces
    ///
    /// Up to 32 votes in one transaction. Each has a result of its own, in order, with the status that it would have alone.
    #[oai(path = "/votes", method = "post", operation_id = "voteForTraces")]
    async fn vote_on_all(
        &self,
        caller: PlayerCaller,
        client: ClientAddress,
        paying: Paying,
        body: JsonBody<VotesRequest>,
    ) -> Result<AllVoted, Failure> {
        let votes = VotesRequest::read(&body.bytes, &caller.0)?;
        paying.0.pay(stored_size::interactions(votes.len()))?;
        Ok(AllVoted::Results(NoStore(self.voting.vote_on_all(&caller.0, client.0, votes).await?.into())))
    }

    /// Record uses of several traces
    ///
    /// Up to 32 uses in one transaction. Each has a result of its own, in order, with the status that it would have alone.
    #[oai(path = "/uses", method = "post", operation_id = "recordTraceUses")]
    async fn use_all(
        &self,
        caller: PlayerCaller,
        paying: Paying,
        body: JsonBody<UsesRequest>,
    ) -> Result<AllUsed, Failure> {
        let uses = UsesRequest::read(&body.bytes, &caller.0)?;
        paying.0.pay(stored_size::interactions(uses.len()))?;
        Ok(AllUsed::Results(NoStore(self.voting.use_all(&caller.0, uses).await?.into())))
    }
}

#[derive(ApiResponse)]
enum Voted {
    /// The trace's votes now.
    #[oai(status = 200)]
    Count(NoStore<VoteCountResponse>),
}

#[derive(ApiResponse)]
enum AllVoted {
    /// The result of each vote.
    #[oai(status = 200)]
    Results(NoStore<VoteResults>),
}

#[derive(ApiResponse)]
enum AllUsed {
    /// The result of each use.
    #[oai(status = 200)]
    Results(NoStore<UseResults>),
}

#[derive(ApiResponse)]
enum Used {
    /// The use counts, or one within the last hour did.
    #[oai(status = 204)]
    Used,
}
