//! The routes of follows and blocks.

use poem_openapi::{OpenApi, param::Path};

use crate::{
    http::{
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, NotFound},
        no_store::NoStore,
        page::PageRequest,
        params::Params,
    },
    identity::{
        access::request::Session,
        examples,
        people::{
            model::ListedPerson,
            request::{BlockPages, FollowListParams, FollowPages},
            response::{PeopleList, PeopleListed},
            service::People,
        },
        tags::Tag,
    },
};

/// The routes of follows. Cheap to clone.
#[derive(Clone, Debug)]
pub struct FollowsApi {
    /// The feature.
    pub people: People,
}

#[OpenApi(prefix_path = "/api/follows", tag = "Tag::People")]
impl FollowsApi {
    /// List whom you follow, who follows you, or your friends
    ///
    /// The newest first. Friends are two who follow each other.
    #[oai(path = "/", method = "get", operation_id = "listFollows")]
    async fn list(
        &self,
        session: Session,
        list: Params<FollowListParams>,
        page: Params<PageRequest<FollowPages>>,
    ) -> Result<PeopleListed, Failure> {
        let (user, list, page) = (&session.0.user, list.0.0, page.0);
        let people = self.people.follows(user, list, page.after.as_ref(), page.limit).await?;
        let after = page.after.map(|(since, key)| format!("{since}.{key}")).unwrap_or_default();
        let cursor = |last: &ListedPerson| format!("{}.{}", last.since_ms, last.key());
        Ok(PeopleListed::People(NoStore(PeopleList::new(people, after, cursor))))
    }

    /// Follow a person
    ///
    /// They are told, unless they don't want to be. You need a username of your own (409).
    #[oai(path = "/:username", method = "put", operation_id = "followPerson")]
    async fn follow(
        &self,
        session: Session,
        /// The person's username.
        #[oai(example = "examples::username")]
        username: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(NotFound, Conflict)>> {
        self.people.follow(&session.0.user, &username.0).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Follow a person no longer
    ///
    /// Whether you did, and whether there is anybody of that name, makes no difference.
    #[oai(path = "/:username", method = "delete", operation_id = "unfollowPerson")]
    async fn unfollow(
        &self,
        session: Session,
        /// The person's username.
        #[oai(example = "examples::username")]
        username: Path<String>,
    ) -> Result<EmptyAnswer, Failure> {
        self.people.unfollow(&session.0.user, &username.0).await?;
        Ok(EmptyAnswer::Done)
    }
}

/// The routes of blocks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct BlocksApi {
    /// The feature.
    pub people: People,
}

#[OpenApi(prefix_path = "/api/blocks", tag = "Tag::People")]
impl BlocksApi {
    /// List whom you have blocked
    ///
    /// By username.
    #[oai(path = "/", method = "get", operation_id = "listBlocks")]
    async fn list(&self, session: Session, page: Params<PageRequest<BlockPages>>) -> Result<PeopleListed, Failure> {
        let (user, page) = (&session.0.user, page.0);
        let people = self.people.blocks(user, page.after.as_deref(), page.limit).await?;
        let after = page.after.unwrap_or_default();
        Ok(PeopleListed::People(NoStore(PeopleList::new(people, after, ListedPerson::key))))
    }

    /// Block a person
    ///
    /// Neither of you sees anything of the other from now on, nor follows the other any more. They are not told.
    #[oai(path = "/:username", method = "put", operation_id = "blockPerson")]
    async fn block(
        &self,
        session: Session,
        /// The person's username.
        #[oai(example = "examples::username")]
        username: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(NotFound, Conflict)>> {
        self.people.block(&session.0.user, &username.0).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Block a person no longer
    ///
    /// Whether you had, and whether there is anybody of that name, makes no difference.
    #[oai(path = "/:username", method = "delete", operation_id = "unblockPerson")]
    async fn unblock(
        &self,
        session: Session,
        /// The person's username.
        #[oai(example = "examples::username")]
        username: Path<String>,
    ) -> Result<EmptyAnswer, Failure> {
        self.people.unblock(&session.0.user, &username.0).await?;
        Ok(EmptyAnswer::Done)
    }
}
