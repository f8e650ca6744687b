//! The routes by which people are found: the search, and one's own place.

use poem_openapi::OpenApi;

use crate::{
    http::{
        body::JsonBody,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, NotFound, TooMany},
        no_store::NoStore,
        params::Params,
    },
    identity::{
        access::request::Session,
        people::{
            model::PeopleError,
            request::{PlaceRequest, SearchParams},
            response::{FoundList, FoundListed, PlaceAnswer},
            service::People,
        },
        tags::Tag,
    },
};

/// The routes by which people are found. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PeopleApi {
    /// The feature.
    pub people: People,
}

#[OpenApi(prefix_path = "/api/people", tag = "Tag::People")]
impl PeopleApi {
    /// Find people
    ///
    /// By name, by place, by the numbers of their libraries, or by several of these together: only those who let themselves be found
    /// so. Near ones are first, and within a band those with many games in common.
    #[oai(path = "/", method = "get", operation_id = "findPeople")]
    async fn find(&self, session: Session, search: Params<SearchParams>) -> Result<FoundListed, Failure<Conflict>> {
        let search = search.0.0;
        let found = self.people.search(&session.0.user, &search).await?;
        let after = search.after.map(|after| after.to_string()).unwrap_or_default();
        Ok(FoundListed::Found(NoStore(FoundList::new(found, after))))
    }

    /// Get your place
    #[oai(path = "/place", method = "get", operation_id = "getPlace")]
    async fn place(&self, session: Session) -> Result<PlaceAnswer, Failure<NotFound>> {
        Ok(self.people.own_place(&session.0.user).await?.ok_or(PeopleError::NoPlace)?.into())
    }

    /// Say where you are
    ///
    /// The point is turned into the area that it is in: it is neither stored nor logged, and all points of an area are answered alike.
    /// The area changes once a day (429).
    #[oai(path = "/place", method = "put", operation_id = "setPlace")]
    async fn set_place(&self, session: Session, body: JsonBody<PlaceRequest>) -> Result<PlaceAnswer, Failure<TooMany>> {
        let change = PlaceRequest::read(&body.bytes)?;
        Ok(self.people.set_place(&session.0.user, change).await?.into())
    }

    /// Say no longer where you are
    #[oai(path = "/place", method = "delete", operation_id = "removePlace")]
    async fn remove_place(&self, session: Session) -> Result<EmptyAnswer, Failure> {
        self.people.remove_place(&session.0.user).await?;
        Ok(EmptyAnswer::Done)
    }
}
