//! Routes: `/api/reports`, `/api/verdicts`, `/api/moderation`.

use poem_openapi::{OpenApi, param::Path};

use super::{
    examples,
    request::{self, AppealRequest, AuditParams, QueueParams, ReportRequest, Verdicts, VerdictsRequest},
    response::{
        Appealed, CasePage, Moderated, ModeratorsListed, OwnVerdictPage, OwnVerdictsListed, QueueShown, ReportResponse,
        Reported, VerdictPage, VerdictShown, VerdictsListed,
    },
    service::Moderation,
};
use crate::{
    http::{
        body::JsonBody,
        empty_answer::EmptyAnswer,
        failure::{Conflict, Failure, Forbidden, NotFound, TooMany},
        no_store::NoStore,
        page::PageRequest,
        params::Params,
        payer::Paying,
    },
    identity::access::request::Session,
    journal::tags::Tag,
    platform::clock,
};

/// The routes of moderation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ModerationApi {
    /// The feature.
    pub moderation: Moderation,
}

/// What a report is taken to make the database grow by: its rows, and a copy of the longest text that can be reported.
const REPORT_BYTES: i64 = 64 * 1024;

#[OpenApi(prefix_path = "/api", tag = "Tag::Journal")]
impl ModerationApi {
    /// Report something that you see
    ///
    /// A thought, a comment, media, a challenge, or a person. Reporting it again replaces your reason and your note. Nobody but
    /// moderators learns of it, and they don't learn that it was you. You may report 50 things a day (429 `too_many_reports`).
    #[oai(path = "/reports", method = "post", operation_id = "report")]
    async fn report(
        &self,
        session: Session,
        paying: Paying,
        body: JsonBody<ReportRequest>,
    ) -> Result<Reported, Failure<(NotFound, Conflict, TooMany)>> {
        let (subject, report) = ReportRequest::read(&body.bytes)?;
        paying.0.pay(REPORT_BYTES)?;
        let at_ms = self.moderation.report(&session.0.user, &subject, &report).await?;
        Ok(Reported::Created(NoStore(ReportResponse::new(subject, report, at_ms))))
    }

    /// What was decided about you and what is yours
    ///
    /// The newest first. Who decided is not told.
    #[oai(path = "/verdicts", method = "get", operation_id = "listOwnVerdicts")]
    async fn own_verdicts(
        &self,
        session: Session,
        page: Params<PageRequest<Verdicts>>,
    ) -> Result<OwnVerdictsListed, Failure> {
        let PageRequest { after, limit, .. } = page.0;
        let page = self.moderation.own_verdicts(&session.0.user, (after, limit)).await?;
        Ok(OwnVerdictsListed::Page(NoStore(OwnVerdictPage::new(page, after))))
    }

    /// Appeal against a verdict
    ///
    /// Once, while it is in force. A moderator looks at it again, and you are told what they decide. Who is banned may appeal, too.
    #[oai(path = "/verdicts/:verdict_id/appeal", method = "post", operation_id = "appeal")]
    async fn appeal(
        &self,
        session: Session,
        /// The verdict.
        #[oai(example = "examples::verdict")]
        verdict_id: Path<String>,
        body: JsonBody<AppealRequest>,
    ) -> Result<Appealed, Failure<(NotFound, Conflict)>> {
        let (id, text) = (request::verdict_id(&verdict_id.0)?, AppealRequest::read(&body.bytes)?);
        let shown = self.moderation.appeal(&session.0.user, id, &text).await?;
        Ok(Appealed::Created(NoStore(shown.into())))
    }

    /// What waits for moderators
    ///
    /// All that was reported and nobody has settled, and appeals; those with the most reports first. For moderators and administrators of
    /// this server (403 `moderator_needed`).
    #[oai(path = "/moderation/queue", method = "get", operation_id = "listModerationCases")]
    async fn queue(&self, session: Session, list: Params<QueueParams>) -> Result<QueueShown, Failure<Forbidden>> {
        let request = list.0.0;
        let (page, next) = self.moderation.queue(&session.0.user, &request).await?;
        Ok(QueueShown::Page(NoStore(CasePage::new(page, next.or(request.after)))))
    }

    /// Decide about what was reported
    ///
    /// The same about each of up to 100 subjects, whether they were reported or not. Each is a verdict of its own, which can be undone;
    /// the answer says which subjects were left out, and why. Their authors and those who reported them are told. For moderators
    /// and administrators of this server.
    #[oai(path = "/moderation/verdicts", method = "post", operation_id = "decide")]
    async fn decide(&self, session: Session, body: JsonBody<VerdictsRequest>) -> Result<Moderated, Failure<Forbidden>> {
        let (subjects, verdict) = VerdictsRequest::read(&body.bytes, clock::now_ms())?;
        let outcomes = self.moderation.decide(&session.0.user, subjects, &verdict).await?;
        Ok(Moderated::Done(NoStore(outcomes.into())))
    }

    /// Undo a verdict
    ///
    /// What was before is again, and the reports that it settled wait again. Of verdicts about one subject the last is undone first
    /// (409 `verdict_superseded`).
    #[oai(path = "/moderation/verdicts/:verdict_id/undo", method = "post", operation_id = "undoVerdict")]
    async fn undo(
        &self,
        session: Session,
        /// The verdict.
        #[oai(example = "examples::verdict")]
        verdict_id: Path<String>,
    ) -> Result<VerdictShown, Failure<(Forbidden, NotFound, Conflict)>> {
        let shown = self.moderation.undo(&session.0.user, request::verdict_id(&verdict_id.0)).await?;
        Ok(VerdictShown::Verdict(NoStore(shown.into())))
    }

    /// What moderators have decided
    ///
    /// All verdicts, the newest first, who decided them, and what was undone. For moderators and administrators of this server.
    #[oai(path = "/moderation/audit", method = "get", operation_id = "listVerdicts")]
    async fn audit(
        &self,
        session: Session,
        list: Params<AuditParams>,
    ) -> Result<VerdictsListed, Failure<(Forbidden, NotFound)>> {
        let AuditParams { username, page: PageRequest { after, limit, .. } } = list.0;
        let page = self.moderation.audit(&session.0.user, username.as_deref(), (after, limit)).await?;
        Ok(VerdictsListed::Page(NoStore(VerdictPage::new(page, after))))
    }

    /// Those who moderate
    ///
    /// For moderators and administrators of this server.
    #[oai(path = "/moderation/moderators", method = "get", operation_id = "listModerators")]
    async fn moderators(&self, session: Session) -> Result<ModeratorsListed, Failure<Forbidden>> {
        let moderators = self.moderation.moderators(&session.0.user).await?;
        Ok(ModeratorsListed::List(NoStore(moderators.into())))
    }

    /// Make somebody a moderator
    ///
    /// For administrators of this server (403 `administrator_needed`).
    #[oai(path = "/moderation/moderators/:username", method = "put", operation_id = "appointModerator")]
    async fn appoint(
        &self,
        session: Session,
        /// Who.
        #[oai(example = "examples::username")]
        username: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(Forbidden, NotFound)>> {
        self.moderation.appoint(&session.0.user, &username.0, true).await?;
        Ok(EmptyAnswer::Done)
    }

    /// Have somebody moderate no longer
    ///
    /// For administrators of this server.
    #[oai(path = "/moderation/moderators/:username", method = "delete", operation_id = "dismissModerator")]
    async fn dismiss(
        &self,
        session: Session,
        /// Who.
        #[oai(example = "examples::username")]
        username: Path<String>,
    ) -> Result<EmptyAnswer, Failure<(Forbidden, NotFound)>> {
        self.moderation.appoint(&session.0.user, &username.0, false).await?;
        Ok(EmptyAnswer::Done)
    }
}
