//! Routes: `/api/challenges`.

use poem_openapi::{OpenApi, param::Path};

use super::{
    examples,
    request::{self, ChallengeChangeRequest, ChallengeRequest, ChallengesRequest, MoveRequest},
    response::{
        CalendarFile, ChallengeMoved, ChallengePage, ChallengeResponse, ChallengesListed, MovesListed, calendar_file,
        stale_or,
    },
    service::Challenges,
};
use crate::{
    http::{
        body::JsonBody,
        conditional::{Conditional, IfNoneMatch},
        failure::{Conflict, Failure, Forbidden, NotFound, TooMany},
        file_answer::FileAnswer,
        no_store::NoStore,
        params::Params,
        payer::Paying,
        revised::{self, Changed, Created, Deleted, IfMatch},
    },
    identity::access::request::{Session, Viewer},
    journal::tags::Tag,
};

/// The routes of challenges. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ChallengesApi {
    /// The feature.
    pub challenges: Challenges,
}

/// What storing a challenge or a move is taken to make the database grow by: the row, the guests with what they are told, and the
/// history.
fn stored_bytes(body: usize, guests: usize) -> i64 {
    let (body, guests) = (i64::try_from(body).unwrap_or(i64::MAX), i64::try_from(guests).unwrap_or(i64::MAX));
    body.saturating_mul(2).saturating_add(guests.saturating_mul(2048)).saturating_add(2048)
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Journal")]
impl ChallengesApi {
    /// Challenge others to play a game
    ///
    /// `online`, or `offline`: a gathering. Invite guests by username, or let friends or everybody come. The answer has no address: read it
    /// from the challenge. You may send 50 invitations a day, and have 20 open challenges.
    #[oai(path = "/challenges", method = "post", operation_id = "makeChallenge")]
    async fn make(
        &self,
        session: Session,
        paying: Paying,
        body: JsonBody<ChallengeRequest>,
    ) -> Result<Created<ChallengeResponse>, Failure<(Forbidden, NotFound, Conflict, TooMany)>> {
        let new = ChallengeRequest::read(&body.bytes)?;
        paying.0.pay(stored_bytes(body.bytes.len(), new.invited.len()))?;
        let shown = self.challenges.make(&session.0.user, new).await?;
        let revision = shown.challenge.revision;
        Ok(Created { revision, thing: ChallengeResponse::from(shown).without_address() })
    }

    /// Your challenges
    ///
    /// Those that you host and those whose guest you are, the newest first; or open gatherings near you, by time.
    #[oai(path = "/challenges", method = "get", operation_id = "listChallenges")]
    async fn list(
        &self,
        session: Session,
        list: Params<ChallengesRequest>,
    ) -> Result<ChallengesListed, Failure<Conflict>> {
        let list = list.0.0;
        let page = self.challenges.list(&session.0.user, &list).await?;
        Ok(ChallengesListed::Page(NoStore(ChallengePage::new(page, list.list, list.after))))
    }

    /// A challenge
    ///
    /// Its host and guests who have accepted read its address and who comes.
    #[oai(path = "/challenges/:challenge_id", method = "get", operation_id = "getChallenge")]
    async fn get(
        &self,
        viewer: Viewer,
        /// The challenge.
        #[oai(example = "examples::challenge")]
        challenge_id: Path<String>,
        if_none_match: IfNoneMatch<'_>,
    ) -> Result<Conditional<ChallengeResponse>, Failure<NotFound>> {
        let shown = self.challenges.one(viewer.user(), request::challenge_id(&challenge_id.0)?).await?;
        let revision = shown.challenge.revision;
        Ok(revised::answer(revision, &ChallengeResponse::from(shown), &if_none_match))
    }

    /// Change a challenge of your own
    ///
    /// All of it: what is absent is as in a new one, but for the place. Guests are told of another time or place.
    #[oai(path = "/challenges/:challenge_id", method = "put", operation_id = "changeChallenge")]
    async fn change(
        &self,
        session: Session,
        /// The challenge.
        #[oai(example = "examples::challenge")]
        challenge_id: Path<String>,
        if_match: IfMatch,
        paying: Paying,
        body: JsonBody<ChallengeChangeRequest>,
    ) -> Result<Changed<ChallengeResponse>, Failure<(Forbidden, NotFound, Conflict)>> {
        let (id, details) = (request::challenge_id(&challenge_id.0)?, ChallengeChangeRequest::read(&body.bytes)?);
        paying.0.pay(stored_bytes(body.bytes.len(), 0))?;
        let may_change = |now| if_match.allows(now);
        let shown = self.challenges.change(&session.0.user, id, may_change, details).await.map_err(stale_or)?;
        Ok(Changed { revision: shown.challenge.revision, thing: shown.into() })
    }

    /// Call off a challenge of your own
    ///
    /// Its guests are told, and it stays as `cancelled`. One that is over is deleted, with its history.
    #[oai(path = "/challenges/:challenge_id", method = "delete", operation_id = "deleteChallenge")]
    async fn delete(
        &self,
        session: Session,
        /// The challenge.
        #[oai(example = "examples::challenge")]
        challenge_id: Path<String>,
        if_match: IfMatch,
    ) -> Result<Deleted<ChallengeResponse>, Failure<(Forbidden, NotFound, Conflict)>> {
        let id = request::challenge_id(&challenge_id.0)?;
        self.challenges.delete(&session.0.user, id, |now| if_match.allows(now)).await.map_err(stale_or)?;
        Ok(Deleted::default())
    }

    /// The history of a challenge
    ///
    /// The newest first, 200 lines at most: for its host all, for others what is about everybody or about them.
    #[oai(path = "/challenges/:challenge_id/moves", method = "get", operation_id = "listChallengeMoves")]
    async fn moves(
        &self,
        viewer: Viewer,
        /// The challenge.
        #[oai(example = "examples::challenge")]
        challenge_id: Path<String>,
    ) -> Result<MovesListed, Failure<NotFound>> {
        let moves = self.challenges.moves(viewer.user(), request::challenge_id(&challenge_id.0)?).await?;
        Ok(MovesListed::Ok(NoStore(moves.into_iter().collect())))
    }

    /// Accept, decline, invite, or end a challenge
    ///
    /// Who accepts where no place is left waits: a place that becomes free is offered in order, with a deadline. The answer has no address:
    /// read it from the challenge. Which moves are allowed when is in the guide; others are refused (409 `not_now`).
    #[oai(path = "/challenges/:challenge_id/moves", method = "post", operation_id = "makeChallengeMove")]
    async fn make_move(
        &self,
        session: Session,
        /// The challenge.
        #[oai(example = "examples::challenge")]
        challenge_id: Path<String>,
        paying: Paying,
        body: JsonBody<MoveRequest>,
    ) -> Result<ChallengeMoved, Failure<(Forbidden, NotFound, Conflict, TooMany)>> {
        let (id, asked) = (request::challenge_id(&challenge_id.0)?, MoveRequest::read(&body.bytes)?);
        paying.0.pay(stored_bytes(body.bytes.len(), asked.guests.len()))?;
        let shown = self.challenges.make_move(&session.0.user, id, asked).await?;
        Ok(ChallengeMoved::Now(NoStore(ChallengeResponse::from(shown).without_address())))
    }

    /// A challenge for your calendar
    ///
    /// An iCalendar file. Its place is the address for the host and guests who have accepted, and the area for others.
    #[oai(path = "/challenges/:challenge_id/calendar", method = "get", operation_id = "getChallengeCalendar")]
    async fn calendar(
        &self,
        session: Session,
        /// The challenge.
        #[oai(example = "examples::challenge")]
        challenge_id: Path<String>,
    ) -> Result<FileAnswer<CalendarFile>, Failure<NotFound>> {
        let id = request::challenge_id(&challenge_id.0)?;
        let file = self.challenges.calendar(&session.0.user, id).await?;
        Ok(calendar_file(id.0, file))
    }
}
