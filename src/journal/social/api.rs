//! Routes: `/api/feed`, `/api/home`.

use poem_openapi::OpenApi;

use super::{
    request::Feed,
    response::{FeedRead, HomeRead},
    service::Social,
};
use crate::{
    http::{failure::Failure, no_store::NoStore, page::PageRequest, params::Params},
    identity::access::request::Session,
    journal::tags::Tag,
};

/// The routes of feeds and first pages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SocialApi {
    /// The feature.
    pub social: Social,
}

#[OpenApi(prefix_path = "/api", tag = "Tag::Journal")]
impl SocialApi {
    /// What those whom you follow have done
    ///
    /// Their thoughts and reviews, the new states of games in their libraries, and whom they follow, as far as you may see it; the
    /// newest first. What an import has brought is not in it.
    #[oai(path = "/feed", method = "get", operation_id = "getFeed")]
    async fn feed(&self, session: Session, page: Params<PageRequest<Feed>>) -> Result<FeedRead, Failure> {
        let PageRequest { after, limit, .. } = page.0;
        let page = self.social.feed(&session.0.user, after, limit).await?;
        Ok(FeedRead::Page(NoStore(page.into())))
    }

    /// All that a first page needs
    #[oai(path = "/home", method = "get", operation_id = "getHome")]
    async fn home(&self, session: Session) -> Result<HomeRead, Failure> {
        Ok(HomeRead::Ok(NoStore(self.social.home(&session.0.user).await?.into())))
    }
}
