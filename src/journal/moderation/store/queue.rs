//! The queue: a page of cases with what was said in their reports.

use std::collections::BTreeMap;

use entity::control::journal::{moderation_case, moderation_report};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::{Store, case_of, cases::OPEN};
use crate::{
    identity::access::ModerationReason,
    journal::moderation::model::{Case, CaseState, QueueRequest, SHOWN_NOTES, number},
    platform::{
        db::union_all,
        error::StoreError,
        page::{Page, rows_for},
    },
};

#[derive(FromQueryResult)]
struct ReasonRow {
    case_id: i64,
    reason: i16,
    reports: i64,
}

#[derive(FromQueryResult)]
struct NoteRow {
    case_id: i64,
    note: String,
}

/// What the reports of cases say: how many give which reason, and the newest notes, by case.
pub type Said = BTreeMap<i64, (Vec<(ModerationReason, u32)>, Vec<String>)>;

impl Store {
    /// A page of cases, those with the most reports first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue(&self, request: &QueueRequest) -> Result<Page<Case>, StoreError> {
        let of = |column: moderation_case::Column| Expr::col(("moderation_case", column));
        let state = match request.state {
            CaseState::Waiting => of(moderation_case::Column::Open),
            CaseState::InForce => of(moderation_case::Column::InForce),
        };
        let after = request.after.map(|after| {
            let reports = || of(moderation_case::Column::Reports);
            let older = of(moderation_case::Column::Id).lt(after.case);
            reports().lte(after.reports).and(reports().lt(after.reports).or(older))
        });
        let select = self
            .control
            .select::<moderation_case::Entity>()
            .and_where(state)
            .and_where_option(request.kind.map(|kind| of(moderation_case::Column::Kind).eq(number(kind))))
            .and_where_option(after)
            .order_by(("moderation_case", moderation_case::Column::Reports), Order::Desc)
            .order_by(("moderation_case", moderation_case::Column::Id), Order::Desc)
            .limit(rows_for(request.limit))
            .to_owned();
        let rows: Vec<moderation_case::Model> = self.control.all(&select).await?;
        let page = Page::cut(rows, request.limit);
        Ok(Page { more: page.more, items: page.items.into_iter().filter_map(case_of).collect() })
    }

    /// What the open reports of these cases say.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn said(&self, cases: &[i64]) -> Result<Said, StoreError> {
        let mut said = Said::new();
        let reasons = Query::select()
            .columns([moderation_report::Column::CaseId, moderation_report::Column::Reason])
            .expr_as(Expr::cust("count(*)"), "reports")
            .from(self.control.table(moderation_report::Entity))
            .and_where(self.control.among(moderation_report::Column::CaseId, cases))
            .and_where(moderation_report::Column::Outcome.eq(OPEN))
            .group_by_columns([moderation_report::Column::CaseId, moderation_report::Column::Reason])
            .to_owned();
        for row in self.control.all::<ReasonRow>(&reasons).await? {
            let reports = u32::try_from(row.reports).unwrap_or(u32::MAX);
            said.entry(row.case_id).or_default().0.push((ModerationReason::stored(row.reason), reports));
        }
        let newest = |case: &i64| {
            Query::select()
                .columns([moderation_report::Column::CaseId, moderation_report::Column::Note])
                .from(self.control.table(moderation_report::Entity))
                .and_where(moderation_report::Column::CaseId.eq(*case))
                .and_where(moderation_report::Column::Outcome.eq(OPEN))
                .and_where(moderation_report::Column::Note.ne(""))
                .order_by(moderation_report::Column::AtMs, Order::Desc)
                .limit(u64::try_from(SHOWN_NOTES).unwrap_or(u64::MAX))
                .to_owned()
        };
        let Some(notes) = union_all(cases.iter().map(newest)) else { return Ok(said) };
        for row in self.control.all::<NoteRow>(&notes).await? {
            said.entry(row.case_id).or_default().1.push(row.note);
        }
        for (reasons, _) in said.values_mut() {
            reasons.sort_by_key(|(reason, reports)| (std::cmp::Reverse(*reports), reason.number()));
        }
        Ok(said)
    }
}
