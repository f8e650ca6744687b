//! The route of the inbox.

use poem_openapi::{ApiResponse, OpenApi};

use super::{request::InboxItems, response::InboxResponse, service::Inbox};
use crate::{
    http::{failure::Failure, no_store::NoStore, page::PageRequest, params::Params},
    identity::access::request::PlayerCaller,
    platform::clock,
    traces::tags::Tag,
};

/// The route of the inbox. Cheap to clone.
#[derive(Clone, Debug)]
pub struct InboxApi {
    /// The service.
    pub inbox: Inbox,
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Votes")]
impl InboxApi {
    /// Read the player's inbox
    ///
    /// What has happened to the player's traces: one item for each trace and kind of event. Items are kept for 30 days, at most
    /// 500 of them, and never say who did it.
    #[oai(path = "/inbox", method = "get", operation_id = "getInbox")]
    async fn inbox(&self, caller: PlayerCaller, page: Params<PageRequest<InboxItems>>) -> Result<InboxPage, Failure> {
        let page = page.0;
        let after = page.after.unwrap_or_default();
        let items = self.inbox.page(&caller.0, after, page.limit).await?;
        Ok(InboxPage::Page(NoStore(InboxResponse::new(items, after, clock::now_ms()))))
    }
}

#[derive(ApiResponse)]
enum InboxPage {
    /// A page of the inbox.
    #[oai(status = 200)]
    Page(NoStore<InboxResponse>),
}
