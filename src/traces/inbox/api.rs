//! The route of the inbox.

use poem::Request;
use poem_openapi::{ApiResponse, OpenApi, param::Query};

use super::{request, response::InboxResponse, service::Inbox};
use crate::{
    http::{
        examples,
        no_store::NoStore,
        problem::{Answers, Failure},
    },
    identity::access::request::PlayerCaller,
    traces::tags::Tag,
};

/// The route of the inbox. Cheap to clone.
#[derive(Clone, Debug)]
pub struct InboxApi {
    /// The service.
    pub inbox: Inbox,
}

struct InboxErrors;

impl Answers for InboxErrors {
    const STATUSES: &'static [u16] = &[401, 422, 503];
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Votes")]
impl InboxApi {
    /// Read the player's inbox
    ///
    /// What has happened to the player's traces: one item for each trace and kind of event. Items are kept for 30 days, at most
    /// 500 of them, and never say who did it.
    #[oai(path = "/inbox", method = "get", operation_id = "getInbox")]
    async fn inbox(
        &self,
        caller: PlayerCaller,
        request: &Request,
        /// `next` of the page before; absent: from the start.
        #[oai(example = "example_after")]
        after: Query<Option<String>>,
        /// Most items in the page: 1 to 500; absent: 100.
        #[oai(example = "examples::limit")]
        limit: Query<Option<String>>,
    ) -> Result<InboxPage, Failure<InboxErrors>> {
        // Declared for the description only: the value is read from the request.
        drop((after, limit));
        let page = request::page(request)?;
        let after = page.after.unwrap_or_default();
        let items = self.inbox.items(&caller.0, after, page.limit + 1).await?;
        Ok(InboxPage::Page(NoStore(InboxResponse::new(items, after, page.limit))))
    }
}

#[derive(ApiResponse)]
enum InboxPage {
    /// A page of the inbox.
    #[oai(status = 200)]
    Page(NoStore<InboxResponse>),
}

#[expect(clippy::unnecessary_wraps, reason = "an example has the type of its parameter")]
fn example_after() -> Option<String> {
    Some("7".to_owned())
}
