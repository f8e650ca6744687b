//! Routes: `/api/thoughts`, `/api/games/{game_id}/thoughts`, `/api/users/{username}/thoughts`.

use poem_openapi::{OpenApi, param::Path};

use super::{
    examples,
    request::{self, CommentRequest, Comments, ThoughtChangeRequest, ThoughtRequest, ThoughtsRequest},
    response::{CommentAdded, CommentsListed, ThoughtPage, ThoughtResponse, ThoughtsListed, VersionsListed, stale_or},
    service::Thoughts,
};
use crate::{
    http::{
        body::JsonBody,
        conditional::{Conditional, IfNoneMatch},
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, Forbidden, NotFound},
        no_store::NoStore,
        page::PageRequest,
        params::Params,
        payer::Paying,
        revised::{self, Changed, Created, Deleted, IfMatch},
    },
    identity::access::request::{Session, Viewer},
    journal::tags::Tag,
};

/// The routes of thoughts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ThoughtsApi {
    /// The feature.
    pub thoughts: Thoughts,
}

/// What storing a thought is taken to make the database grow by: the text, its HTML, what it was before, and the row.
fn stored_bytes(body: usize) -> i64 {
    i64::try_from(body).unwrap_or(i64::MAX).saturating_mul(4).saturating_add(1024)
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Journal")]
impl ThoughtsApi {
    /// Write a thought
    ///
    /// With a `rating` it is your review of the game: it needs the game in your library, and there is one (409 `review_exists`).
    #[oai(path = "/thoughts", method = "post", operation_id = "writeThought")]
    async fn write(
        &self,
        session: Session,
        paying: Paying,
        body: JsonBody<ThoughtRequest>,
    ) -> Result<Created<ThoughtResponse>, Failure<(NotFound, Conflict)>> {
        let (title, written) = ThoughtRequest::read(&body.bytes)?;
        paying.0.pay(stored_bytes(body.bytes.len()))?;
        let shown = self.thoughts.write(&session.0.user, title, written).await?;
        Ok(Created { revision: shown.thing.revision, thing: shown.into() })
    }

    /// Your own thoughts
    ///
    /// The newest first, whoever sees them.
    #[oai(path = "/thoughts", method = "get", operation_id = "listOwnThoughts")]
    async fn own(&self, session: Session, list: Params<ThoughtsRequest>) -> Result<ThoughtsListed, Failure> {
        let page = self.thoughts.own(&session.0.user, &list.0.0).await?;
        Ok(ThoughtsListed::Page(NoStore(ThoughtPage::new(page, list.0.0.after))))
    }

    /// The thoughts on a game
    ///
    /// Those that you may see, the newest first: without a session those for everybody.
    #[oai(path = "/games/:game_id/thoughts", method = "get", operation_id = "listThoughtsOnGame")]
    async fn on_game(
        &self,
        viewer: Viewer,
        /// The game.
        #[oai(example = "examples::game")]
        game_id: Path<String>,
        list: Params<ThoughtsRequest>,
    ) -> Result<ThoughtsListed, Failure<NotFound>> {
        let page = self.thoughts.on_title(viewer.user(), request::title_id(&game_id.0)?, &list.0.0).await?;
        Ok(ThoughtsListed::Page(NoStore(ThoughtPage::new(page, list.0.0.after))))
    }

    /// A person's thoughts
    ///
    /// Those that you may see, the newest first.
    #[oai(path = "/users/:username/thoughts", method = "get", operation_id = "listThoughtsOfUser")]
    async fn of_user(
        &self,
        viewer: Viewer,
        /// Who wrote them.
        #[oai(example = "examples::username")]
        username: Path<String>,
        list: Params<ThoughtsRequest>,
    ) -> Result<ThoughtsListed, Failure<NotFound>> {
        let page = self.thoughts.of_person(viewer.user(), &username.0, &list.0.0).await?;
        Ok(ThoughtsListed::Page(NoStore(ThoughtPage::new(page, list.0.0.after))))
    }

    /// A thought
    #[oai(path = "/thoughts/:thought_id", method = "get", operation_id = "getThought")]
    async fn get(
        &self,
        viewer: Viewer,
        /// The thought.
        #[oai(example = "examples::thought")]
        thought_id: Path<String>,
        if_none_match: IfNoneMatch<'_>,
    ) -> Result<Conditional<ThoughtResponse>, Failure<NotFound>> {
        let shown = self.thoughts.thought(viewer.user(), request::thought_id(&thought_id.0)?).await?;
        let revision = shown.thing.revision;
        Ok(revised::answer(revision, &ThoughtResponse::from(shown), &if_none_match))
    }

    /// Change a thought of your own
    ///
    /// All of it: what is absent is as in a new one. What it was before is kept for you, ten times back.
    #[oai(path = "/thoughts/:thought_id", method = "put", operation_id = "changeThought")]
    async fn change(
        &self,
        session: Session,
        /// The thought.
        #[oai(example = "examples::thought")]
        thought_id: Path<String>,
        if_match: IfMatch,
        paying: Paying,
        body: JsonBody<ThoughtChangeRequest>,
    ) -> Result<Changed<ThoughtResponse>, Failure<(NotFound, Conflict)>> {
        let (id, written) = (request::thought_id(&thought_id.0)?, ThoughtChangeRequest::read(&body.bytes)?);
        paying.0.pay(stored_bytes(body.bytes.len()))?;
        let shown =
            self.thoughts.change(&session.0.user, id, |now| if_match.allows(now), written).await.map_err(stale_or)?;
        Ok(Changed { revision: shown.thing.revision, thing: shown.into() })
    }

    /// Delete a thought of your own
    ///
    /// With its comments and reactions.
    #[oai(path = "/thoughts/:thought_id", method = "delete", operation_id = "deleteThought")]
    async fn delete(
        &self,
        session: Session,
        /// The thought.
        #[oai(example = "examples::thought")]
        thought_id: Path<String>,
        if_match: IfMatch,
    ) -> Result<Deleted<ThoughtResponse>, Failure<NotFound>> {
        let id = request::thought_id(&thought_id.0)?;
        self.thoughts.delete(&session.0.user, id, |now| if_match.allows(now)).await.map_err(stale_or)?;
        Ok(Deleted::default())
    }

    /// What a thought of your own was before
    ///
    /// The newest first, ten versions at most.
    #[oai(path = "/thoughts/:thought_id/history", method = "get", operation_id = "listThoughtVersions")]
    async fn versions(
        &self,
        session: Session,
        /// The thought.
        #[oai(example = "examples::thought")]
        thought_id: Path<String>,
    ) -> Result<VersionsListed, Failure<NotFound>> {
        let versions = self.thoughts.versions(&session.0.user, request::thought_id(&thought_id.0)?).await?;
        Ok(VersionsListed::Ok(NoStore(versions.into_iter().collect())))
    }

    /// The comments on a thought
    ///
    /// The oldest first.
    #[oai(path = "/thoughts/:thought_id/comments", method = "get", operation_id = "listComments")]
    async fn comments(
        &self,
        viewer: Viewer,
        /// The thought.
        #[oai(example = "examples::thought")]
        thought_id: Path<String>,
        page: Params<PageRequest<Comments>>,
    ) -> Result<CommentsListed, Failure<NotFound>> {
        let (id, PageRequest { after, limit, .. }) = (request::thought_id(&thought_id.0)?, page.0);
        let page = self.thoughts.comments(viewer.user(), id, (after, limit)).await?;
        Ok(CommentsListed::new(page, after))
    }

    /// Comment on a thought
    ///
    /// Plain text. Its author must be able to see your profile, and may have closed comments (409).
    #[oai(path = "/thoughts/:thought_id/comments", method = "post", operation_id = "addComment")]
    async fn comment(
        &self,
        session: Session,
        /// The thought.
        #[oai(example = "examples::thought")]
        thought_id: Path<String>,
        body: JsonBody<CommentRequest>,
    ) -> Result<CommentAdded, Failure<(Forbidden, NotFound, Conflict)>> {
        let (id, text) = (request::thought_id(&thought_id.0)?, CommentRequest::read(&body.bytes)?);
        let comment = self.thoughts.comment(&session.0.user, id, text).await?;
        Ok(CommentAdded::Created(NoStore(comment.into())))
    }

    /// Delete a comment
    ///
    /// One of your own, or one on a thought of your own.
    #[oai(path = "/thoughts/:thought_id/comments/:comment_id", method = "delete", operation_id = "deleteComment")]
    async fn delete_comment(
        &self,
        session: Session,
        /// The thought.
        #[oai(example = "examples::thought")]
        thought_id: Path<String>,
        /// The comment.
        #[oai(example = "examples::comment")]
        comment_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(Forbidden, NotFound)>> {
        let (id, comment) = (request::thought_id(&thought_id.0)?, request::comment_id(&comment_id.0)?);
        self.thoughts.delete_comment(&session.0.user, id, comment).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Like a thought
    ///
    /// Once: a second time changes nothing. Its author must be able to see your profile, and may have closed reactions (409).
    #[oai(path = "/thoughts/:thought_id/reaction", method = "put", operation_id = "addReaction")]
    async fn react(
        &self,
        session: Session,
        /// The thought.
        #[oai(example = "examples::thought")]
        thought_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(Forbidden, NotFound, Conflict)>> {
        self.thoughts.react(&session.0.user, request::thought_id(&thought_id.0)?).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Like a thought no more
    #[oai(path = "/thoughts/:thought_id/reaction", method = "delete", operation_id = "removeReaction")]
    async fn take_back_reaction(
        &self,
        session: Session,
        /// The thought.
        #[oai(example = "examples::thought")]
        thought_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<NotFound>> {
        self.thoughts.take_back_reaction(&session.0.user, request::thought_id(&thought_id.0)?).await?;
        Ok(EmptyAnswer::Done)
    }
}
