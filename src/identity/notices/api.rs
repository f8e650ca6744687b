//! The routes of notices, under `/api/notices`.

use poem_openapi::{OpenApi, param::Path};

use super::{
    request::{NoticeFilter, NoticePages, ReadRequest, SettingRequest, parse_notice_id},
    response::{NoticeList, NoticesListed, SettingAnswer, SettingsListed},
    service::Notices,
};
use crate::{
    http::{
        body::JsonBody,
        empty_answer::EmptyAnswer,
        failure::{Failure, NotFound},
        no_store::NoStore,
        page::PageRequest,
        params::Params,
    },
    identity::{access::request::Session, examples, tags::Tag},
};

/// The routes of notices. Cheap to clone.
#[derive(Clone, Debug)]
pub struct NoticesApi {
    /// The feature.
    pub notices: Notices,
}

#[OpenApi(prefix_path = "/api/notices", tag = "Tag::Notices")]
impl NoticesApi {
    /// List what you are told
    ///
    /// The newest first. A user keeps the newest 500.
    #[oai(path = "/", method = "get", operation_id = "listNotices")]
    async fn list(
        &self,
        session: Session,
        filter: Params<NoticeFilter>,
        page: Params<PageRequest<NoticePages>>,
    ) -> Result<NoticesListed, Failure> {
        let (user, page) = (&session.0.user, page.0);
        let notices = self.notices.page(user, filter.0.only_unread, page.after, page.limit).await?;
        Ok(NoticesListed::Notices(NoStore(NoticeList::new(notices, page.after))))
    }

    /// Mark notices as read
    #[oai(path = "/read", method = "post", operation_id = "readNotices")]
    async fn read(&self, session: Session, body: JsonBody<ReadRequest>) -> Result<EmptyAnswer, Failure> {
        self.notices.mark(&session.0.user, &ReadRequest::read(&body.bytes)?).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Get which kinds of notices you want
    #[oai(path = "/settings", method = "get", operation_id = "getNoticeSettings")]
    async fn settings(&self, session: Session) -> Result<SettingsListed, Failure> {
        let settings = self.notices.settings(&session.0.user).await?;
        Ok(SettingsListed::Settings(NoStore(settings.into_iter().collect())))
    }

    /// Set whether you want notices of a kind
    #[oai(path = "/settings/:kind", method = "put", operation_id = "setNoticeSetting")]
    async fn set(
        &self,
        session: Session,
        /// The kind.
        #[oai(example = "examples::notice_kind")]
        kind: Path<String>,
        body: JsonBody<SettingRequest>,
    ) -> Result<SettingAnswer, Failure<NotFound>> {
        let (app, mail) = SettingRequest::read(&body.bytes)?;
        let setting = self.notices.set(&session.0.user, &kind.0, app, mail).await?;
        Ok(SettingAnswer::Setting(NoStore(setting.into())))
    }

    /// Delete a notice
    #[oai(path = "/:notice_id", method = "delete", operation_id = "deleteNotice")]
    async fn delete(
        &self,
        session: Session,
        /// The notice's id.
        #[oai(example = "examples::notice")]
        notice_id: Path<String>,
    ) -> Result<EmptyAnswer, Failure<NotFound>> {
        self.notices.delete(&session.0.user, parse_notice_id(&notice_id.0)?).await?;
        Ok(EmptyAnswer::Done)
    }
}
